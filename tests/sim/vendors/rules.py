"""What the pages of all vendors allow, taken at their word: whatever else arrives is a breach."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

KEY_TEXT = "missing or invalid API key (expected Authorization: Bearer sk_... or api-key header)"
BODY_TEXT = "invalid JSON body"
STRAY_HEADERS = ("cookie", "location", "referer")
KEY_HEADERS = ("x-api-key", "authorization", "api-key")


class Breach(Exception):
    """A request that the page does not allow: the answer that it gets, and what was wrong."""

    def __init__(self, status: int, text: str, wrong: str) -> None:
        super().__init__(wrong)
        self.status = status
        self.text = text


class Prompted(Protocol):
    """An order at any vendor."""

    @property
    def prompt(self) -> str: ...


def check_key(headers: Mapping[str, str], key: str, *, needed: bool) -> None:
    """Keys of the newer kind (`sk_…`) go as Bearer or in `api-key`, all others in `x-api-key`."""
    sent = {name: headers[name] for name in KEY_HEADERS if name in headers}
    if not sent and not needed:
        return
    newer = {"authorization": f"Bearer {key}", "api-key": key}
    allowed = newer if key.startswith("sk_") else {"x-api-key": key}
    if len(sent) != 1 or not sent.items() <= allowed.items():
        raise Breach(401, KEY_TEXT, f"the key came as {', '.join(sent) or 'nothing'}, or was another one")


def check_headers(headers: Mapping[str, str]) -> None:
    for name in STRAY_HEADERS:
        if name in headers:
            raise Breach(400, f"unexpected header {name}", f"a header {name}")


def check_alone(headers: Mapping[str, str], name: str, value: str) -> None:
    """A key that goes in one header and no other."""
    sent = {header: headers[header] for header in KEY_HEADERS if header in headers}
    if sent != {name: value}:
        raise Breach(401, "invalid API key", f"the key came as {', '.join(sent) or 'nothing'}, or was another one")


def read_object(headers: Mapping[str, str], query: str, body: bytes) -> Any:
    """The JSON of a submit. Raises `Breach`."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    check(kind == "application/json", f"the content type is {kind or 'missing'}")
    check(not query, "a submit with a query")
    try:
        return json.loads(body)
    except ValueError:
        raise Breach(400, BODY_TEXT, "the body is no JSON") from None


def check_keys(value: Any, name: str, required: set[str], optional: frozenset[str] | set[str] = frozenset()) -> None:
    check(isinstance(value, dict), f"{name} is no object")
    missing, stray = required - value.keys(), value.keys() - required - optional
    check(not missing, f"{name} lacks {', '.join(sorted(missing))}")
    check(not stray, f"{name} has a stray {', '.join(sorted(stray))}")


def check(fine: bool, wrong: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not fine:
        raise Breach(400, BODY_TEXT, wrong)
