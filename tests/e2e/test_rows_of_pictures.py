"""On every platform a picture that somebody brings is edited, filmed and changed, from the command to the file."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from e2e.checks import check_delivered, expected
from e2e.people import PLATFORMS, File, newcomer
from e2e.rows import BY_THE_NEWER_API, OF_UPLOADS, WORDS, Row, is_photo, photo, told_beside_pixels
from e2e.together import together
from e2e.town import EVERYTHING, Town, open_town


async def drive(town: Town, platform: str, row: Row, number: int) -> None:
    person = await newcomer(town, platform, f"{platform} {number}")
    words = row.effect or f"at night, {platform} {number}"
    told = await person.ask(row.command, words, row.options, file=File("holiday.jpg", photo(number)))
    [sent] = [one for one in town.archive.sent if one.pictures and is_photo(one.pictures[0], number)]
    assert (sent.path, sent.body) == (row.path, expected(row.body, {WORDS: words}))
    assert told_beside_pixels(sent.pictures[0]) == []
    assert person.moves == [("reserve", -row.price), ("settle", 0)]
    check_delivered(town, row, told, words, platform)


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
