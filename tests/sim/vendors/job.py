"""One job at the simulated EternalAI, and what its submit and its polls are answered."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sim.vendors.fates import Fates, Mark, Where
from sim.vendors.line import Ticket
from sim.vendors.rules import Order
from sim.vendors.wire import Reply, refusal

DONE = frozenset({"success", "completed", "succeeded", "done", "ready"})
MODEL = "black-forest-labs/FLUX.1-dev"
KEYS_OF_ADDRESS = ("result_image_url", "result_url")


@dataclass(eq=False, slots=True)
class Job:
    """`name` is its file's, `created_at` UTC epoch seconds; `issued` says until when a signed query is good."""

    number: int
    id: str
    name: str
    order: Order
    fates: Fates
    ticket: Ticket
    created_at: float
    issued: dict[str, float] = field(default_factory=dict)
    told: bool = False  # its end was told to a poll
    missed: tuple[str, Mark] | None = None  # the form of the poll that was just answered 404, and why

    @property
    def path(self) -> str:
        return f"/feed/{_date(self.created_at):%Y/%m/%d}/{self.name}"

    @property
    def word(self) -> str:
        return self.fates.value("word") or "success"

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

    def submitted(self) -> dict[str, Any]:
        """The answer to the submit."""
        shown: str | int = int(self.id) if "number-id" in self.fates and self.id.isdigit() else self.id
        fields: dict[str, Any] = {"request_id": shown, "status": "pending", "result": "", "progress": 0}
        if "no-result-key" in self.fates:
            del fields["result"]
        return {"status": 1, "data": fields, "request_id": shown} if "wrapped" in self.fates else fields

    def body(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a poll: `done` is 0..1, `places` the place in line, `media` the result at the end."""
        ended = done >= 1
        fields = {
            "request_id": self.id,
            "status": self.word if ended else self.fates.value("meanwhile") or "pending",
            **self._progress(done),
            "created_at": _stamp(self.created_at),
            "updated_at": _stamp(now),
            "image_request_type": "generation",
            "file_name": self.name if ended and self.succeeds else "",
            "prompt": self.order.prompt,
            "magic_prompt": self.order.prompt,
            "model": self.order.model or MODEL,
            "result_image": "",
            **dict.fromkeys(KEYS_OF_ADDRESS, ""),
            "queue_info": self._line(done, places),
            "post_feed": False,
            "log": "" if not ended or self.succeeds else f"the request ended: {self.word}",
            **media,
        }
        return {"status": 1, "data": fields, "request_id": self.id} if "wrapped-poll" in self.fates else fields

    def media(self, address: str | None, inline: str) -> dict[str, Any]:
        """The keys that hold the result."""
        fields: dict[str, Any] = {"encrypted_aes_key": "c2ltdWxhdGVk"} if "encrypted" in self.fates else {}
        if "inline" in self.fates:
            return {**fields, "result_image": inline}
        if address is None:
            return fields
        if "result-object" in self.fates:
            return {**fields, "result": {"result_url": address}}
        key = self.fates.value("url-in")
        return {**fields, **dict.fromkeys([key] if key else KEYS_OF_ADDRESS, address)}

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

    def _progress(self, done: float) -> dict[str, Any]:
        script = self.fates.value("progress")
        if script is None:
            return {
                "progress": 0 if done >= 1 else int(100 * self._drawn(done))
            }  # success with 0 is what the page shows
        steps = script.split(",")
        step = steps[min(int(self._drawn(done) * len(steps)), len(steps) - 1)]
        return {} if step == "absent" else {"progress": _literal(step)}

    def _line(self, done: float, places: Mapping[str, Any]) -> dict[str, Any]:
        line = {"queue_position": None, "total_queue_size": None, "estimated_wait_time": None, **places}
        first = self.fates.value("queue")
        if first is not None and done < 0.5:
            line["queue_position"] = int(first) - int(2 * done * (int(first) + 1))
            line["total_queue_size"] = int(first) + 1
        wait = self.fates.value("wait")
        if wait is not None:
            line["estimated_wait_time"] = _literal(wait)
        if "text-places" in self.fates and line["queue_position"] is not None:
            line["queue_position"] = str(line["queue_position"])
        return line

    def _drawn(self, done: float) -> float:
        """How much is drawn, where a line that is only played takes the first half."""
        return max(0.0, 2 * done - 1) if "queue" in self.fates else done


def _literal(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _date(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _stamp(at: float) -> str:
    return f"{_date(at):%Y-%m-%dT%H:%M:%SZ}"
