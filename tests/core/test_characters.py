"""Characters: made, taken, listed, shown, renamed and removed; of age or nobody's; their owner's alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from sim.cast import Cast, finished, house_of
from sim.house import House

from bot.errors import InvalidRequest, NotFound, UserError
from bot.model import Act, Card, Job, JobState
from bot.provider import CharacterCard
from bot.store import Accepted

Built = tuple[House, Cast]


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return house_of(tmp_path)


async def made(house: House, line: str = "/character new a young engineer", account: str = "ann") -> Job:
    answer = await house.say(line, account)
    assert isinstance(answer, Accepted)
    return await finished(house, answer.message.jobs[0])


async def card(house: House, line: str, account: str = "ann") -> Card:
    answer = await house.say(line, account)
    assert isinstance(answer, Card)
    return answer


async def test_a_character_is_made_shown_and_its_owners_from_the_moment_it_is_paid(built: Built) -> None:
    house, _ = built
    job = await made(house)
    assert job.state is JobState.SUCCEEDED
    assert await house.left() == 18
    shown = house.cards(job)[-1]
    assert (shown.title, shown.portrait, len(shown.media)) == ("Astrid", True, 1)
    assert [button.act for button in shown.buttons][:5] == [Act.USE, Act.EDIT, Act.ANIMATE, Act.RENAME, Act.REMOVE]
    assert house.cards(job)[1].title == "Creating your character"
    [character] = await house.store.characters(job.person_id)
    assert (character.id, character.name, character.age, character.made) == (job.id, "Astrid", 20, True)


async def test_its_maker_may_name_it_at_once(built: Built) -> None:
    house, _ = built
    await made(house, '/character new a young engineer --name "Bo the Builder"')
    assert (await card(house, "/character show bo")).title == "Bo the Builder"


@pytest.mark.parametrize("age", [None, 17, 0])
async def test_one_without_a_known_adult_age_is_nobodys_and_costs_nothing(built: Built, age: int | None) -> None:
    house, cast = built
    cast.age = age
    job = await made(house)
    assert job.state is JobState.REFUSED
    assert job.failure is not None
    assert job.failure.key == "fail.character_age"
    assert await house.left() == 20
    assert await house.store.characters(job.person_id) == ()
    assert house.media.files == {}


async def test_the_list_names_the_newest_first_and_the_usual_one(built: Built) -> None:
    house, _ = built
    assert "/character new" in (await card(house, "/character list")).lines[0]
    await made(house)
    await made(house, "/character new a tall man --name Bo")
    await card(house, "/character use bo")
    listed = await card(house, "/character")
    assert listed.lines == ("Bo · 20 · in use", "Astrid · 20")
    assert [button.label for button in listed.buttons] == ["Bo", "Astrid"]
    shown = await house.commands.press(house.origin(), Act.SHOW, listed.buttons[1].jobs[0])
    assert shown.title == "Astrid"


async def test_a_name_that_fits_two_is_told_apart_by_tag(built: Built) -> None:
    house, _ = built
    one = await made(house)
    await made(house)
    with pytest.raises(InvalidRequest, match="several"):
        await house.say("/character show astrid")
    assert (await card(house, f"/character show {one.id[-4:]}")).title == "Astrid"


async def test_rename_and_use_and_remove_work_by_command_and_by_button(built: Built) -> None:
    house, _ = built
    job = await made(house)
    assert (await card(house, "/character rename astrid --name Mia")).title == "Mia"
    form = await house.commands.form(house.origin(), Act.RENAME, job.id)
    assert form.words == "Mia"
    renamed = await house.commands.fill(house.origin(), Act.RENAME, job.id, "  Mia\n Li ")
    assert isinstance(renamed, Card)
    assert renamed.title == "Mia Li"
    used = await house.commands.press(house.origin(), Act.USE, job.id)
    assert Act.USE not in [button.act for button in used.buttons]
    assert (await house.commands.preferences(house.origin())).character == job.id
    assert "Character: Mia Li" in (await card(house, "/settings")).lines
    await card(house, "/character use")
    assert (await house.commands.preferences(house.origin())).character is None
    await house.commands.press(house.origin(), Act.USE, job.id)
    assert "Cast" in (await card(house, "/character delete mia")).title
    assert (await house.commands.preferences(house.origin())).character is None
    with pytest.raises(InvalidRequest, match="no_characters"):
        await house.say("/edit at night --character mia")
    with pytest.raises(NotFound):
        await house.commands.form(house.origin(), Act.EDIT, job.id)


async def test_again_with_a_removed_character_says_that_it_is_gone(built: Built) -> None:
    house, _ = built
    await made(house)
    answer = await house.say("/edit at night --character astrid")
    assert isinstance(answer, Accepted)
    edited = await finished(house, answer.message.jobs[0])
    await card(house, "/character delete astrid")
    with pytest.raises(NotFound, match="character_gone"):
        await house.commands.again(house.origin(), edited.id)


async def test_ready_made_ones_are_browsed_without_those_whose_age_is_missing_or_too_low(built: Built) -> None:
    house, _ = built
    browsed = await card(house, "/character browse")
    assert [line.split(" · ")[0] for line in browsed.lines] == ["Elara", "Julia", "Flavie"]
    assert [line.split(" · ")[0] for line in (await card(house, "/character browse jul")).lines] == ["Julia"]
    shown = await house.commands.press(house.origin(), Act.SHOW, browsed.buttons[1].jobs[0])
    assert (shown.title, [button.act for button in shown.buttons]) == ("Julia", [Act.USE])


async def test_a_ready_made_one_that_is_used_becomes_ones_own_and_stays_everybodys(built: Built) -> None:
    house, cast = built
    [julia] = (await card(house, "/character browse julia")).buttons
    for account in ("ann", "bob", "ann"):
        used = await house.commands.press(house.origin(account), Act.USE, julia.jobs[0])
        assert Act.REMOVE in [button.act for button in used.buttons]
    assert len((await card(house, "/character list")).buttons) == 1
    answer = await house.say("/animate she waves", "bob")
    assert isinstance(answer, Accepted)
    source = cast.requests[answer.message.jobs[0].id].source
    assert getattr(source, "reference", None) == "r1"


async def test_pages_turn_both_ways(built: Built) -> None:
    house, cast = built
    cast.ready = tuple(CharacterCard(reference=str(n), name=f"C{n}", age=30) for n in range(15))
    first = await card(house, "/character browse")
    assert [button.label for button in first.buttons] == [*(f"C{n}" for n in range(6)), "More"]
    second = await house.commands.press(house.origin(), Act.BROWSE, first.buttons[-1].jobs[0])
    assert [button.label for button in second.buttons] == [*(f"C{n}" for n in range(6, 12)), "Back", "More"]
    third = await house.commands.press(house.origin(), Act.BROWSE, second.buttons[-1].jobs[0])
    assert [button.label for button in third.buttons] == ["C12", "C13", "C14", "Back"]
    back = await house.commands.press(house.origin(), Act.BROWSE, second.buttons[-2].jobs[0])
    assert back == first


async def test_what_somebody_had_made_is_never_ready_made_for_others(built: Built) -> None:
    house, cast = built
    job = await made(house)
    cast.ready = (*cast.ready, CharacterCard(reference=f"made-{job.id}", name="Astrid", age=20))
    assert "Astrid" not in " ".join((await card(house, "/character browse", "bob")).lines)
    await card(house, "/character delete astrid")
    assert "Astrid" not in " ".join((await card(house, "/character browse", "bob")).lines)


async def test_others_see_and_change_nothing_of_it(built: Built) -> None:
    house, _ = built
    job = await made(house)
    await made(house, account="bob")
    for act in (Act.SHOW, Act.USE, Act.REMOVE):
        with pytest.raises(NotFound):
            await house.commands.press(house.origin("bob"), act, job.id)
    with pytest.raises(NotFound):
        await house.commands.fill(house.origin("bob"), Act.RENAME, job.id, "Eve")
    for line in (f"/character show {job.id}", f"/character use {job.id}", f"/character delete {job.id}"):
        with pytest.raises(UserError):
            await house.say(line, "bob")
    assert [one.name for one in await house.store.characters(job.person_id)] == ["Astrid"]


async def test_its_life_goes_on_after_a_restart_in_the_middle(built: Built) -> None:
    house, _ = built
    answer = await house.say("/character new a young engineer")
    assert isinstance(answer, Accepted)
    await house.clock.advance(5)
    await house.restart()
    job = await finished(house, answer.message.jobs[0])
    assert job.state is JobState.SUCCEEDED
    assert len(await house.store.characters(job.person_id)) == 1


@pytest.mark.parametrize("line", ["/character new", "/character new ab", "/character new " + "x" * 1001])
async def test_a_description_has_bounds(built: Built, line: str) -> None:
    house, _ = built
    with pytest.raises(InvalidRequest):
        await house.say(line)


async def test_a_command_of_the_group_that_is_none_names_the_nearest(built: Built) -> None:
    house, _ = built
    with pytest.raises(InvalidRequest) as refusal:
        await house.say("/character lits")
    assert "/character list" in house.commands.explain(refusal.value)
