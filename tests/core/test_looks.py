"""How a running job is looked at: when, by which handle, and what it means when nothing comes of it."""

from __future__ import annotations

import logging
import statistics
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from sim.house import House
from sim.tripwire import Tripwire

from bot.errors import BadResult, ProtocolError, ProviderUnavailable, RateLimited, UnknownHandle
from bot.jobs.endings import Misses
from bot.model import Act, Failure, Job, JobState, Progress, RemoteArtifact
from bot.policy import Rules
from bot.provider import Finished, Pending, ProgressKind
from bot.surface import SurfaceLimits
from bot.testing.clock import FakeClock
from bot.testing.provider import PNG, SPEC, FakeProvider

RICH = Rules(
    daily_credits=1000, open_jobs_per_user=1000, open_jobs_per_chat=1000, open_jobs=1000, commands_per_minute=1000
)
ROOMY = SurfaceLimits(burst=None)
SILENT = replace(SPEC, progress=ProgressKind.NONE)
PICTURE = Finished(RemoteArtifact("https://files.example/one.png"))
DAY_OLD = UnknownHandle("404")


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


async def test_a_job_that_is_not_known_at_first_is_waited_for() -> None:
    clock = FakeClock()
    provider = FakeProvider(clock, on_poll=lambda _: DAY_OLD if clock.monotonic() < 29 else None)
    house = House(provider=provider, clock=clock)
    job = await house.imagine()
    await clock.advance(80)
    assert await house.state(job) is JobState.SUCCEEDED


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_job_that_is_no_longer_known_is_lost_after_three_looks_in_half_a_minute(restarted: bool) -> None:  # noqa: FBT001 - a parameter
    clock = FakeClock()
    provider = FakeProvider(clock, duration_s=900, on_poll=lambda _: DAY_OLD if clock.monotonic() > 100 else None)
    house = House(provider=provider, clock=clock)
    job = await house.imagine()
    await clock.advance(99)
    if restarted:
        await house.manager.stop()
        await house.restart()
    before = house.provider.polls[job.id]
    await clock.advance(31)
    assert await house.state(job) is JobState.RUNNING
    await clock.advance(40)
    assert (await house.job(job)).failure == Failure("fail.unknown_handle", {"provider": "Fake"})
    assert await house.state(job) is JobState.LOST
    assert house.provider.polls[job.id] - before >= 3
    assert await house.left() == 20


def test_only_looks_in_a_row_and_not_of_the_first_half_minute_lose_a_job() -> None:
    def ends(*looks: tuple[float, Exception]) -> list[bool]:
        misses = Misses("Fake")
        return [misses.count(error, age_s=at, now=at) is not None for at, error in looks]

    assert ends((1, DAY_OLD), (15, DAY_OLD), (29, DAY_OLD), (31, DAY_OLD), (45, DAY_OLD), (60, DAY_OLD)) == [False] * 6
    assert ends((31, DAY_OLD), (46, DAY_OLD), (61, DAY_OLD)) == [False, False, True]
    assert ends((31, DAY_OLD), (46, DAY_OLD), (50, ProtocolError("html")), (61, DAY_OLD)) == [False] * 4


async def test_other_answers_between_keep_a_job_that_is_not_always_known() -> None:
    clock, looks = FakeClock(), list[str]()

    def forget_two_of_three(key: str) -> Exception | None:
        looks.append(key)
        return DAY_OLD if clock.monotonic() > 40 and len(looks) % 3 else None

    house = House(provider=FakeProvider(clock, duration_s=400, on_poll=forget_two_of_three), clock=clock)
    job = await house.imagine()
    await clock.advance(500)
    assert await house.state(job) is JobState.SUCCEEDED


async def test_a_file_host_that_is_away_is_waited_for_and_not_held_against_the_provider() -> None:
    clock = FakeClock()
    provider = FakeProvider(clock, slots=50, on_poll=lambda key: PICTURE if clock.monotonic() > 20 else None)
    house = House(provider=provider, clock=clock, rules=RICH, limits=ROOMY)
    house.media.outside["https://files.example/one.png"] = ProviderUnavailable("refused", not_sent=True)
    jobs = [await house.imagine() for _ in range(40)]
    await clock.advance(200)
    assert {await house.state(job) for job in jobs} == {JobState.RUNNING}
    late = await house.imagine()
    await clock.advance(1)
    assert await house.state(late) is JobState.RUNNING
    house.media.outside["https://files.example/one.png"] = PNG
    await clock.advance(100)
    assert {await house.state(job) for job in jobs} == {JobState.SUCCEEDED}


async def test_a_picture_that_is_gone_is_asked_for_anew_several_times_and_the_operator_hears_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_poll=lambda _: PICTURE), clock=clock)
    job = await house.imagine()
    await clock.advance(60)
    assert (await house.job(job)).failure == Failure("fail.bad_result", {"provider": "Fake"})
    assert house.provider.polls[job.id] == 5
    why, told = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert why.getMessage() == "look failed: nothing lies there"
    assert (told.getMessage(), vars(told)["reason"]) == ("job ended", "fail.bad_result")


