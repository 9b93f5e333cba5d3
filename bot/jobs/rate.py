"""How many commands a person may give per minute."""

from __future__ import annotations

import math
from collections import deque

from bot.clock import Clock
from bot.errors import TooManyJobs
from bot.model import Origin

WINDOW_S = 60.0
MANY = 1024


class CommandRate:
    """A sliding minute per account, in memory: a restart forgives."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._said: dict[tuple[str, str], deque[float]] = {}

    def count(self, origin: Origin) -> None:
        """Count one command; raises `TooManyJobs` and counts nothing beyond the limit."""
        now = self._clock.monotonic()
        said = self._said.setdefault((origin.platform, origin.account), deque())
        while said and said[0] <= now - WINDOW_S:
            said.popleft()
        if len(said) >= self._per_minute:
            raise TooManyJobs("err.too_fast", n=math.ceil(said[0] + WINDOW_S - now))
        said.append(now)
        if len(self._said) > MANY:
            self._said = {who: times for who, times in self._said.items() if times and times[-1] > now - WINDOW_S}
