"""What an operator asks about the bot on Telegram: how to get it into chats, and what is amiss."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from adapters.chat.telegram.client import Client, connect
from adapters.chat.telegram.limiter import Limiter
from adapters.chat.telegram.menus import menus_of, stale
from adapters.chat.telegram.webhook import address_of
from bot.clock import SystemClock
from bot.commands import MenuEntry
from bot.config import EXIT_SETTINGS, Settings
from bot.errors import StartError
from bot.setup import Check, Link, Status

NOT_LET_IN = "Telegram does not take the token in BOT_TELEGRAM__TOKEN."
MEND = "ask @BotFather for the current token (/token), or check the way to BOT_TELEGRAM__BASE_URL"
START = "start the bot, which mends it"


class TelegramSetup:
    """`bot.setup.Setup`: asks Telegram with the bot's own token, and takes nothing from a bot that runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def checks(self, menu: Sequence[MenuEntry]) -> list[Check]:
        try:
            async with _signed_in(self._settings) as client:
                return [check async for check in self._asked(client, menu)]
        except StartError as error:
            return [Check("telegram", Status.FAILED, str(error), MEND)]

    async def links(self) -> list[Link]:
        async with _signed_in(self._settings) as client:
            address = f"https://t.me/{client.username}"
        return [Link("a private chat on Telegram", address), Link("a Telegram group", f"{address}?startgroup=hello")]

    async def _asked(self, client: Client, menu: Sequence[MenuEntry]) -> AsyncIterator[Check]:
        yield Check("telegram", Status.OK, f"the token is that of @{client.username}")
        if not client.can_join_groups:
            yield Check(
                "telegram groups", Status.WARNING, "it may not be added to groups", _botfather("/setjoingroups")
            )
        if client.can_read_all_group_messages:
            detail = "it gets everything that people write in groups, and needs none of it"
            yield Check("telegram privacy", Status.WARNING, detail, _botfather("/setprivacy"))
        yield self._way_in(await client.get_webhook_info())
        if await stale(client, menus_of(menu, self._settings.locale)):
            yield Check("telegram commands", Status.WARNING, "Telegram offers others", START)
        else:
            yield Check("telegram commands", Status.OK, "Telegram offers them all")

    def _way_in(self, told: WebhookInfo) -> Check:
        """How messages come in, and whether they do."""
        wanted = address_of(self._settings)
        if told.url != (wanted or ""):
            detail = "messages go to another address" if told.url else "messages do not come in before the bot starts"
            return Check("telegram messages", Status.WARNING, detail, START)
        if wanted and told.last_error_message and told.pending_update_count:
            detail = f"{told.pending_update_count} wait, for Telegram says: {told.last_error_message}"
            return Check("telegram messages", Status.WARNING, detail, f"let Telegram reach {wanted}")
        return Check("telegram messages", Status.OK, f"Telegram brings them to {wanted}" if wanted else "are asked for")


@asynccontextmanager
async def _signed_in(settings: Settings) -> AsyncIterator[Client]:
    """A client that only asks; whatever goes wrong inside is a sentence."""
    token = settings.telegram.token
    assert token is not None  # or Telegram is switched off
    limiter = Limiter(SystemClock())
    client = connect(token.get_secret_value(), base_url=settings.telegram.base_url, limiter=limiter)
    try:
        async with client:
            yield client
    except InvalidToken:
        raise StartError(NOT_LET_IN, EXIT_SETTINGS) from None
    except TelegramError as error:
        raise StartError(f"Telegram cannot be asked: {error.message}.") from None


def _botfather(command: str) -> str:
    return f"tell @BotFather {command}"
