"""Forms that people open, and what is done once they are sent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from discord import ui

from adapters.chat.discord import forms
from adapters.chat.discord.asked import Interaction, origin_of
from adapters.chat.discord.brought import Brought, Files
from adapters.chat.discord.desk import Desk
from bot.cards import tag
from bot.commands import FORM_ACTS, Commands, Form, Suggestion
from bot.errors import NotFound
from bot.messages import say
from bot.model import Act, Button, Card, Origin, parse_button_id
from bot.parsing import Command
from bot.store import Accepted

HIDDEN = ":hidden"
MOST_OPEN = 500
FORMS = {"edit": Act.EDIT, "animate": Act.ANIMATE}
"""The commands that ask for what they were sent without."""

_COMMAND = re.compile(rf"d1:({'|'.join(FORMS)})")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A form about somebody's own pictures; `bringing` is the only one on its way."""

    account: int
    pictures: Sequence[Brought]
    bringing: asyncio.Task[Card] | None


class Opening:
    """The id of a form says what it is about, as those of buttons do; a picture that is still on its way is remembered.

    Nobody hears of a form that was closed again, so of the pictures only the last are remembered.
    """

    def __init__(self, desk: Desk, commands: Commands, files: Files, locale: str) -> None:
        self._desk = desk
        self._commands = commands
        self._files = files
        self._locale = locale
        self._costs = {entry.name: entry.cost for entry in commands.menu()}
        self._opened = dict[str, _Opened]()

    async def about(self, asked: Interaction, act: Act, shown_id: str, *, hidden: bool) -> None:
        """Ask what is to be done with something of ours."""
        await self._desk.ask(asked, self._about(asked, act, shown_id, hidden=hidden))

    async def with_pictures(self, asked: Interaction, act: Act, pictures: Sequence[Brought], *, hidden: bool) -> None:
        """Ask what is to be done with one of somebody's own, and fetch it meanwhile where there is but one."""
        upload_id = self._commands.new_id()
        one = len(pictures) == 1
        bringing = self._desk.start(self._bring(origin_of(asked), pictures[0], upload_id)) if one else None
        self._opened[upload_id] = opened = _Opened(asked.user.id, pictures, bringing)
        while len(self._opened) > MOST_OPEN:
            del self._opened[next(iter(self._opened))]
        await self._desk.ask(asked, self._with_pictures(asked, act, _id(act, upload_id, hidden=hidden), opened))

    async def command(self, asked: Interaction, act: Act, *, hidden: bool) -> None:
        """Ask for what a command was typed without, its picture too."""
        await self._desk.ask(asked, self._blank(asked, act, f"d1:{act}{HIDDEN if hidden else ''}", attach=True))

    async def submit(self, asked: Interaction) -> None:
        """Do what a form asks for."""
        custom_id = (asked.custom_id or "").removesuffix(HIDDEN)
        hidden = custom_id != asked.custom_id
        origin, filled = origin_of(asked, hidden=hidden), forms.read(dict(asked.data or {}))
        command, known = _COMMAND.fullmatch(custom_id), parse_button_id(custom_id)
        if command:
            attached = (self._files.upload(filled.file),) if filled.file else ()
            typed = Command(command[1], filled.words, filled.options)
            await self._desk.make(asked, self._commands.do(origin, typed, attached), hidden=hidden)
        elif known is None or known[0] not in FORM_ACTS:
            await self._desk.tell(asked, say("err.not_found", self._locale))
        elif known[0] is Act.RENAME:
            await self._desk.answer(asked, self._fill(origin, *known, filled))
        else:
            await self._desk.make(asked, self._fill(origin, *known, filled), hidden=hidden)

    async def _with_pictures(self, asked: Interaction, act: Act, custom_id: str, opened: _Opened) -> ui.Modal:
        if opened.bringing is not None and opened.bringing.done():
            await opened.bringing  # refused before anything was fetched
        named = [Suggestion(f"{number}. {one.name}", str(number)) for number, one in enumerate(opened.pictures, 1)]
        return await self._blank(asked, act, custom_id, pictures=named)

    async def _about(self, asked: Interaction, act: Act, shown_id: str, *, hidden: bool) -> ui.Modal:
        form = await self._commands.form(origin_of(asked), act, shown_id)
        pictures = await self._pictures(shown_id) if act in FORMS.values() else []
        return await self._drawn(asked, form, _id(act, shown_id, hidden=hidden), pictures=pictures)

    async def _pictures(self, shown_id: str) -> list[Suggestion]:
        """The pictures of the message that something of ours stands in."""
        try:
            message = await self._commands.message(shown_id)
        except NotFound:  # nothing that was drawn
            return []
        drawn = [job for job in message.jobs if job.file]
        return [Suggestion(f"{number}. #{tag(job.id)}", job.id) for number, job in enumerate(drawn, 1)]

    async def _blank(self, asked: Interaction, act: Act, custom_id: str, **more: Any) -> ui.Modal:
        return await self._drawn(asked, self._commands.blank(act), custom_id, **more)

    async def _drawn(self, asked: Interaction, form: Form, custom_id: str, **more: Any) -> ui.Modal:
        """The form with its price, and its models as people call them."""
        if cost := self._costs.get(form.act):
            form = replace(form, title=f"{form.title} ({cost})")
        found = await self._commands.suggest(origin_of(asked), form.act, "model", "") if form.options else ()
        titles = {one.value: one.label for one in found}
        return forms.modal(form, custom_id, self._locale, titles=titles, **more)

    async def _fill(self, origin: Origin, act: Act, shown_id: str, filled: forms.Filled) -> Accepted | Card:
        opened = self._opened.get(shown_id)
        if opened is not None and str(opened.account) == origin.account:
            del self._opened[shown_id]
            await (opened.bringing or self._bring(origin, _chosen(opened.pictures, filled.which), shown_id))
        elif filled.which:
            shown_id = filled.which
        return await self._commands.fill(origin, act, shown_id, filled.words, filled.options)

    async def _bring(self, origin: Origin, picture: Brought, upload_id: str) -> Card:
        return await self._commands.bring(origin, self._files.upload(picture), upload_id)


def _id(act: Act, shown_id: str, *, hidden: bool) -> str:
    return Button(act, (shown_id,), "").id + (HIDDEN if hidden else "")


def _chosen(pictures: Sequence[Brought], which: str) -> Brought:
    """The picture with that number; the first where there is none."""
    return dict(zip(map(str, range(1, len(pictures) + 1)), pictures, strict=True)).get(which, pictures[0])
