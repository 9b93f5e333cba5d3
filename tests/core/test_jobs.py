"""The life of a job, from the command to the final card."""

import pytest
from sim.house import House

from bot.errors import (
    GenerationFailed,
    OutcomeUnknown,
    QuotaExceeded,
    TooManyJobs,
    Unavailable,
    WrongState,
)
from bot.model import Act, Card, Failure, JobState
from bot.policy import Rules
from bot.store import Accepted
from bot.surface import Paused, SurfaceLimits, Undeliverable
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import FakeProvider


async def test_a_command_becomes_a_picture_in_the_same_message() -> None:
    house = House()
    job = await house.imagine()
    await house.clock.advance(40)
    cards = house.cards(job)
    assert cards[0].state == "running"
    assert [card.state for card in cards].count("succeeded") == 1
    assert cards[-1].media[0].alt == "a red fox"
    assert cards[-1].footer == "AI-generated · 1 credit · 19 left"
    assert await house.state(job) is JobState.SUCCEEDED
    assert (await house.message(job)).final_shown
    assert await house.left() == 19


async def test_nothing_is_submitted_before_the_first_card_is_shown() -> None:
    house = House()
    answer = await house.commands.say(house.origin(), "/imagine a red fox")
    assert isinstance(answer, Accepted)
    await house.clock.advance(60)
    assert not house.provider.submits
    await house.announce(answer.message)
    assert house.provider.submits.total() == 1


async def test_a_count_makes_one_message_with_so_many_jobs() -> None:
    house = House()
    job = await house.imagine("/imagine a red fox --count 4 --seed 7")
    await house.clock.advance(60)
    message = await house.message(job)
    assert [job.state for job in message.jobs] == [JobState.SUCCEEDED] * 4
    assert [job.request.seed for job in message.jobs] == [7, 8, 9, 10]
    assert len(house.cards(job)[-1].media) == 4
    assert await house.left() == 16


async def test_three_of_four_gives_one_credit_back() -> None:
    clock = FakeClock()
    doomed: list[str] = []

    def fail_one(key: str) -> Exception | None:
        doomed.append(key) if not doomed else None
        return GenerationFailed("failed there") if key == doomed[0] else None

    house = House(provider=FakeProvider(clock, on_poll=fail_one), clock=clock)
    job = await house.imagine("/imagine a red fox --count 4")
    await clock.advance(60)
    final = house.cards(job)[-1]
    assert final.state == "succeeded"
    assert final.lines == (
        "3 of 4 pictures are there.",
        "Fake could not make this one. Try again, or use other words.",
        "1 credit is back.",
    )
    assert [button.act for button in final.buttons] == [Act.RETRY, Act.AGAIN, Act.WORDS, Act.ORIGINAL, Act.DELETE]
    assert await house.left() == 17
    assert (await house.message(job)).final_shown


async def test_a_queued_job_is_canceled_for_free_and_never_submitted() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1), clock=clock)
    first, second, third = [await house.imagine(account=who) for who in ("ann", "bob", "cyd")]
    await house.commands.cancel(house.origin("bob"), second.id)
    await clock.advance(100)
    assert [await house.state(job) for job in (first, second, third)] == [
        JobState.SUCCEEDED,
        JobState.CANCELED,
        JobState.SUCCEEDED,
    ]
    assert house.cards(second)[-1].lines == ("Your credit is back.",)
    assert house.provider.submits[second.id] == 0
    assert await house.left("bob") == 20


async def test_a_running_job_is_canceled_at_the_provider_and_frees_its_slot() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1), clock=clock)
    first, second = [await house.imagine(account=who) for who in ("ann", "bob")]
    await clock.advance(5)
    await house.commands.cancel(house.origin(), first.id)
    await settle()
    assert await house.state(first) is JobState.CANCELED
    assert house.provider.cancels[first.id] == 1
    assert house.provider.submits[second.id] == 1
    assert house.cards(first)[-1].state == "canceled"
    with pytest.raises(WrongState):
        await house.commands.cancel(house.origin(), first.id)


