"""What it means when looks at a running job bring nothing, and by which handle they are made."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
from sim.house import House
from sim.tripwire import Tripwire

from bot.errors import BadResult, ProtocolError, ProviderUnavailable, UnknownHandle
from bot.jobs.endings import Misses
from bot.model import Act, Artifact, Failure, JobState, RemoteArtifact
from bot.policy import Rules
from bot.provider import Finished, Pending
from bot.surface import SurfaceLimits
from bot.testing.clock import FakeClock
from bot.testing.provider import PNG, FakeProvider

MANY = Rules(daily_credits=1000, open_jobs_per_user=100, open_jobs_per_chat=100, commands_per_minute=1000)
ROOMY = SurfaceLimits(burst=None)
PICTURE = Finished(RemoteArtifact("https://files.example/one.png"))
DAY_OLD = UnknownHandle("404")


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
    house = House(provider=provider, clock=clock, rules=MANY, limits=ROOMY)
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


async def test_bytes_that_are_no_picture_are_none_at_a_second_try_either() -> None:
    clock, page = FakeClock(), Finished(Artifact(b"<html>", "image/png"))
    house = House(provider=FakeProvider(clock, on_submit=lambda _: page), clock=clock)
    job = await house.imagine()
    await clock.advance(1)
    assert (await house.job(job)).failure == Failure("fail.bad_result", {"provider": "Fake"})


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
    house = House(provider=provider, clock=clock, rules=MANY, limits=ROOMY)
    with caplog.at_level(logging.DEBUG, "bot"):
        for _ in range(20):
            await house.imagine()
        await clock.advance(90)
    failed = [record for record in caplog.records if record.getMessage() == "look failed: 502"]
    assert len(failed) <= 20
    assert {record.levelname for record in failed} == {"DEBUG"}
