"""On every platform characters are made, found, used and removed, and pictures and videos are made of them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from e2e.checks import check_delivered, expected
from e2e.people import PLATFORMS, Somebody, Told, newcomer
from e2e.rows import CHARACTER, OF_CHARACTERS, WORDS, Row
from e2e.together import together
from e2e.town import EVERYTHING, Town, open_town
from sim.vendors.eternalai_characters import CATALOGUE, READY_MADE

CREATE = "/v2/character/create"
EDIT = "/v2/base/generate"
PAID = [("reserve", -2), ("settle", 0)]
OF_AGE = [one for one in READY_MADE if type(one["age"]) is int and one["age"] >= 18]
OTHERS = [one["display_name"] for one in CATALOGUE if one not in OF_AGE]


async def drive(town: Town, platform: str, row: Row, number: int) -> None:
    person = await newcomer(town, platform, f"{platform} {number}")
    await person.ask("character new", f"a brilliant student {number}", {"name": "Bo"})
    words, before = row.effect or f"at night, {platform} {number}", person.moves
    told = await person.ask(row.command, words, {"character": "bo", **row.options})
    assert town.sent_of(person.reference) == [
        (row.path, expected(row.body, {WORDS: words, CHARACTER: person.reference}))
    ]
    assert person.moves == [*before, ("reserve", -row.price), ("settle", 0)]
    check_delivered(town, row, told, words, platform)


async def made(person: Somebody) -> Told:
    """Bo, who was asked for and paid."""
    words = f"a brilliant student, {person.account}"
    told = await person.ask("character new", words, {"name": "Bo"})
    assert [one.path for one in person.town.archive.sent if one.body == {"prompt": words}] == [CREATE]
    assert person.moves == PAID
    assert told.file is not None
    assert person.town.archive.drew.get(told.file) == words
    assert {"use", "edit", "animate", "rename", "remove"} <= told.acts
    assert "Bo" in told.text
    assert "20" in told.text
    return told


async def found_and_used(town: Town, platform: str) -> None:
    person = await newcomer(town, platform)
    card = await made(person)
    listed = await person.ask("character list")
    assert ("Bo" in listed.text, listed.id_of("show")) == (True, card.id_of("use"))
    shown = await person.ask("character show", "bo")
    assert (shown.file, "use" in shown.acts) == (card.file, True)
    used = await person.ask("character use", "bo")
    assert "use" not in used.acts
    words = f"in the rain, {platform}"
    assert (await person.ask("edit", words)).file is not None
    body = {"images": [person.reference], "prompt": words, "type": "image"}
    assert town.sent_of(person.reference) == [(EDIT, body)]


async def renamed_and_removed(town: Town, platform: str) -> None:
    person = await newcomer(town, platform)
    card = await made(person)
    reference = person.reference
    renamed = await person.ask("character rename", "bo", {"name": "Astrid"})
    assert "Astrid" in renamed.text
    assert (await person.ask("edit", "in the rain", {"character": "bo"})).file is None
    assert (await person.ask("edit", f"in the snow, {platform}", {"character": "astrid"})).file is not None
    await person.ask("character delete", "astrid")
    assert "Astrid" not in (await person.ask("character list")).text
    moves = person.moves
    for one in ("astrid", card.id_of("use")):
        assert (await person.ask("edit", "in the sun", {"character": one})).file is None
    assert person.moves == moves
    assert len(town.sent_of(reference)) == 1


async def made_into_more_by_buttons(town: Town, platform: str) -> None:
    person = await newcomer(town, platform)
    card = await made(person)
    reference, words = person.reference, f"in the rain, {platform}"
    edited = await person.fill(card, "edit", words, {"quality": "high"})
    assert edited.file is not None
    assert town.sent_of(reference) == [
        (EDIT, {"images": [reference], "prompt": words, "type": "image", "quality": "high"})
    ]
    filmed = await person.fill(edited, "animate", f"it snows, {platform}", {"seconds": 2})
    [sent] = [one for one in town.archive.sent if one.body.get("prompt") == f"it snows, {platform}"]
    assert (sent.pictures, sent.body["duration"]) == ((edited.file,), 2)
    assert filmed.file is not None
    assert town.archive.drew.get(filmed.file) == f"it snows, {platform}"
    assert person.moves == [*PAID, *PAID, ("reserve", -5), ("settle", 0)]


async def renamed_and_removed_by_buttons(town: Town, platform: str) -> None:
    person = await newcomer(town, platform)
    card = await made(person)
    assert "Astrid" in (await person.fill(card, "rename", "Astrid")).text
    await person.press(card, "remove")
    assert "Astrid" not in (await person.ask("character list")).text


async def taken_from_many(town: Town, platform: str) -> None:
    person = await newcomer(town, platform)
    first = await person.ask("character browse")
    text = first.text
    second = await person.press(first, "browse")
    assert second.text != text
    assert not [name for name in OTHERS if name in text + second.text]
    for command in ("use", "show"):
        assert "You have no character" in (await person.ask(f"character {command}", OTHERS[0])).text
    shown = await person.press(second, "show")
    used = await person.press(shown, "use")
    assert "use" not in used.acts
    assert person.reference in [str(one["id"]) for one in OF_AGE]
    words = f"in the fog, {platform}"
    assert (await person.ask("edit", words)).file is not None
    [(path, body)] = [one for one in town.sent_of(person.reference) if one[1]["prompt"] == words]
    assert (path, body["images"]) == (EDIT, [person.reference])
    assert person.moves == [("reserve", -1), ("settle", 0)]


TALES = (
    found_and_used,
    renamed_and_removed,
    made_into_more_by_buttons,
    renamed_and_removed_by_buttons,
    taken_from_many,
)


async def test_characters_are_made_found_used_and_removed_and_made_into_pictures_and_videos(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    async with open_town(tmp_path, **EVERYTHING) as town:
        places = enumerate(product(PLATFORMS, OF_CHARACTERS))
        rows = {f"{platform}: {row.name}": drive(town, platform, row, n) for n, (platform, row) in places}
        tales = product(PLATFORMS, TALES)
        await together(
            subtests, rows | {f"{platform}: {tale.__name__}": tale(town, platform) for platform, tale in tales}
        )
