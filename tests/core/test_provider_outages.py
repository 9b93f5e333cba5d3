"""A provider asks to wait, is away, or refuses the key: jobs wait, end with a reason, and none is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.house import House
from sim.tripwire import Tripwire

from bot.errors import ProviderRefused, ProviderUnavailable, RateLimited, Unavailable, WrongState
from bot.model import Act, Failure, Job, JobState
from bot.policy import Rules
from bot.surface import SurfaceLimits
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import SPEC, FakeProvider

ROOMY = SurfaceLimits(burst=None)
CROWD = Rules(open_jobs_per_chat=10_000, open_jobs=10_000)
BUSY = RateLimited("429")
REFUSED = ProviderUnavailable("connection refused", not_sent=True)
GONE = ProviderUnavailable("502")
KEY = ProviderRefused("401")

Weather = Callable[[float], Exception | None]


def between(start: float, end: float, error: Exception) -> Weather:
    return lambda at: error if start <= at < end else None


def house_in(
    weather: Weather, *, slots: int = 4, duration_s: float = 30.0, submit_s: float = 0.0, poll_s: float = 0.0
) -> House:
    """A house whose provider answers by the weather at the time of the answer."""
    clock = FakeClock()
    provider = FakeProvider(
        clock,
        slots=slots,
        duration_s=duration_s,
        submit_s=submit_s,
        poll_s=poll_s,
        on_submit=lambda _: weather(clock.monotonic()),
        on_poll=lambda _: weather(clock.monotonic()),
    )
    return House(provider=provider, clock=clock, rules=CROWD, limits=ROOMY, random=Random(7).random)


async def crowd(house: House, number: int) -> list[Job]:
    return [await house.imagine(account=f"person {n}") for n in range(number)]


async def states(house: House, jobs: Sequence[Job]) -> set[JobState]:
    return {await house.state(job) for job in jobs}


def asked_between(house: House, start: float, end: float) -> list[float]:
    return [asked.at for asked in house.provider.asked if start <= asked.at < end]


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


async def test_a_job_that_was_asked_to_wait_says_that_it_is_next_and_can_be_canceled() -> None:
    house = house_in(between(0, 300, RateLimited("429", 60.0)), slots=2)
    jobs = await crowd(house, 4)
    await house.clock.advance(20)
    assert await states(house, jobs) == {JobState.QUEUED}
    lines = [(await house.commands.cards(house.origin(f"person {n}"), 1))[0].lines for n in range(4)]
    assert lines == [("You're next",), ("You're next",), ("2 jobs ahead",), ("3 jobs ahead",)]
    assert house.cards(jobs[0])[-1].lines == ("You're next",)
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


async def test_a_thousand_jobs_outlive_five_minutes_of_refused_connections() -> None:
    house = house_in(between(0, 300, REFUSED), duration_s=0.5, slots=40)
    jobs = await crowd(house, 300)
    await house.clock.advance(280)
    assert await states(house, jobs) == {JobState.QUEUED}
    assert len(asked_between(house, 5, 280)) <= 10
    await house.clock.advance(200)
    assert await states(house, jobs) == {JobState.SUCCEEDED}


async def test_few_slots_lose_few_jobs_to_refused_connections_and_the_line_waits() -> None:
    house = house_in(between(0, 300, REFUSED), duration_s=0.5, slots=4)
    jobs = await crowd(house, 100)
    await house.clock.advance(280)
    failed = [job for job in jobs if await house.state(job) is JobState.FAILED]
    assert len(failed) <= 10
    await house.clock.advance(400)
    assert await states(house, [job for job in jobs if job not in failed]) == {JobState.SUCCEEDED}


async def test_a_provider_that_refuses_connections_at_first_only_costs_no_job() -> None:
    house = house_in(between(0, 4, REFUSED))
    jobs = await crowd(house, 30)
    await house.clock.advance(400)
    assert await states(house, jobs) == {JobState.SUCCEEDED}


@pytest.mark.parametrize(
    ("error", "key"), [(BUSY, "fail.provider_busy"), (REFUSED, "fail.provider_down"), (GONE, "fail.provider_down")]
)
async def test_nobody_waits_much_longer_than_ten_minutes_for_a_provider(error: Exception, key: str) -> None:
    house = house_in(lambda at: error if at >= 1 else None, slots=40, duration_s=10_000)
    await crowd(house, 40)
    await house.clock.advance(60)
    jobs = [await house.imagine(account=f"late {n}") for n in range(50)]
    await house.clock.advance(500)
    assert await states(house, jobs) == {JobState.QUEUED}
    await house.clock.advance(200)
    ended = [await house.job(job) for job in jobs if not house.provider.submits[job.id]]
    assert len(ended) >= 48  # once nothing runs that could be looked at, submits have to find out
    assert {job.failure.key for job in ended if job.failure} == {key}
    assert all(530 < (job.ended_at or 0) - job.created_at < 660 for job in ended)
    assert await house.left("late 3") == 20


async def test_a_storm_of_time_outs_is_logged_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    house = house_in(between(10, 400, GONE), slots=100, duration_s=50)
    jobs = await crowd(house, 100)
    await house.clock.advance(390)
    probes = asked_between(house, 20, 390)
    assert all(later - earlier >= 30 for earlier, later in pairwise(probes))
    await house.clock.advance(100)
    assert await states(house, jobs) == {JobState.SUCCEEDED}
    told = [record for record in caplog.records if record.name.startswith("bot.") and record.message != "job ended"]
    assert [(record.name, record.levelname) for record in told] == [
        ("bot.jobs.health", "WARNING"),
        ("bot.jobs.health", "INFO"),
    ]


async def test_a_refused_key_ends_the_whole_line_at_once_and_asks_again_after_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    house = house_in(between(10, 100, KEY), slots=2, duration_s=5)
    running = await crowd(house, 2)
    await house.clock.advance(9)
    assert await states(house, running) == {JobState.SUCCEEDED}
    await house.clock.advance(2)
    jobs = [await house.imagine(account=f"late {n}") for n in range(20)]
    await house.clock.advance(1)
    assert {failure.key if (failure := (await house.job(job)).failure) else None for job in jobs} == {
        "fail.provider_auth"
    }
    assert len(asked_between(house, 10, 70)) == 1
    assert await house.left("late 7") == 20
    assert [record.levelname for record in caplog.records if record.levelno > logging.WARNING] == ["ERROR"]
    await house.clock.advance(100)
    mended = await crowd(house, 3)
    await house.clock.advance(60)
    assert await states(house, mended) == {JobState.SUCCEEDED}


async def test_a_line_behind_running_jobs_ends_with_the_submit_that_was_refused() -> None:
    clock, submits = FakeClock(), list[str]()

    def refuse_the_third(key: str) -> Exception | None:
        submits.append(key)
        return KEY if len(submits) == 3 else None

    house = House(provider=FakeProvider(clock, slots=2, on_submit=refuse_the_third), clock=clock, limits=ROOMY)
    jobs = [await house.imagine(account=who) for who in "abcdef"]
    await clock.advance(32)
    assert [await house.state(job) for job in jobs[:2]] == [JobState.SUCCEEDED] * 2
    failures = [(await house.job(job)).failure for job in jobs[2:]]
    assert failures == [Failure("fail.provider_auth", {"provider": "Fake"})] * 4
    assert len(submits) == 3


async def test_a_line_behind_jobs_that_run_for_long_waits_no_longer_than_ten_minutes_either() -> None:
    clock = FakeClock()
    provider = FakeProvider(
        clock,
        slots=2,
        spec=replace(SPEC, deadline_s=5000),
        duration_s=4000,
        on_poll=lambda _: GONE if clock.monotonic() > 100 else None,
    )
    house = House(provider=provider, clock=clock, limits=ROOMY)
    jobs = await crowd(house, 5)
    await clock.advance(1500)  # two jobs take long to miss thirty looks
    late = await house.imagine(account="late")
    await clock.advance(500)
    assert await states(house, [jobs[0], jobs[1], late]) == {JobState.RUNNING, JobState.QUEUED}
    await clock.advance(1600)
    failures = [(await house.job(job)).failure for job in (*jobs[2:], late)]
    assert failures == [Failure("fail.provider_down", {"provider": "Fake"})] * 4
    assert await states(house, jobs[:2]) == {JobState.RUNNING}


async def test_the_job_that_finds_out_for_all_burns_none_of_its_tries() -> None:
    house = house_in(between(0, 400, REFUSED), slots=40)
    jobs = await crowd(house, 40)
    await house.clock.advance(5)
    for number, job in enumerate(jobs[1:], 1):
        await house.commands.cancel(house.origin(f"person {number}"), job.id)
    await house.clock.advance(390)
    assert await house.state(jobs[0]) is JobState.QUEUED
    assert house.provider.submits[jobs[0].id] > 5
    await house.clock.advance(100)
    assert await house.state(jobs[0]) is JobState.SUCCEEDED


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


async def test_a_running_job_outlives_a_refused_key_because_it_is_paid_for() -> None:
    house = house_in(between(5, 200, KEY))
    job = await house.imagine()
    await house.clock.advance(190)
    assert await house.state(job) is JobState.RUNNING
    await house.clock.advance(100)
    assert await house.state(job) is JobState.SUCCEEDED


async def test_a_refused_submit_does_not_stop_the_looks_at_what_runs() -> None:
    clock = FakeClock()
    refused: list[str] = []

    def refuse_bob(key: str) -> Exception | None:
        return KEY if key in refused else None

    house = House(provider=FakeProvider(clock, on_submit=refuse_bob), clock=clock)
    job = await house.imagine()
    await clock.advance(20)
    answer = await house.commands.say(house.origin("bob"), "/imagine a fox")
    refused.append(answer.message.jobs[0].id)  # type: ignore[union-attr]  # a command that was accepted
    await house.announce(answer.message)  # type: ignore[union-attr]  # the same
    await clock.advance(12)
    assert await house.state(job) is JobState.SUCCEEDED


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


_weathers = st.lists(
    st.tuples(
        st.floats(0.1, 400),
        st.sampled_from([None, BUSY, RateLimited("429", 45.0), RateLimited("429", 1e9), REFUSED, GONE, KEY]),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(_weathers, st.integers(0, 2**32), st.sampled_from([None, 30.0, 300.0]))
async def test_whatever_the_weather_every_job_ends_once_and_nothing_is_paid_twice(
    weathers: list[tuple[float, Exception | None]], seed: int, restart_at: float | None
) -> None:
    clock, random, accepted = FakeClock(), Random(seed), list[str]()

    def weather() -> Exception | None:
        start = 0.0
        for length_s, error in weathers:
            start += length_s
            if clock.monotonic() < start:
                return error
        return None

    def submitted(key: str) -> Exception | None:
        error = weather()
        if error is None or error is GONE:
            accepted.append(key)
        return error

    latency_s = random.choice([0.0, 1.0, 20.0])
    provider = FakeProvider(
        clock, slots=3, submit_s=latency_s, poll_s=latency_s, on_submit=submitted, on_poll=lambda _: weather()
    )
    house = House(provider=provider, clock=clock, rules=CROWD, limits=ROOMY, random=random.random)
    jobs = await crowd(house, 8)
    canceling = asyncio.create_task(_cancel_late(house, jobs[5]))
    if restart_at:
        await clock.advance(restart_at)
        stopping = asyncio.create_task(house.manager.stop())
        await clock.advance(25)  # an open submit may end
        await stopping
        await house.restart()
    await clock.advance(4000)
    await canceling
    assert len(set(accepted)) == len(accepted)
    assert await house.store.unfinished() == ()
    for number, job in enumerate(jobs):
        ended = await house.job(job)
        assert await house.left(f"person {number}") == 20 - ended.credits
        assert (await house.message(job)).final_shown
        assert ended.ended_at is not None
        assert ended.ended_at - ended.created_at <= 4000
        if ended.state is JobState.LOST:
            assert job.id in accepted or restart_at
    await house.manager.stop()


async def _cancel_late(house: House, job: Job) -> None:
    await house.clock.sleep(50)
    if not (await house.state(job)).terminal:
        try:
            await house.commands.cancel(house.origin("person 5"), job.id)
        except Exception:  # noqa: BLE001 - too late, or refused: then it ends otherwise
            return
