"""Random fates that can be had again: the same seed and prompt always make the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from sim.vendors.fates import ETERNALAI, Catalogue, Mark


class Plan:
    """For every prompt `low` to `high` different fates of a catalogue, or of those that `among` names."""

    def __init__(
        self,
        seed: int,
        among: Iterable[str] | None = None,
        *,
        low: int = 1,
        high: int = 6,
        catalogue: Catalogue = ETERNALAI,
    ) -> None:
        self.seed = seed
        self.low = low
        self.high = high
        self._catalogue = catalogue
        self._fates = [catalogue.by_name[name] for name in (catalogue.by_name if among is None else among)]

    def __repr__(self) -> str:
        return f"Plan(seed={self.seed}, low={self.low}, high={self.high}, {len(self._fates)} fates)"

    def marks(self, prompt: str) -> tuple[Mark, ...]:
        dice = Random(f"{self.seed}:{prompt}")
        chosen = dice.sample(self._fates, dice.randint(self.low, min(self.high, len(self._fates))))
        return self._catalogue.marks(" ".join(dice.choice(fate.marks) for fate in chosen))
