"""What is inside a message's components: parts, text, buttons."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

Component = dict[str, Any]


class Kind(IntEnum):
    """Those that need to be told apart here."""

    ACTION_ROW = 1
    BUTTON = 2
    SELECT = 3
    TEXT_INPUT = 4
    SECTION = 9
    TEXT = 10
    THUMBNAIL = 11
    GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    UPLOAD = 19
    RADIO = 21
    CHECKBOX = 23


SELECTS = frozenset({3, 5, 6, 7, 8})  # of words, people, roles, both, and channels
UNSAID: dict[int, Component] = {
    Kind.CONTAINER: {"accent_color": None, "spoiler": False},
    Kind.SEPARATOR: {"spacing": 1, "divider": True},
    Kind.THUMBNAIL: {"description": None, "spoiler": False},
    Kind.FILE: {"spoiler": False},
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
}


def walk(components: list[Component]) -> Iterator[Component]:
    """Every component, nested ones and accessories too, from top to bottom."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        yield from walk([component[part] for part in ("accessory", "component") if component.get(part)])


def media(components: list[Component]) -> Iterator[Component]:
    """Every picture or file that is shown, as the `{"url": …}` in which it stands."""
    for component in walk(components):
        if component["type"] == Kind.GALLERY:
            yield from (item["media"] for item in component["items"])
        elif component["type"] == Kind.THUMBNAIL:
            yield component["media"]
        elif component["type"] == Kind.FILE:
            yield component["file"]


def text(components: list[Component]) -> list[str]:
    """What the text displays say."""
    return [component["content"] for component in walk(components) if component["type"] == Kind.TEXT]


def complete(components: list[Component]) -> None:
    """Say what was left unsaid, and give every component without one its id, as Discord does."""
    everything = list(walk(components))
    for component in everything:
        for name in [name for name, value in component.items() if value is None]:
            del component[name]
        component.update(UNSAID.get(component["type"], {}) | component)
        for item in component.get("items", []):
            item.update(UNSAID[Kind.THUMBNAIL] | item)
    taken = {component["id"] for component in everything if component.get("id")}
    free = (number for number in range(1, len(everything) + len(taken) + 1) if number not in taken)
    for component in everything:
        component["id"] = component.get("id") or next(free)
