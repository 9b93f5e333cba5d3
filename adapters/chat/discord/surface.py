"""Discord as a surface: one message from its first card to its last, by whichever way is still open."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import aiohttp
import discord

from adapters.chat.discord.admission import Admission
from adapters.chat.discord.buckets import Buckets, of_channel, of_token
from adapters.chat.discord.commands import FIELDS
from adapters.chat.discord.delivery import Delivery
from adapters.chat.discord.messages import Messages, find, reply_to
from adapters.chat.discord.refs import PLATFORM, USUAL_FILE_BYTES, Ref
from adapters.chat.discord.rest import JSON, Answer, Away
from bot.clock import Clock
from bot.media import Media
from bot.messages import say
from bot.model import Card, Message, MessageRef
from bot.originals import Originals
from bot.surface import Delivered, Paused, SurfaceLimits, Undeliverable

log = logging.getLogger(__name__)

LATER_S = 120.0  # before a token ends, people are told where the picture will come
OLD_S, OLD_GAP_S = 55 * 60.0, 300.0  # Discord takes few edits of messages older than an hour
UNKNOWN_MESSAGE, OLD_EDITS = 10008, 30046
_NO_PREVIEWS = discord.MessageFlags(suppress_embeds=True).value

Result = Delivered | Undeliverable | Paused


class DiscordSurface:
    """Edits by the interaction's token while it works, then by the bot's own; what neither reaches comes as a DM.

    `client` is made with `http_trace=buckets.trace()`. Raises what `Rest` raises: the caller tries again.
    """

    platform = PLATFORM
    limits = SurfaceLimits()
    spelling = FIELDS

    def __init__(
        self,
        client: discord.Client,
        admission: Admission,
        *,
        media: Media,
        originals: Originals | None,
        clock: Clock,
        buckets: Buckets,
    ) -> None:
        self._messages = Messages(client, admission)
        self._delivery = Delivery(self._messages, media=media, originals=originals, clock=clock, buckets=buckets)
        self._clock = clock
        self._buckets = buckets

    def bucket(self, ref: MessageRef) -> str:
        place = Ref.read(ref)
        if place is None:
            return ""
        return f"message:{place.message}" if self._is_old(place) else self._way(place) or f"person:{place.account}"

    def wait_s(self, ref: MessageRef, *, keep: int) -> float:
        place = Ref.read(ref)
        if place is None:
            return 0.0
        wait_s = self._buckets.wait_s(self._way(place) or "", keep=keep)
        if keep and self._is_old(place):
            wait_s = max(wait_s, self._delivery.edited_at(place.message) + OLD_GAP_S - self._clock.monotonic())
        return wait_s

    def stale_at(self, ref: MessageRef) -> float | None:
        place = Ref.read(ref)
        alone = place is not None and place.token is not None and not place.by_channel
        return place.expires_at - LATER_S if place and alone else None

    async def edit(self, ref: MessageRef, card: Card) -> Result:
        place = Ref.read(ref)
        if place is None:
            return Undeliverable("its reference cannot be read")
        final = card.final
        result = await self._edit(place, card, final=final)
        if isinstance(result, Undeliverable):
            result = replace(result, ref=place.expired().write())
        if isinstance(result, Undeliverable) or (final and isinstance(result, Delivered)):
            self._delivery.forget(place.message)
        return Delivered() if result == Delivered(ref) else result

    async def announce(self, message: Message, card: Card) -> MessageRef | None:
        """Show the card in answer to its interaction; once that cannot be, find it if it was shown before."""
        place = await self._answer(message, card) or await find(self._messages, message, card)
        return place.write() if place else None

    async def remove(self, ref: MessageRef, message_id: str) -> None:
        place = Ref.read(ref)
        if place is None:
            return
        self._delivery.forget(place.message)
        ways = list[Callable[[], Awaitable[Answer]]]()
        if token := place.living_token(self._clock.now()):
            ways.append(partial(self._messages.remove_by_token, place, token))
        if place.by_channel and place.message is not None:
            ways.append(partial(self._messages.remove_by_channel, place))
        for way in ways:
            if await _tried(way(), f"message {message_id} stays"):
                return

    async def notify(self, ref: MessageRef, account: str, card: Card) -> None:  # noqa: ARG002 - the port's
        place = Ref.read(ref)
        if place is None or not place.by_channel or place.told:
            return
        body = {
            "content": f"<@{account}> {say('chat.done')}",
            "flags": _NO_PREVIEWS,
            "allowed_mentions": {"parse": [], "users": [account]},
            **reply_to(place),
        }
        await _tried(self._messages.create(place.channel, body, {}), "nobody was pinged")

    async def _answer(self, message: Message, card: Card) -> Ref | None:
        """Where the card stands in answer to its interaction; None where nobody answered that in time."""
        place = Ref.read(message.provisional)
        token = place.living_token(self._clock.now()) if place else None
        if place is None or token is None:
            return None
        answer = await self._delivery.edit_by_token(place, token, card)
        if answer.busy:
            raise Away(f"Discord asks to wait {answer.retry_after_s:.0f} s")
        return replace(place, message=int(answer.body["id"])) if answer.ok else None

    def _way(self, place: Ref) -> str | None:
        """The bucket of the way by which an edit goes now; None: there is none."""
        if token := place.living_token(self._clock.now()):
            return of_token(token)
        return of_channel(place.channel) if place.by_channel else None

    def _is_old(self, place: Ref) -> bool:
        """Whether it is edited by the bot's own token and so old that Discord counts each edit."""
        now = self._clock.now()
        if place.living_token(now) or not place.by_channel or place.message is None:
            return False
        return now - discord.utils.snowflake_time(place.message).timestamp() > OLD_S

    async def _edit(self, place: Ref, card: Card, *, final: bool) -> Result:
        """A last card tries every way, even one on which less was refused before: what forbade that may be over."""
        if place.quiet and not final:
            return Delivered()
        if token := place.living_token(self._clock.now()):
            result = await self._by_token(place, token, card, final=final)
            if result is not None:
                return result
        place = place.expired()
        if place.by_channel and place.message is not None:
            result = await self._by_channel(place, card, final=final)
            if result is not None:
                return result
        return await self._by_dm(place, card) if final else Delivered(place.write())

    async def _by_token(self, place: Ref, token: str, card: Card, *, final: bool) -> Result | None:
        """None: this way is closed, or did not take the last card; the next one will know."""
        if not (final or place.by_channel) and self._clock.now() >= place.expires_at - LATER_S:
            bar = replace(card.bar, eta_at=None) if card.bar else None
            card = replace(card, bar=bar, lines=(*card.lines, say("discord.later")))
        answer = await self._delivery.edit_by_token(place, token, card)
        if answer.ok:
            place = replace(place, message=int(answer.body["id"]))
            return Delivered((place.expired() if final else place).write(), answer.withheld)
        if not final and not answer.busy and not answer.closed:
            return _quiet(place, answer)
        return _paused(answer, "an interaction's token works no more")

    async def _by_channel(self, place: Ref, card: Card, *, final: bool) -> Result | None:
        """None: the message does not take the last card."""
        answer = await self._delivery.edit_by_channel(place, card)
        if answer.ok:
            return Delivered(place.write(), answer.withheld)
        if answer.code == UNKNOWN_MESSAGE:
            return Undeliverable("somebody deleted it")
        if answer.code == OLD_EDITS:
            return await self._anew(place, card, reply_to(place)) if final else Paused(OLD_GAP_S)
        if not final and not answer.busy:
            return _quiet(place, answer)
        return _paused(answer, "a message can be edited no more")

    async def _by_dm(self, place: Ref, card: Card) -> Result:
        answer = await self._messages.open_dm(place.account)
        if not answer.ok:
            return _paused(answer, "there are no DMs") or Undeliverable("it cannot be edited, and there are no DMs")
        limit = min(place.max_file_bytes, USUAL_FILE_BYTES)
        place = replace(place, channel=int(answer.body["id"]), by_channel=True, max_file_bytes=limit, told=True)
        card = replace(card, lines=(*card.lines, say("chat.moved")))
        result = await self._anew(replace(place, ephemeral=False, quiet=False), card, {}, rings=True)
        return result or Undeliverable("it cannot be edited, and DMs are closed")

    async def _anew(self, place: Ref, card: Card, reply: JSON, *, rings: bool = False) -> Result | None:
        """The card as a new message; None: it is not taken."""
        answer = await self._delivery.create(place, card, reply, rings=rings)
        if answer.ok:
            return Delivered(replace(place, message=int(answer.body["id"])).write(), answer.withheld)
        return _paused(answer, "a new message is not taken")


def _quiet(place: Ref, answer: Answer) -> Delivered:
    """Nothing more is sent to a message that refused a change, until its last card."""
    log.info("a message shows no progress: %d %d", answer.status, answer.code)
    return Delivered(replace(place, quiet=True).write())


def _paused(answer: Answer, otherwise: str) -> Paused | None:
    """What an answer asks for that was no success."""
    if answer.busy:
        return Paused(answer.retry_after_s, lasting=answer.refused)
    log.info("%s: %d %d", otherwise, answer.status, answer.code)
    return None


async def _tried(request: Awaitable[Answer], otherwise: str) -> bool:
    """Whether a request succeeded that matters little."""
    try:
        answer = await request
    except (Away, aiohttp.ClientError, TimeoutError) as error:
        log.info("%s: %s", otherwise, error)
        return False
    if not answer.ok:
        log.info("%s: %d %d", otherwise, answer.status, answer.code)
    return answer.ok
