"""Tasks that are owned, and waiting for them by our own clock without cancelling any."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.clock import Clock
from bot.errors import UserError

log = logging.getLogger(__name__)

T = TypeVar("T")


async def ends_within(clock: Clock, limit_s: float, *tasks: asyncio.Task[Any]) -> bool:
    """Wait until all `tasks` have ended, at most `limit_s` seconds; whether they have."""
    limit, left = asyncio.ensure_future(clock.sleep(limit_s)), set(tasks)
    try:
        while left and not limit.done():
            done, _ = await asyncio.wait({limit, *left}, return_when=asyncio.FIRST_COMPLETED)
            left -= done
        return not left
    finally:
        limit.cancel()


async def happens_within(clock: Clock, limit_s: float, event: asyncio.Event) -> bool:
    """Wait for `event`, at most `limit_s` seconds; whether it came."""
    waiting = asyncio.ensure_future(event.wait())
    try:
        return await ends_within(clock, limit_s, waiting)
    finally:
        waiting.cancel()


class Errands:
    """Work that nobody waits for at the moment: none is lost, and the end can wait for all of it."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin; what breaks is in the log."""
        task = self._begin(work)
        task.add_done_callback(_report)
        return task

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Await `work`; being cancelled leaves it running, and what breaks from then on is in the log."""
        task = self._begin(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_report)
            raise
        finally:
            del task  # an error that it raises holds this frame: together they would wait for the garbage collector

    async def settle(self, clock: Clock, limit_s: float) -> None:
        """Return when all that was started has ended, or after `limit_s` seconds."""
        await ends_within(clock, limit_s, *self._tasks)

    async def close(self) -> None:
        """Cancel what is left, and see its end."""
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _report(task: asyncio.Task[Any]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, UserError):
        log.error("what was asked for broke", exc_info=error)
