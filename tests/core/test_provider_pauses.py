"""A provider asks to wait: all its jobs do, one finds out when that is over, and none is lost."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from sim.house import House
from sim.tripwire import Tripwire
from sim.weather import BUSY, CROWD, REFUSED, ROOMY, asked_between, between, crowd, house_in, states

from bot.errors import RateLimited, Unavailable, WrongState
from bot.model import Act, Failure, JobState
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import FakeProvider


@pytest.mark.parametrize("retry_after_s", [None, 30.0])
@pytest.mark.parametrize("latency_s", [0.0, 0.4])
async def test_five_minutes_of_429_with_fifty_jobs_are_asked_about_once_in_thirty_seconds(
    retry_after_s: float | None, latency_s: float
) -> None:
    weather = between(10, 310, RateLimited("429", retry_after_s))
    house = house_in(weather, slots=20, submit_s=latency_s, poll_s=latency_s)
    jobs = await crowd(house, 50)
    await house.clock.advance(12)
    assert await states(house, jobs) == {JobState.QUEUED, JobState.RUNNING}
    await house.clock.advance(298)
    assert len(asked_between(house, 12, 310)) <= 10
    assert await states(house, jobs) == {JobState.QUEUED, JobState.RUNNING}
    await house.clock.advance(400)
    assert await states(house, jobs) == {JobState.SUCCEEDED}
    assert max(house.provider.submits.values()) <= 4


async def test_when_a_pause_ends_the_looks_do_not_come_all_at_once() -> None:
    house = house_in(between(10, 50, RateLimited("429", 60.0)), slots=200, duration_s=1000)
    await crowd(house, 200)
    await house.clock.advance(100)
    after = asked_between(house, 50, 79)
    halves = [sum(half <= 2 * at < half + 1 for at in after) for half in range(100, 158)]
    assert len(after) > 200
    assert 40 < max(halves) <= 80


WAITS = "Fake is busy. I keep asking by myself, so you don't need to do anything."


async def test_a_job_that_was_asked_to_wait_says_that_nothing_needs_to_be_done_and_can_be_canceled() -> None:
    house = house_in(between(0, 300, RateLimited("429", 60.0)), slots=2)
    jobs = await crowd(house, 4)
    await house.clock.advance(20)
    assert await states(house, jobs) == {JobState.QUEUED}
    lines = [(await house.commands.cards(house.origin(f"person {n}"), 1))[0].lines for n in range(4)]
    assert lines == [(WAITS,), (WAITS,), ("2 jobs ahead", WAITS), ("3 jobs ahead", WAITS)]
    assert house.cards(jobs[0])[-1].lines == (WAITS,)
    await house.imagine(account="late")
    assert (await house.commands.cards(house.origin("late"), 1))[0].lines == ("4 jobs ahead", WAITS)
    await house.commands.cancel(house.origin("person 0"), jobs[0].id)
    await settle()
    assert await house.state(jobs[0]) is JobState.CANCELED
    assert await house.left("person 0") == 20
    await house.clock.advance(600)
    assert await states(house, jobs[1:]) == {JobState.SUCCEEDED}
    assert house.provider.submits[jobs[0].id] == 1


async def test_a_job_that_comes_during_a_pause_is_not_handed_over_before_it_ends() -> None:
    house = house_in(between(0, 50, RateLimited("429", 60.0)))
    await house.imagine()
    await house.clock.advance(1)
    late = await house.imagine(account="bob")
    await house.clock.advance(58)
    assert (await house.state(late), house.provider.submits[late.id]) == (JobState.QUEUED, 0)
    await house.clock.advance(60)
    assert (await house.state(late), house.provider.submits[late.id]) == (JobState.SUCCEEDED, 1)


async def test_a_stop_during_a_pause_leaves_queued_jobs_that_the_next_start_hands_over() -> None:
    house = house_in(between(5, 100, BUSY), slots=2, submit_s=0.2)
    jobs = await crowd(house, 5)
    await house.clock.advance(40)
    await house.manager.stop()
    assert await states(house, jobs) == {JobState.QUEUED, JobState.RUNNING}
    asked = len(house.provider.asked)
    await house.clock.advance(100)
    assert len(house.provider.asked) == asked
    await house.restart()
    await house.clock.advance(200)
    assert await states(house, jobs) == {JobState.SUCCEEDED}


async def test_at_the_deadline_a_pause_is_not_broken_for_a_last_look() -> None:
    house = house_in(between(10, 1000, RateLimited("429", 500.0)))
    job = await house.imagine()
    await house.clock.advance(601)
    assert (await house.job(job)).failure == Failure("fail.deadline", {"time": "10 minutes"})
    assert house.cards(job)[-1].buttons[0].act is Act.LOOK
    assert len(asked_between(house, 11, 601)) == 1
    assert await house.left() == 20


async def test_looking_again_does_not_break_a_pause() -> None:
    house = house_in(between(590, 700, RateLimited("429", 100.0)), duration_s=605)
    job = await house.imagine()
    await house.clock.advance(601)
    asked = len(house.provider.asked)
    with pytest.raises(Unavailable):
        await house.commands.look(house.origin(), job.id)
    assert len(house.provider.asked) == asked
    await house.clock.advance(130)
    await house.commands.look(house.origin(), job.id)
    await house.clock.advance(1)
    assert await house.state(job) is JobState.SUCCEEDED


async def test_looking_again_can_be_what_starts_a_pause() -> None:
    house = house_in(between(602, 610, BUSY), duration_s=605)
    job = await house.imagine()
    await house.clock.advance(603)
    with pytest.raises(WrongState):
        await house.commands.look(house.origin(), job.id)
    with pytest.raises(Unavailable):
        await house.commands.look(house.origin(), job.id)


async def test_to_be_asked_to_wait_is_no_failed_try() -> None:
    clock, answers = FakeClock(), [REFUSED, REFUSED, BUSY, BUSY, BUSY]
    house = House(provider=FakeProvider(clock, on_submit=lambda _: answers.pop() if answers else None), clock=clock)
    job = await house.imagine()
    await clock.advance(200)
    assert (await house.state(job), house.provider.submits[job.id]) == (JobState.SUCCEEDED, 6)


async def test_a_job_that_breaks_before_its_submit_does_not_keep_the_others_waiting_for_its_verdict() -> None:
    clock, broken = FakeClock(), list[str]()

    def break_once(event: str) -> None:
        if event == "before store.advance" and clock.monotonic() > 2 and not broken:
            broken.append(event)
            raise RuntimeError("a bug in a store")

    def wrap(name: str, port: Any) -> Any:
        return Tripwire(name, port, break_once) if name == "store" else port

    provider = FakeProvider(clock, on_submit=lambda _: BUSY if clock.monotonic() < 1 else None)
    house = House(provider=provider, clock=clock, wrap=wrap)
    jobs = await crowd(house, 3)
    await clock.advance(12)
    assert sorted([await house.state(job) for job in jobs]) == [JobState.FAILED, JobState.RUNNING, JobState.RUNNING]


async def test_a_provider_that_takes_fewer_jobs_than_its_slots_is_looked_at_all_the_same() -> None:
    clock, until = FakeClock(), dict[str, float]()

    def take_two(key: str) -> Exception | None:
        if sum(end > clock.monotonic() for end in until.values()) >= 2:
            return BUSY
        until[key] = clock.monotonic() + 30
        return None

    provider = FakeProvider(clock, slots=6, on_submit=take_two)
    house = House(provider=provider, clock=clock, rules=CROWD, limits=ROOMY, random=Random(7).random)
    jobs = await crowd(house, 10)
    await clock.advance(500)
    assert await states(house, jobs) == {JobState.SUCCEEDED}
    ended = [await house.job(job) for job in jobs]
    assert all((job.ended_at or 0) - (job.submitted_at or 0) < 37 for job in ended)
    assert house.provider.submits.total() < 80


async def test_a_submit_that_is_the_probe_speaks_for_the_looks_too() -> None:
    house = house_in(between(5, 20, RateLimited("429", 30.0)), slots=3, submit_s=3, poll_s=3)
    jobs = await crowd(house, 2)
    await house.clock.advance(20)
    jobs += [await house.imagine(account="late")]
    await house.clock.advance(200)
    assert await states(house, jobs) == {JobState.SUCCEEDED}
