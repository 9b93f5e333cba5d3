"""What happened in the simulated Discord: its requests, and the violations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was answered; `at` in seconds since the epoch, `code` is Discord's own."""

    at: float
    route: str
    path: str
    status: int
    code: int | None
    body: Any

    @property
    def called(self) -> str:
        return self.route

    def __str__(self) -> str:
        return f"{self.route} {self.status} {self.code or ''}"
