"""One request to Discord, and its answer.

discord.py's own calls wait: up to the end of a window that they drained, and before they repeat a
429 or a 5xx up to five times, with what is old by then. Here it is the presenter who waits, so a
request goes out once, on discord.py's connections and with its headers, and the answer comes back as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from http import HTTPStatus
from io import BufferedReader
from pathlib import Path
from typing import Any

import aiohttp
import discord
from discord.http import Route

from adapters.chat.discord.admission import Admission
from adapters.chat.discord.buckets import seconds
from adapters.chat.discord.files import open_all

JSON = dict[str, Any]
Files = Mapping[str, Path]
LIMITS = aiohttp.ClientTimeout(total=300, sock_connect=10, sock_read=30)
REFUSED_S = 60.0
TOO_LARGE = 40005
SLOW_MODE = 20016


class Away(Exception):
    """Discord could not answer; nothing is known of what it did."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is the JSON, None where there is none; `code` Discord's own number of a refusal, 0 where there is none.

    `withheld`: the stored files of a card that were too large to go along with it. `refused`: the bot's own token is.
    """

    status: int
    body: Any = None
    retry_after_s: float = 0.0
    withheld: frozenset[str] = frozenset()
    refused: bool = False

    @classmethod
    def wait(cls, delay_s: float) -> Answer:
        """What Discord would say if it were asked now."""
        return cls(HTTPStatus.TOO_MANY_REQUESTS, retry_after_s=delay_s)

    @property
    def ok(self) -> bool:
        return self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def busy(self) -> bool:
        """Whether to ask again later; the slow mode of a channel lasts hours and is a refusal."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS and self.code != SLOW_MODE

    @property
    def closed(self) -> bool:
        """Whether the way is closed, and not only this body refused."""
        return self.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)

    @property
    def too_large(self) -> bool:
        return self.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or self.code == TOO_LARGE

    @property
    def code(self) -> int:
        return int(self.body.get("code") or 0) if isinstance(self.body, dict) else 0


_REFUSED = replace(Answer.wait(REFUSED_S), refused=True)


class Rest:
    """Requests of a client, with files by their names; raises `Away`, `aiohttp.ClientError` and `TimeoutError`."""

    def __init__(self, client: discord.Client, admission: Admission) -> None:
        self._client = client
        self._admission = admission

    async def by_token(self, route: Route, body: JSON | None = None, files: Files | None = None) -> Answer:
        """A request that the interaction's token in its address allows."""
        return await self._send(route, body, files or {}, {})

    async def as_bot(self, route: Route, body: JSON | None = None, files: Files | None = None) -> Answer:
        """A request with the bot's own token; once that was refused, nothing more is sent with it."""
        if self._admission.refused:
            return _REFUSED
        answer = await self._send(route, body, files or {}, {"Authorization": f"Bot {self._client.http.token}"})
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._admission.refuse()
            return _REFUSED
        return answer

    async def _send(self, route: Route, body: JSON | None, files: Files, headers: dict[str, str]) -> Answer:
        session = session_of(self._client)
        headers["User-Agent"] = self._client.http.user_agent
        with ExitStack() as stack:
            opened = [stack.enter_context(file) for file in await open_all(files.values())] if files else []
            sent = {"data": _form(body, zip(files, opened, strict=True))} if files else {"json": body}
            async with session.request(route.method, route.url, headers=headers, timeout=LIMITS, **sent) as response:
                data = await response.read()
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Away(f"Discord answered {response.status}")
        return _answer(response, data)


def session_of(client: discord.Client) -> aiohttp.ClientSession:
    """What discord.py itself asks with; raises `Away` while there is none."""
    session: Any = discord.Webhook.partial(0, "", client=client).session  # the only door to it
    if not isinstance(session, aiohttp.ClientSession) or session.closed:
        raise Away("not connected to Discord")
    return session


def _form(body: JSON | None, files: Iterable[tuple[str, BufferedReader]]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # Discord takes no escaped brackets
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    for place, (name, file) in enumerate(files):
        form.add_field(f"files[{place}]", file, filename=name, content_type="application/octet-stream")
    return form


def _answer(response: aiohttp.ClientResponse, data: bytes) -> Answer:
    body = _read(data) if response.content_type == "application/json" else None
    told_s: Any = body.get("retry_after") if isinstance(body, dict) else None
    return Answer(response.status, body, seconds(told_s or response.headers.get("Retry-After")))


def _read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise Away("Discord's answer cannot be read") from error
