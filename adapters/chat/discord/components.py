"""Pure: what is inside components, as Discord tells of them in messages and forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.model import parse_button_id


def walk(part: object) -> Iterator[Mapping[str, Any]]:
    """Every component in components, however deep."""
    if isinstance(part, Mapping):
        yield part
        for inner in ("components", "component", "accessory"):
            yield from walk(part.get(inner))
    elif isinstance(part, list):
        for one in part:
            yield from walk(one)


def shown_in(message: Mapping[str, Any]) -> str | None:
    """The job, picture or character whose buttons a message has."""
    found = (parse_button_id(str(part.get("custom_id", ""))) for part in walk(message["components"]))
    return next((known[1] for known in found if known), None)
