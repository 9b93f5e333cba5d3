"""A clock that only moves when a test moves it."""

from __future__ import annotations

import asyncio
import heapq
import itertools

START = 1_790_000_000.0  # 2026-09-21, an arbitrary day


class FakeClock:
    """Time stands still until `advance`; sleepers wake in order."""

    def __init__(self, now: float = START) -> None:
        self._began = now  # a sum of many steps would not be exact
        self._monotonic = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._began + self._monotonic

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, delay_s: float) -> None:
        if delay_s <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._monotonic + delay_s, next(self._order), woken))
        await woken

    def jump(self, seconds: float) -> None:
        """Move the wall clock alone, as an operator or NTP would."""
        self._began += seconds

    async def advance(self, seconds: float) -> None:
        """Let `seconds` pass; everything that becomes due runs, and what that causes."""
        end = self._monotonic + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            self._monotonic = due
            if not woken.done():
                woken.set_result(None)
            await settle()
        self._monotonic = end


async def settle(rounds: int = 40) -> None:
    """Let everything that is ready run, and what that makes ready."""
    for _ in range(rounds):
        await asyncio.sleep(0)
