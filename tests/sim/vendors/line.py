"""A vendor's own line: so many jobs at a time, first come, first served, on any clock."""

from __future__ import annotations

import heapq
from collections import deque


class Ticket:
    """A job's place: when it starts, and how long it then takes, in seconds."""

    __slots__ = ("duration_s", "ends_at", "number")

    def __init__(self, number: int, duration_s: float) -> None:
        self.number = number
        self.duration_s = duration_s
        self.ends_at: float | None = None  # known once it has started

    def done(self, now: float) -> float:
        """How much of it is done, 0..1; 0 while it waits."""
        if self.ends_at is None:
            return 0.0
        return 1.0 if now >= self.ends_at else max(0.0, 1 - (self.ends_at - now) / self.duration_s)


class Line:
    """At most `capacity` tickets are served at a time (None: all); `move` brings it up to a moment."""

    def __init__(self, capacity: int | None = None) -> None:
        self.capacity = capacity
        self._waiting: deque[Ticket] = deque()
        self._ends: list[float] = []
        self._given = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def enter(self, duration_s: float, now: float) -> Ticket:
        self.move(now)
        self._given += 1
        ticket = Ticket(self._given, duration_s)
        self._waiting.append(ticket)
        self.move(now)
        return ticket

    def ahead(self, ticket: Ticket) -> int:
        """How many are served before this waiting one."""
        return ticket.number - self._waiting[0].number

    def move(self, now: float) -> None:
        """Start everything that had room before now, each at the moment when it had."""
        while self._ends and self._ends[0] <= now:
            freed_at = heapq.heappop(self._ends)
            self._start(freed_at)
        self._start(now)

    def _start(self, at: float) -> None:
        while self._waiting and (self.capacity is None or len(self._ends) < self.capacity):
            ticket = self._waiting.popleft()
            ticket.ends_at = at + ticket.duration_s
            heapq.heappush(self._ends, ticket.ends_at)
