"""Discord: slash commands, buttons and cards, with the bot's own token."""

from __future__ import annotations

from bot.chat import ChatContext
from bot.config import Settings
from bot.setup import Setup
from bot.surface import Chat


def create(context: ChatContext) -> Chat | None:
    """Switched on by a token; without one discord.py is not even imported."""
    token = context.settings.discord.token
    if token is None:
        return None
    from adapters.chat.discord.chat import DiscordChat

    return DiscordChat(context, token.get_secret_value())


def set_up(settings: Settings) -> Setup | None:
    """The same bot as its operator asks about it."""
    if settings.discord.token is None:
        return None
    from adapters.chat.discord.setup import DiscordSetup

    return DiscordSetup(settings)
