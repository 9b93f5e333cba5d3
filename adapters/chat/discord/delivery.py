"""Cards on their way: what goes along with them, and what is remembered of what came back."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial

import discord

from adapters.chat.discord.buckets import Buckets, of_channel, of_token
from adapters.chat.discord.files import Packed, pack
from adapters.chat.discord.messages import Messages
from adapters.chat.discord.refs import MIB, Ref
from adapters.chat.discord.render import draw, payload
from adapters.chat.discord.rest import JSON, Answer, Files
from bot.clock import Clock
from bot.media import Media
from bot.model import Card
from bot.originals import Originals

SMALL_BYTES = MIB
_SILENT = discord.MessageFlags(suppress_notifications=True).value

Send = Callable[[JSON, Files], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is known of a message since an edit: the ids of its files by name, and when it was (monotonic)."""

    files: dict[str, int] = field(default_factory=dict)
    at: float = float("-inf")


_NOTHING = _Shown()


class Delivery:
    """Sends cards as edits or new messages; a picture that a message has already is not sent again.

    An edit of a bucket that is known to be drained is answered at once as Discord would.
    """

    def __init__(
        self, messages: Messages, *, media: Media, originals: Originals | None, clock: Clock, buckets: Buckets
    ) -> None:
        self._messages = messages
        self._media = media
        self._originals = originals
        self._clock = clock
        self._buckets = buckets
        self._shown: dict[int | None, _Shown] = {}

    def edited_at(self, message: int | None) -> float:
        """When a message was last edited, monotonic; long ago where that is not known."""
        return self._shown.get(message, _NOTHING).at

    def forget(self, message: int | None) -> None:
        """The message changes no more."""
        self._shown.pop(message, None)

    async def edit_by_token(self, ref: Ref, token: str, card: Card) -> Answer:
        return await self._edit(ref, card, of_token(token), partial(self._messages.edit_by_token, ref, token))

    async def edit_by_channel(self, ref: Ref, card: Card) -> Answer:
        return await self._edit(ref, card, of_channel(ref.channel), partial(self._messages.edit_by_channel, ref))

    async def create(self, ref: Ref, card: Card, reply: JSON, *, rings: bool) -> Answer:
        """The card as a new message in the channel of `ref`: one, however often this is repeated within minutes."""
        silent = 0 if rings else _SILENT
        nonce = hashlib.blake2b(f"{card.message_id} {card.state}".encode(), digest_size=12).hexdigest()

        async def send(body: JSON, files: Files) -> Answer:
            more = {"flags": body["flags"] | silent, "nonce": nonce, "enforce_nonce": True, **reply}
            return await self._messages.create(ref.channel, body | more, files)

        return await self._send(ref, card, {}, send)

    async def _edit(self, ref: Ref, card: Card, bucket: str, send: Send) -> Answer:
        async def send_if_room(body: JSON, files: Files) -> Answer:
            wait_s = self._buckets.wait_s(bucket, keep=0)
            return Answer.wait(wait_s) if wait_s else await send(body, files)

        answer = await self._send(ref, card, self._shown.get(ref.message, _NOTHING).files, send_if_room)
        if answer.ok:
            files = {file["filename"]: int(file["id"]) for file in answer.body["attachments"]}
            self._shown[int(answer.body["id"])] = _Shown(files, self._clock.monotonic())
        elif not answer.busy:
            self.forget(ref.message)
        return answer

    async def _send(self, ref: Ref, card: Card, attached: dict[str, int], send: Send) -> Answer:
        """Send a card with its pictures, where they prove too large with smaller ones, and in the end without any."""

        async def attempt(max_bytes: int) -> Answer:
            packed = await pack(card, self._media, self._originals, max_bytes=max_bytes, attached=attached)
            answer = await send(self._body(ref, packed, attached), packed.paths)
            return replace(answer, withheld=packed.withheld)

        answer = await attempt(ref.max_file_bytes)
        for max_bytes in (SMALL_BYTES, 0):
            if answer.too_large and card.media:
                answer = await attempt(max_bytes)
        return answer

    def _body(self, ref: Ref, packed: Packed, attached: dict[str, int]) -> JSON:
        new = {name: number for number, name in enumerate(packed.paths)}
        owner, by_press = None if ref.ephemeral else ref.account, not ref.by_channel
        body = payload(draw(packed.card, now=self._clock.now(), owner=owner, by_press=by_press))
        body["attachments"] = [
            {"id": new[media.file], "filename": media.file} if media.file in new else {"id": str(attached[media.file])}
            for media in packed.card.media
        ]
        return body
