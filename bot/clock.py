"""Port: time. The real clock; the fake one is in `bot.testing`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Protocol


class Clock(Protocol):
    """Where the core gets its time from."""

    def now(self) -> float:
        """UTC, in seconds since the epoch; may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start; never goes back."""
        ...

    def sleep(self, delay_s: float) -> Awaitable[None]:
        """Return after `delay_s` seconds; zero or less yields once."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, delay_s: float) -> Awaitable[None]:
        return asyncio.sleep(max(0.0, delay_s))