async def test_the_same_update_five_times_makes_one_job() -> None:
    house = House()
    jobs = {(await house.imagine(update_id="same")).id for _ in range(5)}
    await house.clock.advance(60)
    assert len(jobs) == 1
    assert house.provider.submits.total() == 1
    assert await house.left() == 19


async def test_two_presses_of_again_within_three_seconds_are_one_job() -> None:
    house = House()
    job = await house.imagine()
    await house.clock.advance(40)
    first = await house.commands.again(house.origin(), job.id)
    await house.clock.advance(2)
    second = await house.commands.again(house.origin(), job.id)
    await house.clock.advance(2)
    third = await house.commands.again(house.origin(), job.id)
    assert first.message.id == second.message.id != third.message.id


async def test_try_again_makes_at_most_one_child() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_submit=lambda _: OutcomeUnknown("reset")), clock=clock)
    job = await house.imagine()
    await clock.advance(1)
    first = await house.commands.retry(house.origin(), job.id)
    await clock.advance(1000)
    assert (await house.commands.retry(house.origin(), job.id)).message.id == first.message.id


async def test_what_succeeded_is_not_tried_again() -> None:
    house = House()
    job = await house.imagine()
    with pytest.raises(WrongState):
        await house.commands.retry(house.origin(), job.id)
    await house.clock.advance(40)
    with pytest.raises(WrongState):
        await house.commands.retry(house.origin(), job.id)


async def test_credits_run_out_and_come_back_the_next_day() -> None:
    house = House(rules=Rules(daily_credits=1))
    await house.imagine()
    await house.clock.advance(40)
    with pytest.raises(QuotaExceeded) as refusal:
        await house.imagine()
    assert "credit" in house.commands.explain(refusal.value)
    house.clock.jump(86_400)
    await house.imagine()
    assert await house.left() == 0


async def test_the_limit_of_open_jobs_is_told_and_costs_nothing() -> None:
    house = House(rules=Rules(open_jobs_per_user=3))
    for _ in range(3):
        await house.imagine()
    with pytest.raises(TooManyJobs):
        await house.imagine()
    assert await house.left() == 17
    await house.imagine(account="bob")


async def test_four_pictures_at_once_are_allowed_to_somebody_with_nothing_running() -> None:
    house = House(rules=Rules())
    await house.imagine("/imagine a red fox --count 4")
    with pytest.raises(TooManyJobs):
        await house.imagine()


async def test_a_full_disk_refuses_new_work_before_any_credit_moves() -> None:
    house = House()
    house.media.full = True
    with pytest.raises(Unavailable):
        await house.imagine()
    assert await house.left() == 20


async def test_a_platform_that_asks_to_wait_gets_its_final_card_after_that() -> None:
    house = House(limits=SurfaceLimits(gaps_s=(1000,)))
    job = await house.imagine()
    house.surface.answers.extend([Paused(20), Paused(5)])
    await house.clock.advance(31)
    assert await house.state(job) is JobState.DELIVERING
    await house.clock.advance(30)
    assert await house.state(job) is JobState.SUCCEEDED
    assert house.cards(job)[-1].state == "succeeded"


async def test_a_surface_that_breaks_is_tried_again() -> None:
    house = House(limits=SurfaceLimits(gaps_s=(1000,)))
    job = await house.imagine()
    house.surface.answers.extend([RuntimeError("boom")] * 3)
    await house.clock.advance(60)
    assert await house.state(job) is JobState.SUCCEEDED
    assert (await house.message(job)).final_shown


async def test_a_message_that_is_gone_still_settles_because_history_shows_it() -> None:
    house = House(limits=SurfaceLimits(gaps_s=(1000,)))
    job = await house.imagine()
    house.surface.answers.append(Undeliverable("deleted by a moderator"))
    await house.clock.advance(60)
    assert await house.state(job) is JobState.SUCCEEDED
    assert (await house.message(job)).final_shown
    history = await house.say("/history")
    assert isinstance(history, Card)
    assert len(history.media) == 1


