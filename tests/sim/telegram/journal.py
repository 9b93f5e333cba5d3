"""What happened in the simulated Telegram: its requests, and the violations."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch

from sim import journal
from sim.telegram.state import JSON


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was answered; `at` in seconds since the epoch, `told` is Telegram's reason to refuse."""

    at: float
    method: str
    chat_id: int | None
    status: int
    told: str
    body: JSON


class Journal(journal.Journal):
    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []

    @property
    def told(self) -> list[str]:
        return [f"{one.method} {one.status} {one.told}" for one in self.requests]

    def note(self, request: Request) -> None:
        self.requests.append(request)
        self.tell()

    def count(self, method: str, status: int | None = None) -> int:
        """How many requests called a method (`*` stands for any part), and were answered with `status`."""
        return sum(fnmatch(one.method, method) and status in (None, one.status) for one in self.requests)
