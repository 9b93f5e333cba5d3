"""What passes between a simulated vendor and its doors: requests, replies, and how a connection behaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

FLOOD_BYTES = 65_536


class Door(StrEnum):
    """The two hosts of a vendor."""

    API = "api"
    FILES = "files"


class Conduct(StrEnum):
    """What the connection does with a reply."""

    ANSWER = "answer"
    REFUSE = "refuse"  # nobody listens
    DROP = "drop"  # closed without an answer
    RESET = "reset"  # closed by RST
    HANG = "hang"  # stays open, says nothing
    CUT = "cut"  # promises the whole body, sends half of it and closes
    DRIP = "drip"  # sends a byte a second
    ENDLESS = "endless"  # sends the body, then zeros, so many at a time


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One request; `path` and `query` as sent, undecoded, `headers` by lower-case name."""

    method: str
    path: str
    door: Door = Door.API
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the vendor says, `delay_s` seconds after it was asked."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    conduct: Conduct = Conduct.ANSWER
    delay_s: float = 0.0

    def json(self) -> Any:
        return json.loads(self.body)


def as_json(value: Any, status: int = 200, **headers: str) -> Reply:
    """A JSON answer; an underscore in a header's name stands for a dash."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status=status, headers={"Content-Type": "application/json", **named}, body=json.dumps(value).encode())


def as_html(title: str, status: int = 200) -> Reply:
    """The page of a proxy that stands in front of the vendor."""
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Reply(status=status, headers={"Content-Type": "text/html; charset=utf-8"}, body=page.encode())


def refusal(status: int, text: str, **headers: str) -> Reply:
    """An error in the vendor's envelope."""
    return as_json({"status": False, "error": text, "result": None}, status, **headers)
