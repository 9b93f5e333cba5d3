"""Troubles that a test switches on at a simulated platform."""

from __future__ import annotations

import math
from collections.abc import Container
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatch
from typing import Any

from bot.clock import Clock


class Trouble(Enum):
    STATUS = "answers with a status and no JSON"
    REFUSE = "refuses as the platform does"
    DROP = "closes the connection, unread"
    DROP_AFTER = "does what was asked, and closes the connection without an answer"
    GARBLE = "does what was asked, and answers with JSON that breaks off"
    SLOW = "answers late"


@dataclass(slots=True)
class Fault:
    """`figure` is a status, seconds, or what the platform refuses with; ends after `times` requests, or at `until`."""

    trouble: Trouble
    called: str
    figure: Any
    times: float
    until: float


class Faults:
    """What is called is named as in the journal, with `*` for any part; outages end by `clock`, with status `away`."""

    away = 503

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._standing: list[Fault] = []

    def outage(
        self, called: str = "*", *, status: int | None = None, for_s: float = math.inf, times: float = math.inf
    ) -> None:
        """Answer with `status` for a while, or for some requests."""
        self._add(Trouble.STATUS, called, status or self.away, times, for_s)

    def drop(self, called: str, *, times: float = 1, after: bool = False) -> None:
        """Cut the connection before the request is read, or after it had its effect."""
        self._add(Trouble.DROP_AFTER if after else Trouble.DROP, called, None, times)

    def slow(self, called: str, delay_s: float, *, times: float = math.inf) -> None:
        """Let requests wait before they are looked at."""
        self._add(Trouble.SLOW, called, delay_s, times)

    def clear(self) -> None:
        self._standing.clear()

    def take(self, called: str, wanted: Container[Trouble]) -> dict[Trouble, Any]:
        """The troubles that this request meets, with their figures; each counts once."""
        now = self._clock.monotonic()
        self._standing = [fault for fault in self._standing if fault.times > 0 and now < fault.until]
        met = [fault for fault in self._standing if fault.trouble in wanted and fnmatch(called, fault.called)]
        for fault in met:
            fault.times -= 1
        return {fault.trouble: fault.figure for fault in met}

    def _add(self, trouble: Trouble, called: str, figure: Any, times: float, for_s: float = math.inf) -> None:
        self._standing.append(Fault(trouble, called, figure, times, self._clock.monotonic() + for_s))
