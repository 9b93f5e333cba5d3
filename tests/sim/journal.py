"""What a simulated platform saw: violations, and a way to wait for more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
LAST = 8
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that no bot should send, or that the simulator should not answer."""

    where: str
    problem: str
    body: Any


class Request(Protocol):
    """One request that was answered: what it called, with which status; as text it is a line."""

    @property
    def called(self) -> str: ...

    @property
    def status(self) -> int: ...


R = TypeVar("R", bound=Request)


class Journal(Generic[R]):
    def __init__(self) -> None:
        self.requests: list[R] = []
        self.violations: list[Violation] = []
        self._news = asyncio.Event()

    @property
    def told(self) -> list[str]:
        return list(map(str, self.requests))

    def note(self, request: R) -> None:
        self.requests.append(request)
        self.tell()

    def count(self, called: str, status: int | None = None) -> int:
        """How many requests called something (`*` stands for any part), and were answered with `status`."""
        return sum(fnmatch(one.called, called) and status in (None, one.status) for one in self.requests)

    def tell(self) -> None:
        """Something changed: whoever waits looks again."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    def violated(self, where: str, *problems: str, body: Any = None) -> None:
        self.violations.extend(Violation(where, problem, body) for problem in problems)
        self.tell()

    def assert_clean(self) -> None:
        """Fail the test if anything stands among the violations."""
        told = [f"{one.where}: {one.problem}, in {str(one.body)[:LONGEST]}" for one in self.violations]
        assert not told, "\n".join(told)

    async def until(self, happened: Callable[[], T], within_s: float = 5.0) -> T:
        """Wait, by the machine's clock, until `happened` returns something true, and return that."""
        try:
            async with asyncio.timeout(within_s):
                while not (result := happened()):
                    await self._news.wait()
        except TimeoutError:
            last = self.told[-LAST:]
            raise AssertionError(f"it did not happen; the last requests were {last}, {self.violations}") from None
        return result


class Watched:
    """A simulated platform as tests look at it."""

    journal: Journal[Any]

    @property
    def violations(self) -> list[Violation]:
        return self.journal.violations

    def count(self, called: str, status: int | None = None) -> int:
        return self.journal.count(called, status)

    async def until(self, happened: Callable[[], T], within_s: float = 5.0) -> T:
        return await self.journal.until(happened, within_s)

    def take_violations(self) -> list[str]:
        """The problems so far, which the test has seen and expected."""
        problems = [violation.problem for violation in self.violations]
        self.violations.clear()
        return problems
