"""On every platform a picture that somebody brings is edited, filmed and changed, from the command to the file."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from e2e.people import PLATFORMS, File, Told, newcomer
from e2e.rows import BY_THE_NEWER_API, OF_UPLOADS, WORDS, Row, is_photo, photo, told_beside_pixels
from e2e.together import together
from e2e.town import EVERYTHING, Town, open_town
from sim.vendors.films import DURATION_S, HEIGHT_PX, WIDTH_PX

NEXT = frozenset({"edit", "animate", "effect"})


def expected(body: object, words: str) -> object:
    """What a vendor is sent, with the words of one command."""
    match body:
        case dict():
            return {key: expected(value, words) for key, value in body.items()}
        case list():
            return [expected(value, words) for value in body]
    return words if body == WORDS else body


def check_film(told: Told, platform: str) -> None:
    """What a platform is told of a film, so that it plays at once: Discord looks itself."""
    assert told.size == (None if platform == "discord" else (WIDTH_PX, HEIGHT_PX))
    assert told.duration_s == (DURATION_S if platform == "telegram" else None)
    assert told.poster is (platform != "discord" and shutil.which("ffmpeg") is not None)


async def drive(town: Town, platform: str, row: Row, number: int) -> None:
    person = await newcomer(town, platform, f"{platform} {number}")
    words = row.effect or f"at night, {platform} {number}"
    told = await person.ask(row.command, words, file=File("holiday.jpg", photo(number)), **row.options)
    [sent] = [one for one in town.archive.sent if one.pictures and is_photo(one.pictures[0], number)]
    assert (sent.path, sent.body) == (row.path, expected(row.body, words))
    assert told_beside_pixels(sent.pictures[0]) == []
    assert person.moves == [("reserve", -row.price), ("settle", 0)]
    assert told.file is not None, told.text
    assert town.archive.words_on(told.file) == words
    assert told.acts & NEXT == row.acts
    if row.film:
        check_film(told, platform)


@pytest.mark.parametrize(
    ("rows", "settings"),
    [(OF_UPLOADS, EVERYTHING), (BY_THE_NEWER_API, {"uploads": True, "key": "sk_simulated"})],
    ids=["of every family", "by the newer API"],
)
async def test_what_somebody_brings_becomes_a_picture_or_a_video(
    tmp_path: Path, subtests: pytest.Subtests, rows: tuple[Row, ...], settings: dict[str, Any]
) -> None:
    async with open_town(tmp_path, **settings) as town:
        places = enumerate(product(PLATFORMS, rows))
        await together(
            subtests, {f"{platform}: {row.name}": drive(town, platform, row, n) for n, (platform, row) in places}
        )
