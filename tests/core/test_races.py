"""Two things at once: a cancel and a submit, a final card and an edit, an end and another end."""

from __future__ import annotations

import asyncio

import pytest
from sim.house import House

from bot.errors import GenerationFailed, InvalidRequest, ProviderUnavailable, RateLimited, WrongState
from bot.jobs.endings import back_off_s
from bot.model import JobState
from bot.provider import Pending
from bot.store import Accepted
from bot.surface import Paused, SurfaceLimits, Undeliverable
from bot.testing.clock import FakeClock
from bot.testing.provider import SPEC, FakeProvider

QUIET = SurfaceLimits(gaps_s=(1000,))


async def test_a_cancel_while_submitting_waits_for_the_handle_and_stops_the_job_there() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, submit_s=5), clock=clock)
    job = await house.imagine()
    await clock.advance(1)
    await house.commands.cancel(house.origin(), job.id)
    assert await house.state(job) is JobState.SUBMITTING
    await clock.advance(5)
    assert await house.state(job) is JobState.CANCELED
    assert house.provider.cancels[job.id] == 1
    assert await house.left() == 20


async def test_a_cancel_while_submitting_stops_the_tries_when_nothing_was_accepted() -> None:
    clock = FakeClock()
    busy = RateLimited("429", retry_after_s=5)
    house = House(provider=FakeProvider(clock, submit_s=5, on_submit=lambda _: busy), clock=clock)
    job = await house.imagine()
    await clock.advance(1)
    await house.commands.cancel(house.origin(), job.id)
    await clock.advance(60)
    assert await house.state(job) is JobState.CANCELED
    assert house.provider.submits[job.id] == 1


async def test_a_provider_that_cannot_stop_refuses_a_cancel_after_the_submit() -> None:
    clock = FakeClock()
    unstoppable = type(SPEC)(capability=SPEC.capability, model="solid", title="Solid", cancel=False)
    house = House(provider=FakeProvider(clock, spec=unstoppable, submit_s=5), clock=clock)
    job = await house.imagine()
    for wait_s in (1, 10):
        await clock.advance(wait_s)
        with pytest.raises(WrongState):
            await house.commands.cancel(house.origin(), job.id)
    await clock.advance(60)
    assert await house.state(job) is JobState.SUCCEEDED


@pytest.mark.parametrize("error", [ProviderUnavailable("503"), InvalidRequest("fail.provider_invalid"), TimeoutError()])
async def test_a_cancel_that_the_provider_refuses_is_refused_and_the_job_goes_on(error: Exception) -> None:
    class Unwilling(FakeProvider):
        async def cancel(self, handle: str) -> None:
            raise error

    clock = FakeClock()
    house = House(provider=Unwilling(clock), clock=clock)
    job = await house.imagine()
    await clock.advance(5)
    with pytest.raises(WrongState):
        await house.commands.cancel(house.origin(), job.id)
    await clock.advance(60)
    assert await house.state(job) is JobState.SUCCEEDED


async def test_a_final_card_waits_for_the_edit_in_flight() -> None:
    house = House(latency_s=4, limits=SurfaceLimits(gaps_s=(1,), burst=None))
    job = await house.imagine()
    await house.clock.advance(60)
    assert house.surface.overlaps == 0
    assert house.cards(job)[-1].state == "succeeded"


async def test_what_changed_during_an_edit_is_shown_right_after_it() -> None:
    house = House(latency_s=3, limits=SurfaceLimits(gaps_s=(3,)))
    await house.imagine()
    await house.clock.advance(6.5)
    assert [edit.at for edit in house.surface.edits] == [0, 3]


async def test_a_message_that_is_gone_gets_no_more_edits() -> None:
    house = House()
    house.surface.answers.append(Undeliverable("deleted"))
    job = await house.imagine()
    await house.clock.advance(60)
    assert house.surface.attempts == 1
    assert await house.state(job) is JobState.SUCCEEDED


