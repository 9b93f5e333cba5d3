"""The local web page: a chat in the browser, with nothing to sign up for."""

from __future__ import annotations

from adapters.chat.web.chat import WebChat
from bot.chat import ChatContext
from bot.surface import Chat


def create(context: ChatContext) -> Chat:
    """The page is always on."""
    web = context.settings.web
    return WebChat(
        commands=context.commands,
        media=context.media,
        clock=context.clock,
        health=context.health,
        hooks=context.hooks,
        host=web.host,
        port=web.port,
        public_url=web.public_url,
        password_hash=web.password_hash.get_secret_value() if web.password_hash else None,
        originals=context.originals,
    )
