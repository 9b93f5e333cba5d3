"""One job at a simulated vendor: when it ends, how, and where its file lies."""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.vendors.fates import Fates, Mark, Where
from sim.vendors.line import Ticket
from sim.vendors.wire import Reply, refusal

DONE = frozenset({"success", "completed", "succeeded", "done", "ready"})


@dataclass(eq=False, slots=True, kw_only=True)
class Job(ABC):
    """`name` is its file's, `created_at` UTC epoch seconds; `issued` says until when a signed query is good."""

    number: int
    id: str
    name: str
    prompt: str
    fates: Fates
    ticket: Ticket
    created_at: float
    issued: dict[str, float] = field(default_factory=dict)
    told: bool = False  # its end was told to a poll
    missed: tuple[str, Mark] | None = None  # the form of the poll that was just answered 404, and why

    @property
    @abstractmethod
    def usual_word(self) -> str:
        """The vendor's own word for a success."""

    @property
    @abstractmethod
    def path(self) -> str:
        """Where its file lies."""

    @abstractmethod
    def reply(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> Reply:
        """The answer to a poll: `done` is 0..1, `places` the place in line, `media` the result at the end."""

    @abstractmethod
    def media(self, address: str | None, picture: bytes) -> dict[str, Any]:
        """The keys that hold the result."""

    @property
    def word(self) -> str:
        return self.fates.value("word") or self.usual_word

    @property
    def succeeds(self) -> bool:
        return self.word.lower() in DONE

    def struck(self, form: str) -> Mark | None:
        """What spoils a poll of this form: a 404 holds for the other form as well, right after it."""
        if self.missed is not None and self.missed[0] != form:
            mark, self.missed = self.missed[1], None
            return mark
        struck = self.fates.strike(Where.POLL)
        self.missed = (form, struck) if struck is not None and struck.fate.name == "poll-404" else None
        return struck

    def signed(self, now: float, monotonic: float) -> str:
        """The query of the file's address, a new one for each poll; "" where it has none."""
        lasts_s, parts = self.fates.value("file-expires"), []
        if "signed" in self.fates:
            parts.append(f"sign=a%2Fb%2B{len(self.issued)}%3D")
        if lasts_s is not None:
            parts.append(f"until={now + float(lasts_s):.3f}")
        query = "&".join(parts)
        if query:
            self.issued[query] = monotonic + float(lasts_s or math.inf)
        return query

    def withheld(self, query: str, monotonic: float) -> Reply | None:
        """Why the file is not given: gone, expired, or a query that is not as it was issued."""
        gone_s = self.fates.value("file-gone")
        if gone_s is not None and monotonic >= (self.ticket.ends_at or monotonic) + float(gone_s):
            return refusal(410, "gone")
        if self.issued and monotonic >= self.issued.get(query, -math.inf):
            return refusal(403, "the signature is wrong or has expired")
        return None

    def progress(self, done: float) -> dict[str, Any]:
        script = self.fates.value("progress")
        if script is None:
            return {"progress": self._usual_progress(done)}
        steps = script.split(",")
        step = steps[min(int(self.drawn(done) * len(steps)), len(steps) - 1)]
        return {} if step == "absent" else {"progress": literal(step)}

    def _usual_progress(self, done: float) -> Any:
        return int(100 * self.drawn(done))

    def drawn(self, done: float) -> float:
        """How much is drawn, where a line that is only played takes the first half."""
        return max(0.0, 2 * done - 1) if "queue" in self.fates else done


def literal(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
