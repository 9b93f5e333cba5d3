"""Telegram as a chat platform: from signing in to the last edit."""

from __future__ import annotations

import asyncio
import logging
import secrets

from telegram.error import InvalidToken, TelegramError

from adapters.chat.telegram.brought import Brought
from adapters.chat.telegram.client import LONG_POLL_S, MOST_AT_ONCE, connect
from adapters.chat.telegram.commands import Handler
from adapters.chat.telegram.connection import Connection
from adapters.chat.telegram.limiter import Limiter
from adapters.chat.telegram.menus import menus_of, sync
from adapters.chat.telegram.receiving import Receiving
from adapters.chat.telegram.sending import Sending
from adapters.chat.telegram.surface import TelegramSurface
from adapters.chat.telegram.webhook import NAME, Webhook, address_of
from bot.chat import ChatContext
from bot.surface import Surface

log = logging.getLogger(__name__)


class TelegramChat:
    """Takes messages and presses in, and owns the surface that shows their cards."""

    def __init__(self, context: ChatContext, token: str) -> None:
        clock, commands, self._locale = context.clock, context.commands, context.settings.locale
        limiter = Limiter(clock)
        self._client = client = connect(token, base_url=context.settings.telegram.base_url, limiter=limiter)
        self._commands = commands
        sending = Sending(client, media=context.media, originals=context.originals, clock=clock, locale=self._locale)
        surface = TelegramSurface(sending, limiter, commands, self._locale)
        self.surface: Surface = surface
        brought = Brought(client, clock)
        self._handler = Handler(sending, surface, commands, brought, clock=clock, locale=self._locale)
        self._receiving = Receiving(client, context.inbox, self._handler.take, clock)
        self._connection = Connection(self._listen, clock=clock, random=secrets.SystemRandom().random)
        self._webhook: Webhook | None = None
        if (address := address_of(context.settings)) is not None:
            self._webhook = context.hooks[NAME] = Webhook(self._receiving, url=address, token=token)
        self._prepared = False

    @property
    def address(self) -> str | None:
        """Where people find it, once that is known."""
        return f"https://t.me/{self._client.username}" if self._prepared else None

    async def start(self) -> None:
        await self._connection.start()

    async def stop_intake(self) -> None:
        if self._webhook is not None:
            self._webhook.taking = False
        await self._connection.stop()
        await self._receiving.settle()
        await self._handler.settle()

    async def close(self) -> None:
        await self._connection.stop()
        await self._receiving.close()
        await self._handler.close()
        await self._client.shutdown()

    def ready(self) -> bool:
        return self._connection.is_up

    async def _listen(self, connection: Connection) -> None:
        await self._prepare()
        if self._webhook is not None:
            await self._webhook.open(self._client)
            connection.up()
            await asyncio.Event().wait()  # nothing ends it but the end
        await self._poll(connection)

    async def _poll(self, connection: Connection) -> None:
        offset, timeout_s = None, 0  # at first at once, so that it is known whether anything comes
        while True:
            await self._receiving.room()
            batch = await self._client.updates(offset, timeout_s=timeout_s, most=MOST_AT_ONCE)
            connection.up()
            # What is confirmed needs no offset: after a quiet week Telegram may begin with lower ids.
            offset, timeout_s = await self._receiving.keep(batch), LONG_POLL_S

    async def _prepare(self) -> None:
        """What is done once, as soon as Telegram can be reached."""
        if self._prepared:
            return
        try:
            await self._client.initialize()
        except InvalidToken:
            raise InvalidToken from None  # what it says holds the token
        if self._webhook is None:
            await self._client.delete_webhook()
        await self._receiving.catch_up()
        self._prepared = True
        try:
            await sync(self._client, menus_of(self._commands.menu(), self._locale))
        except TelegramError as error:  # those of the last start are no reason to stay away
            log.warning("the menus of commands could not be set: %s", error.message)