async def test_an_end_during_the_delivery_of_another_picture_waits_for_it_and_is_then_shown() -> None:
    clock, keys = FakeClock(), list[str]()

    def fail_the_first_late(key: str) -> Exception | Pending | None:
        keys.append(key)
        if key != keys[0]:
            return None
        return GenerationFailed("no") if clock.monotonic() >= 31 else Pending(f"{key} {clock.now()!r}")

    provider = FakeProvider(clock, on_poll=fail_the_first_late)
    house = House(provider=provider, clock=clock, latency_s=5, limits=QUIET)
    job = await house.imagine("/imagine a fox --count 2")
    await clock.advance(34)
    assert [job.state for job in (await house.message(job)).jobs] == [JobState.RUNNING, JobState.DELIVERING]
    await clock.advance(2.5)
    assert [job.state for job in (await house.message(job)).jobs] == [JobState.FAILED, JobState.SUCCEEDED]
    assert not (await house.message(job)).final_shown
    await clock.advance(5)
    assert (await house.message(job)).final_shown
    assert [card.state for card in house.cards(job)] == ["running", "running", "succeeded"]
    assert house.cards(job)[-1].lines[0] == "1 of 2 pictures are there."


async def test_a_full_disk_keeps_a_finished_result_waiting_at_the_provider() -> None:
    house = House()
    job = await house.imagine()
    house.media.full = True
    await house.clock.advance(120)
    assert await house.state(job) is JobState.RUNNING
    house.media.full = False
    await house.clock.advance(120)
    assert await house.state(job) is JobState.SUCCEEDED


async def test_a_clock_that_went_back_does_not_make_a_recovered_job_wait_longer_than_its_deadline() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=100_000), clock=clock)
    job = await house.imagine()
    await clock.advance(5)
    await house.manager.stop()
    clock.jump(-86_400)
    await house.restart()
    await clock.advance(601)
    assert await house.state(job) is JobState.FAILED


async def test_looking_again_while_the_failure_is_still_being_shown_delivers_too() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=601), clock=clock, limits=QUIET)
    job = await house.imagine()
    house.surface.answers.append(Paused(30))
    await clock.advance(602)
    assert await house.state(job) is JobState.FAILED
    look = asyncio.create_task(house.commands.look(house.origin(), job.id))
    await clock.advance(60)
    await look
    assert await house.state(job) is JobState.SUCCEEDED
    assert house.cards(job)[-1].state == "succeeded"


async def test_an_unshown_message_is_given_up_where_the_platform_cannot_find_it() -> None:
    house = House()
    answer = await house.commands.say(house.origin(), "/imagine a fox")
    assert isinstance(answer, Accepted)
    house.surface.can_announce = False
    await house.restart()
    assert await house.state(answer.message.jobs[0]) is JobState.CANCELED
    assert await house.store.unfinished() == ()
    assert await house.left() == 20


async def test_a_message_that_ended_unshown_is_not_announced_after_a_restart() -> None:
    house = House()
    answer = await house.commands.say(house.origin(), "/imagine a fox")
    assert isinstance(answer, Accepted)
    await house.commands.cancel(house.origin(), answer.message.jobs[0].id)
    await house.manager.stop()
    await house.restart()
    assert house.surface.announced == []
    assert await house.store.unfinished() == ()


async def test_buckets_of_old_messages_are_forgotten() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=1, slots=100), clock=clock)
    for number in range(400):
        await house.imagine(chat=f"room {number}", account=f"p{number}")
        await clock.advance(6)
    assert len(house.manager._presenter._buckets) <= 128


@pytest.mark.parametrize("hint_s", [-5.0, 0.0, 1e9, float("nan"), None])
def test_a_hint_that_makes_no_sense_is_replaced_by_our_own_back_off(hint_s: float | None) -> None:
    assert [back_off_s(tries, hint_s, 1) for tries in (1, 2, 3, 20)] == [2.5, 5, 10, 75]
    assert back_off_s(1, 30.0, 1) == 37.5
    assert 30 < back_off_s(1, 30.0, 0) < 31
