"""Telegram: commands, buttons and cards, with the bot's own token."""

from __future__ import annotations

from bot.chat import ChatContext
from bot.config import Settings
from bot.setup import Setup
from bot.surface import Chat


def create(context: ChatContext) -> Chat | None:
    """Switched on by a token; without one python-telegram-bot is not even imported."""
    token = context.settings.telegram.token
    if token is None:
        return None
    from adapters.chat.telegram.chat import TelegramChat

    return TelegramChat(context, token.get_secret_value())


def set_up(settings: Settings) -> Setup | None:
    """The same bot as its operator asks about it."""
    if settings.telegram.token is None:
        return None
    from adapters.chat.telegram.setup import TelegramSetup

    return TelegramSetup(settings)
