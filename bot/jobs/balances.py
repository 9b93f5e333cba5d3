"""What people had left when the store said so last, for cards that must not ask it."""

from __future__ import annotations

from bot.clock import Clock
from bot.policy import utc_day


class Balances:
    """Credits by person; forgotten with the day that they are of, and with the process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._day = ""
        self._left: dict[str, int] = {}

    def note(self, person_id: str, left: int) -> None:
        self._today()[person_id] = left

    def of(self, person_id: str) -> int | None:
        """None where nothing was heard today."""
        return self._today().get(person_id)

    def _today(self) -> dict[str, int]:
        day = utc_day(self._clock.now())
        if day != self._day:
            self._day, self._left = day, {}
        return self._left
