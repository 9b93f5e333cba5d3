"""One job at the simulated EternalAI, and what its submit and its polls are answered."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sim.vendors.job import Job, literal
from sim.vendors.rules import Order
from sim.vendors.wire import Reply, as_json

MODEL = "black-forest-labs/FLUX.1-dev"
KEYS_OF_ADDRESS = ("result_image_url", "result_url")


@dataclass(eq=False, slots=True, kw_only=True)
class EternalAIJob(Job):
    """Ends at 0 percent, as the page shows."""

    order: Order

    @property
    def usual_word(self) -> str:
        return "success"

    @property
    def path(self) -> str:
        return f"/feed/{_date(self.created_at):%Y/%m/%d}/{self.name}"

    def submitted(self) -> dict[str, Any]:
        """The answer to the submit."""
        shown: str | int = int(self.id) if "number-id" in self.fates and self.id.isdigit() else self.id
        fields: dict[str, Any] = {"request_id": shown, "status": "pending", "result": "", "progress": 0}
        if "no-result-key" in self.fates:
            del fields["result"]
        return {"status": 1, "data": fields, "request_id": shown} if "wrapped" in self.fates else fields

    def reply(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> Reply:
        ended = done >= 1
        fields = {
            "request_id": self.id,
            "status": self.word if ended else self.fates.value("meanwhile") or "pending",
            **self.progress(done),
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
        wrapped = {"status": 1, "data": fields, "request_id": self.id}
        return as_json(wrapped if "wrapped-poll" in self.fates else fields)

    def media(self, address: str | None, picture: bytes) -> dict[str, Any]:
        fields: dict[str, Any] = {"encrypted_aes_key": "c2ltdWxhdGVk"} if "encrypted" in self.fates else {}
        if "inline" in self.fates:
            return {**fields, "result_image": base64.b64encode(picture).decode()}
        if address is None:
            return fields
        if "result-object" in self.fates:
            return {**fields, "result": {"result_url": address}}
        key = self.fates.value("url-in")
        return {**fields, **dict.fromkeys([key] if key else KEYS_OF_ADDRESS, address)}

    def _usual_progress(self, done: float) -> Any:
        return 0 if done >= 1 else int(100 * self.drawn(done))

    def _line(self, done: float, places: Mapping[str, Any]) -> dict[str, Any]:
        line = {"queue_position": None, "total_queue_size": None, "estimated_wait_time": None, **places}
        first = self.fates.value("queue")
        if first is not None and done < 0.5:
            line["queue_position"] = int(first) - int(2 * done * (int(first) + 1))
            line["total_queue_size"] = int(first) + 1
        wait = self.fates.value("wait")
        if wait is not None:
            line["estimated_wait_time"] = literal(wait)
        if "text-places" in self.fates and line["queue_position"] is not None:
            line["queue_position"] = str(line["queue_position"])
        return line


def _date(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _stamp(at: float) -> str:
    return f"{_date(at):%Y-%m-%dT%H:%M:%SZ}"
