"""Cards on their way to Telegram: as a new message, or in place of what a message shows."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from telegram import LinkPreviewOptions, Message, ReplyParameters
from telegram.error import BadRequest
from telegram.ext import ExtBot

from adapters.chat.telegram.files import Piece, TooLarge, Way, is_heavy, is_too_large, load
from adapters.chat.telegram.limiter import Lane
from adapters.chat.telegram.refs import Ref
from adapters.chat.telegram.render import CAPTION, MESSAGE, Room, draw, keyboard
from bot.cards import original
from bot.clock import Clock
from bot.media import Media
from bot.messages import say
from bot.model import ANSWER, Card, CardMedia
from bot.originals import Originals

log = logging.getLogger(__name__)

HTML = "HTML"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
MOST_IN_ALBUM = 10
_OF_ITS_WAY = ("photo", "image", "dimensions", "video", "thumb")

T = TypeVar("T")


class Sending:
    """Sends once, and again only what Telegram refused in one way and may take in another.

    Raises `TelegramError`.
    """

    def __init__(
        self, bot: ExtBot[Lane], *, media: Media, originals: Originals | None, clock: Clock, locale: str
    ) -> None:
        self.bot = bot
        self._media = media
        self._originals = originals
        self._clock = clock
        self._locale = locale
        self._ticking = True

    async def show(self, place: Ref, card: Card, lane: Lane, *, silent: bool = True) -> Ref:
        """The card as a new message: text, one file, or an album and a text with numbers below it."""
        if len(card.media) > 1:
            pieces, card = await self.pieces(card, card.media)
            if len(pieces) > 1 and not place.album:
                place = replace(place, album=await self.album(place, pieces, lane))
            return await self._text(place, card, lane, silent=silent, numbered=True)
        if card.media:
            pieces, card = await self.pieces(card, card.media)
            if pieces:
                return await self._piece(place, pieces[0], card, lane, silent=silent)
        return await self._text(place, card, lane, silent=silent)

    async def album(self, place: Ref, pieces: Sequence[Piece], lane: Lane) -> tuple[int, ...]:
        """Files without words or buttons; the ids of their messages."""
        if any(piece.way is Way.FILE for piece in pieces):  # which stand in no album with others
            pieces = [piece.as_file() for piece in pieces]
        media = [piece.media() for piece in pieces[:MOST_IN_ALBUM]]
        sent = await self.bot.send_media_group(media=media, **to(place, lane))
        return tuple(message.message_id for message in sent)

    async def originals(self, place: Ref, media: Sequence[CardMedia]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """The uncompressed files: the ids of their messages, and words for each that is missing."""
        pieces, card = await self.pieces(Card(state=ANSWER, title=""), media, original=True)
        send = partial(self.bot.send_document, disable_content_type_detection=True, **to(place))
        sent = [await send(document=piece.file) for piece in pieces]
        return tuple(message.message_id for message in sent), card.lines

    async def edit_text(self, ref: Ref, card: Card, lane: Lane, *, numbered: bool = False) -> None:
        async def edit(text: str) -> Any:
            return await self.bot.edit_message_text(
                text=text,
                parse_mode=HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard(card, numbered=numbered),
                **_at(ref, lane),
            )

        await self._drawn(card, MESSAGE, edit)

    async def edit_caption(self, ref: Ref, card: Card, lane: Lane) -> None:
        async def edit(text: str) -> Any:
            marked = keyboard(card, numbered=len(card.media) > 1)
            return await self.bot.edit_message_caption(
                caption=text, parse_mode=HTML, reply_markup=marked, **_at(ref, lane)
            )

        await self._drawn(card, CAPTION, edit)

    async def edit_piece(self, ref: Ref, piece: Piece, card: Card, lane: Lane) -> None:
        """Put a file in place of a text."""

        async def edit(text: str) -> Any:
            async def put(one: Piece) -> Any:
                return await self.bot.edit_message_media(
                    media=one.media(text), reply_markup=keyboard(card), **_at(ref, lane)
                )

            return await _in_any_way(piece, put)

        await self._drawn(card, CAPTION, edit)

    async def pieces(
        self, card: Card, media: Sequence[CardMedia], *, original: bool = False
    ) -> tuple[list[Piece], Card]:
        """Those files that can be sent, and the card with a line for each that cannot."""
        found, lines = list[Piece](), list[str]()
        for one in media[:MOST_IN_ALBUM]:
            piece = await load(self._media, one, original=original)
            if isinstance(piece, Piece):
                found.append(piece)
            elif isinstance(piece, TooLarge):
                key = "telegram.too_big" if self._originals else "chat.too_big"
                lines.append(say(key, self._locale, mb=f"{piece.size_bytes / 1e6:.0f}", tag=card.tag or ""))
            else:
                lines.append(say("chat.gone", self._locale))
        return found, replace(card, lines=(*card.lines, *lines))

    async def withheld(self, card: Card) -> frozenset[str]:
        """The files on a card of which nothing can be shown here, not even a link."""
        if self._originals is not None:
            return frozenset()
        return frozenset({one.file for one in card.media if await is_too_large(self._media, one)})

    async def _text(self, place: Ref, card: Card, lane: Lane, *, silent: bool, numbered: bool = False) -> Ref:
        async def send(text: str) -> Message:
            return await self.bot.send_message(
                text=text,
                parse_mode=HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard(card, numbered=numbered),
                **to(place, lane, silent=silent),
            )

        return replace(place, message=(await self._drawn(card, MESSAGE, send)).message_id)

    async def _piece(self, place: Ref, piece: Piece, card: Card, lane: Lane, *, silent: bool) -> Ref:
        async def send(text: str) -> Message:
            async def post(one: Piece) -> Message:
                more: dict[str, Any] = {"caption": text, "parse_mode": HTML, "reply_markup": keyboard(card)}
                more |= {**one.figures, **to(place, lane, silent=silent)}
                if one.way is Way.PHOTO:
                    return await self.bot.send_photo(photo=one.file, **more)
                if one.way is Way.VIDEO:
                    return await self.bot.send_video(video=one.file, **more)
                return await self.bot.send_document(document=one.file, **more)

            return await _in_any_way(piece, post)

        return replace(place, message=(await self._drawn(card, CAPTION, send)).message_id, photo=True)

    async def _drawn(self, card: Card, room: Room, send: Callable[[str], Awaitable[T]]) -> T:
        """Send the card in HTML; without times that tick where the server does not know them."""
        now, card = self._clock.now(), await self._linked(card)
        if self._ticking:
            try:
                return await send(draw(card, room, now=now, locale=self._locale))
            except BadRequest as error:
                if "tg-time" not in error.message:
                    raise
                log.info("times do not tick here: %s", error.message)
                self._ticking = False
        return await send(draw(card, room, now=now, ticking=False, locale=self._locale))

    async def _linked(self, card: Card) -> Card:
        """The card with a link to each file that it may show smaller, or not at all."""
        if self._originals is None:
            return card
        links = [
            original(self._originals.link_to(one.file), number, len(card.media), self._locale)
            for number, one in enumerate(card.media, 1)
            if await is_heavy(self._media, one)
        ]
        return replace(card, links=tuple(links))


async def _in_any_way(piece: Piece, send: Callable[[Piece], Awaitable[T]]) -> T:
    """Send a file, to be downloaded where Telegram does not show it."""
    try:
        return await send(piece)
    except BadRequest as error:
        if piece.way is Way.FILE or not any(word in error.message.lower() for word in _OF_ITS_WAY):
            raise
        log.info("a result goes as a file: %s", error.message)
    return await send(piece.as_file())


def to(place: Ref, lane: Lane = Lane.REPLY, *, silent: bool = True) -> dict[str, Any]:
    """Where a new message goes."""
    reply = None
    if place.reply_to is not None:
        reply = ReplyParameters(place.reply_to, allow_sending_without_reply=True)
    return {
        "chat_id": place.chat,
        "message_thread_id": place.thread,
        "reply_parameters": reply,
        "disable_notification": silent,
        "rate_limit_args": lane,
    }


def _at(ref: Ref, lane: Lane) -> dict[str, Any]:
    """Which message an edit is of."""
    return {"chat_id": ref.chat, "message_id": ref.message, "rate_limit_args": lane}
