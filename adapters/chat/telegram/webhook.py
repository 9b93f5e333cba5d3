"""Updates that Telegram brings by itself: it proves who it is, and hears 200 once they are kept."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from http import HTTPStatus

from telegram.error import TelegramError

from adapters.chat.telegram.client import KINDS, Client
from adapters.chat.telegram.receiving import Receiving
from bot.config import Settings
from bot.errors import StoreError

log = logging.getLogger(__name__)

NAME = "telegram"
PATH = f"/hooks/{NAME}"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MOST_CONNECTIONS = 40


def secret_of(token: str) -> str:
    """What only Telegram and this bot know; the token cannot be had from it."""
    return hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


def address_of(settings: Settings) -> str | None:
    """Where Telegram brings updates; None: they are asked for."""
    asked_for = settings.telegram.mode == "polling" or settings.web.public_url is None
    return None if asked_for else f"{settings.web.public_url}{PATH}"


class Webhook:
    """The hook of `bot.chat.Hook`: whatever is not answered with 200 comes again."""

    def __init__(self, receiving: Receiving, *, url: str, token: str) -> None:
        self._receiving = receiving
        self._url = url
        self._secret = secret_of(token)
        self.taking = False

    async def open(self, client: Client) -> None:
        """Have Telegram call from now on. Raises `TelegramError`."""
        self.taking = True
        await client.set_webhook(
            self._url, secret_token=self._secret, allowed_updates=KINDS, max_connections=MOST_CONNECTIONS
        )

    async def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        if not hmac.compare_digest(headers.get(HEADER, "").encode(), self._secret.encode()):
            return HTTPStatus.UNAUTHORIZED
        if not self.taking or self._receiving.full:
            return HTTPStatus.SERVICE_UNAVAILABLE
        # To its end, also where Telegram hangs up: what is kept must be handled.
        return await asyncio.shield(self._receiving.start(self._keep(body)))

    async def _keep(self, body: bytes) -> int:
        try:
            await self._receiving.keep([json.loads(body)])
        except StoreError as error:
            log.warning("an update comes again, for it cannot be kept: %s", error)
            return HTTPStatus.SERVICE_UNAVAILABLE
        except (TelegramError, ValueError) as error:
            log.warning("a call without an update: %s", type(error).__name__)
        return HTTPStatus.OK
