"""Answers: first cards of jobs, and what is said at once. In groups words go away again after a minute."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, TelegramError

from adapters.chat.telegram.asked import Asked
from adapters.chat.telegram.limiter import Lane
from adapters.chat.telegram.markup import sentence
from adapters.chat.telegram.refs import Ref
from adapters.chat.telegram.render import MESSAGE
from adapters.chat.telegram.sending import HTML, NO_PREVIEW, Sending, to
from adapters.chat.telegram.surface import TelegramSurface
from adapters.errands import Errands, happens_within
from bot.cards import still
from bot.clock import Clock
from bot.commands import Commands
from bot.messages import say
from bot.model import Card, CardMedia
from bot.store import Accepted

log = logging.getLogger(__name__)

STAYS_S = 60.0
SETTLE_S = 5.0
TRIES_S = (0.0, 2.0, 8.0, 30.0, 60.0, 60.0, 60.0)
"""The waits before each try to get through."""


class Desk:
    """Owns what is being answered; whoever asks does not wait for it."""

    def __init__(
        self, *, sending: Sending, surface: TelegramSurface, commands: Commands, clock: Clock, locale: str
    ) -> None:
        self.sending = sending
        self._surface = surface
        self._commands = commands
        self._clock = clock
        self._locale = locale
        self._errands = Errands()
        self._owed = defaultdict[str, set[asyncio.Task[None]]](set)
        self._closing = asyncio.Event()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what nobody misses after a kill."""
        self._errands.start(_quietly(work))

    def owe(self, asked: Asked, answer: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Give an answer without which its update is not handled, again while Telegram cannot be reached."""
        self._owed[asked.origin.update_id].add(self._errands.start(self._answered(answer)))

    def owed(self, update_id: str) -> Collection[asyncio.Task[None]]:
        """The answers to an update that are being given; to be taken once."""
        return self._owed.pop(update_id, set())

    async def settle(self) -> None:
        """Return when everything was answered, or after 5 s; what was to go away goes now."""
        self._closing.set()
        await self._errands.settle(self._clock, SETTLE_S)

    async def close(self) -> None:
        await self._errands.close()

    def make(self, asked: Asked, accepted: Accepted, *, hidden_from: Asked | None = None) -> None:
        """Show the first card of a new job; `hidden_from`: where it was asked for, and is not to be seen."""
        if not accepted.repeated:
            self.start(self._make(asked, accepted, hidden_from))

    def tell(self, asked: Asked, words: str) -> None:
        """Say something; in groups for a minute."""
        self.owe(asked, lambda: self._tell(asked, words))

    def show(self, asked: Asked, card: Card, *, stays: bool = True) -> None:
        """Answer with a card; in groups for a minute unless it `stays`."""
        self.owe(asked, lambda: self._show(asked, card, stays=stays))

    def originals(self, asked: Asked, job_id: str, media: Sequence[CardMedia]) -> None:
        """Send uncompressed pictures of a job's message."""
        self.owe(asked, lambda: self._originals(asked, job_id, media))

    def show_alone(self, asked: Asked, card: Card) -> None:
        """Answer somebody in a group with a card in the private chat."""
        self.owe(asked, lambda: self._show_alone(asked, card))

    async def take_away(self, chat: int, message: int) -> None:
        """Remove a message of the bot."""
        await self.sending.bot.delete_message(chat, message)

    async def _make(self, asked: Asked, accepted: Accepted, hidden_from: Asked | None) -> None:
        message = accepted.message
        ref = await self._first(asked.place, self._commands.first_card(message))
        if ref is not None:
            await self._commands.announced(message.id, ref.write())
            if hidden_from:
                await self._tell(hidden_from, say("telegram.hidden", self._locale))
            return
        await self._commands.not_shown(message.id)
        if hidden_from:
            await self._open_first(hidden_from)

    async def _open_first(self, asked: Asked) -> None:
        """Say that nothing can be sent to somebody alone, and how that changes."""
        label, link = say("telegram.open_me", self._locale), f"https://t.me/{self.sending.bot.username}?start=open"
        button = InlineKeyboardMarkup([[InlineKeyboardButton(label, url=link)]])
        await self._tell(asked, say("telegram.open_first", self._locale), button)

    async def _first(self, place: Ref, card: Card) -> Ref | None:
        """Show a first card, again for some minutes where nobody knows whether it is there."""
        for wait_s in TRIES_S:
            await self._clock.sleep(wait_s)
            try:
                return await self._surface.first(place, card)
            except TelegramError as error:
                log.warning("it is not known whether a first card is shown: %s", error.message)
        return None

    async def _tell(self, asked: Asked, words: str, buttons: InlineKeyboardMarkup | None = None) -> None:
        text = sentence(words, MESSAGE.all).html
        sent = await self.sending.bot.send_message(
            text=text, parse_mode=HTML, link_preview_options=NO_PREVIEW, reply_markup=buttons, **to(asked.place)
        )
        if asked.in_group:
            self.start(self._take_away_later(replace(asked.place, message=sent.message_id)))

    async def _show(self, asked: Asked, card: Card, *, stays: bool) -> None:
        card = still(card, self._locale)
        try:
            shown = await self.sending.show(asked.place, card, Lane.REPLY)
        except BadRequest as error:
            if not card.tag:
                raise
            log.info("a card is not taken: %s", error.message)
            await self._tell(asked, say("telegram.not_sent", self._locale, tag=card.tag))
            return
        if card.media and card.job_id:
            await self._surface.copied(card.job_id, shown)
        if asked.in_group and not stays:
            self.start(self._take_away_later(shown))

    async def _show_alone(self, asked: Asked, card: Card) -> None:
        try:
            await self.sending.show(asked.privately().place, still(card, self._locale), Lane.REPLY)
        except (BadRequest, Forbidden):
            await self._open_first(asked)
        else:
            await self._tell(asked, say("telegram.hidden", self._locale))

    async def _originals(self, asked: Asked, job_id: str, media: Sequence[CardMedia]) -> None:
        sent, missing = await self.sending.originals(asked.place, media)
        await self._surface.copied(job_id, replace(asked.place, album=sent))
        if missing:
            await self._tell(asked, " ".join(missing))

    async def _answered(self, answer: Callable[[], Coroutine[Any, Any, None]]) -> None:
        for wait_s in TRIES_S:
            await self._clock.sleep(wait_s)
            try:
                await answer()
            except TelegramError as error:
                _missed(error)
                if not isinstance(error, BadRequest | Forbidden):
                    continue
            return

    async def _take_away_later(self, shown: Ref) -> None:
        await happens_within(self._clock, STAYS_S, self._closing)
        for message in (shown.message, *shown.album):
            if message is not None:
                await self.take_away(shown.chat, message)


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    """An answer that does not get through is no error of ours."""
    try:
        await work
    except TelegramError as error:
        _missed(error)


def _missed(error: TelegramError) -> None:
    log.info("an answer did not get through: %s", error.message)
