"""People who try to get at what is not theirs, and commands whose source goes away under them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sim.cast import SPECS, Cast, brought, finished, house_of
from sim.house import GENEROUS, House

from bot.commands import Shown, Upload
from bot.errors import ContentRefused, InvalidRequest, NotFound, QuotaExceeded, UserError
from bot.media import MAX_SOURCE_BYTES
from bot.model import Act, Artifact, Capability, Card, CharacterSource, Job, JobState, PictureSource, RemoteArtifact
from bot.parsing import Command
from bot.policy import Terms
from bot.provider import Effect, Finished
from bot.store import MOST_IN_VAIN, Accepted
from bot.testing.clock import FakeClock, settle
from bot.testing.media import FakeMedia
from bot.testing.provider import PNG

Make = Callable[[], tuple[House, Cast]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return lambda: house_of(tmp_path)


async def done(
    house: House, text: str, account: str = "ann", attached: tuple[Upload | Shown, ...] = (), **origin: Any
) -> Job:
    answer = await house.say(text, account, attached, **origin)
    assert isinstance(answer, Accepted)
    return await finished(house, answer.message.jobs[0])


def unreadable() -> Upload:
    """A picture that the platform has no more."""

    async def read() -> Artifact | RemoteArtifact:
        raise InvalidRequest("err.not_picture")

    return Upload(read)


@pytest.mark.parametrize("where", [{"chat": "den"}, {"hidden": True}], ids=str)
async def test_what_was_made_from_a_hidden_result_leads_nobody_to_it(make: Make, where: dict[str, Any]) -> None:
    house, cast = make()
    hidden = await done(house, "/imagine a red fox", **where)
    shown = await done(house, f"/edit with a paper bag over its head --result {hidden.id[-4:]}")
    asked = len(cast.requests)
    with pytest.raises(NotFound, match="source_theirs"):
        await house.commands.again(house.origin("bob"), shown.id)
    with pytest.raises(NotFound, match="source_theirs"):
        await house.commands.fill(house.origin("bob"), Act.WORDS, shown.id, "without the bag")
    assert len(cast.requests) == asked
    assert await house.left("bob") == 20
    await house.announce((await house.commands.again(house.origin(), shown.id)).message)
    assert len(cast.requests) == asked + 1, "its owner may"


async def test_anybody_in_the_chat_asks_again_for_an_edit_of_what_is_shown_there(make: Make) -> None:
    house, cast = make()
    fox = await done(house, "/imagine a red fox")
    edited = await done(house, f"/edit at night --result {fox.id[-4:]}")
    answer = await house.commands.again(house.origin("bob"), edited.id)
    await house.announce(answer.message)
    source = cast.requests[answer.message.jobs[0].id].source
    assert isinstance(source, PictureSource)
    assert source.job_id == fox.id


async def test_where_what_was_chosen_is_gone_nothing_else_is_taken_for_it(make: Make) -> None:
    house, cast = make()
    await done(house, "/imagine a red fox")
    hen = await done(house, "/imagine a blue hen", "bob")
    await house.commands.choose(house.origin(), Shown(hen.id))
    await house.commands.delete(house.origin("bob"), hen.id)
    asked, left = len(cast.requests), await house.left()
    with pytest.raises(InvalidRequest, match="chosen_gone"):
        await house.say("/edit at night")
    assert (len(cast.requests), await house.left()) == (asked, left)
    await done(house, "/edit at night")  # it is forgotten, and the newest picture is meant again


@pytest.mark.parametrize("again_with", [(), (unreadable(),)], ids=["chosen", "brought"])
async def test_an_update_that_comes_again_is_a_repeat_whatever_became_of_its_source(
    make: Make, again_with: tuple[Upload, ...]
) -> None:
    house, cast = make()
    fox = await done(house, "/imagine a red fox", chat="den")
    if again_with:
        first = await house.say("/edit at night", attached=(brought(),), update_id="twice")
    else:
        await house.commands.choose(house.origin(), Shown(fox.id))
        first = await house.say("/edit at night", update_id="twice")
        await house.commands.delete(house.origin(chat="den"), fox.id)
    second = await house.say("/edit at night", attached=again_with, update_id="twice")
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert second.repeated
    assert second.message.id == first.message.id
    assert len([one for one in cast.requests.values() if one.source]) <= 1


async def test_a_character_that_is_named_as_a_result_is_that_character(make: Make) -> None:
    house, cast = make()
    made = await done(house, "/character new a young engineer who loves bridges")
    job = await done(house, f"/edit at night --result {made.id[-4:]}")
    source = cast.requests[job.id].source
    assert isinstance(source, CharacterSource)
    assert source.character_id == made.id


async def test_a_result_that_is_not_there_yet_is_not_called_lost(make: Make) -> None:
    house, _ = make()
    answer = await house.say("/imagine a red fox")
    assert isinstance(answer, Accepted)
    with pytest.raises(InvalidRequest, match="not_repeatable"):
        await house.say(f"/edit at night --result {answer.message.jobs[0].id[-4:]}")


async def test_namesakes_are_told_apart_by_what_the_refusal_says(make: Make) -> None:
    house, cast = make()
    first = await done(house, "/character new a young engineer who loves bridges --name Bo")
    await done(house, "/character new a young baker who loves bread --name Bo")
    with pytest.raises(InvalidRequest, match="character_several") as refused:
        await house.say("/edit at night --character bo")
    [named, _] = str(refused.value.params["known"]).split(", ")
    assert named == f"Bo #{first.id[-4:]}"
    for written in (named, named[3:], named[4:].lower()):
        job = await done(house, f'/edit at night --character "{written}"')
        source = cast.requests[job.id].source
        assert isinstance(source, CharacterSource)
        assert source.character_id == first.id


async def test_a_piece_of_an_id_names_nobody(make: Make) -> None:
    house, _ = make()
    made = await done(house, "/character new a young engineer who loves bridges --name Bo")
    for piece in (made.id[:6], made.id[-3:], "0"):
        with pytest.raises(InvalidRequest, match="character"):
            await house.say(f"/character delete {piece}")


@pytest.mark.parametrize("name", ["naked Bo", "n4ked", "Sexy Eve"])
async def test_no_character_is_called_what_is_never_drawn(make: Make, name: str) -> None:
    house, cast = make()
    with pytest.raises(ContentRefused):
        await house.say(f'/character new a young engineer who loves bridges --name "{name}"')
    assert not cast.requests
    made = await done(house, "/character new a young engineer who loves bridges")
    with pytest.raises(ContentRefused):
        await house.commands.fill(house.origin(), Act.RENAME, made.id, name)
    with pytest.raises(ContentRefused):
        await house.say(f'/character rename astrid --name "{name}"')
    assert await house.left() == 18


async def test_a_name_is_one_line_however_it_is_written(make: Make) -> None:
    house, _ = make()
    command = Command("character new", "a young engineer who loves bridges", {"name": " Bo\n\x07  Li\u2028x "})
    answer = await house.commands.do(house.origin(), command)
    assert isinstance(answer, Accepted)
    await house.announce(answer.message)
    job = await finished(house, answer.message.jobs[0])
    assert job.character is not None
    assert job.character.name == "Bo Li x"
    with pytest.raises(InvalidRequest, match="no_name"):
        await house.commands.do(house.origin(), replace(command, options={"name": "\u200b \u2060"}))


@pytest.mark.parametrize(
    "line",
    [
        "/edit x --character {}",
        "/effect {}",
        "/character show {}",
        "/edit x --result {}",
        "/character rename {} --name b",
    ],
)
async def test_a_refusal_repeats_little_of_what_is_endless(make: Make, line: str) -> None:
    house, _ = make()
    await done(house, "/character new a young engineer who loves bridges")
    for endless in ("a" * 1900, "ab " * 600):
        text = line.format(f'"{endless}"' if "--" in line else endless)
        with pytest.raises(UserError) as refused:
            await house.say(text, attached=(brought(),) if "effect" in line else ())
        assert len(house.commands.explain(refused.value)) < 400


async def test_many_characters_are_not_all_listed_in_a_refusal(make: Make) -> None:
    house, _ = make()
    for place in range(30):
        source = CharacterSource(character_id=house.new_id(), provider="cast", reference=f"x{place}")
        await house.give(source)
    with pytest.raises(InvalidRequest, match="which_character") as refused:
        await house.say("/character delete")
    assert len(house.commands.explain(refused.value)) < 200


async def test_the_cap_takes_no_picture_that_a_waiting_job_is_made_from(make: Make) -> None:
    house, cast = make()
    cast.slots = 1
    await house.restart()
    first, second = [await house.imagine("/edit at night", attached=(brought(),)) for _ in range(2)]
    assert isinstance(second.request.source, PictureSource)
    file = second.request.source.file
    house.media.too_many = (file,)
    await house.manager.stop()
    await house.restart()
    assert file in house.media.files
    await finished(house, second, 200)
    assert await house.state(first) is await house.state(second) is JobState.SUCCEEDED
    assert file not in house.media.files, "now it may go"


async def test_nothing_stays_of_a_picture_that_came_in_place_of_a_character(make: Make) -> None:
    house, cast = make()
    cast.nobody = True
    job = await done(house, "/character new a young engineer who loves bridges")
    await house.clock.advance(600)
    job = await house.job(job)
    assert job.state is JobState.FAILED
    assert not house.media.files
    assert await house.left() == 20


async def test_an_upload_that_waits_goes_nowhere_once_the_operator_forbids_it(tmp_path: Path) -> None:
    house, cast = house_of(tmp_path)
    cast.slots = 1
    await house.restart()
    first, second = [await house.imagine("/edit at night", attached=(brought(),)) for _ in range(2)]
    assert [await house.state(one) for one in (first, second)] == [JobState.RUNNING, JobState.QUEUED]
    await house.manager.stop()
    house.rules = replace(GENEROUS, terms={"cast": Terms(uploads=False)})
    await house.restart()
    await finished(house, second, 200)
    assert await house.state(first) is JobState.SUCCEEDED, "it was there already"
    assert await house.state(second) is JobState.FAILED
    assert second.id not in cast.requests
    assert await house.left() == 19


async def test_a_file_that_no_row_names_goes_once_it_is_a_day_old(make: Make) -> None:
    house, _ = make()
    edited = await done(house, "/edit at night", attached=(brought(),))
    made = await done(house, "/character new a young engineer who loves bridges")
    await house.commands.bring(house.origin(), brought())
    known = set(house.media.files)
    lost = await house.media.take(house.new_id(), Artifact(PNG))
    house.media.old = tuple(house.media.files)
    await house.restart()
    assert set(house.media.files) == known
    assert lost.name not in known
    assert {edited.file, made.file} < known


@pytest.mark.parametrize("capability", [one for one in Capability if one is not Capability.TEXT_TO_IMAGE])
async def test_where_nothing_is_drawn_nobody_is_told_to_draw(capability: Capability) -> None:
    clock = FakeClock()
    specs = tuple(spec for spec in SPECS if spec.capability is capability)
    house = House(provider=Cast(clock, specs=specs), clock=clock)
    said = list[str]()
    for line in ("hello", "/help", "/models", "/quota", "/history", "/styles", "/settings", "/show", "/again", "/jobs"):
        try:
            answer = await house.say(line)
        except UserError as refusal:
            said.append(house.commands.explain(refusal))
        else:
            assert isinstance(answer, Card)
            said += [answer.title, *answer.lines]
    assert not [sentence for sentence in said if "/imagine" in sentence or "Options" in sentence]


class Distracted(Cast):
    """Something happens while it is asked for its effects."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def effects(self) -> tuple[Effect, ...]:
        if self.meanwhile:
            await self.meanwhile()
        return await super().effects()


