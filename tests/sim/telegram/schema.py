"""The Bot API's document as a judge of requests and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sim.telegram.state import Upload

JSON = dict[str, Any]
DOCUMENT = Path(__file__).parents[1] / "specs" / "telegram-bot-api.json"
ARRAY = "Array of "
FIXED = re.compile(r"(?:must be|always) [\"“]?([a-z_]+)[\"”]?\.?$")
MOST_PROBLEMS = 5
REASON = 160  # characters
PLAIN: dict[str, type | tuple[type, ...]] = {"String": str, "Integer": int, "Float": (int, float), "Boolean": bool}


def request_problems(method: str, arguments: JSON) -> list[str]:
    """What is wrong with the arguments of a call, whose values have their types already."""
    found = _fields("methods", method)
    return _first(_object(found, arguments, ""))


def answer_problems(method: str, told: Any) -> list[str]:
    """What is wrong with a result of the simulator itself."""
    returns = tuple(_document()["methods"][method]["returns"])
    return _first(_any(returns, told, "result"))


def update_problems(update: JSON) -> list[str]:
    """What is wrong with an update that the simulator made."""
    return _first(_any(("Update",), update, "update"))


def knows(method: str) -> str | None:
    """The name of a method as the document writes it; Telegram does not mind the case."""
    names: dict[str, str] = {name.lower(): name for name in _document()["methods"]}
    return names.get(method.lower())


def types_of(method: str) -> dict[str, tuple[str, ...]]:
    """What each parameter of a method may be."""
    return {name: tuple(field["types"]) for name, field in _fields("methods", method).items()}


def _first(problems: Iterator[str]) -> list[str]:
    return [problem[-REASON:] for problem, _ in zip(problems, range(MOST_PROBLEMS), strict=False)]


@cache
def _document() -> JSON:
    document: JSON = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return document


@cache
def _fields(room: str, name: str) -> dict[str, JSON]:
    found = _document()[room][name]
    return {field["name"]: field for field in found.get("fields", [])}


def _any(types: tuple[str, ...], value: Any, where: str) -> Iterator[str]:
    """None if one of the types fits, else what the one that fits best says; arrays may be mixed."""
    arrays = tuple(one.removeprefix(ARRAY) for one in types if one.startswith(ARRAY))
    told = [list(_one(one, value, where)) for one in types if not one.startswith(ARRAY)]
    if arrays:
        told.append(list(_array(arrays, value, where)))
    if [] not in told:
        yield from min(told, key=len)


def _array(kinds: tuple[str, ...], value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{where}: {value!r} is no array"
        return
    for number, item in enumerate(value):
        yield from _any(kinds, item, f"{where}/{number}")


def _one(kind: str, value: Any, where: str) -> Iterator[str]:
    if kind == "InputFile":
        if not isinstance(value, Upload):
            yield f"{where}: {value!r} is no file"
    elif kind in PLAIN:
        if not isinstance(value, PLAIN[kind]) or (isinstance(value, bool) and kind != "Boolean"):
            yield f"{where}: {value!r} is no {kind}"
    else:
        yield from _typed(kind, value, where)


def _typed(kind: str, value: Any, where: str) -> Iterator[str]:
    subtypes = tuple(_document()["types"][kind].get("subtypes", ()))
    if subtypes:
        yield from _any(subtypes, value, where)
    elif not isinstance(value, dict):
        yield f"{where}: {value!r} is no {kind}"
    else:
        yield from _object(_fields("types", kind), value, where)


def _object(fields: dict[str, JSON], value: JSON, where: str) -> Iterator[str]:
    yield from (f"{where}: unknown {name!r}" for name in value if name not in fields)
    yield from (f"{where}: {name!r} is missing" for name, field in fields.items() if _lacks(field, value))
    for name, field in fields.items():
        if name in value:
            yield from _any(tuple(field["types"]), value[name], f"{where}/{name}")
            if (fixed := FIXED.search(field["description"])) and field["required"] and value[name] != fixed[1]:
                yield f"{where}/{name}: {value[name]!r} is not {fixed[1]!r}"


def _lacks(field: JSON, value: JSON) -> bool:
    return field["required"] and field["name"] not in value
