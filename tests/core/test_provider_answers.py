"""What every answer of a provider means, to a submit and to a look."""

import pytest
from sim.house import House

from bot.errors import (
    BadResult,
    ContentRefused,
    GenerationFailed,
    OutcomeUnknown,
    ProtocolError,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
    WrongState,
)
from bot.model import Act, Artifact, Failure, JobState, Progress
from bot.provider import Finished, Pending
from bot.testing.clock import FakeClock
from bot.testing.provider import PNG, FakeProvider


@pytest.mark.parametrize(
    ("error", "state", "key"),
    [
        (OutcomeUnknown("read time-out"), JobState.LOST, "fail.lost"),
        (ProtocolError("no id"), JobState.LOST, "fail.lost"),
        (ProviderUnavailable("502"), JobState.LOST, "fail.lost"),
        (RuntimeError("a bug in an adapter"), JobState.LOST, "fail.lost"),
        (ProviderRefused("401"), JobState.FAILED, "fail.provider_auth"),
        (GenerationFailed("no"), JobState.FAILED, "fail.generation"),
        (ContentRefused("err.refused_content"), JobState.REFUSED, "err.refused_content"),
    ],
)
async def test_a_failed_submit_ends_in_its_class_and_costs_nothing(error: Exception, state: JobState, key: str) -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_submit=lambda _: error), clock=clock)
    job = await house.imagine()
    await clock.advance(1)
    ended = await house.job(job)
    assert (ended.state, ended.failure and ended.failure.key) == (state, key)
    assert house.provider.submits[job.id] == 1
    assert "Your credit is back." in house.cards(job)[-1].lines
    assert await house.left() == 20


@pytest.mark.parametrize("error", [ProviderUnavailable("refused", not_sent=True), RateLimited("429", retry_after_s=5)])
async def test_a_submit_that_was_surely_not_accepted_is_tried_again(error: Exception) -> None:
    clock, answers = FakeClock(), [error, error]
    house = House(provider=FakeProvider(clock, on_submit=lambda _: answers.pop() if answers else None), clock=clock)
    job = await house.imagine()
    await clock.advance(60)
    assert await house.state(job) is JobState.SUCCEEDED
    assert house.provider.submits[job.id] == 3


async def test_a_provider_that_cannot_be_reached_is_given_up_after_three_tries() -> None:
    clock = FakeClock()
    down = ProviderUnavailable("refused", not_sent=True)
    house = House(provider=FakeProvider(clock, on_submit=lambda _: down), clock=clock)
    job = await house.imagine()
    await clock.advance(60)
    assert (await house.job(job)).failure == Failure("fail.provider_down", {"provider": "Fake"})
    assert house.provider.submits[job.id] == 3


async def test_a_provider_that_stays_too_busy_is_given_up_after_ten_minutes() -> None:
    clock = FakeClock()
    busy = RateLimited("429", retry_after_s=120)
    house = House(provider=FakeProvider(clock, on_submit=lambda _: busy), clock=clock)
    job = await house.imagine()
    await clock.advance(700)
    assert (await house.job(job)).failure == Failure("fail.provider_busy", {"provider": "Fake"})
    assert house.provider.submits[job.id] == 5


async def test_looks_that_bring_nothing_never_end_a_job() -> None:
    clock = FakeClock()
    noise = iter([ProtocolError("html"), ProviderUnavailable("502"), RuntimeError("a bug"), RateLimited("429")])
    house = House(provider=FakeProvider(clock, on_poll=lambda _: next(noise, None)), clock=clock)
    job = await house.imagine()
    await clock.advance(120)
    assert await house.state(job) is JobState.SUCCEEDED


async def test_a_result_that_is_no_picture_is_fetched_several_times_and_then_refunded() -> None:
    clock = FakeClock()
    page = Finished(Artifact(b"<html>", "image/png"))
    house = House(provider=FakeProvider(clock, on_poll=lambda _: page), clock=clock)
    job = await house.imagine()
    await clock.advance(60)
    assert (await house.job(job)).failure == Failure("fail.bad_result", {"provider": "Fake"})
    assert house.provider.polls[job.id] == 5
    assert await house.left() == 20


async def test_an_inline_answer_needs_no_poll() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_submit=lambda _: Finished(Artifact(PNG))), clock=clock)
    job = await house.imagine()
    await clock.advance(1)
    assert await house.state(job) is JobState.SUCCEEDED
    assert not house.provider.polls


async def test_a_deadline_looks_once_more_then_fails_and_offers_look_again() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=900), clock=clock)
    job = await house.imagine()
    await clock.advance(600)
    ended, final = await house.job(job), house.cards(job)[-1]
    assert (ended.state, ended.failure) == (JobState.FAILED, Failure("fail.deadline", {"time": "10 minutes"}))
    assert final.buttons[0].act is Act.LOOK
    assert await house.left() == 20
    with pytest.raises(WrongState):
        await house.commands.look(house.origin(), job.id)
    await clock.advance(300)
    await house.commands.look(house.origin(), job.id)
    await clock.advance(1)
    assert await house.state(job) is JobState.SUCCEEDED
    assert house.cards(job)[-1].footer == "AI-generated · 0 credits · 20 left"
    assert await house.left() == 20


async def test_the_deadline_finds_what_was_ready_at_the_last_look() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=599.5, on_poll=lambda _: None), clock=clock)
    job = await house.imagine()
    await clock.advance(601)
    assert await house.state(job) is JobState.SUCCEEDED


async def test_a_clock_that_jumps_does_not_move_a_deadline() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_poll=lambda _: Pending("{}", Progress(0.4))), clock=clock)
    job = await house.imagine()
    clock.jump(-3600)
    await clock.advance(599)
    assert await house.state(job) is JobState.RUNNING
    await clock.advance(2)
    assert await house.state(job) is JobState.FAILED


async def test_a_bad_result_class_raised_by_an_adapter_counts_as_one_too() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_poll=lambda _: BadResult("no url")), clock=clock)
    job = await house.imagine()
    await clock.advance(60)
    assert (await house.job(job)).failure == Failure("fail.bad_result", {"provider": "Fake"})


class FundedProvider(FakeProvider):
    balance: float | None = None


async def test_the_operator_reads_in_the_log_what_is_left_of_their_balance(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    provider = FundedProvider(clock)
    house = House(provider=provider, clock=clock)
    with caplog.at_level("INFO", "bot.jobs"):
        await house.imagine()
        assert "credits are left" not in caplog.text
        provider.balance = 627.8
        await house.imagine()
    assert "Fake: 627.8 of the operator's credits are left" in caplog.messages
