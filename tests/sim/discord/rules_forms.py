"""What Discord asks of commands and modals beyond the shapes in its document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from itertools import chain
from typing import Any

from sim.discord.components import Component, walk
from sim.discord.forms import GROUP, SUBCOMMAND

JSON = dict[str, Any]
CHAT_INPUT = 1
MOST_OF_A_KIND = {1: 100, 2: 15, 3: 15}
MOST_CHARACTERS = 8000
MOST_FIELDS = 5
NAME = re.compile(r"[-_'\w]{1,32}")


def commands(registered: list[JSON]) -> Iterator[str]:
    """What is wrong with all commands of a place."""
    names = [(one.get("type") or CHAT_INPUT, one["name"]) for one in registered]
    yield from _twice("command", names)
    kinds = Counter(kind for kind, _ in names)
    yield from (f"{count} commands of type {kind}" for kind, count in kinds.items() if count > MOST_OF_A_KIND[kind])
    for command in registered:
        yield from (f"{command['name']}: {problem}" for problem in _command(command))


def _command(command: JSON) -> Iterator[str]:
    if (command.get("type") or CHAT_INPUT) != CHAT_INPUT:
        yield from (f"a menu has no {key}" for key in ("description", "options") if command.get(key))
        return
    if not command.get("description"):
        yield "a description is missing"
    characters = _characters(command)
    if characters > MOST_CHARACTERS:
        yield f"{characters} characters, at most {MOST_CHARACTERS}"
    yield from _named(command)
    yield from _options(command)


def _options(parent: JSON) -> Iterator[str]:
    options = parent.get("options") or []
    yield from _twice("option", [one["name"] for one in options])
    required = [bool(one.get("required")) for one in options]
    if required != sorted(required, reverse=True):
        yield "a required option stands behind one that is not"
    if len({one["type"] in (SUBCOMMAND, GROUP) for one in options}) > 1:
        yield "subcommands stand beside options"
    for option in options:
        yield from _named(option)
        yield from _option(option)


def _option(option: JSON) -> Iterator[str]:
    name, choices = option["name"], option.get("choices") or []
    if choices and option.get("autocomplete"):
        yield f"{name} has choices and suggests others"
    yield from _twice(f"choice of {name}", [one["name"] for one in choices])
    for what in ("value", "length"):
        least, most = option.get(f"min_{what}"), option.get(f"max_{what}")
        if least is not None and most is not None and least > most:
            yield f"{name}: min_{what} is more than max_{what}"
    yield from _options(option)


def _named(part: JSON) -> Iterator[str]:
    if not NAME.fullmatch(part["name"]) or part["name"] != part["name"].lower():
        yield f"{part['name']!r} cannot be a name"


def _characters(part: JSON) -> int:
    """All names, descriptions and values of choices, as Discord counts them."""
    own = sum(len(str(part.get(key) or "")) for key in ("name", "description", "value"))
    return own + sum(map(_characters, chain(part.get("options") or [], part.get("choices") or [])))


def modal(form: JSON) -> Iterator[str]:
    """What is wrong with a modal."""
    fields = list(walk(form["components"]))
    yield from _twice("custom_id", [part["custom_id"] for part in fields if "custom_id" in part])
    if len(form["components"]) > MOST_FIELDS:
        yield f"{len(form['components'])} fields, at most {MOST_FIELDS}"
    for part in fields:
        yield from (f"{part.get('custom_id')}: {problem}" for problem in _field(part))


def _field(part: Component) -> Iterator[str]:
    length = len(part.get("value") or "")
    if length and not (part.get("min_length") or 0) <= length <= (part.get("max_length") or length):
        yield "what stands there is too short or too long"
    if part.get("disabled"):
        yield "nothing in a modal is disabled"
    if part.get("min_values") == 0 and part.get("required", True):
        yield "required, and none is enough"
    options = part.get("options") or []
    yield from _twice("value", [one["value"] for one in options])
    if sum(bool(one.get("default")) for one in options) > (part.get("max_values") or 1):
        yield "more is chosen than may be"


def _twice(what: str, names: Iterable[Hashable]) -> Iterator[str]:
    yield from (f"{what} {name} stands {times} times" for name, times in Counter(names).items() if times > 1)
