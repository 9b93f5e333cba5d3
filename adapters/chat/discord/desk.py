"""Every interaction is acknowledged within a second, whatever else is slow; then it is told what came of it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import ExitStack, asynccontextmanager
from typing import Any, TypeVar

import aiohttp
import discord

from adapters.chat.discord.asked import LEAST_PATIENCE_S, Interaction, lacking, patience_s, ref_of
from adapters.chat.discord.commands import FIELDS
from adapters.chat.discord.files import pack
from adapters.chat.discord.markup import literal
from adapters.chat.discord.render import View, draw
from adapters.errands import Errands, ends_within, happens_within
from bot.cards import still
from bot.clock import Clock
from bot.commands import Commands
from bot.errors import UserError
from bot.media import Media
from bot.messages import say
from bot.model import Card
from bot.originals import Originals
from bot.store import Accepted

log = logging.getLogger(__name__)

PATIENCE_S, FORM_PATIENCE_S = 1.0, 2.0
REFUSAL_STAYS_S = 60.0
SETTLE_S = 5.0
TEXT_CHARS = 1900
MISSED = 10062
THINKING = discord.InteractionResponseType.deferred_channel_message

OUT_OF_REACH = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError, json.JSONDecodeError)
"""How a request to Discord may end; the person hears nothing then."""

Several = list[Accepted | UserError]
Work = Coroutine[Any, Any, Accepted | Several | Card]
T = TypeVar("T")


class Desk:
    """Owns the work that interactions ask for, and answers them; nothing from outside cancels that work."""

    def __init__(
        self, *, commands: Commands, media: Media, originals: Originals | None, clock: Clock, locale: str
    ) -> None:
        self._commands = commands
        self._media = media
        self._originals = originals
        self._clock = clock
        self._locale = locale
        self._errands = Errands()
        self._overdue: set[asyncio.Task[Any]] = set()
        self._closing = asyncio.Event()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        return self._errands.start(work)

    async def settle(self) -> None:
        """Return when everything that was taken has been answered, or after 5 s."""
        self._closing.set()
        await self._errands.settle(self._clock, SETTLE_S)

    async def close(self) -> None:
        await self._errands.close()

    async def make(self, asked: Interaction, work: Work, *, hidden: bool) -> None:
        """Answer with the messages of new jobs; no work is done where it could not be shown up to its picture."""
        missing = () if hidden else lacking(asked)
        if missing:
            work.close()
            await self.tell(asked, say("discord.err.permission", self._locale, missing=", ".join(missing)))
        else:
            await self.answer(asked, work, hidden=hidden)

    async def answer(self, asked: Interaction, work: Work, *, hidden: bool = True) -> None:
        """Answer with new messages: the cards of jobs, or words and cards for this person alone.

        Words that come after everybody was shown "… is thinking" go away again after a minute.
        """
        task = self.start(work)
        if not await self._in_time(asked, task):
            await self._defer(asked, thinking=True, hidden=hidden)
        outcome, beside = await self._outcome(task), False
        if isinstance(outcome, Accepted | list):
            several = outcome if isinstance(outcome, list) else [outcome]
            accepted = [one for one in several if isinstance(one, Accepted)]
            shown = [await self._show(asked, one, hidden=hidden, beside=one is not accepted[0]) for one in accepted]
            told = [self._commands.explain(one, FIELDS) for one in several if isinstance(one, UserError)]
            told += [] if all(shown) else [say("fail.not_shown", self._locale)]
            if not told:
                return
            outcome, beside = told[0], shown[0]
        await self.tell(asked, outcome, beside=beside)
        if asked.response.type is THINKING and not (hidden or beside):
            await happens_within(self._clock, REFUSAL_STAYS_S, self._closing)
            await self.take_away(asked)

    async def change(self, asked: Interaction, work: Coroutine[Any, Any, object], *, at_once: bool = False) -> bool:
        """Do what by itself changes the card that was pressed on; whether it was done. A refusal is told in words.

        `at_once`: acknowledge it first, for what the press itself must be able to change.
        """
        if at_once:
            try:
                await self._defer(asked)
            except BaseException:
                work.close()
                raise
        task = self.start(work)
        if not await self._in_time(asked, task) and not at_once:
            await self._defer(asked)
        refusal = await self._outcome(task)
        if isinstance(refusal, str):
            await self.tell(asked, refusal)
        elif not asked.response.is_done():
            await self._defer(asked)
        return not isinstance(refusal, str)

    async def redraw(self, asked: Interaction, work: Coroutine[Any, Any, Card]) -> None:
        """Show what came of it in place of the card that was pressed on. A refusal is told in words."""
        task = self.start(work)
        if not await self._in_time(asked, task):
            await self._defer(asked)
        card = await self._outcome(task)
        if isinstance(card, str):
            await self.tell(asked, card)
            return
        if card.media and not asked.response.is_done():
            await self._defer(asked)
        try:
            async with self._drawn(asked, card) as (files, view):
                if not asked.response.is_done():
                    await asked.response.edit_message(attachments=files, view=view)
                else:
                    await asked.edit_original_response(attachments=files, view=view)
        except OUT_OF_REACH as error:
            log.info("a card did not get through: %s", error)

    async def ask(self, asked: Interaction, work: Coroutine[Any, Any, discord.ui.Modal]) -> None:
        """Open a form. Discord takes one as the first answer only, so what is too slow is given up."""
        task = self.start(work)
        if not await ends_within(self._clock, patience_s(asked, self._clock.now(), FORM_PATIENCE_S), task):
            await self.tell(asked, say("discord.err.slow", self._locale))
            return
        try:
            form = await self._outcome(task)
            await (self.tell(asked, form) if isinstance(form, str) else asked.response.send_modal(form))
        except OUT_OF_REACH as error:
            log.info("a form did not get through: %s", error)

    async def tell(self, asked: Interaction, what: Card | str, *, beside: bool = False) -> None:
        """Say something to this person alone, or in place of "… is thinking", unless something stands there by now.

        Pictures are acknowledged first: a smaller copy takes seconds to make, and a large one to send.
        """
        if isinstance(what, Card) and what.media and not asked.response.is_done():
            await self._defer(asked, thinking=True, hidden=True)
        try:
            if isinstance(what, str):
                await self._send(asked, hidden=True, beside=beside, content=literal(what, TEXT_CHARS))
                return
            async with self._drawn(asked, still(what, self._locale)) as (files, view):
                await self._send(asked, files, hidden=True, view=view)
        except OUT_OF_REACH as error:
            log.info("an answer did not get through: %s", error)
            refused = isinstance(error, discord.HTTPException) and not isinstance(error, discord.NotFound)
            if refused and isinstance(what, Card):  # words may be taken
                await self.tell(asked, say("chat.internal", self._locale), beside=beside)

    @asynccontextmanager
    async def _drawn(self, asked: Interaction, card: Card) -> AsyncIterator[tuple[list[discord.File], View]]:
        """A card as it can be shown here, with its open files."""
        packed = await pack(card, self._media, self._originals, max_bytes=asked.filesize_limit)
        files = await asyncio.to_thread(lambda: [discord.File(path, name) for name, path in packed.paths.items()])
        with ExitStack() as stack:
            for file in files:
                stack.callback(file.close)
            yield files, draw(packed.card, now=self._clock.now())

    async def take_away(self, asked: Interaction) -> None:
        """Remove the answer to an interaction, or the message that was pressed on."""
        try:
            await asked.delete_original_response()
        except OUT_OF_REACH as error:
            log.info("a message stays: %s", error)

    async def _in_time(self, asked: Interaction, task: asyncio.Task[Any]) -> bool:
        """Whether the work ends before it must be acknowledged: soon, while earlier work has not ended either."""
        wait_s = LEAST_PATIENCE_S if self._overdue else patience_s(asked, self._clock.now(), PATIENCE_S)
        if await ends_within(self._clock, wait_s, task):
            return True
        self._overdue.add(task)
        task.add_done_callback(self._overdue.discard)
        return False

    async def _outcome(self, task: asyncio.Task[T]) -> T | str:
        """What was asked for, or why not in words."""
        try:
            return await asyncio.shield(task)
        except UserError as error:
            return self._commands.explain(error, FIELDS)
        except Exception:  # noqa: BLE001 - it is in the log by now
            return say("chat.internal", self._locale)

    async def _show(self, asked: Interaction, accepted: Accepted, *, hidden: bool, beside: bool) -> bool:
        """Show the first card; whether it is known to be there. The jobs run only then."""
        if accepted.repeated:
            if not beside:
                await self._leave_alone(asked)
            return True
        message = accepted.message
        shown = await self._shown(asked, self._commands.first_card(message), hidden=hidden, beside=beside)
        if shown is None:
            await self._commands.not_shown(message.id)
            return False
        await self._commands.announced(message.id, ref_of(asked, shown))
        return True

    async def _shown(self, asked: Interaction, card: Card, *, hidden: bool, beside: bool) -> discord.Message | None:
        view = draw(card, now=self._clock.now(), owner=None if hidden else asked.user.id)
        try:
            return await self._send(asked, hidden=hidden, beside=beside, view=view)
        except Exception as error:  # noqa: BLE001 - whatever discord.py makes of an odd answer, the job must go on or end
            log.warning("it is not known whether a first card is shown: %s", error)
            missed = beside or (isinstance(error, discord.HTTPException) and error.code == MISSED)
            return None if missed else await self._found(asked)

    async def _found(self, asked: Interaction) -> discord.Message | None:
        """The answer, if Discord shows one although it did not say so."""
        try:
            message = await asked.original_response()
        except Exception:  # noqa: BLE001 - as above
            return None
        return None if message.flags.loading else message

    async def _send(
        self,
        asked: Interaction,
        files: list[discord.File] | None = None,
        *,
        hidden: bool,
        beside: bool = False,
        **what: Any,
    ) -> discord.Message:
        """A new message, the one in place of "… is thinking", or one `beside` what was answered or pressed on."""
        response = asked.response
        if response.type is THINKING and not beside:
            return await asked.edit_original_response(attachments=files or [], **what)
        if response.is_done():
            sent: discord.Message = await asked.followup.send(files=files or [], ephemeral=hidden, wait=True, **what)
            return sent
        answered = await response.send_message(files=files or [], ephemeral=hidden, **what)
        assert isinstance(answered.resource, discord.InteractionMessage)
        return answered.resource

    async def _leave_alone(self, asked: Interaction) -> None:
        """Acknowledge a second press, whose job is there already."""
        if asked.response.type is THINKING:
            await self.take_away(asked)
        elif asked.type is not discord.InteractionType.application_command:
            await self._defer(asked)

    async def _defer(self, asked: Interaction, *, thinking: bool = False, hidden: bool = False) -> None:
        try:
            await asked.response.defer(thinking=thinking, ephemeral=hidden)
        except OUT_OF_REACH as error:
            log.info("an acknowledgement did not get through: %s", error)
