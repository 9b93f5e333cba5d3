"""Keys in JSON, written `data.0.url`: read, taken away, replaced; the body that is given stays as it is."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from bot.testing.contract_table import Body


def paths(body: Any, prefix: str = "") -> Iterator[str]:
    """Every key, outer ones first; of a list only what lies in its first item."""
    items = list(body.items()) if isinstance(body, dict) else []
    if isinstance(body, list) and body and isinstance(body[0], dict | list):
        items = [("0", body[0])]
    for key, value in items:
        path = f"{prefix}{key}"
        if isinstance(body, dict):
            yield path
        yield from paths(value, f"{path}.")


def at(body: Body, path: str) -> Iterator[Any]:
    """The value there, if there is one."""
    place: Any = body
    for key in path.split("."):
        try:
            place = place[int(key) if isinstance(place, list) else key]
        except (KeyError, IndexError, TypeError, ValueError):
            return
    yield place


def holds(body: Body, path: str) -> bool:
    return any(True for _ in at(body, path))


def put(body: Body, path: str, value: Any) -> Body:
    """The body with this value in the place of the one there."""
    place, key, whole = _spot(body, path)
    place[key] = value
    return whole


def without(body: Body, *gone: str) -> Body:
    """The body without these keys."""
    for path in gone:
        place, key, body = _spot(body, path)
        del place[key]
    return body


def _spot(body: Body, path: str) -> tuple[Any, Any, Body]:
    whole: Any = copy.deepcopy(body)
    above, _, key = path.rpartition(".")
    (place,) = at(whole, above) if above else (whole,)
    return place, int(key) if isinstance(place, list) else key, whole
