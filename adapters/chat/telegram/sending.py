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

from adapters.chat.telegram.files import Picture, TooLarge, is_heavy, load
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

T = TypeVar("T")


class Sending:
    """Sends once, and again only what Telegram refused in one form and may take in another.

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
        """The card as a new message: text, one picture, or an album and a text with numbers below it."""
        if len(card.media) > 1:
            pictures, card = await self.pictures(card, card.media)
            if len(pictures) > 1 and not place.album:
                place = replace(place, album=await self.album(place, pictures, lane))
            return await self._text(place, card, lane, silent=silent, numbered=True)
        if card.media:
            pictures, card = await self.pictures(card, card.media)
            if pictures:
                return await self._picture(place, pictures[0], card, lane, silent=silent)
        return await self._text(place, card, lane, silent=silent)

    async def album(self, place: Ref, pictures: Sequence[Picture], lane: Lane) -> tuple[int, ...]:
        """Pictures without words or buttons; the ids of their messages."""
        alike = all(picture.photo for picture in pictures)  # an album holds photos or files, never both
        media = [replace(picture, photo=alike).media() for picture in pictures[:MOST_IN_ALBUM]]
        sent = await self.bot.send_media_group(media=media, **to(place, lane))
        return tuple(message.message_id for message in sent)

    async def originals(self, place: Ref, media: Sequence[CardMedia]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """The uncompressed files: the ids of their messages, and words for each that is missing."""
        pictures, card = await self.pictures(Card(state=ANSWER, title=""), media, original=True)
        send = partial(self.bot.send_document, disable_content_type_detection=True, **to(place))
        sent = [await send(document=picture.file) for picture in pictures]
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

    async def edit_picture(self, ref: Ref, picture: Picture, card: Card, lane: Lane) -> None:
        """Put a picture in place of a text."""

        async def edit(text: str) -> Any:
            async def put(one: Picture) -> Any:
                return await self.bot.edit_message_media(
                    media=one.media(text), reply_markup=keyboard(card), **_at(ref, lane)
                )

            return await _in_any_form(picture, put)

        await self._drawn(card, CAPTION, edit)

    async def pictures(
        self, card: Card, media: Sequence[CardMedia], *, original: bool = False
    ) -> tuple[list[Picture], Card]:
        """Those pictures that can be sent, and the card with a line for each that cannot."""
        found, lines = list[Picture](), list[str]()
        for one in media[:MOST_IN_ALBUM]:
            picture = await load(self._media, one, original=original)
            if isinstance(picture, Picture):
                found.append(picture)
            elif isinstance(picture, TooLarge):
                mb = f"{picture.size_bytes / 1e6:.0f}"
                lines.append(say("chat.too_big", self._locale, mb=mb, tag=card.tag or ""))
            else:
                lines.append(say("chat.gone", self._locale))
        return found, replace(card, lines=(*card.lines, *lines))

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

    async def _picture(self, place: Ref, picture: Picture, card: Card, lane: Lane, *, silent: bool) -> Ref:
        async def send(text: str) -> Message:
            async def post(one: Picture) -> Message:
                more: dict[str, Any] = {"caption": text, "parse_mode": HTML, "reply_markup": keyboard(card)}
                if one.photo:
                    return await self.bot.send_photo(photo=one.file, **more, **to(place, lane, silent=silent))
                return await self.bot.send_document(document=one.file, **more, **to(place, lane, silent=silent))

            return await _in_any_form(picture, post)

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
        """The card with a link to each picture that it may show smaller."""
        if self._originals is None:
            return card
        links = [
            original(self._originals.link_to(one.file), number, len(card.media), self._locale)
            for number, one in enumerate(card.media, 1)
            if await is_heavy(self._media, one)
        ]
        return replace(card, links=tuple(links))


async def _in_any_form(picture: Picture, send: Callable[[Picture], Awaitable[T]]) -> T:
    """Send a picture, as a file where Telegram does not take it as a photo."""
    try:
        return await send(picture)
    except BadRequest as error:
        if not (picture.photo and any(word in error.message.lower() for word in ("photo", "image", "dimensions"))):
            raise
        log.info("a picture goes as a file: %s", error.message)
    return await send(replace(picture, photo=False))


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
