"""On every platform a picture that somebody brings is edited, filmed and changed, from the command to the file."""

from __future__ import annotations

from itertools import count, product
from pathlib import Path

import pytest
from e2e.checks import check_delivered, expected
from e2e.people import PLATFORMS, File, newcomer, until
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


async def used_again_and_gone(town: Town, platform: str, number: int) -> None:
    """What was brought serves for more of the same, and goes with the last of what was made from it."""
    person = await newcomer(town, platform)
    edited = await person.ask("edit", "at night", {"model": "edit"}, file=File("holiday.jpg", photo(number)))
    again = await person.press(edited, "again")
    reworded = await person.fill(edited, "words", "at dawn")
    sent = [one for one in town.archive.sent if one.pictures and is_photo(one.pictures[0], number)]
    assert [one.body["prompt"] for one in sent] == ["at night", "at night", "at dawn"]
    assert None not in (edited.file, again.file, reworded.file)
    [brought] = town.brought(platform, person.account)
    for told in (edited, again, reworded):
        assert brought.exists()
        await person.delete(told)
    await until(lambda: not brought.exists())
    assert town.brought(platform, person.account) == []


async def test_what_somebody_brings_becomes_a_picture_or_a_video_and_lasts_as_long_as_that(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    async with open_town(tmp_path, **EVERYTHING) as town:
        numbers = count()
        rows = {
            f"{platform}: {row.name}": drive(town, platform, row, next(numbers))
            for platform, row in product(PLATFORMS, OF_UPLOADS)
        }
        lasting = {f"{platform}: again": used_again_and_gone(town, platform, next(numbers)) for platform in PLATFORMS}
        await together(subtests, rows | lasting)


async def test_the_newer_api_films_what_somebody_brings(tmp_path: Path, subtests: pytest.Subtests) -> None:
    async with open_town(tmp_path, key="sk_simulated", uploads=True) as town:
        rows = {platform: drive(town, platform, BY_THE_NEWER_API, n) for n, platform in enumerate(PLATFORMS)}
        await together(subtests, rows)
