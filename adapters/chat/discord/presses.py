"""Buttons, on however old a message: an id says the act and what it is done to, and everything else is looked up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from adapters.chat.discord.asked import Interaction, is_hidden, origin_of, reachable
from adapters.chat.discord.desk import Desk, Several
from adapters.chat.discord.opening import Opening
from adapters.chat.discord.refs import Ref
from bot.cards import tag
from bot.commands import FORM_ACTS, PRESS_ACTS, Commands
from bot.messages import say
from bot.model import ANSWER, Act, Card, Message, Origin, parse_button_id
from bot.store import Accepted


class Presses:
    """Turns presses into what the commands know. Who may do what is decided there."""

    def __init__(self, desk: Desk, commands: Commands, opening: Opening, locale: str) -> None:
        self._desk = desk
        self._commands = commands
        self._opening = opening
        self._locale = locale

    async def press(self, asked: Interaction) -> None:
        known = parse_button_id(asked.custom_id or "")
        if known is None or known[0] is Act.PICK:  # here a message has all of its pictures
            await self._desk.tell(asked, say("err.not_found", self._locale))
        elif known[0] in FORM_ACTS:
            await self._opening.about(asked, *known, hidden=is_hidden(asked))
        elif known[0] in PRESS_ACTS:
            await self._with_character(asked, *known)
        else:
            await self._do(asked, *known)

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

    async def _with_character(self, asked: Interaction, act: Act, character_id: str) -> None:
        """A list that only this person sees turns its page; everything else is a new answer."""
        work = self._commands.press(origin_of(asked), act, character_id)
        if act is Act.BROWSE and is_hidden(asked):
            await self._desk.redraw(asked, work)
        else:
            await self._desk.answer(asked, work)

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
