"""Buttons, on however old a message: an id says the act and the job, and everything else is looked up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import discord
from discord import ui

from adapters.chat.discord.asked import Interaction, is_hidden, origin_of, reachable
from adapters.chat.discord.desk import Desk, Several
from adapters.chat.discord.refs import Ref
from bot.cards import tag
from bot.commands import Commands
from bot.messages import say
from bot.model import ANSWER, Act, Button, Card, Message, Origin, parse_button_id
from bot.parsing import PROMPT_CHARS
from bot.store import Accepted

FIELD = "words"


def job_in(components: object) -> str | None:
    """The job whose buttons are among components, as a message has them."""
    found = (parse_button_id(str(part.get("custom_id", ""))) for part in _walk(components))
    return next((known[1] for known in found if known), None)


class Presses:
    """Turns presses into what the commands know. Who may do what is decided there."""

    def __init__(self, desk: Desk, commands: Commands, locale: str) -> None:
        self._desk = desk
        self._commands = commands
        self._locale = locale

    async def press(self, asked: Interaction) -> None:
        known = parse_button_id(asked.custom_id or "")
        if known is None or known[0] is Act.PICK:  # here a message has all of its pictures
            await self._desk.tell(asked, say("err.not_found", self._locale))
            return
        await self._do(asked, *known)

    async def submit(self, asked: Interaction) -> None:
        """The words that were changed."""
        known = parse_button_id(asked.custom_id or "")
        fields = [part["value"] for part in _walk(asked.data) if part.get("custom_id") == FIELD]
        if known is None or not fields:
            await self._desk.tell(asked, say("err.not_found", self._locale))
            return
        work = self._commands.words(origin_of(asked), known[1], fields[0])
        await self._desk.make(asked, work, hidden=is_hidden(asked))

    async def _do(self, asked: Interaction, act: Act, job_id: str) -> None:
        desk, commands, origin = self._desk, self._commands, origin_of(asked)
        change = {Act.CANCEL: commands.cancel, Act.LOOK: commands.look}
        match act:
            case Act.AGAIN:
                await desk.make(asked, commands.again(origin, job_id), hidden=is_hidden(asked))
            case Act.RETRY:
                await desk.make(asked, self._retry(origin, job_id), hidden=is_hidden(asked))
            case Act.CANCEL | Act.LOOK:
                work = self._change(asked, act, job_id, partial(change[act], origin))
                await desk.change(asked, work, at_once=not reachable(asked))
            case Act.STOP:
                await desk.redraw(asked, commands.stop(origin, job_id))
            case Act.DELETE:
                if await desk.change(asked, commands.delete(origin, job_id)):
                    await desk.take_away(asked)  # what was pressed on, where only this press reaches it
            case Act.MORE | Act.DETAILS:
                await desk.answer(asked, self._details(asked, origin, job_id))
            case Act.ORIGINAL:
                await desk.answer(asked, self._original(origin, job_id))
            case Act.WORDS:
                await desk.ask(asked, self._form(origin, job_id))

    async def _change(self, asked: Interaction, act: Act, job_id: str, do: Callable[[str], Awaitable[None]]) -> None:
        """Do what changes the card; where only a press reaches it, by the way that this one opens anew."""
        if not reachable(asked):
            await self._renew(asked, await self._commands.message(job_id))
        await self._commands.each(act, job_id, do)

    async def _renew(self, asked: Interaction, message: Message) -> None:
        """Use the press's own token from now on, where somebody pressed on their message itself, and not on a copy."""
        place, shown = Ref.read(message.ref), asked.message
        if place and shown and (place.message, place.account) == (shown.id, asked.user.id):
            renewed = replace(place, token=asked.token, expires_at=asked.expires_at.timestamp(), quiet=False)
            await self._commands.moved(message.id, renewed.write())

    async def _retry(self, origin: Origin, job_id: str) -> Several:
        """A message of its own for each job; only the first is the interaction's own answer."""

        async def retry(one: str) -> Accepted:
            beside = replace(origin, update_id=f"{origin.update_id}:{one}", provisional=None)
            return await self._commands.retry(origin if one == job_id else beside, one)

        return await self._commands.each(Act.RETRY, job_id, retry)

    async def _details(self, asked: Interaction, origin: Origin, job_id: str) -> Card:
        """More of a job; without Delete where that must be pressed on the picture's own message."""
        card = await self._commands.details(origin, job_id)
        if reachable(asked):
            return card
        return replace(card, buttons=tuple(button for button in card.buttons if button.act is not Act.DELETE))

    async def _original(self, origin: Origin, job_id: str) -> Card:
        media = await self._commands.original(origin, job_id)
        return Card(state=ANSWER, title=say("act.original", self._locale), tag=tag(job_id), media=media)

    async def _form(self, origin: Origin, job_id: str) -> ui.Modal:
        """The words as they are, to be changed."""
        field = ui.TextInput[Any](
            style=discord.TextStyle.paragraph,
            custom_id=FIELD,
            default=await self._commands.prompt(origin, job_id),
            max_length=PROMPT_CHARS,
        )
        form = ui.Modal(title=say("act.words", self._locale), custom_id=Button(Act.WORDS, (job_id,), "").id)
        form.add_item(ui.Label(text=say("discord.words", self._locale), component=field))
        form.stop()  # discord.py keeps every form that is not; what is sent is known by its id alone
        return form


def _walk(part: object) -> Iterator[Mapping[str, Any]]:
    """Every component in components, however deep."""
    if isinstance(part, Mapping):
        yield part
        for inner in ("components", "component", "accessory"):
            yield from _walk(part.get(inner))
    elif isinstance(part, list):
        for one in part:
            yield from _walk(one)
