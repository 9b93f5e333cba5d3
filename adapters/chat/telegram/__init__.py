"""Telegram: commands, buttons and cards, with the bot's own token."""

from __future__ import annotations

from bot.chat import ChatContext
from bot.surface import Chat


def create(context: ChatContext) -> Chat | None:
    """Switched on by a token; without one python-telegram-bot is not even imported."""
    token = context.settings.telegram.token
    if token is None:
        return None
    from adapters.chat.telegram.chat import TelegramChat

    return TelegramChat(context, token.get_secret_value())