async def test_a_job_that_is_given_up_among_failing_looks_tells_the_operator_what_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_poll=lambda _: ProtocolError("a page of HTML")), clock=clock)
    job = await house.imagine()
    await clock.advance(700)
    failure = (await house.job(job)).failure
    assert failure is not None
    assert failure.key == "fail.deadline"
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warnings == ["given up at its deadline, last look: ProtocolError: a page of HTML", "job ended"]


async def test_a_job_that_vanished_is_given_up_a_minute_after_its_submit() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_poll=lambda _: UnknownHandle("404")), clock=clock)
    job = await house.imagine()
    await clock.advance(59)
    assert await house.state(job) is JobState.RUNNING
    await clock.advance(11)
    assert await house.state(job) is JobState.LOST


async def test_an_inline_answer_whose_file_is_away_is_fetched_later_and_never_submitted_again() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_submit=lambda _: PICTURE), clock=clock)
    house.media.outside["https://files.example/one.png"] = ProviderUnavailable("refused", not_sent=True)
    job = await house.imagine()
    await clock.advance(100)
    assert await house.state(job) is JobState.SUBMITTING
    house.media.outside["https://files.example/one.png"] = PNG
    await clock.advance(100)
    assert (await house.state(job), house.provider.submits[job.id]) == (JobState.SUCCEEDED, 1)


@pytest.mark.parametrize("error", [ProviderUnavailable("502"), BadResult("html")])
async def test_an_inline_answer_that_cannot_be_fetched_is_given_up_with_a_refund(error: Exception) -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_submit=lambda _: PICTURE), clock=clock)
    house.media.outside["https://files.example/one.png"] = error
    job = await house.imagine()
    await clock.advance(601)
    assert (await house.job(job)).failure == Failure("fail.bad_result", {"provider": "Fake"})
    assert (await house.left(), house.provider.submits[job.id]) == (20, 1)


async def test_a_cancel_that_is_wished_while_an_inline_answer_is_fetched_holds() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_submit=lambda _: PICTURE), clock=clock)
    house.media.outside["https://files.example/one.png"] = ProviderUnavailable("502")
    job = await house.imagine()
    await clock.advance(10)
    await house.commands.cancel(house.origin(), job.id)
    house.media.outside["https://files.example/one.png"] = PNG
    await clock.advance(60)
    assert (await house.state(job), await house.left(), house.media.files) == (JobState.CANCELED, 20, {})


async def test_a_handle_that_changes_is_followed_and_written_down_once() -> None:
    clock, handles, writes = FakeClock(), list[str](), list[str]()

    class Renaming(FakeProvider):
        async def poll(self, handle: str) -> Pending | Finished:
            handles.append(handle)
            answer = await super().poll(handle.partition("#")[0])
            return replace(answer, handle=f"{answer.handle}#{len(handles)}") if isinstance(answer, Pending) else answer

    def wrap(name: str, port: Any) -> Any:
        return Tripwire(name, port, writes.append) if name == "store" else port

    house = House(provider=Renaming(clock), clock=clock, wrap=wrap)
    job = await house.imagine()
    await clock.advance(10)
    assert [handle.partition("#")[2] for handle in handles] == ["", "1", "2", "3", "4"]
    assert ((await house.job(job)).handle or "").endswith("#1")
    await house.manager.stop()
    await house.restart(wrap)
    await clock.advance(10)
    assert handles[5].endswith("#1")
    await clock.advance(60)
    assert await house.state(job) is JobState.SUCCEEDED
    advances = writes.count("after store.advance")
    assert advances == 5  # intent, handle, a new handle in each process, delivering


async def test_at_the_deadline_the_newest_handle_is_kept_for_looking_again() -> None:
    clock, looks = FakeClock(), list[str]()

    def rename(key: str) -> Pending | None:
        looks.append(key)
        return Pending(f"{key} {len(looks)}") if clock.monotonic() < 600 else None

    house = House(provider=FakeProvider(clock, on_poll=rename), clock=clock)
    job = await house.imagine()
    await clock.advance(599)
    await house.manager.stop()
    before = (await house.job(job)).handle
    await house.restart()
    house.provider.on_poll = lambda _: Pending("the newest 1")
    await clock.advance(10)
    assert before == f"{job.id} 1"
    assert (await house.job(job)).handle == "the newest 1"
    assert house.cards(job)[-1].buttons[0].act is Act.LOOK


async def test_looks_that_fail_leave_no_line_each(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    away = ProviderUnavailable("502")
    provider = FakeProvider(clock, slots=100, on_poll=lambda _: away if clock.monotonic() < 100 else None)
    house = House(provider=provider, clock=clock, rules=RICH, limits=ROOMY)
    with caplog.at_level(logging.DEBUG, "bot"):
        for _ in range(20):
            await house.imagine()
        await clock.advance(90)
    failed = [record for record in caplog.records if record.getMessage() == "look failed: 502"]
    assert len(failed) <= 20
    assert {record.levelname for record in failed} == {"DEBUG"}
