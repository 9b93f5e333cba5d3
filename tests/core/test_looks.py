"""When a running job is looked at, and what is learned and told of it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from sim.house import House

from bot.errors import ProviderUnavailable, RateLimited
from bot.model import Job, JobState, Progress
from bot.policy import Rules
from bot.provider import Finished, Pending, ProgressKind
from bot.surface import SurfaceLimits
from bot.testing.clock import FakeClock
from bot.testing.provider import SPEC, FakeProvider

RICH = Rules(
    daily_credits=1000, open_jobs_per_user=1000, open_jobs_per_chat=1000, open_jobs=1000, commands_per_minute=1000
)
ROOMY = SurfaceLimits(burst=None)
SILENT = replace(SPEC, progress=ProgressKind.NONE)


class Timed(FakeProvider):
    """Jobs of various durations; `done` is when each was done, `seen` when that was found out."""

    def __init__(self, clock: FakeClock, durations_s: Sequence[float], **settings: Any) -> None:
        super().__init__(clock, **settings)
        self._durations_s = list(durations_s)
        self.done: dict[str, float] = {}
        self.seen: dict[str, float] = {}

    async def submit(self, request: Any, *, model: str, key: str) -> Pending | Finished:
        answer = await super().submit(request, model=model, key=key)
        self.done[key] = self._clock.monotonic() + self._durations_s[len(self.done) % len(self._durations_s)]
        return answer

    async def poll(self, handle: str) -> Pending | Finished:
        key = handle.partition(" ")[0]
        self.duration_s = self.done[key] - (self._clock.monotonic() - 1e-9) + self._elapsed_s(handle)
        answer = await super().poll(handle)
        if isinstance(answer, Finished):
            self.seen[key] = self._clock.monotonic()
        return answer

    def _elapsed_s(self, handle: str) -> float:
        return self._clock.now() - float(handle.partition(" ")[2])


async def _learned(house: House, number: int = 20) -> None:
    """Let so many jobs succeed."""
    for _ in range(number):
        await house.imagine()
    await house.clock.advance(100)


def _looks_of(house: House, job: Job) -> list[float]:
    """When a job was looked at, in seconds after its submit."""
    asked = [asked for asked in house.provider.asked if asked.key == job.id]
    return [round(look.at - asked[0].at, 1) for look in asked[1:]]


@pytest.mark.parametrize("spec", [SPEC, SILENT], ids=["percent", "silent"])
async def test_jobs_are_seen_within_two_seconds_with_thirteen_looks(spec: Any) -> None:
    clock, random = FakeClock(), Random(3)
    durations_s = [random.uniform(45, 60) for _ in range(160)]
    provider = Timed(clock, durations_s, spec=spec, slots=200)
    house = House(provider=provider, clock=clock, rules=RICH, limits=ROOMY, random=random.random)
    await _learned(house, 60)
    jobs = [await house.imagine() for _ in range(100)]
    await clock.advance(80)
    assert {await house.state(job) for job in jobs} == {JobState.SUCCEEDED}
    delays_s = sorted(provider.seen[job.id] - provider.done[job.id] for job in jobs)
    assert delays_s[int(0.95 * len(jobs))] <= 2.0
    assert statistics.mean(provider.polls[job.id] for job in jobs) <= 13


async def test_a_new_process_knows_from_the_store_when_to_look_first() -> None:
    clock = FakeClock()
    house = House(
        provider=FakeProvider(clock, spec=SILENT, duration_s=40, slots=20), clock=clock, rules=RICH, limits=ROOMY
    )
    first = await house.imagine()
    await _learned(house)
    assert _looks_of(house, first)[:3] == [2, 4, 6]
    await house.manager.stop()
    await house.restart()
    job = await house.imagine()
    await clock.advance(60)
    assert _looks_of(house, job) == [3, 40]


async def test_what_is_learned_is_when_the_provider_was_done_and_not_when_it_was_shown() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=10), clock=clock, limits=ROOMY, latency_s=100)
    job = await house.imagine("/imagine a fox --count 4")  # one final card after the other
    await clock.advance(1000)
    assert await house.state(job) is JobState.SUCCEEDED
    await house.manager.stop()
    await house.restart()
    assert house.manager._durations.usual(job).ordered == [10] * 4


async def test_a_provider_that_became_faster_is_looked_at_earlier_after_a_few_jobs() -> None:
    clock = FakeClock()
    house = House(
        provider=FakeProvider(clock, spec=SILENT, duration_s=50, slots=20), clock=clock, rules=RICH, limits=ROOMY
    )
    await _learned(house)
    house.provider.duration_s = 10
    jobs = []
    for _ in range(12):
        jobs.append(await house.imagine())
        await clock.advance(60)
    assert _looks_of(house, jobs[-1])[-1] <= 14


@pytest.mark.parametrize("error", [ProviderUnavailable("502"), RateLimited("429", 60)])
async def test_what_was_found_after_an_outage_is_not_learned(error: Exception) -> None:
    clock = FakeClock()
    provider = FakeProvider(
        clock, duration_s=10, slots=9, on_poll=lambda _: error if 6 < clock.monotonic() < 90 else None
    )
    house = House(provider=provider, clock=clock, limits=ROOMY)
    jobs = [await house.imagine() for _ in range(4)]
    await clock.advance(300)
    assert {await house.state(job) for job in jobs} == {JobState.SUCCEEDED}
    jobs += [await house.imagine() for _ in range(2)]
    await clock.advance(20)
    assert [round(duration_s) for duration_s in house.manager._durations.usual(jobs[0]).ordered] == [9, 9]


async def test_what_took_an_hour_by_a_clock_that_jumped_is_not_learned() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=10), clock=clock)
    job = await house.imagine()
    await clock.advance(5)
    clock.jump(3600)
    await clock.advance(5)
    assert await house.state(job) is JobState.SUCCEEDED
    assert house.manager._durations.usual(job).ordered == []


async def test_what_was_found_by_looking_again_is_not_learned_by_the_next_process() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=650), clock=clock)
    job = await house.imagine()
    await clock.advance(700)
    await house.commands.look(house.origin(), job.id)
    await clock.advance(10)
    assert await house.state(job) is JobState.SUCCEEDED
    await house.manager.stop()
    await house.restart()
    assert house.manager._durations.usual(job).ordered == []


async def test_a_silent_provider_is_not_asked_and_the_bar_moves_all_the_same() -> None:
    clock = FakeClock()
    house = House(
        provider=FakeProvider(clock, spec=SILENT, duration_s=50, slots=20), clock=clock, rules=RICH, limits=ROOMY
    )
    await _learned(house)
    job = await house.imagine()
    await clock.advance(45)
    assert _looks_of(house, job) == [3]
    percents = [card.bar.percent for card in house.cards(job) if card.bar and card.bar.percent]
    assert len(percents) >= 4
    assert percents == sorted(set(percents))
    assert all(card.bar.approximate for card in house.cards(job) if card.bar and card.bar.percent)


async def test_the_providers_own_line_is_told_and_no_percent_is_guessed_meanwhile() -> None:
    clock, handles = FakeClock(), dict[str, str]()

    def waiting(key: str) -> Pending | None:
        ahead = 3 - int(clock.monotonic() // 10)
        return Pending(handles[key], Progress(queue_position=ahead, eta_s=60.0)) if ahead > 0 else None

    spec = replace(SPEC, progress=ProgressKind.QUEUE)
    house = House(
        provider=FakeProvider(clock, spec=spec, on_poll=waiting, duration_s=50), clock=clock, rules=RICH, limits=ROOMY
    )
    job = await house.imagine()
    handles[job.id] = (await house.job(job)).handle or ""
    await clock.advance(28)
    lines = [card.lines for card in house.cards(job)]
    there = " ahead at the service"
    assert [line for line in dict.fromkeys(lines) if line] == [(f"{n}{there}",) for n in ("3 jobs", "2 jobs", "1 job")]
    bars = [card.bar for card in house.cards(job) if card.bar and card.lines]
    assert {bar.percent for bar in bars} == {None}
    assert 40 < (bars[-1].eta_at or 0) - clock.now() < 70
    await clock.advance(10)
    last = house.cards(job)[-1]
    assert (last.lines, last.bar is not None and (last.bar.percent or 0) > 30) == ((), True)


@pytest.mark.parametrize("hint_s", [1e9, float("inf")])
async def test_an_absurd_hint_does_not_make_a_job_miss_its_result(hint_s: float) -> None:
    clock = FakeClock()
    provider = FakeProvider(clock, on_submit=lambda key: Pending(f"{key} {clock.now()!r}", poll_after_s=hint_s))
    house = House(provider=provider, clock=clock)
    job = await house.imagine()
    await clock.advance(61)
    assert await house.state(job) is JobState.SUCCEEDED


@pytest.mark.parametrize("hint_s", [float("nan"), -5.0])
async def test_a_hint_that_is_no_duration_is_passed_over(hint_s: float) -> None:
    clock = FakeClock()
    provider = FakeProvider(clock, on_submit=lambda key: Pending(f"{key} {clock.now()!r}", poll_after_s=hint_s))
    house = House(provider=provider, clock=clock)
    job = await house.imagine()
    await clock.advance(5)
    assert _looks_of(house, job) == [2, 4]
