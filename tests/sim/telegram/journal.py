"""What happened in the simulated Telegram: its requests, and the violations."""

from __future__ import annotations

from dataclasses import dataclass

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

    @property
    def called(self) -> str:
        return self.method

    def __str__(self) -> str:
        return f"{self.method} {self.status} {self.told}"