@pytest.mark.parametrize("count", [1, 3])
async def test_what_a_platform_will_not_show_for_long_is_settled_and_shown_once_it_can_be(count: int) -> None:
    house = House(limits=SurfaceLimits(gaps_s=(1000,), burst=None))
    job = await house.imagine(f"/imagine a red fox --count {count}")
    house.surface.answers.extend([Paused(30.0, lasting=True)] * 9)
    await house.clock.advance(180)
    assert {one.state for one in (await house.message(job)).jobs} == {JobState.SUCCEEDED}
    assert not (await house.message(job)).final_shown
    assert await house.left() == 20 - count
    await house.clock.advance(3000)
    assert (await house.message(job)).final_shown
    assert [len(card.media) for card in house.cards(job)][-1] == count


async def test_what_is_deleted_before_a_platform_shows_it_is_not_waited_for() -> None:
    house = House(limits=SurfaceLimits(gaps_s=(1000,), burst=None))
    job = await house.imagine()
    house.surface.answers.extend([Paused(30.0, lasting=True)] * 99)
    await house.clock.advance(60)
    await house.commands.delete(house.origin(), job.id)
    await house.clock.advance(1200)
    assert house.media.files == {}
    assert len(house.surface.answers) >= 97


async def test_delete_removes_picture_and_words() -> None:
    house = House()
    job = await house.imagine()
    with pytest.raises(WrongState):
        await house.commands.delete(house.origin(), job.id)
    await house.clock.advance(40)
    await house.commands.delete(house.origin(), job.id)
    assert house.media.files == {}
    assert house.surface.removed == [job.message_id]
    assert (await house.job(job)).request.prompt == ""
    assert await house.commands.cards(house.origin(), 50) == ()
    assert await house.left() == 19


async def test_old_pictures_go_first_and_their_cards_say_so() -> None:
    house = House()
    old = await house.imagine()
    await house.clock.advance(700)
    house.media.too_many = (f"{old.id}.png",)
    await house.imagine()
    await house.clock.advance(700)
    card = (await house.commands.cards(house.origin(), 50))[0]
    assert (card.title, card.media, card.lines) == ("No longer stored", (), ("I keep pictures for up to 30 days.",))
    assert list(house.media.files) != [f"{old.id}.png"]


async def test_a_stopped_bot_takes_nothing_new_and_the_next_start_goes_on() -> None:
    house = House()
    job = await house.imagine()
    await house.clock.advance(5)
    await house.manager.stop()
    with pytest.raises(Unavailable):
        await house.imagine()
    looks = house.provider.polls[job.id]
    await house.clock.advance(60)
    assert (house.provider.polls[job.id], await house.state(job)) == (looks, JobState.RUNNING)
    await house.restart()
    await house.clock.advance(60)
    assert await house.state(job) is JobState.SUCCEEDED
    assert house.provider.submits[job.id] == 1


async def test_a_job_of_a_provider_that_is_gone_is_refunded() -> None:
    house = House()
    job = await house.imagine()
    await house.clock.advance(5)
    await house.manager.stop()
    house.providers.clear()
    await house.restart()
    await house.clock.advance(1)
    assert (await house.job(job)).failure == Failure("fail.provider_gone", {"provider": "fake"})
    assert await house.left() == 20


async def test_too_many_commands_in_a_minute_are_refused_with_a_time() -> None:
    house = House(rules=Rules(commands_per_minute=2))
    for _ in range(2):
        await house.say("/quota")
    with pytest.raises(TooManyJobs) as refusal:
        await house.say("/quota")
    assert house.commands.explain(refusal.value) == "That's a lot at once. Try again in 60 seconds."
    await house.clock.advance(61)
    await house.say("/quota")
