"""Troubles that a test switches on."""

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
    REFUSE = "refuses in Telegram's words"
    DROP = "closes the connection, unread"
    DROP_AFTER = "does what was asked, and closes the connection without an answer"
    SLOW = "answers late"


@dataclass(slots=True)
class Fault:
    """`figure` is a status, seconds, or the code and the reason; it ends after `times` requests, or at `until`."""

    trouble: Trouble
    method: str
    figure: Any
    times: float
    until: float


class Faults:
    """Methods are named as in the document, with `*` for any part: `send*`; files are `FILE`.

    Outages end by the clock of the world; answers are late by the machine's, by which clients wait.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._standing: list[Fault] = []

    def outage(self, method: str = "*", *, status: int = 502, for_s: float = math.inf, times: float = math.inf) -> None:
        """Answer with `status` for a while, or for some requests."""
        self._add(Trouble.STATUS, method, status, times, for_s)

    def refuse(self, method: str, code: int, reason: str, *, times: float = 1) -> None:
        """Refuse, as `refuse("sendPhoto", 400, "IMAGE_PROCESS_FAILED")`."""
        self._add(Trouble.REFUSE, method, (code, reason), times)

    def drop(self, method: str, *, times: float = 1, after: bool = False) -> None:
        """Cut the connection before the request is read, or after it had its effect."""
        self._add(Trouble.DROP_AFTER if after else Trouble.DROP, method, None, times)

    def slow(self, method: str, delay_s: float, *, times: float = math.inf) -> None:
        """Let requests wait before they are looked at."""
        self._add(Trouble.SLOW, method, delay_s, times)

    def clear(self) -> None:
        self._standing.clear()

    def take(self, method: str, wanted: Container[Trouble]) -> dict[Trouble, Any]:
        """The troubles that this request meets, with their figures; each counts once."""
        now = self._clock.monotonic()
        self._standing = [fault for fault in self._standing if fault.times > 0 and now < fault.until]
        met = [fault for fault in self._standing if fault.trouble in wanted and fnmatch(method, fault.method)]
        for fault in met:
            fault.times -= 1
        return {fault.trouble: fault.figure for fault in met}

    def _add(self, trouble: Trouble, method: str, figure: Any, times: float, for_s: float = math.inf) -> None:
        self._standing.append(Fault(trouble, method, figure, times, self._clock.monotonic() + for_s))
