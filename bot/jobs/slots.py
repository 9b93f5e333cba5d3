"""A provider's slots, taken round robin over people."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice


class TurnedAway(Exception):
    """No slot comes to the one who waits: the provider is not to be had."""


@dataclass(eq=False, slots=True)
class _Waiter:
    job_id: str
    person_id: str
    since: float
    granted: asyncio.Future[bool]


class FairSlots:
    """At most `capacity` jobs at a time; who waits is served person by person, in turn.

    `moved` is called with the ids of the jobs next in line whenever the line moved.
    """

    NEWS_FOR = 10  # places that are told; further back, a place more or less is no news

    def __init__(self, capacity: int, moved: Callable[[tuple[str, ...]], None] = lambda _: None) -> None:
        self._capacity = capacity
        self._moved = moved
        self._used = 0
        self._front: set[str] = set()
        self._line: OrderedDict[str, deque[_Waiter]] = OrderedDict()
        self._waiting: dict[str, _Waiter] = {}

    async def take(self, job_id: str, person_id: str, since: float = 0.0) -> None:
        """Wait for a slot, which must be given back; who is canceled leaves the line.

        `since` is what `turn_away` goes by. Raises `TurnedAway`.
        """
        if self._used < self._capacity and not self._line:
            self._used += 1
            return
        waiter = _Waiter(job_id, person_id, since, asyncio.get_running_loop().create_future())
        self._waiting[job_id] = waiter
        self._line.setdefault(person_id, deque()).append(waiter)
        try:
            granted = await waiter.granted
        except asyncio.CancelledError:
            if waiter.granted.done() and not waiter.granted.cancelled() and waiter.granted.result():
                self.give_back()
            elif self._leave(waiter):
                self._tell()
            raise
        if not granted:
            raise TurnedAway

    def occupy(self) -> None:
        """Count a slot that a recovered job already uses, even above the capacity."""
        self._used += 1

    def give_back(self) -> None:
        """A slot ended; the next in line takes it."""
        self._used -= 1
        self._serve()

    def turn_away(self, since: float) -> None:
        """Let nobody wait on who has waited since then or longer."""
        gone = [waiter for waiter in self._waiting.values() if waiter.since <= since]
        for waiter in gone:
            self._leave(waiter)
            if not waiter.granted.done():
                waiter.granted.set_result(False)
        if gone:
            self._tell()

    @contextmanager
    def at_the_front(self, job_id: str) -> Iterator[None]:
        """Count a job that has its slot, but may not start yet, as the head of the line."""
        self._front.add(job_id)
        self._tell(job_id)
        try:
            yield
        finally:
            self._front.discard(job_id)
            self._tell()

    def ahead(self, *job_ids: str) -> int | None:
        """How many jobs come before the first of these, which are one person's; None when none of them waits."""
        if not self._front.isdisjoint(job_ids):
            return 0
        waiters = [self._waiting[job_id] for job_id in job_ids if job_id in self._waiting]
        if not waiters:
            return None
        person_id = waiters[0].person_id
        return self._ahead(person_id, min(map(self._line[person_id].index, waiters)))

    def ahead_of_next(self, person_id: str) -> int | None:
        """How many jobs would come before the next one of a person; None when it would not wait."""
        if self._used < self._capacity and not self._line:
            return None
        return self._ahead(person_id, len(self._line.get(person_id, ())))

    def _ahead(self, person_id: str, own: int) -> int:
        """How many come before somebody's job that has `own` others of the same person before it."""
        ahead, turns = len(self._front) + own, own + 1  # of everybody in front of this person, then of those behind
        for other, line in self._line.items():
            if other != person_id:
                ahead += min(len(line), turns)
            elif own == 0:
                break
            else:
                turns = own
        return ahead

    def _serve(self) -> None:
        served = False
        while self._used < self._capacity and self._line:
            person_id, line = next(iter(self._line.items()))
            waiter = line[0]
            self._line.move_to_end(person_id)
            self._leave(waiter)
            if waiter.granted.cancelled():  # its task has not run since, or it would have left the line
                continue
            self._used += 1
            waiter.granted.set_result(True)
            served = True
        if served:
            self._tell()

    def _leave(self, waiter: _Waiter) -> bool:
        """Take a waiter out of the line; False: it had left."""
        if self._waiting.get(waiter.job_id) is not waiter:
            return False
        del self._waiting[waiter.job_id]
        line = self._line[waiter.person_id]
        line.remove(waiter)
        if not line:
            del self._line[waiter.person_id]
        return True

    def _tell(self, *job_ids: str) -> None:
        told = (*job_ids, *islice(self._order(), self.NEWS_FOR))
        if told:
            self._moved(told)

    def _order(self) -> Iterator[str]:
        """The line in the order of service, found only as far as it is asked for."""
        for turn in count():
            served = False
            for line in self._line.values():
                if turn < len(line):
                    served = True
                    yield line[turn].job_id
            if not served:
                return
