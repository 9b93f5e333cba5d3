"""Requests without discord.py, for what it would not send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from sim.discord.simulation import Simulation
from sim.discord.state import Channel, Interaction

NOBODY: dict[str, Any] = {"allowed_mentions": {"parse": []}}


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> int | None:
        """Discord's own number, if it refused."""
        found: int | None = self.body.get("code") if isinstance(self.body, dict) else None
        return found


class Raw:
    def __init__(self, simulation: Simulation, session: aiohttp.ClientSession) -> None:
        self._simulation = simulation
        self._session = session

    async def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> Said:
        """One request with the bot's token; `body` is sent as JSON."""
        headers = {"Authorization": f"Bot {self._simulation.token}", **more.pop("headers", {})}
        sent = {"json": body} if body is not None else {}
        url = self._simulation.api_base + path
        async with self._session.request(method, url, headers=headers, **sent, **more) as response:
            is_json = response.content_type == "application/json"
            return Said(response.status, await response.json() if is_json else None, dict(response.headers))

    async def post(self, channel: Channel, body: Any = None, **more: Any) -> Said:
        said = {**NOBODY, "content": "a fox", **more} if body is None else body
        return await self("POST", f"/channels/{channel.id}/messages", said)

    async def answer(self, asked: Interaction, kind: int, **data: Any) -> Said:
        body = {"type": kind, **({"data": {**NOBODY, **data}} if data else {})}
        return await self("POST", f"/interactions/{asked.id}/{asked.token}/callback", body)


@asynccontextmanager
async def raw(simulation: Simulation) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(simulation, session)
