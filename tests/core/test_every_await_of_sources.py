"""Edits of uploads, characters and videos of them, broken at each of their awaits in turn."""

from __future__ import annotations

import asyncio

import pytest
from sim.cast import Cast, brought
from sim.fate import Died, Fate
from sim.house import House
from sim.invariants import broken_promises

from bot.commands import Upload
from bot.errors import BotError
from bot.model import CharacterSource, Job, JobState, PictureSource
from bot.store import Accepted
from bot.testing.clock import FakeClock, settle

UPDATE = "the one update"
EVENTS = 90  # more than any of them has; a test below keeps this true
TWO_DAYS_S = 172_800.0
LINES = {
    "edit": "/edit at night --quality high",
    "animate": "/animate she waves --character a",
    "character": "/character new a young engineer who loves bridges",
}


def _attached(what: str) -> tuple[Upload, ...]:
    return (brought(),) if what == "edit" else ()


async def _struck(what: str, fate: Fate) -> House:
    clock = FakeClock()
    house = fate.house = House(provider=Cast(clock), clock=clock, wrap=fate.wrap)
    if what == "animate":
        await house.give(CharacterSource(character_id=house.new_id(), provider="cast", reference="r"))
    course = asyncio.create_task(_course(house, what))
    await clock.advance(100)
    await asyncio.wait({course})
    failure = course.exception()
    assert failure is None or isinstance(failure, Died | BotError | OSError), failure
    return house


async def _course(house: House, what: str) -> None:
    origin = house.origin(update_id=UPDATE)
    answer = await house.commands.say(origin, LINES[what], attached=_attached(what))
    assert isinstance(answer, Accepted)
    await house.announce(answer.message)


async def _redelivered(house: House, what: str) -> Job:
    """The next process: it recovers, then the platform delivers the update again."""
    await house.restart()
    answer = await house.say(LINES[what], attached=_attached(what), update_id=UPDATE)
    assert isinstance(answer, Accepted)
    await house.clock.advance(4000)
    await settle()
    return await house.job(answer.message.jobs[0])


async def _broken(house: House, job: Job, what: str) -> list[str]:
    """What was promised and is not so now, or when the bot starts again two days later."""
    broken = await broken_promises(house)
    if sum(house.provider.submits.values()) > 1:
        broken.append("it was asked for more than once")
    made = what == "character" and job.state is JobState.SUCCEEDED
    if len(await house.store.characters(job.person_id)) != (made or what == "animate"):
        broken.append("there is a character too few or too many")
    await house.manager.stop()
    await house.clock.advance(TWO_DAYS_S)
    house.media.old = tuple(house.media.files)
    await house.restart()
    source = job.request.source
    files = {job.file, source.file if isinstance(source, PictureSource) else None} - {None}
    if house.media.files.keys() != files:
        broken.append(f"files: {house.media.files.keys() ^ files}")
    return broken


@pytest.mark.parametrize("what", LINES)
async def test_no_course_has_more_events_than_are_struck(what: str) -> None:
    fate = Fate(None)
    house = await _struck(what, fate)
    assert 30 < len(fate.events) <= EVENTS
    assert fate.events.count("before provider.submit") == 1
    assert fate.events.count("before store.finish") == 1
    assert house.provider.submits


@pytest.mark.parametrize("strike_at", range(EVENTS))
@pytest.mark.parametrize("what", LINES)
async def test_a_death_at_any_event_loses_charges_and_leaves_nothing(what: str, strike_at: int) -> None:
    house = await _struck(what, Fate(strike_at))
    rows = [job for message in await house.store.unfinished() for job in message.jobs]
    was_submitting = [job.state for job in rows] == [JobState.SUBMITTING]
    job = await _redelivered(house, what)
    assert job.state is (JobState.LOST if was_submitting else JobState.SUCCEEDED)
    assert await _broken(house, job, what) == []


@pytest.mark.parametrize("strike_at", range(EVENTS))
async def test_a_failure_at_any_event_of_an_edit_ends_in_a_final_card_or_a_refusal(strike_at: int) -> None:
    fate = Fate(strike_at, "fails")
    house = await _struck("edit", fate)
    job = await _redelivered(house, "edit")
    submit_failed = fate.events[strike_at : strike_at + 1] == ["before provider.submit"]
    assert job.state is (JobState.LOST if submit_failed else JobState.SUCCEEDED)
    assert await _broken(house, job, "edit") == []
