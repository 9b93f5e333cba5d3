"""Jobs at the simulated Eigen AI: pictures, which are their submit, and videos, which are looked at."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sim.vendors.eigenai_orders import Order
from sim.vendors.job import Job
from sim.vendors.wire import Reply, as_json

FILES = "/out/"
IN_JSON = frozenset({
    "inline-in", "data-uri", "in-data", "address", "path-only", "no-picture", "said", "json-as-png", "json-anyway",
    "base64-broken", "base64-cut", "answer-huge",
})  # fmt: skip
"""Fates that strike an answer in JSON."""


@dataclass(eq=False, slots=True, kw_only=True)
class EigenAIJob(Job):
    """Nobody can look at it: it is its submit."""

    order: Order

    @property
    def usual_word(self) -> str:
        return "success"

    @property
    def path(self) -> str:
        return f"{FILES}{self.name}"

    @property
    def as_bytes(self) -> bool:
        """Whether its answer is the picture itself."""
        wanted = self.order.binary and not any(name in self.fates for name in IN_JSON)
        return wanted or "bytes" in self.fates or "bytes-as-json" in self.fates

    def reply(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> Reply:
        return as_json({"data": [media]} if "in-data" in self.fates else media)

    def media(self, address: str | None, picture: bytes) -> dict[str, Any]:
        if (word := self.fates.value("said")) is not None:
            return {"status": word}
        if "no-picture" in self.fates:
            return {"status": "success", "images": []}
        if "path-only" in self.fates:
            return {"image_path": "s3://eigenai/out/1.png"}
        if "address" in self.fates:
            return {"image_url": address}
        text = base64.b64encode(picture).decode()
        key = self.fates.value("inline-in") or ("edited_image_base64" if self.order.edit else "turbo_image_base64")
        return {key: f"data:image/png;base64,{text}" if "data-uri" in self.fates else text}


@dataclass(eq=False, slots=True, kw_only=True)
class VideoJob(EigenAIJob):
    """Its status tells no progress and no address: the file is a call of its own."""

    @property
    def usual_word(self) -> str:
        return "completed"

    def submitted(self) -> Reply:
        return as_json({"task_id": self.id, "task_status": "pending"})

    def reply(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> Reply:
        ended = done >= 1
        meanwhile = self.fates.value("meanwhile") or ("pending" if places else "processing")
        return as_json({
            "task_id": self.id,
            "status": self.word if ended else meanwhile,
            "start_time": _stamp(self.created_at),
            "end_time": _stamp(now) if ended else None,
            "error": f"the job ended: {self.word}" if ended and not self.succeeds else None,
        })  # fmt: skip


def _stamp(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
