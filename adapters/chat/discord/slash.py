"""Slash commands, the menu of messages, and suggestions while somebody types."""

from __future__ import annotations

import logging
from typing import Any, cast

from discord.app_commands import Choice

from adapters.chat.discord.asked import Interaction, origin_of, patience_s
from adapters.chat.discord.commands import DETAILS, MAKING, focused, read
from adapters.chat.discord.desk import OUT_OF_REACH, Desk
from adapters.chat.discord.presses import job_in
from adapters.errands import ends_within
from bot.clock import Clock
from bot.commands import Commands, Suggestion
from bot.messages import say
from bot.messages.cutting import whole

log = logging.getLogger(__name__)

SUGGEST_S = 2.0
CHOICE_CHARS = 100


class Slash:
    """Turns what Discord took apart into commands."""

    def __init__(self, desk: Desk, commands: Commands, *, clock: Clock, locale: str) -> None:
        self._desk = desk
        self._commands = commands
        self._clock = clock
        self._locale = locale

    async def run(self, asked: Interaction) -> None:
        data = _data(asked)
        if data["name"] == DETAILS:
            await self._details(asked, data["resolved"]["messages"][data["target_id"]])
            return
        typed = read(data)
        work = self._commands.do(origin_of(asked, hidden=typed.hidden), typed.command)
        if typed.command.name in MAKING:
            await self._desk.make(asked, work, hidden=typed.hidden)
        else:
            await self._desk.answer(asked, work)

    async def suggest(self, asked: Interaction) -> None:
        """Complete what is being typed; nothing rather than too late."""
        task = self._desk.start(self._commands.suggest(origin_of(asked), *focused(_data(asked))))
        await ends_within(self._clock, patience_s(asked, self._clock.now(), SUGGEST_S), task)
        found = task.result() if task.done() and task.exception() is None else ()
        try:
            await asked.response.autocomplete([_choice(one) for one in found])
        except OUT_OF_REACH as error:
            log.info("suggestions did not get through: %s", error)

    async def _details(self, asked: Interaction, message: dict[str, Any]) -> None:
        job_id = job_in(message["components"])
        if job_id is None:
            await self._desk.tell(asked, say("discord.err.no_picture", self._locale))
        else:
            await self._desk.answer(asked, self._commands.details(origin_of(asked), job_id))


def _data(asked: Interaction) -> dict[str, Any]:
    """What was asked, as Discord tells it."""
    return cast("dict[str, Any]", asked.data)


def _choice(one: Suggestion) -> Choice[str]:
    return Choice(name=whole(one.label, CHOICE_CHARS), value=one.value)
