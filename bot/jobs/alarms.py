"""Calls at given times: one task for all of them, however many there are."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from bot.clock import Clock

log = logging.getLogger(__name__)

T = TypeVar("T")


class Alarms(Generic[T]):
    """Calls `ring` with what was set, once its time has come; times are monotonic seconds."""

    def __init__(self, clock: Clock, ring: Callable[[T], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._set: list[tuple[float, int, T]] = []
        self._order = itertools.count()
        self._task: asyncio.Task[None] | None = None
        self._until = float("inf")  # when the task goes on

    def set(self, at: float, what: T) -> None:
        heapq.heappush(self._set, (at, next(self._order), what))
        if self._task is None or at < self._until:
            self.close()
            self._until = at
            self._task = asyncio.get_running_loop().create_task(self._run())

    def close(self) -> None:
        """Ring no more, until something else is set."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        while self._set:
            self._until = self._set[0][0]
            await self._clock.sleep(self._until - self._clock.monotonic())
            while self._set and self._set[0][0] <= self._clock.monotonic():
                self._call(heapq.heappop(self._set)[2])
        self._task = None

    def _call(self, what: T) -> None:
        try:
            self._ring(what)
        except Exception:
            log.exception("what an alarm was for broke")
