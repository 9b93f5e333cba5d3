"""Characters: somebody made of words."""

from __future__ import annotations

from dataclasses import dataclass, field

ADULT_AGE = 18


@dataclass(frozen=True, kw_only=True, slots=True)
class Character:
    """Somebody made of words who lives at one provider, and the person who may use them.

    `reference` is its name there, `name` what its owner calls it, `age` in years (None: unknown), `avatar`
    a stored file. `made`: its owner had it made; else it is a ready-made one, which several may use.
    """

    id: str
    person_id: str
    provider: str
    reference: str = field(repr=False)
    name: str
    description: str = ""
    gender: str = ""
    age: int | None = None
    avatar: str | None = None
    made: bool = True
    created_at: float = 0.0

    @property
    def usable(self) -> bool:
        """Whether it is known to be of age: nobody may use any other."""
        return self.age is not None and self.age >= ADULT_AGE
