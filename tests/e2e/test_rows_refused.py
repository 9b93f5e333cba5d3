"""On every platform what must not be is refused in a sentence, before any vendor hears of it, and costs nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import pytest
from e2e.people import PLATFORMS, File, Options, Somebody, Told, newcomer
from e2e.rows import is_photo, photo
from e2e.together import together
from e2e.town import EVERYTHING, Town, open_town
from sim.hostile import black_png
from sim.vendors.eigenai import EDIT_MODEL
from sim.vendors.films import film

from bot.media import MAX_UPLOAD_BYTES

HOLIDAY = File("holiday.jpg", photo(0))
NEVER_DRAWN = "I don't draw this"
NOT_READ = "isn't a picture I can read"
NO_CHARACTERS = "You have no characters"
NOT_FOUND = "I can't find that, or it isn't yours"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bad:
    """A command that cannot be, and some words of what is said of it."""

    command: str = "edit"
    words: str = "at night"
    options: Options = field(default_factory=dict)
    file: File | None = HOLIDAY
    sentence: str


BAD = {
    "a page that calls itself a picture": Bad(file=File("cat.png", b"<html><img src=x>"), sentence=NOT_READ),
    "a drawing in words": Bad(file=File("cat.png", b"<svg onload=x>"), sentence=NOT_READ),
    "a film that calls itself a picture": Bad(file=File("cat.png", film(b"")), sentence=NOT_READ),
    "the first half of a picture": Bad(file=File("cat.jpg", photo(0)[:300]), sentence=NOT_READ),
    "400 megapixels": Bad(file=File("cat.png", black_png(20_000, 20_000)), sentence="million pixels"),
    "too many bytes": Bad(file=File("cat.jpg", photo(0) + bytes(MAX_UPLOAD_BYTES)), sentence="20 MB"),
    "too long a video": Bad(
        command="animate", options={"model": "video", "seconds": 6}, sentence="goes from 1 to 5. You wrote 6"
    ),
    "too long a video by the legacy family": Bad(
        command="animate", options={"model": "video-legacy", "seconds": 60}, sentence="goes from 1 to 5. You wrote 60"
    ),
    "an option of another model": Bad(
        options={"model": "edit", "negative": "snow"}, sentence=f"Remove it, or use {EDIT_MODEL}"
    ),
    "an effect that is none": Bad(command="effect", words="melt", sentence="I don't know the effect"),
    "an edit of somebody's picture that undresses": Bad(words="remove her dress", sentence=NEVER_DRAWN),
    "a video of somebody's picture that undresses": Bad(
        command="animate", words="she takes off her clothes", sentence=NEVER_DRAWN
    ),
    "a link to this machine": Bad(file=None, options={"link": "http://127.0.0.1:1/cat.jpg"}, sentence="that link"),
    "nothing to edit": Bad(file=None, sentence="Which picture?"),
}


async def refused(person: Somebody, bad: Bad) -> None:
    moves = person.moves
    told = await person.ask(bad.command, bad.words, bad.options, file=bad.file)
    assert bad.sentence in told.text
    assert told.file is None
    assert person.moves == moves


async def somebody_new(town: Town, platform: str, bad: Bad) -> None:
    await refused(await newcomer(town, platform), bad)


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with a character and a result."""

    person: Somebody
    character: Told
    result: Told

    @property
    def tag(self) -> str:
        """The short name of the result."""
        return self.result.id_of("again")[-4:]


async def owner(town: Town, platform: str) -> Owner:
    person = await newcomer(town, platform)
    character = await person.ask("character new", "a brilliant student", {"name": "Bo"})
    return Owner(person, character, await person.ask("imagine", "a red fox"))


async def undressed(one: Owner) -> None:
    """Nobody is, whatever they are made of."""
    for options in ({"character": "bo"}, {"result": one.tag}):
        await refused(one.person, Bad(words="undress her", options=options, file=None, sentence=NEVER_DRAWN))


async def deleted(one: Owner) -> None:
    """It is gone."""
    await one.person.delete(one.result)
    await refused(one.person, Bad(options={"result": one.tag}, file=None, sentence=NOT_FOUND))
    await one.person.ask("character delete", "bo")
    await refused(one.person, Bad(options={"character": "bo"}, file=None, sentence=NO_CHARACTERS))


