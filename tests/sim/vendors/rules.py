"""What EternalAI's page allows, taken at its word: whatever else arrives is a breach."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Order:
    """What a submit asks for."""

    prompt: str
    loras: Mapping[str, float]
    model: str | None


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


def read_order(headers: Mapping[str, str], query: str, body: bytes) -> Order:
    """The order in a submit. Raises `Breach`."""
    fields = read_object(headers, query, body)
    check_keys(fields, "the body", {"messages", "type"}, {"lora_config", "model_id"})
    check(fields["type"] == "new", "`type` is not new")
    model = fields.get("model_id")
    check(model is None or (isinstance(model, str) and model != ""), "`model_id` is no text")
    check("model_id" not in fields or model is not None, "`model_id` is null")
    return Order(_prompt(fields["messages"]), _loras(fields), model)


def _prompt(messages: Any) -> str:
    message = _only(messages, "`messages`")
    check_keys(message, "a message", {"role", "content"})
    check(message["role"] == "user", "`role` is not user")
    part = _only(message["content"], "`content`")
    check_keys(part, "a part", {"type", "text"})
    check(part["type"] == "text", "a part that is no text")
    text = part["text"]
    check(isinstance(text, str) and text.strip() != "", "an empty prompt")
    return str(text)


def _loras(fields: Mapping[str, Any]) -> Mapping[str, float]:
    loras = fields.get("lora_config", {})
    check(isinstance(loras, dict), "`lora_config` is no object")
    for name, weight in loras.items():
        number = isinstance(weight, int | float) and not isinstance(weight, bool) and math.isfinite(weight)
        check(name != "" and number, "a weight in `lora_config` is no number")
    return dict(loras)


def _only(items: Any, name: str) -> Any:
    check(isinstance(items, list) and len(items) == 1, f"{name} is no list of one")
    return items[0]


def check_keys(value: Any, name: str, required: set[str], optional: frozenset[str] | set[str] = frozenset()) -> None:
    check(isinstance(value, dict), f"{name} is no object")
    missing, stray = required - value.keys(), value.keys() - required - optional
    check(not missing, f"{name} lacks {', '.join(sorted(missing))}")
    check(not stray, f"{name} has a stray {', '.join(sorted(stray))}")


def check(fine: bool, wrong: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not fine:
        raise Breach(400, BODY_TEXT, wrong)
