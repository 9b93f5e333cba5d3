"""The happy path, broken at each of its awaits in turn: it dies, it fails, it is stopped."""

from __future__ import annotations

import asyncio

import pytest
from sim.fate import Died, Fate
from sim.house import House
from sim.invariants import broken_promises

from bot.errors import BotError
from bot.model import Job, JobState
from bot.store import Accepted
from bot.testing.clock import settle

UPDATE = "the one update"
EVENTS = 80  # more than the happy path has; a test below keeps this true


async def _course(house: House) -> None:
    """One command, as an adapter and a platform carry it; the platform redelivers nothing here."""
    answer = await house.commands.say(house.origin(update_id=UPDATE), "/imagine a red fox")
    assert isinstance(answer, Accepted)
    await house.announce(answer.message)


async def _struck(fate: Fate) -> House:
    house = fate.house = House(wrap=fate.wrap)
    course = asyncio.create_task(_course(house))
    await house.clock.advance(100)
    await asyncio.wait({course})
    failure = None if course.cancelled() else course.exception()
    assert failure is None or isinstance(failure, Died | BotError), failure
    if fate.stop is not None:
        await fate.stop
    return house


async def _redelivered(house: House) -> Job:
    """The next process: it recovers, then the platform delivers the update again."""
    await house.restart()
    job = await house.imagine(update_id=UPDATE)
    await house.clock.advance(2000)
    await settle()
    return await house.job(job)


async def _happy_events() -> list[str]:
    fate = Fate(None)
    await _struck(fate)
    return fate.events


async def test_the_happy_path_has_no_more_events_than_are_struck() -> None:
    events = await _happy_events()
    assert 30 < len(events) <= EVENTS
    assert events.count("before store.finish") == 1


@pytest.mark.parametrize("strike_at", range(EVENTS))
async def test_a_death_at_any_event_loses_nothing_and_charges_once(strike_at: int) -> None:
    happy = await _happy_events()
    fate = Fate(strike_at)
    house = await _struck(fate)
    rows = [job for message in await house.store.unfinished() for job in message.jobs]
    was_submitting = [job.state for job in rows] == [JobState.SUBMITTING]
    job = await _redelivered(house)
    assert job.state is (JobState.LOST if was_submitting else JobState.SUCCEEDED), happy[strike_at : strike_at + 1]
    assert await broken_promises(house) == []


@pytest.mark.parametrize("strike_at", range(EVENTS))
async def test_a_failure_at_any_event_ends_in_a_final_card_or_a_refusal(strike_at: int) -> None:
    fate = Fate(strike_at, "fails")
    house = await _struck(fate)
    job = await _redelivered(house)
    submit_failed = fate.events[strike_at : strike_at + 1] == ["before provider.submit"]
    assert job.state is (JobState.LOST if submit_failed else JobState.SUCCEEDED)
    assert await broken_promises(house) == []


@pytest.mark.parametrize("strike_at", range(EVENTS))
async def test_a_stop_at_any_event_loses_nothing(strike_at: int) -> None:
    house = await _struck(Fate(strike_at, "is_stopped"))
    job = await _redelivered(house)
    assert job.state is JobState.SUCCEEDED
    assert await broken_promises(house) == []
