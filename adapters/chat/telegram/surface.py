"""Telegram as a surface: one message from its first card to its last, with its pictures in it or above it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import replace
from typing import TypeVar

import httpx
from telegram import ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from adapters.chat.telegram.files import BLANK
from adapters.chat.telegram.limiter import Lane, Limiter, retry_after_s
from adapters.chat.telegram.refs import PLATFORM, Ref, Shown
from adapters.chat.telegram.sending import HTML, Sending
from bot.commands import Commands
from bot.messages import say
from bot.model import ANSWER, Card, Message, MessageRef
from bot.surface import Delivered, Paused, SurfaceLimits, Undeliverable

log = logging.getLogger(__name__)

_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_UNCHANGED = "message is not modified"
_TOO_LARGE = "entity too large"

T = TypeVar("T")
Result = Delivered | Undeliverable | Paused


class TelegramSurface:
    """Edits the first card up to the last; where somebody deleted it, the last one comes as a new message, once.

    Raises `TelegramError` where nobody knows whether anything was shown: the caller tries again.
    """

    platform = PLATFORM
    limits = SurfaceLimits(burst=None)

    def __init__(self, sending: Sending, limiter: Limiter, commands: Commands, locale: str) -> None:
        self._sending = sending
        self._limiter = limiter
        self._commands = commands
        self._locale = locale
        self._copying = asyncio.Lock()

    def bucket(self, ref: MessageRef) -> str:
        place = Ref.read(ref)
        return str(place.chat) if place else ""

    def wait_s(self, ref: MessageRef, *, keep: int) -> float:
        place = Ref.read(ref)
        return self._limiter.wait_s(place.chat, keep=keep) if place else 0.0

    async def edit(self, ref: MessageRef, card: Card) -> Result:
        place = Ref.read(ref)
        if place is None:
            return Undeliverable("its reference cannot be read")
        final = card.final
        if place.quiet and not final:
            return Delivered()
        try:
            ref = (await self._shown(place, card, final=final)).write()
            return Delivered(ref, await self._sending.withheld(card))
        except TelegramError as error:
            return _result(error, final=final)

    async def announce(self, message: Message, card: Card) -> MessageRef | None:
        """Show the first card once more: Telegram does not tell whether it is there."""
        place = Ref.read(message.provisional)
        ref = await self.first(place, card) if place else None
        return ref.write() if ref else None

    async def first(self, place: Ref, card: Card) -> Ref | None:
        """The first card as a new message; None: it cannot be shown there. Raises where nobody knows."""
        try:
            try:
                return await self._sending.show(place, card, Lane.QUEUED)
            except ChatMigrated as error:
                place = await self.move(place, error.new_chat_id)
                return await self._sending.show(place, card, Lane.QUEUED)
        except (BadRequest, Forbidden) as error:
            log.info("a first card is not taken: %s", error.message)
            return None

    async def remove(self, ref: MessageRef, message_id: str) -> None:  # noqa: ARG002 - the port's
        place = Ref.read(ref)
        for shown in place.messages if place else ():
            if not await self._removed(shown):
                await self._blanked(shown)

    async def copied(self, job_id: str, shown: Ref) -> None:
        """Remember where pictures of a job's message are shown once more, for when they are to be removed."""
        async with self._copying:
            message = await self._commands.message(job_id)
            place = Ref.read(message.ref)
            if place is not None:
                await self._commands.moved(message.id, place.copied(shown.messages).write())

    async def notify(self, ref: MessageRef, account: str, card: Card) -> None:  # noqa: ARG002 - the port's
        place = Ref.read(ref)
        if place is None or place.message is None or place.album:  # an album came as new messages
            return
        text = say("chat.done", self._locale)
        if place.chat < 0:
            text = f'<a href="tg://user?id={int(account)}">{text}</a>'
        ping = self._sending.bot.send_message(
            place.chat,
            text,
            parse_mode=HTML,
            message_thread_id=place.thread,
            reply_parameters=ReplyParameters(place.message, allow_sending_without_reply=True),
            rate_limit_args=Lane.REPLY,
        )
        await _tried(ping, "nobody was pinged")

    async def move(self, place: Ref, chat: int) -> Ref:
        """The same place in a group that became a supergroup, where its messages have no numbers any more."""
        await self._commands.move_chat(PLATFORM, str(place.chat), str(chat))
        return replace(place, chat=chat, message=None, thread=None, reply_to=None)

    async def _shown(self, place: Ref, card: Card, *, final: bool) -> Ref:
        """The card where its message is, or the last one where its person is."""
        try:
            try:
                return await self._edit(place, card, final=final)
            except ChatMigrated as error:
                place = await self.move(place, error.new_chat_id)
                return await self._edit(place, card, final=final)
        except (BadRequest, Forbidden) as error:
            if not final and isinstance(error, Forbidden):  # which may be over when the last card comes
                return replace(place, quiet=True)
            if not final or place.sending or place.account is None:
                raise
            log.info("a last card goes to the private chat: %s", error.message)
        card = replace(card, lines=(*card.lines, say("chat.moved", self._locale)))
        alone = Ref(chat=place.account)
        return await self._once(place, card, self._sending.show(alone, card, Lane.FINAL, silent=False))

    async def _edit(self, place: Ref, card: Card, *, final: bool) -> Ref:
        """The message with its new card; results come with the last one."""
        if final and len(card.media) > 1 and not place.photo:
            if not (place.album or place.sending):
                place = await self._album_sent(place, card)
            card = replace(card, lines=(*card.lines, say("telegram.numbers", self._locale)))
        if place.message is None:
            return await self._anew(place, card) if final else place
        try:
            return await self._changed(place, card, final=final)
        except BadRequest as error:
            said = error.message.lower()
            if _UNCHANGED in said:
                return place
            if place.sending or not any(gone in said for gone in _GONE):
                raise
            log.info("a message is no longer there: %s", error.message)
        return await self._anew(place, card) if final else place

    async def _changed(self, place: Ref, card: Card, *, final: bool) -> Ref:
        lane = Lane.FINAL if final else Lane.PROGRESS
        if place.photo:
            await self._sending.edit_caption(place, card, lane)
            return place
        if final and len(card.media) == 1:
            pieces, card = await self._sending.pieces(card, card.media)
            if pieces:
                try:
                    await self._sending.edit_piece(place, pieces[0], card, lane)
                    return replace(place, photo=True)
                except TelegramError as error:
                    if not _refuses_file(error):
                        raise
                    log.warning("a result is not taken: %s", error.message)
                words = say("telegram.not_taken", self._locale, tag=card.tag or "")
                card = replace(card, lines=(*card.lines, words))
                await self._sending.edit_text(place, card, lane, numbered=True)
                return place
        await self._sending.edit_text(place, card, lane, numbered=final and len(card.media) > 1)
        return place

    async def _album_sent(self, place: Ref, card: Card) -> Ref:
        """An album, which has no buttons: sent once, and not again where nobody knows whether it was."""
        pieces, _ = await self._sending.pieces(card, card.media)
        if len(pieces) < 2:  # noqa: PLR2004 - Telegram's least
            return place
        with_album = replace(place, reply_to=place.message)
        for way in (pieces, [piece.as_file() for piece in pieces]):
            try:
                album = await self._once(place, card, self._sending.album(with_album, way, Lane.FINAL))
            except TelegramError as error:
                if not _refuses_file(error):
                    raise
                log.warning("an album is not taken: %s", error.message)
            else:
                place = replace(place, album=album)
                await self._keep(card, place)
                break
        return place

    async def _anew(self, place: Ref, card: Card) -> Ref:
        """The last card as a new message."""
        new = replace(place, message=None, photo=False)
        return await self._once(place, card, self._sending.show(new, card, Lane.FINAL))

    async def _once(self, place: Ref, card: Card, sent: Awaitable[T]) -> T:
        """Send what must not come twice: a mark is kept before, and goes where nothing was sent for sure."""
        await self._keep(card, replace(place, sending=True))
        try:
            return await sent
        except TelegramError as error:
            if _did_nothing(error):
                await self._keep(card, place)
            raise

    async def _keep(self, card: Card, place: Ref) -> None:
        assert card.message_id is not None  # it is a job's
        await self._commands.moved(card.message_id, place.write())

    async def _removed(self, shown: Shown) -> bool:
        return await _tried(self._sending.bot.delete_message(shown.chat, shown.message), "a message is not removed")

    async def _blanked(self, shown: Shown) -> None:
        """Take the words and the picture out of a message that is too old to be removed."""
        card = Card(state=ANSWER, title=say("telegram.removed", self._locale))
        place = Ref(chat=shown.chat, message=shown.message)
        if shown.picture:
            await _tried(self._sending.edit_piece(place, BLANK, card, Lane.REPLY), "a picture stays")
        else:
            await _tried(self._sending.edit_text(place, card, Lane.REPLY), "words stay")


def _refuses_file(error: TelegramError) -> bool:
    """Whether a message is there and takes a card, but not with this file."""
    said = error.message.lower()
    refused = isinstance(error, BadRequest) or _TOO_LARGE in said
    return refused and not any(known in said for known in (*_GONE, _UNCHANGED))


def _did_nothing(error: TelegramError) -> bool:
    """Whether it is certain that nothing was sent."""
    unreached = isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    return unreached or isinstance(error, RetryAfter | BadRequest | Forbidden | ChatMigrated)


def _result(error: TelegramError, *, final: bool) -> Result:
    """What an error says of the edit; raises what tells nothing."""
    if isinstance(error, RetryAfter):
        return Paused(retry_after_s(error))
    if isinstance(error, BadRequest) and not final:
        log.warning("progress is not taken: %s", error.message)  # the last card may be all the same
        return Delivered()
    if isinstance(error, BadRequest | Forbidden):
        return Undeliverable(error.message)
    raise error


async def _tried(request: Awaitable[object], otherwise: str) -> bool:
    """Whether a request succeeded that matters little."""
    try:
        await request
    except TelegramError as error:
        log.info("%s: %s", otherwise, error.message)
        return False
    return True