async def test_a_large_result_that_is_deleted_before_it_is_copied_is_gone(tmp_path: Path) -> None:
    clock = FakeClock()
    cast = Distracted(clock)
    house = House(provider=cast, clock=clock, media=FakeMedia(tmp_path), rules=GENEROUS)
    large = PNG + bytes(MAX_SOURCE_BYTES - len(PNG))
    cast.on_poll = lambda _: Finished(Artifact(large, "image/png"))
    fox = await done(house, "/imagine a red fox")
    left = await house.left()
    cast.meanwhile = lambda: house.commands.delete(house.origin(), fox.id)
    with pytest.raises(InvalidRequest, match="source_gone"):
        await house.say("/effect oil painting", attached=(Shown(fox.id),))
    assert (await house.left(), [*house.media.files]) == (left, [])


async def test_a_result_that_is_too_large_is_copied_for_a_command_and_for_nothing_else(make: Make) -> None:
    house, cast = make()
    large = PNG + bytes(MAX_SOURCE_BYTES - len(PNG))
    cast.on_poll = lambda _: Finished(Artifact(large, "image/png"))
    fox = await done(house, "/imagine a red fox")
    cast.on_poll = lambda _: None
    await house.commands.form(house.origin("bob"), Act.EDIT, fox.id)
    await house.commands.choose(house.origin("bob"), Shown(fox.id))
    with pytest.raises(InvalidRequest):
        await house.say("/edit at night --model none", attached=(Shown(fox.id),))
    house.rules = replace(GENEROUS, daily_credits=0)
    await house.restart()
    with pytest.raises(QuotaExceeded):
        await house.say("/edit at night", "cleo", (Shown(fox.id),))
    assert [*house.media.files] == [fox.file]
    house.rules = GENEROUS
    await house.restart()
    job = await done(house, "/edit at night", "bob")
    source = cast.requests[job.id].source
    assert isinstance(source, PictureSource)
    assert (source.job_id, source.media_type, source.uploaded) == (fox.id, "image/jpeg", False)
    await house.commands.delete(house.origin("bob"), job.id)
    assert [*house.media.files] == [fox.file]


