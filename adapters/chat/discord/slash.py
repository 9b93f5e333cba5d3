"""Slash commands, the menu of messages, and suggestions while somebody types."""

from __future__ import annotations

import logging
from typing import Any, cast

import discord
from discord.app_commands import Choice

from adapters.chat.discord.asked import Interaction, origin_of, patience_s
from adapters.chat.discord.brought import Files, pictures_in
from adapters.chat.discord.commands import DETAILS, MENUS, MESSAGE_MENU, SOURCE, Typed, focused, read
from adapters.chat.discord.components import shown_in
from adapters.chat.discord.desk import OUT_OF_REACH, Desk
from adapters.chat.discord.opening import FORMS, Opening
from adapters.errands import ends_within
from bot.clock import Clock
from bot.commands import Attached, Commands, Shown, Suggestion
from bot.messages import say
from bot.messages.cutting import whole
from bot.model import Act

log = logging.getLogger(__name__)

SUGGEST_S = 2.0
CHOICE_CHARS = 100
HIDDEN = discord.MessageFlags(ephemeral=True).value


class Slash:
    """Turns what Discord took apart into commands."""

    def __init__(
        self, desk: Desk, commands: Commands, opening: Opening, files: Files, *, clock: Clock, locale: str
    ) -> None:
        self._desk = desk
        self._commands = commands
        self._opening = opening
        self._files = files
        self._making = {entry.name for entry in commands.menu() if entry.makes}
        self._clock = clock
        self._locale = locale

    async def run(self, asked: Interaction) -> None:
        data = _data(asked)
        if data["type"] == MESSAGE_MENU:
            await self._menu(asked, data["name"], data["resolved"]["messages"][data["target_id"]])
            return
        typed = read(data)
        name, hidden = typed.command.name, typed.hidden
        if typed.bare and name in FORMS:
            await self._ask(asked, FORMS[name], typed)
            return
        attached = (self._files.upload(typed.file),) if typed.file else ()
        work = self._commands.do(origin_of(asked, hidden=hidden), typed.command, attached)
        if name in self._making:
            await self._desk.make(asked, work, hidden=hidden)
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

    async def _ask(self, asked: Interaction, act: Act, typed: Typed) -> None:
        if typed.file:
            await self._opening.with_pictures(asked, act, [typed.file], hidden=typed.hidden)
        else:
            await self._opening.command(asked, act, hidden=typed.hidden)

    async def _menu(self, asked: Interaction, name: str, message: dict[str, Any]) -> None:
        """Do something with a message of anybody's: with what we made, or with the pictures in it."""
        shown_id, pictures, hidden = shown_in(message), pictures_in(message), bool(message["flags"] & HIDDEN)
        if shown_id is not None:
            await self._menu_of_ours(asked, name, shown_id, hidden=hidden)
        elif not pictures or name == DETAILS:
            await self._desk.tell(asked, say(f"discord.err.no_{'job' if name == DETAILS else 'picture'}", self._locale))
        elif name == SOURCE:
            await self._choose(asked, self._files.upload(pictures[0]))
        else:
            await self._opening.with_pictures(asked, MENUS[name], pictures, hidden=hidden)

    async def _menu_of_ours(self, asked: Interaction, name: str, shown_id: str, *, hidden: bool) -> None:
        if name == DETAILS:
            await self._desk.answer(asked, self._commands.details(origin_of(asked), shown_id))
        elif name == SOURCE:
            await self._choose(asked, Shown(shown_id))
        else:
            await self._opening.about(asked, MENUS[name], shown_id, hidden=hidden)

    async def _choose(self, asked: Interaction, attached: Attached) -> None:
        await self._desk.answer(asked, self._commands.choose(origin_of(asked), attached))


def _data(asked: Interaction) -> dict[str, Any]:
    """What was asked, as Discord tells it."""
    return cast("dict[str, Any]", asked.data)


def _choice(one: Suggestion) -> Choice[str]:
    return Choice(name=whole(one.label, CHOICE_CHARS), value=one.value)
