"""A provider is away, or refuses the key: jobs wait or end with a reason, and none is lost."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.house import House
from sim.weather import BUSY, CROWD, GONE, KEY, REFUSED, ROOMY, asked_between, between, crowd, house_in, states

from bot.errors import RateLimited
from bot.model import Failure, Job, JobState
from bot.testing.clock import FakeClock
from bot.testing.provider import SPEC, FakeProvider


async def test_three_hundred_jobs_outlive_five_minutes_of_refused_connections() -> None:
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
    assert len(asked_between(house, 10, 70)) == 2
    assert await house.left("late 7") == 20
    assert [record.levelname for record in caplog.records if record.levelno > logging.WARNING] == ["ERROR"]
    await house.clock.advance(100)
    mended = await crowd(house, 3)
    await house.clock.advance(60)
    assert await states(house, mended) == {JobState.SUCCEEDED}


@pytest.mark.parametrize(("refusals", "failed", "submitted"), [(1, 1, 5), (2, 4, 4)])
async def test_a_line_behind_running_jobs_ends_with_the_second_submit_in_a_row_that_is_refused(
    refusals: int, failed: int, submitted: int
) -> None:
    clock, submits = FakeClock(), list[str]()

    def refuse_from_the_third(key: str) -> Exception | None:
        submits.append(key)
        return KEY if 3 <= len(submits) < 3 + refusals else None

    house = House(provider=FakeProvider(clock, slots=2, on_submit=refuse_from_the_third), clock=clock, limits=ROOMY)
    jobs = [await house.imagine(account=who) for who in "abcdef"]
    await clock.advance(32)
    assert [await house.state(job) for job in jobs[:2]] == [JobState.SUCCEEDED] * 2
    failures = [failure for job in jobs if (failure := (await house.job(job)).failure)]
    assert failures == [Failure("fail.provider_auth", {"provider": "Fake"})] * failed
    assert len(submits) == submitted


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


async def test_a_running_job_outlives_a_refused_key_because_it_is_paid_for() -> None:
    house = house_in(between(5, 200, KEY))
    job = await house.imagine()
    await house.clock.advance(190)
    assert await house.state(job) is JobState.RUNNING
    await house.clock.advance(100)
    assert await house.state(job) is JobState.SUCCEEDED


@pytest.mark.parametrize("mended", [True, False])
async def test_jobs_of_a_refused_key_do_not_keep_new_ones_waiting(mended: bool) -> None:  # noqa: FBT001 - a parameter
    clock, old = FakeClock(), set[str]()
    provider = FakeProvider(
        clock,
        slots=20,
        on_poll=lambda key: KEY if key in old else None,
        on_submit=lambda _: KEY if old and not mended else None,
    )
    house = House(provider=provider, clock=clock, rules=CROWD, limits=ROOMY, random=Random(7).random)
    old |= {job.id for job in await crowd(house, 10)}
    await clock.advance(100)
    job = await house.imagine(account="new")
    await clock.advance(40)
    ended = await house.job(job)
    assert (ended.state, ended.failure and ended.failure.key) in (
        [(JobState.SUCCEEDED, None)] if mended else [(JobState.FAILED, "fail.provider_auth")]
    )


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
