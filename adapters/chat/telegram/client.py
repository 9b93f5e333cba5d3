"""The way to the Bot API: python-telegram-bot's client, which tells neither its token nor people's words."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import quote

import httpx
from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from adapters.chat.telegram.limiter import Lane, Limiter

ANSWER_S = 20.0
UPLOAD_S = 60.0
SPARE_S = 5.0
POOL = 64
FILES = 4
LONG_POLL_S = 50
MOST_AT_ONCE = 100
KINDS = ("message", "edited_message", "callback_query")


class Request(HTTPXRequest):
    """Keeps to itself what it cannot read: the library would log it, with all that people said."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = json.loads(payload.decode(errors="replace"))
        except ValueError:
            raise TelegramError("an answer that is no JSON") from None
        return answer


class TooLong(Exception):
    """A file has more bytes than it may have."""


class Client(ExtBot[Lane]):
    """A bot whose `repr` does not tell its token, and which reads files by a client of their own."""

    def __init__(self, token: str, *, files: httpx.AsyncClient, **more: Any) -> None:
        super().__init__(token, **more)
        self._files = files

    def __repr__(self) -> str:
        return "Client()"

    async def updates(self, offset: int | None, *, timeout_s: int, most: int) -> Any:
        """What came since `offset`, as it came: one update that cannot be parsed does not take the others along."""
        asked = {"offset": offset, "timeout": timeout_s, "limit": most, "allowed_updates": KINDS}
        return await self._post("getUpdates", asked, read_timeout=timeout_s + SPARE_S)

    async def read(self, file_id: str, *, max_bytes: int) -> bytes:
        """The bytes of a file; raises `TelegramError`, `httpx.HTTPError` and `TooLong`."""
        told, data = await self._post("getFile", {"file_id": file_id}), bytearray()
        address = f"{self.base_file_url}/{quote(str(told.get('file_path')))}"
        async with self._files.stream("GET", address, headers={"Accept-Encoding": "identity"}) as answer:
            answer.raise_for_status()
            async for part in answer.aiter_raw():
                data += part
                if len(data) > max_bytes:
                    raise TooLong
        return bytes(data)

    async def shutdown(self) -> None:
        await super().shutdown()
        await self._files.aclose()


def connect(token: str, *, base_url: str, limiter: Limiter) -> Client:
    """A client of the Bot API under `base_url`; nothing is sent yet."""
    os.environ["PTB_TIMEDELTA"] = "true"  # the library's only way to say that its durations may be timedeltas
    verify = httpx.create_ssl_context()  # reading all certificates takes longest
    shared = {"verify": verify}
    return Client(
        token,
        base_url=f"{base_url}/bot",
        base_file_url=f"{base_url}/file/bot",
        request=Request(
            connection_pool_size=POOL,
            read_timeout=ANSWER_S,
            pool_timeout=ANSWER_S,
            media_write_timeout=UPLOAD_S,
            httpx_kwargs=shared,
        ),
        get_updates_request=Request(connection_pool_size=1, httpx_kwargs=shared),
        rate_limiter=limiter,
        files=httpx.AsyncClient(timeout=ANSWER_S, limits=httpx.Limits(max_connections=FILES), verify=verify),
    )
