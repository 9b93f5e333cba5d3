"""A provider's slots, taken round robin over people."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(eq=False, slots=True)
class _Waiter:
    job_id: str
    granted: asyncio.Future[None]


class FairSlots:
    """At most `capacity` jobs at a time; who waits is served person by person, in turn.

    `moved` is called with the ids of the jobs next in line whenever the line moved.
    """

    NEWS_FOR = 10  # places that are told; further back, a place more or less is no news

    def __init__(self, capacity: int, moved: Callable[[tuple[str, ...]], None] = lambda _: None) -> None:
        self._capacity = capacity
        self._moved = moved
        self._used = 0
        self._line: OrderedDict[str, deque[_Waiter]] = OrderedDict()

    async def take(self, job_id: str, person_id: str) -> None:
        """Wait for a slot, which must be given back; who is canceled leaves the line."""
        if self._used < self._capacity and not self._line:
            self._used += 1
            return
        waiter = _Waiter(job_id, asyncio.get_running_loop().create_future())
        self._line.setdefault(person_id, deque()).append(waiter)
        try:
            await waiter.granted
        except asyncio.CancelledError:
            if waiter.granted.done() and not waiter.granted.cancelled():
                self.give_back()
            else:
                self._drop(person_id, waiter)
            raise

    def occupy(self) -> None:
        """Count a slot that a recovered job already uses, even above the capacity."""
        self._used += 1

    def give_back(self) -> None:
        """A slot ended; the next in line takes it."""
        self._used -= 1
        self._serve()

    def ahead(self, job_id: str) -> int | None:
        """How many jobs in the line come first; None when the job does not wait."""
        for place, waiting in enumerate(self._order()):
            if waiting == job_id:
                return place
        return None

    def _serve(self) -> None:
        served = False
        while self._used < self._capacity and self._line:
            person_id, waiters = next(iter(self._line.items()))
            waiter = waiters.popleft()
            self._line.move_to_end(person_id)
            if not waiters:
                del self._line[person_id]
            if waiter.granted.cancelled():  # its task has not run since, or it would have left the line
                continue
            self._used += 1
            waiter.granted.set_result(None)
            served = True
        if served:
            self._tell()

    def _drop(self, person_id: str, waiter: _Waiter) -> None:
        waiters = self._line.get(person_id)
        if waiters and waiter in waiters:
            waiters.remove(waiter)
            if not waiters:
                del self._line[person_id]
            self._tell()

    def _tell(self) -> None:
        if self._line:
            order = self._order()
            self._moved(tuple(job_id for _, job_id in zip(range(self.NEWS_FOR), order, strict=False)))

    def _order(self) -> Iterator[str]:
        lines = [iter(waiters) for waiters in self._line.values()]
        while lines:
            rest = []
            for line in lines:
                waiter = next(line, None)
                if waiter is not None:
                    yield waiter.job_id
                    rest.append(line)
            lines = rest
