"""Troubles that a test switches on."""

from __future__ import annotations

import math
from collections.abc import Container
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatch

from bot.clock import Clock


class Trouble(Enum):
    STATUS = "answers with a status and no JSON"
    REFUSE = "refuses with one of Discord's codes"
    DROP = "closes the connection, unread"
    DROP_AFTER = "does what was asked, and closes the connection without an answer"
    GARBLE = "does what was asked, and answers with JSON that breaks off"
    SLOW = "answers late"


@dataclass(slots=True)
class Fault:
    """`figure` is a status, a code or seconds; it ends after `times` requests, or at `until`."""

    trouble: Trouble
    route: str
    figure: float
    times: float
    until: float


class Faults:
    """Routes are named as in the journal, with `*` for any part: `PATCH *`; also `GATEWAY` and `CDN`.

    Seconds are the machine's.
    """

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._standing: list[Fault] = []

    def outage(self, route: str = "*", *, status: int = 503, for_s: float = math.inf, times: float = math.inf) -> None:
        """Answer with `status` for a while, or for some requests."""
        self._add(Trouble.STATUS, route, status, times, for_s)

    def refuse(self, route: str, code: int, *, times: float = 1) -> None:
        """Refuse with a code of `refusals.KNOWN`."""
        self._add(Trouble.REFUSE, route, code, times)

    def drop(self, route: str, *, times: float = 1, after: bool = False) -> None:
        """Cut the connection before the request is read, or after it had its effect."""
        self._add(Trouble.DROP_AFTER if after else Trouble.DROP, route, 0, times)

    def garble(self, route: str, *, times: float = 1) -> None:
        """Do what was asked and break the answer off."""
        self._add(Trouble.GARBLE, route, 0, times)

    def slow(self, route: str, delay_s: float, *, times: float = math.inf) -> None:
        """Let requests wait before they are looked at."""
        self._add(Trouble.SLOW, route, delay_s, times)

    def clear(self) -> None:
        self._standing.clear()

    def take(self, route: str, wanted: Container[Trouble]) -> dict[Trouble, float]:
        """The troubles that this request meets, with their figures; each counts once."""
        now = self._machine.monotonic()
        self._standing = [fault for fault in self._standing if fault.times > 0 and now < fault.until]
        met = [fault for fault in self._standing if fault.trouble in wanted and fnmatch(route, fault.route)]
        for fault in met:
            fault.times -= 1
        return {fault.trouble: fault.figure for fault in met}

    def _add(self, trouble: Trouble, route: str, figure: float, times: float, for_s: float = math.inf) -> None:
        self._standing.append(Fault(trouble, route, figure, times, self._machine.monotonic() + for_s))
