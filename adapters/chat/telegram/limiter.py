"""When a call may go to Telegram: one at a time per chat, the most urgent first, within what the chat still takes."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import IntEnum
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.clock import Clock

FEW = 64
CHAT_BURST, CHAT_WINDOW_S = 1, 1.0
GROUP_BURST, GROUP_WINDOW_S = 20, 60.0
ALL_BURST, ALL_WINDOW_S = 30, 1.0
PRIVATE_PROGRESS_S, GROUP_PROGRESS_S = 3.0, 5.0
FLOODED_S = 600.0
_COUNTED = ("send", "edit", "copy", "forward")

Answer = bool | dict[str, Any] | list[dict[str, Any]]


class Lane(IntEnum):
    """How urgent a call is."""

    CALLBACK = 0  # the answer to a press: counts against nothing
    FINAL = 1
    QUEUED = 2  # before words: nothing is drawn before its first card is shown
    REPLY = 3
    PROGRESS = 4  # goes at once or not at all: later it would be stale


def retry_after_s(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


class Window:
    """At most `most` calls in `length_s` seconds; a call counts from its start until that long after its end."""

    __slots__ = ("_ended", "_length_s", "_most", "_open")

    def __init__(self, most: int, length_s: float) -> None:
        self._most = most
        self._length_s = length_s
        self._open = 0
        self._ended = deque[float]()

    def wait_s(self, now: float, cost: int) -> float:
        """Seconds before which `cost` calls cannot go; 0: they can now."""
        self._forget(now)
        excess = self._open + len(self._ended) + min(cost, self._most) - self._most
        if excess <= 0:
            return 0.0
        freed_at = self._ended[excess - 1] if excess <= len(self._ended) else now
        return freed_at + self._length_s - now

    def begin(self, cost: int) -> None:
        self._open += cost

    def end(self, now: float, cost: int) -> None:
        self._open -= cost
        self._ended.extend([now] * cost)

    def idle(self, now: float) -> bool:
        self._forget(now)
        return not self._open and not self._ended

    def _forget(self, now: float) -> None:
        while self._ended and self._ended[0] + self._length_s <= now:
            self._ended.popleft()


class Line:
    """The calls of one chat: one in flight, the others wait in order of their lane and age."""

    def __init__(self, *, group: bool) -> None:
        self.calls = Window(CHAT_BURST, CHAT_WINDOW_S)
        self.messages = Window(GROUP_BURST, GROUP_WINDOW_S) if group else None
        self.progress_s = GROUP_PROGRESS_S if group else PRIVATE_PROGRESS_S
        self.progress_at = self.paused_until = self.flooded_until = float("-inf")
        self.waiting = list[tuple[Lane, int]]()
        self.moved = asyncio.Event()

    def wait_s(self, now: float, cost: int) -> float:
        """Seconds before which a call that counts as `cost` messages cannot go."""
        messages_s = self.messages.wait_s(now, cost) if self.messages else 0.0
        return max(0.0, self.paused_until - now, self.calls.wait_s(now, 1), messages_s)

    def progress_wait_s(self, now: float) -> float:
        """Seconds until the next progress of any job here; what waits in line goes first."""
        gap_s = self.progress_s * (2 if now < self.flooded_until else 1)
        return max(0.0, self.progress_at + gap_s - now, CHAT_WINDOW_S * len(self.waiting))

    def idle(self, now: float) -> bool:
        quiet = self.calls.idle(now) and (self.messages is None or self.messages.idle(now))
        return quiet and not self.waiting and now >= max(self.paused_until, self.flooded_until)

    def move(self) -> None:
        """Let everybody in line look again."""
        moved, self.moved = self.moved, asyncio.Event()
        moved.set()


class Limiter(BaseRateLimiter[Lane]):
    """Stands between `ExtBot` and the network; `rate_limit_args` of its methods is a `Lane`.

    A chat that Telegram wants left alone is paused; no other chat is. Finals and progress then raise
    `RetryAfter`, replies and first cards wait and are sent again: a refused call has done nothing.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines = dict[int, Line]()
        self._kept = FEW
        self._all = Window(ALL_BURST, ALL_WINDOW_S)
        self._order = itertools.count()

    def wait_s(self, chat_id: int, *, keep: int) -> float:
        """Seconds until an edit there may be sent off that leaves `keep` more; 0 for now. No I/O.

        What keeps some for others is progress and obeys its cadence as well. What keeps none is a
        final, which waits in line, where it goes first.
        """
        now, line = self._clock.monotonic(), self._line(chat_id)
        if not keep:
            return max(0.0, line.paused_until - now)
        return max(self._wait_s(line, 1 + keep), line.progress_wait_s(now))

    def pause(self, chat_id: int, delay_s: float) -> None:
        """Leave one chat alone, and show progress there half as often for a while."""
        now, line = self._clock.monotonic(), self._line(chat_id)
        line.paused_until = max(line.paused_until, now + delay_s)
        line.flooded_until = now + FLOODED_S

    async def initialize(self) -> None:
        """Nothing is held open."""

    async def shutdown(self) -> None:
        """Nothing is held open; who waits is cancelled by its owner."""

    async def process_request(  # noqa: PLR0917 - the library's signature
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Answer:
        chat_id = data.get("chat_id")
        if chat_id is None or not endpoint.startswith(_COUNTED):
            return await callback(*args, **kwargs)
        lane = Lane.REPLY if rate_limit_args is None else rate_limit_args
        while True:
            async with self._turn(int(chat_id), lane, _messages(data)):
                try:
                    return await callback(*args, **kwargs)
                except RetryAfter as error:
                    self.pause(int(chat_id), retry_after_s(error))
                    if lane in {Lane.FINAL, Lane.PROGRESS}:
                        raise

    @asynccontextmanager
    async def _turn(self, chat_id: int, lane: Lane, cost: int) -> AsyncIterator[None]:
        line = self._line(chat_id)
        if lane is Lane.PROGRESS:
            if line.waiting or self._wait_s(line, cost):
                raise RetryAfter(timedelta(seconds=max(CHAT_WINDOW_S, self._wait_s(line, cost))))
            line.progress_at = self._clock.monotonic()
        else:
            await self._wait_in(line, lane, cost)
        windows = [self._all, *([line.messages] if line.messages else [])]
        line.calls.begin(1)
        for window in windows:
            window.begin(cost)
        try:
            yield
        finally:
            now = self._clock.monotonic()
            line.calls.end(now + CHAT_WINDOW_S * (cost - 1), 1)  # an album takes as long as its pictures one by one
            for window in windows:
                window.end(now, cost)
            line.move()

    async def _wait_in(self, line: Line, lane: Lane, cost: int) -> None:
        place = (lane, next(self._order))
        line.waiting.append(place)
        try:
            while wait_s := self._wait_s(line, cost) or place != min(line.waiting):
                if place != min(line.waiting):
                    await line.moved.wait()
                else:
                    await self._clock.sleep(wait_s)
        finally:
            line.waiting.remove(place)
            line.move()

    def _wait_s(self, line: Line, cost: int) -> float:
        now = self._clock.monotonic()
        return max(line.wait_s(now, cost), self._all.wait_s(now, cost))

    def _line(self, chat_id: int) -> Line:
        if chat_id not in self._lines:
            self._forget_idle()
            self._lines[chat_id] = Line(group=chat_id < 0)
        return self._lines[chat_id]

    def _forget_idle(self) -> None:
        """Forget the idle ones whenever the number of all has doubled."""
        if len(self._lines) >= 2 * self._kept:
            now = self._clock.monotonic()
            self._lines = {chat_id: line for chat_id, line in self._lines.items() if not line.idle(now)}
            self._kept = max(FEW, len(self._lines))


def _messages(data: dict[str, Any]) -> int:
    """As how many messages a call counts: an album is one per picture."""
    media = data.get("media")
    return len(media) if isinstance(media, list | tuple) else 1
