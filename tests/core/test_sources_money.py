"""Credits are exact whatever becomes of a source, of a character or of their provider."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sim.cast import Cast, brought, finished
from sim.house import House
from sim.invariants import broken_promises

from bot.commands import Upload
from bot.errors import BadResult, InvalidRequest, ProviderRefused, ProviderUnavailable, UserError, WrongState
from bot.model import Artifact, Job, JobState, PictureSource
from bot.provider import CharacterCard, Finished
from bot.store import Accepted
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import PNG

NEW = "/character new a young engineer who loves bridges"


def house_with(cast_of: Callable[[Cast], None] = lambda _: None) -> tuple[House, Cast]:
    clock = FakeClock()
    cast = Cast(clock)
    cast_of(cast)
    return House(provider=cast, clock=clock), cast


async def asked(house: House, text: str, attached: tuple[Upload, ...] = ()) -> Job:
    answer = await house.say(text, attached=attached)
    assert isinstance(answer, Accepted)
    return answer.message.jobs[0]


@pytest.mark.parametrize(
    "error", [ProviderRefused("401"), ProviderUnavailable("no route", not_sent=True), InvalidRequest("err.source_gone")]
)
@pytest.mark.parametrize("line", ["/edit at night", "/animate it runs", "/effect dance", NEW])
async def test_what_no_provider_does_costs_nothing(line: str, error: Exception) -> None:
    house, cast = house_with()
    cast.on_submit = lambda _: error
    job = await finished(house, await asked(house, line, () if line == NEW else (brought(),)), 1200)
    assert job.state is JobState.FAILED
    assert await house.left() == 20
    assert [promise for promise in await broken_promises(house) if "submitted" not in promise] == []
    assert house.cards(job)[-1].lines


async def test_a_source_that_is_deleted_while_its_edit_waits_costs_nothing() -> None:
    def slow(cast: Cast) -> None:
        cast.slots = 1

    house, cast = house_with(slow)
    job = await asked(house, "/edit at night", (brought(),))
    again = await house.commands.again(house.origin(), job.id)
    await house.announce(again.message)
    assert isinstance(job.request.source, PictureSource)
    file = job.request.source.file
    cast.on_submit = lambda _: None if file in house.media.files else InvalidRequest("err.source_gone")
    done = await finished(house, job)
    await house.commands.delete(house.origin(), done.id)
    assert file in house.media.files, "something else is made from it"
    waited = await finished(house, again.message.jobs[0])
    assert waited.state is JobState.SUCCEEDED
    await house.commands.delete(house.origin(), waited.id)
    assert not house.media.files
    assert await house.left() == 18
    with pytest.raises(UserError):
        await house.commands.again(house.origin(), waited.id)


async def test_a_character_that_its_owner_removes_while_it_is_filmed_is_filmed_to_the_end() -> None:
    house, _ = house_with()
    made = await finished(house, await asked(house, NEW))
    film = await asked(house, "/animate she waves --character astrid")
    await house.say("/character delete astrid")
    assert (await finished(house, film)).state is JobState.SUCCEEDED
    assert await house.store.character(made.id) is None
    assert await house.left() == 20 - 2 - 5
    assert await broken_promises(house) == []


@pytest.mark.parametrize(("age", "state"), [(30, JobState.SUCCEEDED), (16, JobState.FAILED), (None, JobState.FAILED)])
async def test_looking_again_for_a_character_finds_an_adult_for_nothing(age: int | None, state: JobState) -> None:
    def endless(cast: Cast) -> None:
        cast.duration_s, cast.age = 1e6, age

    house, cast = house_with(endless)
    job = await finished(house, await asked(house, NEW), 1200)
    assert (job.state, await house.left()) == (JobState.FAILED, 20)
    cast.duration_s = 0
    if state is JobState.FAILED:
        with pytest.raises(WrongState):
            await house.commands.look(house.origin(), job.id)
    else:
        await house.commands.look(house.origin(), job.id)
    job = await finished(house, job)
    assert job.state is state
    assert len(await house.store.characters(job.person_id)) == (state is JobState.SUCCEEDED)
    assert len(house.media.files) == (state is JobState.SUCCEEDED)
    assert await house.left() == 20


async def test_a_character_is_too_late_to_cancel_and_is_made_once() -> None:
    house, cast = house_with()
    job = await asked(house, NEW)
    with pytest.raises(WrongState, match="not_cancelable"):
        await house.commands.cancel(house.origin(), job.id)
    job = await finished(house, job)
    assert job.state is JobState.SUCCEEDED
    with pytest.raises(WrongState):
        await house.commands.retry(house.origin(), job.id)
    assert cast.submits.total() == 1
    assert await broken_promises(house) == []


async def test_a_character_whose_picture_cannot_be_had_is_nobodys_and_costs_nothing() -> None:
    def faceless(cast: Cast) -> None:
        cast.on_poll = lambda key: Finished(Artifact(b"no"), CharacterCard(reference=f"made-{key}", name="A", age=20))

    house, _ = house_with(faceless)
    job = await finished(house, await asked(house, NEW), 1200)
    assert (job.state, await house.left()) == (JobState.FAILED, 20)
    assert await house.store.characters(job.person_id) == ()
    assert await broken_promises(house) == []


async def test_words_of_a_service_that_nobody_may_use_are_not_kept_of_a_character() -> None:
    def lewd(cast: Cast) -> None:
        card = CharacterCard(reference="r", name="Naked Eve", description="she is naked", age=20)
        cast.on_poll = lambda _: Finished(Artifact(PNG), card)

    house, _ = house_with(lewd)
    job = await finished(house, await asked(house, NEW))
    [made] = await house.store.characters(job.person_id)
    assert made.name == "a young engineer who loves bridges"
    assert made.description == made.name


async def test_cancels_of_an_edit_give_everything_back_and_leave_its_picture_for_another_try() -> None:
    house, cast = house_with()
    job = await asked(house, "/edit at night", (brought(),))
    await house.commands.cancel(house.origin(), job.id)
    await settle()
    assert (await house.job(job)).state is JobState.CANCELED
    assert cast.cancels.total() == 1
    assert await house.left() == 20
    again = await house.commands.again(house.origin(), job.id)
    await house.announce(again.message)
    assert (await finished(house, again.message.jobs[0])).state is JobState.SUCCEEDED
    assert await broken_promises(house) == []


async def test_a_bad_result_of_an_edit_is_tried_again_from_the_same_picture() -> None:
    house, cast = house_with()
    cast.on_poll = lambda _: BadResult("cut off")
    job = await finished(house, await asked(house, "/edit at night", (brought(),)), 1200)
    assert (job.state, await house.left()) == (JobState.FAILED, 20)
    cast.on_poll = lambda _: None
    retried = await house.commands.retry(house.origin(), job.id)
    await house.announce(retried.message)
    assert (await finished(house, retried.message.jobs[0])).state is JobState.SUCCEEDED
    assert retried.message.jobs[0].request.source == job.request.source
    assert await house.left() == 19
    assert await broken_promises(house) == []