async def test_whoever_brings_picture_after_picture_fills_no_disk(make: Make) -> None:
    house, _ = make()
    edited = await done(house, "/edit at night", attached=(brought(),))
    for _ in range(MOST_IN_VAIN + 5):
        await house.commands.bring(house.origin(), brought())
    assert len(house.media.files) == MOST_IN_VAIN + 2
    assert isinstance(edited.request.source, PictureSource)
    assert edited.request.source.file in house.media.files


async def test_nobody_waits_for_all_the_pictures_of_somebody_else(make: Make) -> None:
    house, _ = make()
    read, wait = list[str](), asyncio.Event()

    def slow(account: str) -> Upload:
        async def reader() -> Artifact | RemoteArtifact:
            read.append(account)
            await wait.wait()
            return Artifact(PNG)

        return Upload(reader)

    accounts = ["ann"] * 5 + ["bob"]
    bringing = [asyncio.create_task(house.commands.bring(house.origin(one), slow(one))) for one in accounts]
    await settle()
    assert read == ["ann", "bob"]
    wait.set()
    await asyncio.gather(*bringing)
    assert sorted(read) == accounts


async def test_what_is_hidden_is_the_newest_picture_only_where_the_answer_is_hidden_too(make: Make) -> None:
    house, cast = make()
    fox = await done(house, "/imagine a red fox")
    hidden = await done(house, "/imagine a blue hen", hidden=True)
    for asked_hidden, meant in ((False, fox), (True, hidden)):
        job = await house.imagine("/edit at night", hidden=asked_hidden)
        assert isinstance(job.request.source, PictureSource)
        assert job.request.source.job_id == meant.id
    for act in (Act.EDIT, Act.WORDS):
        with pytest.raises(NotFound):
            await house.commands.form(house.origin("bob", moderator=True), act, hidden.id)
    await house.commands.fill(house.origin("bob", hidden=True), Act.EDIT, fox.id, "at night")
    assert (await house.commands.details(house.origin(), hidden.id)).job_id == hidden.id
    assert len(cast.requests) == 4
