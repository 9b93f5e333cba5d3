"""What a simulated vendor has seen: counts, in all and for each prompt, and every breach of its page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(slots=True)
class Count:
    """How often something arrived, whatever became of it; `charges` are jobs that were created."""

    submissions: int = 0
    charges: int = 0
    polls_by_query: int = 0
    polls_by_path: int = 0
    fetches: int = 0
    cancels: int = 0

    @property
    def polls(self) -> int:
        return self.polls_by_query + self.polls_by_path


class Books:
    """The counts; what belongs to no known prompt is under the prompt ""."""

    def __init__(self) -> None:
        self.total = Count()
        self.prompts: defaultdict[str, Count] = defaultdict(Count)
        self.effects_lists = 0
        self.violations: list[str] = []

    def note(self, prompt: str, what: str) -> None:
        """One more of a field of `Count`."""
        for count in (self.total, self.prompts[prompt]):
            setattr(count, what, getattr(count, what) + 1)

    def count(self, words: str) -> Count:
        """The sum over all prompts in which the words stand."""
        found = [count for prompt, count in self.prompts.items() if words in prompt]
        return Count(*(sum(getattr(count, field.name) for count in found) for field in fields(Count)))

    def state(self) -> dict[str, Any]:
        return {
            "total": asdict(self.total),
            "effects_lists": self.effects_lists,
            "prompts": {prompt: asdict(count) for prompt, count in self.prompts.items()},
            "violations": self.violations,
        }