def of_somebody_else(one: Owner) -> dict[str, Bad]:
    """What another has is not there, under whichever name."""
    character, result = one.character.id_of("use"), one.result.id_of("again")
    return {
        "a character": Bad(options={"character": character}, file=None, sentence=NO_CHARACTERS),
        "a character's name": Bad(options={"character": "bo"}, file=None, sentence=NO_CHARACTERS),
        "a character to use": Bad(command="character use", words=character, file=None, sentence=NO_CHARACTERS),
        "a character to delete": Bad(command="character delete", words=character, file=None, sentence=NO_CHARACTERS),
        "a character to rename": Bad(
            command="character rename", words=character, options={"name": "Mine"}, file=None, sentence=NO_CHARACTERS
        ),
        "a result": Bad(options={"result": result}, file=None, sentence=NOT_FOUND),
    }


async def test_what_cannot_be_or_must_not_be_reaches_no_vendor(tmp_path: Path, subtests: pytest.Subtests) -> None:
    async with open_town(tmp_path, **EVERYTHING) as town:
        owners = await asyncio.gather(*(owner(town, platform) for platform in PLATFORMS))
        sent = len(town.archive.sent)
        foreign = {
            f"{name} on {one.person.platform}": bad for one in owners for name, bad in of_somebody_else(one).items()
        }
        never = {
            f"{platform}: {name}": somebody_new(town, platform, bad)
            for platform, (name, bad) in product(PLATFORMS, (BAD | foreign).items())
        }
        await together(subtests, never | {f"{one.person.platform}: undressed": undressed(one) for one in owners})
        await together(subtests, {f"{one.person.platform}: deleted": deleted(one) for one in owners})
        assert len(town.archive.sent) == sent
        left = {path.suffix for path in (town.settings.data_dir / "media").iterdir()}
        assert left <= {".png"}  # of what was brought, nothing


async def nobody_young(town: Town, platform: str, words: str) -> None:
    """Somebody whose age is not known to be 18 or more is nobody's character, and is not paid for."""
    person = await newcomer(town, platform)
    told = await person.ask("character new", words, {"name": "Kim"})
    assert "missing or under 18" in told.text
    assert (told.file, person.moves) == (None, [("reserve", -2), ("refund", 2)])
    assert "Kim" not in (await person.ask("character list")).text
    await refused(person, Bad(options={"character": "kim"}, file=None, sentence=NO_CHARACTERS))


async def only_where_it_may(town: Town, platform: str) -> None:
    """What somebody brings, and what is made from it, goes to those vendors alone to whom it may."""
    person = await newcomer(town, platform)
    await refused(person, Bad(command="effect", words="sketch", sentence="Pictures that people bring can't be used"))
    edited = await person.ask("edit", f"at night, {platform}", file=HOLIDAY)
    assert edited.file is not None
    tag = edited.id_of("again")[-4:]
    await refused(
        person,
        Bad(
            command="effect",
            words="sketch",
            options={"result": tag},
            file=None,
            sentence="Pictures that people bring can't be used",
        ),
    )
    for model in ("edit", "edit-legacy"):
        await refused(person, Bad(options={"model": model}, sentence=f"with this source here. Use {EDIT_MODEL}"))
        await refused(
            person,
            Bad(
                options={"model": model, "result": tag}, file=None, sentence=f"with this source here. Use {EDIT_MODEL}"
            ),
        )


async def what_was_drawn(town: Town, platform: str) -> None:
    """A wholly drawn picture goes to every vendor as it is."""
    person = await newcomer(town, platform)
    drawn = await person.ask("imagine", f"a red fox, {platform}")
    words = f"at dawn, {platform}"
    edited = await person.ask("edit", words, {"result": drawn.id_of("again")[-4:], "model": "edit"})
    assert edited.file is not None
    [sent] = [one for one in town.archive.sent if one.body.get("prompt") == words]
    assert sent.pictures == (drawn.file,)


async def test_pictures_of_people_and_young_characters_go_nowhere_unless_the_operator_allows_it(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    async with open_town(tmp_path, effects=EVERYTHING["effects"]) as town:
        town.eternalai.ages = {"somebody small": 17, "somebody unknown": None}
        rows = {
            f"{platform}: {words}": nobody_young(town, platform, f"{words}, {platform}")
            for platform, words in product(PLATFORMS, town.eternalai.ages)
        }
        for platform in PLATFORMS:
            rows |= {
                f"{platform}: brought": only_where_it_may(town, platform),
                f"{platform}: drawn": what_was_drawn(town, platform),
            }
        await together(subtests, rows)
        brought = [one for one in town.archive.sent if any(is_photo(picture, 0) for picture in one.pictures)]
        assert [one.body["model"] for one in brought] == [EDIT_MODEL] * len(PLATFORMS)
