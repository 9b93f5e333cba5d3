"""What must be so of everything that was made, wherever it was asked for."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from e2e.people import Told
from e2e.rows import Row
from e2e.town import Town
from sim.vendors.films import DURATION_S, HEIGHT_PX, WIDTH_PX

NEXT = frozenset({"edit", "animate", "effect"})


def expected(body: object, values: Mapping[str, str]) -> object:
    """What a vendor is sent by one command, with its `values` in their places."""
    match body:
        case dict():
            return {key: expected(value, values) for key, value in body.items()}
        case list():
            return [expected(value, values) for value in body]
    return values.get(body, body) if isinstance(body, str) else body


def check_delivered(town: Town, row: Row, told: Told, words: str, platform: str) -> None:
    """The file is what the vendor made of these words, and the buttons are those that work on it."""
    assert told.file is not None, told.text
    assert town.archive.drew.get(told.file) == words
    assert told.acts & NEXT == row.acts
    if row.film:
        _check_film(told, platform)


def _check_film(told: Told, platform: str) -> None:
    """What a platform is told of a film, so that it plays at once: Discord looks itself."""
    assert told.size == (None if platform == "discord" else (WIDTH_PX, HEIGHT_PX))
    assert told.duration_s == (DURATION_S if platform == "telegram" else None)
    assert told.poster is (platform != "discord" and shutil.which("ffmpeg") is not None)
