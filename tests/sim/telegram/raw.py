"""Requests without python-telegram-bot, for what it would not send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from sim.telegram.simulation import Simulation


@dataclass(frozen=True, slots=True)
class Said:
    """An answer; `told` is the reason of a refusal."""

    status: int
    result: Any
    told: str
    parameters: dict[str, Any]
    headers: dict[str, str]


class Raw:
    def __init__(self, simulation: Simulation, session: aiohttp.ClientSession) -> None:
        self._simulation = simulation
        self._session = session

    async def __call__(self, method: str, /, *, token: str = "", **args: Any) -> Said:
        """One call with the bot's token; `args` are sent as JSON."""
        url = f"{self._simulation.origin}/bot{token or self._simulation.token}/{method}"
        return await self.post(url, json=args)

    async def post(self, url: str, **content: Any) -> Said:
        async with self._session.post(url, **content) as response:
            is_json = response.content_type == "application/json"
            body = await response.json() if is_json else {}
            told, parameters = body.get("description", ""), body.get("parameters", {})
            return Said(response.status, body.get("result"), told, parameters, dict(response.headers))


@asynccontextmanager
async def raw(simulation: Simulation) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(simulation, session)
