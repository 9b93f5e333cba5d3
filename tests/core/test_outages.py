"""The outside is away, slow or changes its mind: every message still ends in its true final card."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sim.house import House
from sim.tripwire import Tripwire

from bot.errors import GenerationFailed, ProviderError, StoreUnavailable, Unavailable
from bot.model import Artifact, Failure, JobState, Progress
from bot.provider import Finished, Pending, ProgressKind
from bot.store import Accepted
from bot.surface import Paused, SurfaceLimits
from bot.testing.clock import FakeClock
from bot.testing.provider import PNG, SPEC, FakeProvider

QUIET = SurfaceLimits(gaps_s=(1000,))
HASTY = SurfaceLimits(gaps_s=(1,), step_points=1, burst=None)


async def test_a_surface_that_is_away_for_an_hour_still_gets_the_final_card() -> None:
    house = House(limits=QUIET)
    job = await house.imagine()
    house.surface.answers.extend([RuntimeError("502")] * 60)
    await house.clock.advance(3 * 3600)
    assert house.cards(job)[-1].state == "succeeded"
    assert (await house.message(job)).final_shown


async def test_an_announcement_that_breaks_at_start_is_made_again() -> None:
    house = House()
    answer = await house.commands.say(house.origin(), "/imagine a fox")
    assert isinstance(answer, Accepted)
    house.surface.broken_announcements = 2
    await house.restart()
    await house.clock.advance(100)
    assert await house.state(answer.message.jobs[0]) is JobState.SUCCEEDED


async def test_an_announcement_that_stays_broken_gives_the_credit_back() -> None:
    house = House()
    answer = await house.commands.say(house.origin(), "/imagine a fox")
    assert isinstance(answer, Accepted)
    house.surface.broken_announcements = 100
    await house.restart()
    await house.clock.advance(100)
    assert await house.state(answer.message.jobs[0]) is JobState.CANCELED
    assert (await house.left(), await house.store.unfinished()) == (20, ())


async def test_a_cancel_between_reading_what_was_left_and_going_on_with_it_is_shown() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1), clock=clock)
    await house.imagine(account="ann")
    job = await house.imagine(account="bob")
    await house.manager.stop()
    house._build()
    await house.manager.prepare()
    await house.commands.cancel(house.origin("bob"), job.id)
    await house.manager.resume()
    await clock.advance(60)
    assert (await house.message(job)).final_shown
    assert house.cards(job)[-1].state == "canceled"


async def test_a_cancel_while_a_message_is_announced_again_is_shown() -> None:
    house = House(latency_s=5)
    answer = await house.commands.say(house.origin(), "/imagine a fox")
    assert isinstance(answer, Accepted)
    job = answer.message.jobs[0]
    await house.restart()
    await house.clock.advance(1)
    await house.commands.cancel(house.origin(), job.id)
    await house.clock.advance(100)
    assert house.cards(job)[-1].state == "canceled"
    assert (await house.message(job)).final_shown


async def test_a_submit_that_never_answers_ends_at_its_deadline_and_frees_its_slot() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1, submit_s=1e9), clock=clock)
    jobs = [await house.imagine(account=who) for who in ("ann", "bob")]
    await clock.advance(601)
    assert [await house.state(job) for job in jobs] == [JobState.LOST, JobState.SUBMITTING]
    assert await house.left() == 20


async def test_words_that_were_deleted_do_not_come_back_with_a_late_find() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=601, poll_s=5), clock=clock)
    job = await house.imagine("/imagine my secret words")
    await clock.advance(700)
    look = asyncio.create_task(house.commands.look(house.origin(), job.id))
    await clock.advance(1)
    await house.commands.delete(house.origin(), job.id)
    shown = len(house.surface.edits)
    await clock.advance(60)
    assert look.exception() is not None
    assert ((await house.job(job)).request.prompt, house.media.files, len(house.surface.edits)) == ("", {}, shown)


async def test_a_deleted_message_is_not_edited_back_by_a_final_card_that_had_to_wait() -> None:
    clock = FakeClock()
    broken = GenerationFailed("no")
    house = House(provider=FakeProvider(clock, on_poll=lambda _: broken), clock=clock, limits=QUIET)
    job = await house.imagine()
    house.surface.answers.append(Paused(30))
    await clock.advance(10)
    await house.commands.delete(house.origin(), job.id)
    shown = len(house.surface.edits)
    await clock.advance(60)
    assert len(house.surface.edits) == shown


async def test_what_is_found_late_is_free_also_after_a_reload() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=601), clock=clock)
    job = await house.imagine()
    await clock.advance(700)
    await house.commands.look(house.origin(), job.id)
    await clock.advance(10)
    [card] = await house.commands.cards(house.origin(), 5)
    assert card.footer == "AI-generated · 0 credits"
    assert house.cards(job)[-1].footer == "AI-generated · 0 credits · 20 left"


async def test_the_first_card_of_a_waiting_job_says_its_place() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1), clock=clock)
    cards = []
    for who in ("ann", "bob", "cyd"):
        answer = await house.commands.say(house.origin(who), "/imagine a fox")
        assert isinstance(answer, Accepted)
        cards.append(await house.announce(answer.message))
    assert [card.lines for card in cards[1:]] == [("You're next",), ("1 job ahead",)]


async def test_a_change_that_came_too_early_for_its_gap_is_shown_when_that_has_passed() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1, duration_s=400), clock=clock)
    jobs = [await house.imagine(account=who) for who in ("ann", "bob", "cyd", "dan", "eve")]
    await clock.advance(50)
    await house.commands.cancel(house.origin("bob"), jobs[1].id)
    await clock.advance(1)
    await house.commands.cancel(house.origin("cyd"), jobs[2].id)
    await clock.advance(20)
    assert house.cards(jobs[4])[-1].lines == ("1 job ahead",)


async def test_an_edit_that_the_platform_put_off_is_made_later() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock), clock=clock)
    house.surface.answers.append(Paused(2))
    job = await house.imagine()
    await clock.advance(5)
    assert house.cards(job)[0].state == "running"


async def test_recovered_jobs_have_their_slots_before_anybody_else() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1, duration_s=100), clock=clock)
    jobs = [await house.imagine(account=who) for who in ("ann", "ann", "ann", "bob")]
    await clock.advance(210)
    await house.manager.stop()
    await house.restart()
    await clock.advance(5)
    assert [await house.state(job) for job in jobs].count(JobState.RUNNING) == 1
    await clock.advance(400)
    assert {await house.state(job) for job in jobs} == {JobState.SUCCEEDED}


async def test_a_running_job_whose_model_was_taken_out_of_the_settings_leaves_its_slot_to_others() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1), clock=clock)
    job = await house.imagine()
    await clock.advance(5)
    await house.manager.stop()
    house.provider.specs = (replace(SPEC, model="fake-2"),)
    await house.restart()
    assert (await house.job(job)).failure == Failure("fail.provider_gone", {"provider": "fake"})
    later = await house.imagine(account="bob")
    await clock.advance(60)
    assert await house.state(later) is JobState.SUCCEEDED


async def test_the_bar_of_a_message_does_not_fall_when_one_of_its_pictures_fails() -> None:
    clock, keys = FakeClock(), list[str]()

    def look(key: str) -> Exception | Pending:
        keys.append(key)
        if key != keys[0]:
            return Pending(f"{key} {clock.now()!r}", Progress(0.1))
        return GenerationFailed("no") if clock.monotonic() > 20 else Pending(f"{key} {clock.now()!r}", Progress(0.9))

    house = House(provider=FakeProvider(clock, on_poll=look), clock=clock, limits=HASTY)
    job = await house.imagine("/imagine a fox --count 2")
    await clock.advance(40)
    percents = [card.bar.percent or 0 for card in house.cards(job) if card.bar]
    assert percents == sorted(percents)
    [card] = await house.commands.cards(house.origin(), 1)
    assert card.bar is not None
    assert card.bar.percent == percents[-1]


async def test_one_edit_at_a_time_also_with_several_pictures() -> None:
    clock, keys = FakeClock(), list[str]()

    def finish_the_first(key: str) -> Finished | None:
        keys.append(key)
        return Finished(Artifact(PNG)) if key == keys[0] and clock.monotonic() > 5 else None

    provider = FakeProvider(clock, on_poll=finish_the_first, duration_s=60)
    house = House(provider=provider, clock=clock, latency_s=4, limits=HASTY)
    job = await house.imagine("/imagine a fox --count 2")
    await clock.advance(100)
    assert house.surface.overlaps == 0
    assert house.cards(job)[-1].state == "succeeded"


async def test_the_cancel_button_goes_with_the_submit_where_the_provider_cannot_stop() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, spec=replace(SPEC, cancel=False), submit_s=60), clock=clock)
    job = await house.imagine()
    await clock.advance(5)
    assert [card.buttons for card in house.cards(job)] == [()]


async def test_a_job_that_starts_to_take_long_says_so_though_its_bar_stands_still() -> None:
    clock = FakeClock()
    provider = FakeProvider(clock, on_poll=lambda key: Pending(f"{key} 0", Progress(0.4)))
    house = House(provider=provider, clock=clock)
    job = await house.imagine()
    await clock.advance(90)
    assert house.cards(job)[-1].lines[-1] == "Taking longer than usual"


async def test_a_cancel_that_was_promised_holds_even_for_an_answer_that_came_inline() -> None:
    clock = FakeClock()
    provider = FakeProvider(clock, submit_s=5, on_submit=lambda _: Finished(Artifact(PNG)))
    house = House(provider=provider, clock=clock)
    job = await house.imagine()
    await clock.advance(1)
    await house.commands.cancel(house.origin(), job.id)
    await clock.advance(10)
    assert (await house.state(job), await house.left(), house.media.files) == (JobState.CANCELED, 20, {})


async def test_a_stop_edits_nobodys_place_in_line() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1), clock=clock)
    for who in "abcdef":
        await house.imagine(account=who)
    await clock.advance(5)
    shown = len(house.surface.edits)
    await house.manager.stop()
    await clock.advance(60)
    assert len(house.surface.edits) == shown


async def test_two_providers_may_call_a_model_by_the_same_name() -> None:
    clock = FakeClock()
    other = FakeProvider(
        clock, name="other", spec=replace(SPEC, title="Another", cancel=False, progress=ProgressKind.NONE)
    )
    house = House(clock=clock, others={"other": other})
    job = await house.imagine()
    await clock.advance(1)
    assert house.cards(job)[-1].chips[0] == "Fake One"
    assert house.cards(job)[-1].buttons


async def test_styles_that_cannot_be_read_are_a_sentence_and_cost_nothing() -> None:
    class Styled(FakeProvider):
        async def styles(self) -> tuple[()]:
            raise ProviderError("502")

    clock = FakeClock()
    spec = replace(SPEC, options=(*SPEC.options, replace(SPEC.options[0], name="style")))
    house = House(provider=Styled(clock, spec=spec), clock=clock)
    for line in ("/imagine a fox --style ink", "/styles"):
        with pytest.raises(Unavailable):
            await house.say(line)
    assert await house.left() == 20


async def test_files_that_are_being_shown_are_not_tidied_away() -> None:
    house = House(limits=QUIET)
    job = await house.imagine()
    house.surface.answers.append(Paused(1000))
    await house.imagine(account="bob")
    house.media.too_many = (f"{job.id}.png",)
    await house.clock.advance(900)
    assert await house.state(job) is JobState.DELIVERING
    await house.clock.advance(200)
    assert (await house.job(job)).file is None or f"{job.id}.png" in house.media.files


async def test_a_store_that_does_not_answer_at_the_start_delays_what_was_left() -> None:
    house = House()
    job = await house.imagine()
    await house.clock.advance(5)
    await house.manager.stop()
    silent = iter([StoreUnavailable("locked")])

    def locked(event: str) -> None:
        if event == "before store.message" and (error := next(silent, None)) is not None:
            raise error

    await house.restart(lambda name, port: Tripwire(name, port, locked) if name == "store" else port)
    await house.clock.advance(60)
    assert await house.state(job) is JobState.SUCCEEDED


async def test_a_store_without_room_for_the_intent_only_delays_the_submit() -> None:
    clock = FakeClock()

    def no_room(event: str) -> None:
        if event == "before store.advance" and clock.monotonic() < 1500:
            raise StoreUnavailable("disk full")

    def wrap(name: str, port: Any) -> Any:
        return Tripwire(name, port, no_room) if name == "store" else port

    house = House(clock=clock, wrap=wrap)
    job = await house.imagine()
    await clock.advance(1400)
    assert (await house.state(job), house.provider.submits[job.id]) == (JobState.QUEUED, 0)
    await clock.advance(200)
    assert (await house.state(job), house.provider.submits[job.id]) == (JobState.SUCCEEDED, 1)
