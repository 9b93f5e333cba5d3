"""Discord as a chat platform: one door for every interaction, and a life from the login to the last edit."""

from __future__ import annotations

import logging
import secrets

import discord
from discord.http import Route

from adapters.chat.discord.admission import Admission
from adapters.chat.discord.asked import Interaction
from adapters.chat.discord.brought import Files
from adapters.chat.discord.buckets import Buckets
from adapters.chat.discord.commands import payload
from adapters.chat.discord.desk import OUT_OF_REACH, Desk
from adapters.chat.discord.opening import Opening
from adapters.chat.discord.presses import Presses
from adapters.chat.discord.slash import Slash
from adapters.chat.discord.supervisor import Gateway, Supervisor
from adapters.chat.discord.surface import DiscordSurface
from adapters.chat.discord.sync import sync
from bot.chat import ChatContext
from bot.messages import say
from bot.surface import Surface

log = logging.getLogger(__name__)


class DiscordChat:
    """Takes commands, presses and forms in, and owns the surface that shows their cards."""

    def __init__(self, context: ChatContext, token: str) -> None:
        clock, media, originals = context.clock, context.media, context.originals
        self._locale = context.settings.locale
        buckets, self._admission = Buckets(clock), Admission()
        self._api_base = context.settings.discord.api_base
        self._commands = context.commands
        self._desk = Desk(commands=context.commands, media=media, originals=originals, clock=clock, locale=self._locale)
        self._gateway = Gateway(clock, self._take, buckets.trace())
        files = Files(self._gateway, clock, self._api_base)
        self._opening = Opening(self._desk, context.commands, files, self._locale)
        self._presses = Presses(self._desk, context.commands, self._opening, self._locale)
        self._slash = Slash(self._desk, context.commands, self._opening, files, clock=clock, locale=self._locale)
        self._supervisor = Supervisor(
            self._gateway, token, self._admission, clock=clock, random=secrets.SystemRandom().random, prepare=self._sync
        )
        self._taking = True
        self.surface: Surface = DiscordSurface(
            self._gateway, self._admission, media=media, originals=originals, clock=clock, buckets=buckets
        )

    @property
    def address(self) -> None:
        """People find it in their own servers."""
        return

    async def start(self) -> None:
        Route.BASE = self._api_base
        await self._supervisor.start()

    async def stop_intake(self) -> None:
        self._taking = False
        await self._desk.settle()

    async def close(self) -> None:
        await self._desk.close()
        await self._supervisor.close()

    def ready(self) -> bool:
        return self._gateway.connected and not self._admission.refused

    async def _sync(self) -> None:
        """Commands that could not be registered are those of the last start: no reason to stay away."""
        try:
            if await sync(self._gateway, payload(self._commands.menu(), self._locale)):
                log.info("Discord knows the commands now; people may have to reload it to see them")
        except OUT_OF_REACH as error:
            log.warning("the commands could not be registered: %s", error)

    def _take(self, asked: Interaction) -> None:
        self._desk.start(self._answer(asked))

    async def _answer(self, asked: Interaction) -> None:
        try:
            if asked.type is discord.InteractionType.autocomplete:
                await self._slash.suggest(asked)
            elif not self._taking:
                await self._desk.tell(asked, say("err.stopping", self._locale))
            elif asked.type is discord.InteractionType.application_command:
                await self._slash.run(asked)
            elif asked.type is discord.InteractionType.component:
                await self._presses.press(asked)
            elif asked.type is discord.InteractionType.modal_submit:
                await self._opening.submit(asked)
        except Exception:
            await self._desk.tell(asked, say("chat.internal", self._locale))
            raise
