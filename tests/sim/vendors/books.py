"""What a simulated vendor has seen: counts, in all and for each prompt, and every breach of its page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class Count:
    """How often something arrived, whatever became of it; `charges` are jobs that were created."""

    submissions: int = 0
    charges: int = 0
    polls_by_query: int = 0
    polls_by_path: int = 0
    fetches: int = 0

    @property
    def polls(self) -> int:
        return self.polls_by_query + self.polls_by_path

    def __add__(self, other: Count) -> Count:
        pairs = zip(asdict(self).values(), asdict(other).values(), strict=True)
        return Count(*(mine + theirs for mine, theirs in pairs))


class Books:
    """The counts by prompt, in order of arrival; what belongs to no known prompt is kept under ""."""

    def __init__(self) -> None:
        self.prompts: defaultdict[str, Count] = defaultdict(Count)
        self.effects_lists = 0
        self.violations: list[str] = []

    def count(self, words: str) -> Count:
        """The sum over all prompts in which the words stand."""
        return sum((count for prompt, count in self.prompts.items() if words in prompt), Count())

    def state(self) -> dict[str, Any]:
        return {
            "total": asdict(self.count("")),
            "effects_lists": self.effects_lists,
            "prompts": {prompt: asdict(count) for prompt, count in self.prompts.items()},
            "violations": self.violations,
        }
