"""Random fates that can be had again: the same seed and prompt always make the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from sim.vendors.fates import BY_NAME, Mark, marks


class Plan:
    """For every prompt `low` to `high` different fates out of `among` (names; all where none are given)."""

    def __init__(self, seed: int, among: Iterable[str] = BY_NAME, *, low: int = 1, high: int = 6) -> None:
        self.seed = seed
        self.low = low
        self.high = high
        self._fates = [BY_NAME[name] for name in among]

    def __repr__(self) -> str:
        return f"Plan(seed={self.seed}, low={self.low}, high={self.high}, {len(self._fates)} fates)"

    def marks(self, prompt: str) -> tuple[Mark, ...]:
        dice = Random(f"{self.seed}:{prompt}")
        chosen = dice.sample(self._fates, dice.randint(self.low, min(self.high, len(self._fates))))
        return marks(" ".join(dice.choice(fate.marks) for fate in chosen))
