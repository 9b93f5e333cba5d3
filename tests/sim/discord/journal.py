"""What happened in the simulated Discord: its requests, and the violations."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from sim import journal


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was answered; `at` in seconds since the epoch, `code` is Discord's own."""

    at: float
    route: str
    path: str
    status: int
    code: int | None
    body: Any


class Journal(journal.Journal):
    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []

    @property
    def told(self) -> list[str]:
        return [f"{one.route} {one.status} {one.code or ''}" for one in self.requests]

    def note(self, request: Request) -> None:
        self.requests.append(request)
        self.tell()

    def count(self, route: str, status: int | None = None) -> int:
        """How many requests went to a route (`*` stands for any part), and were answered with `status`."""
        return sum(fnmatch(one.route, route) and status in (None, one.status) for one in self.requests)
