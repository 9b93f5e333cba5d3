"""One job at the simulated EternalAI, and what its submit and its polls are answered, for each family of the API."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sim.vendors.eternalai_orders import Family, Order
from sim.vendors.job import Job, literal
from sim.vendors.wire import Reply, as_json

MODEL = "black-forest-labs/FLUX.1-dev"
KEYS_OF_ADDRESS = ("result_image_url", "result_url")


@dataclass(eq=False, slots=True, kw_only=True)
class EternalAIJob(Job):
    """A picture or an edit of the legacy family. Ends at 0 percent, as the page shows."""

    order: Order

    @property
    def usual_word(self) -> str:
        return "success"

    @property
    def path(self) -> str:
        return f"/feed/{_date(self.created_at):%Y/%m/%d}/{self.name}"

    def submitted(self, credits_left: float) -> dict[str, Any]:
        """The answer to the submit."""
        fields = {"request_id": self.shown_id, "status": "pending", "result": "", "progress": 0}
        if "no-result-key" in self.fates or self.order.family is Family.LEGACY_EDIT:
            del fields["result"]
        return self.wrapped(fields) if "wrapped" in self.fates else fields

    @property
    def shown_id(self) -> str | int:
        return int(self.id) if "number-id" in self.fates and self.id.isdigit() else self.id

    def wrapped(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {"status": 1, "data": fields, "request_id": self.shown_id}

    def said(self, done: float) -> str:
        """The status word."""
        return self.word if done >= 1 else self.fates.value("meanwhile") or "pending"

    def reply(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> Reply:
        ended = done >= 1
        fields = {
            "request_id": self.id,
            "status": self.said(done),
            **self.progress(done),
            "created_at": _stamp(self.created_at),
            "updated_at": _stamp(now),
            "image_request_type": "edit" if self.order.family is Family.LEGACY_EDIT else "generation",
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
        return as_json(self.wrapped(fields) if "wrapped-poll" in self.fates else fields)

    def media(self, address: str | None, picture: bytes) -> dict[str, Any]:
        fields: dict[str, Any] = {"encrypted_aes_key": "c2ltdWxhdGVk"} if "encrypted" in self.fates else {}
        if "inline" in self.fates:
            return {**fields, "result_image": base64.b64encode(picture).decode()}
        if address is None:
            return fields
        if "result-object" in self.fates:
            return {**fields, "result": {"result_url": address}}
        key = self.fates.value("url-in")
        return {**fields, **dict.fromkeys([key] if key else self._keys_of_address(), address)}

    def _keys_of_address(self) -> tuple[str, ...]:
        return KEYS_OF_ADDRESS

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


@dataclass(eq=False, slots=True, kw_only=True)
class ChangeJob(EternalAIJob):
    """A job of V1 or V2, or a legacy video: fewer words, no line, and 99 percent at the end."""

    @property
    def path(self) -> str:
        return f"/agent_data/{_date(self.created_at):%Y/%m/%d}/{self.name}"

    def submitted(self, credits_left: float) -> dict[str, Any]:
        """Videos are wrapped; only V2 tells of credits."""
        fields: dict[str, Any] = {"request_id": self.shown_id, "status": "pending", "result": "", "progress": 0}
        said = self.wrapped(fields) if self.order.video or "wrapped" in self.fates else fields
        return {**said, "credits_remaining": credits_left} if self.order.family is Family.V2 else said

    def reply(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> Reply:
        fields = {
            "request_id": self.id,
            "status": self.said(done),
            **self.progress(done),
            "result_url": "",
            "effect_type": "video" if self.order.video else "image",
            "encrypted_aes_key": "",
            **media,
        }
        return as_json(self.wrapped(fields) if "wrapped-poll" in self.fates else fields)

    def _keys_of_address(self) -> tuple[str, ...]:
        return ("result_url",)

    def _usual_progress(self, done: float) -> Any:
        return int(99 * self.drawn(done))


@dataclass(eq=False, slots=True, kw_only=True)
class NewerJob(EternalAIJob):
    """A job of the newer API: everything stands in an envelope whose own status is true or false."""

    @property
    def usual_word(self) -> str:
        return "completed"

    @property
    def path(self) -> str:
        return f"/agent_data/{self.name}"

    def submitted(self, credits_left: float) -> dict[str, Any]:
        return {"status": True, "error": None, "result": {"request_id": self.id}}

    def reply(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> Reply:
        failed = done >= 1 and not self.succeeds
        fields = {
            "request_id": self.id,
            "status": self.said(done),
            **self.progress(done),
            "video_url": "",
            "error": f"the request ended: {self.word}" if failed else None,
            **media,
        }
        return as_json({"status": True, "error": None, "result": fields})

    def _keys_of_address(self) -> tuple[str, ...]:
        return ("video_url",)

    def _usual_progress(self, done: float) -> Any:
        return int(100 * self.drawn(done))


@dataclass(eq=False, slots=True, kw_only=True)
class CharacterJob(EternalAIJob):
    """A character: its own `status` tells whether it was approved, and is gone from the answers to polls."""

    @property
    def path(self) -> str:
        return f"/dating_media/{_date(self.created_at):%Y/%m/%d}/{self.name}"

    def record(self, description: str, avatar_url: str) -> dict[str, Any]:
        """It as the service tells of it."""
        return {
            "id": int(self.id),
            "username": f"astrid_{self.number}",
            "display_name": f"Astrid {self.number}",
            "description": description,
            "avatar_url": avatar_url,
            "age": 20,
            "gender": "female",
            "category": "internal",
        }

    def submitted(self, credits_left: float) -> dict[str, Any]:
        made = {**self.record("", ""), "status": "pending", "type": "character"}
        return {"request_id": self.id, "result": made, "data": None, "error": None}

    def reply(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> Reply:
        ended = done >= 1 and self.succeeds
        made = {**self.record(self.order.prompt if ended else "", ""), **media}
        return as_json({"status": self.said(done), "result": made, "data": None, "error": None})

    def media(self, address: str | None, picture: bytes) -> dict[str, Any]:
        return {} if address is None else {"avatar_url": address}


KINDS: dict[Family, type[EternalAIJob]] = {
    Family.LEGACY: EternalAIJob,
    Family.LEGACY_EDIT: EternalAIJob,
    Family.LEGACY_VIDEO: ChangeJob,
    Family.V1: ChangeJob,
    Family.V2: ChangeJob,
    Family.CHARACTERS: CharacterJob,
    Family.NEWER: NewerJob,
}


def _date(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _stamp(at: float) -> str:
    return f"{_date(at):%Y-%m-%dT%H:%M:%SZ}"
