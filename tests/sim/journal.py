"""What a simulated platform saw: violations, and a way to wait for more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
LAST = 8
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that no bot should send, or that the simulator should not answer."""

    where: str
    problem: str
    body: Any


class Journal:
    """`told` holds a line for each request."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self._news = asyncio.Event()

    @property
    def told(self) -> list[str]:
        return []

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
