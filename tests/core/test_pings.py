"""Who waited long for a picture is pinged once, after its final card, and nothing waits for that."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sim.house import House
from sim.tripwire import Tripwire

from bot.errors import GenerationFailed, StoreUnavailable
from bot.jobs.live import LiveMessage
from bot.model import Job, JobState, Preferences
from bot.provider import Pending
from bot.surface import Paused, SurfaceLimits, Undeliverable
from bot.testing.clock import FakeClock
from bot.testing.provider import FakeProvider
from bot.testing.surface import FakeChatSurface

CALM = SurfaceLimits(gaps_s=(1000,))


def chat(duration_s: float = 90, limits: SurfaceLimits = CALM, slots: int = 4) -> tuple[House, FakeChatSurface]:
    clock = FakeClock()
    surface, provider = FakeChatSurface(clock, limits=limits), FakeProvider(clock, duration_s=duration_s, slots=slots)
    return House(provider=provider, clock=clock, surface=surface), surface


async def pinged(house: House, surface: FakeChatSurface, job: Job) -> bool:
    assert await house.state(job) is JobState.SUCCEEDED
    return [ping.card.job_id for ping in surface.pings] == [job.id]


async def test_a_picture_that_took_over_a_minute_pings_its_person_once_after_the_final_card() -> None:
    house, surface = chat()
    job = await house.imagine()
    await house.clock.advance(600)
    [ping] = surface.pings
    assert (ping.account, ping.ref, ping.card.state) == ("ann", (await house.message(job)).ref, "succeeded")
    assert ping.card.media
    assert ping.at >= surface.edits[-1].at
    assert surface.edits[-1].card.state == "succeeded"


@pytest.mark.parametrize(("duration_s", "expected"), [(55, False), (66, True)])
async def test_a_minute_counts_from_the_command_to_the_end(duration_s: float, *, expected: bool) -> None:
    house, surface = chat(duration_s)
    job = await house.imagine()
    await house.clock.advance(200)
    assert await pinged(house, surface, job) is expected


async def test_waiting_in_line_counts_too() -> None:
    house, surface = chat(40, slots=1)
    _, job = await house.imagine(), await house.imagine()
    await house.clock.advance(200)
    assert await pinged(house, surface, job)


async def test_who_does_not_want_it_is_not_pinged() -> None:
    house, surface = chat()
    await house.commands.prefer(house.origin(), Preferences(ping=False))
    job = await house.imagine()
    await house.clock.advance(200)
    assert not await pinged(house, surface, job)


async def test_only_a_success_pings_and_only_once_for_all_its_pictures() -> None:
    house, surface = chat()
    first = await house.imagine("/imagine a fox --count 2")
    refused = await house.imagine("/imagine a hen")
    canceled = await house.imagine("/imagine a cow")
    house.provider.on_poll = lambda key: GenerationFailed("no") if key == refused.id else None
    await house.clock.advance(61)
    await house.commands.cancel(house.origin(), canceled.id)
    await house.clock.advance(200)
    assert [await house.state(job) for job in (refused, canceled)] == [JobState.FAILED, JobState.CANCELED]
    assert [ping.card.job_id for ping in surface.pings] == [first.id]


async def test_pictures_of_which_the_last_one_fails_ping_as_well() -> None:
    house, surface = chat()
    [one, other] = (await house.message(await house.imagine("/imagine a fox --count 2"))).jobs
    house.provider.on_poll = lambda key: Pending(key + " 0") if key == other.id else None
    await house.clock.advance(100)
    assert surface.pings == []
    house.provider.on_poll = lambda _: GenerationFailed("no")
    await house.clock.advance(60)
    assert [await house.state(job) for job in (one, other)] == [JobState.SUCCEEDED, JobState.FAILED]
    assert [ping.card.job_id for ping in surface.pings] == [one.id]


async def test_a_ping_that_breaks_changes_nothing() -> None:
    house, surface = chat()
    surface.broken_pings = True
    job = await house.imagine()
    await house.clock.advance(600)
    assert await pinged(house, surface, job)
    assert (await house.message(job)).final_shown


async def test_a_store_that_does_not_say_who_wants_it_changes_nothing() -> None:
    clock, broken = FakeClock(), False

    def trip(event: str) -> None:
        if broken and event == "before store.preferences":
            raise StoreUnavailable("disk full")

    surface = FakeChatSurface(clock, limits=CALM)
    house = House(
        provider=FakeProvider(clock, duration_s=90),
        clock=clock,
        surface=surface,
        wrap=lambda name, port: Tripwire(name, port, trip) if name == "store" else port,
    )
    job = await house.imagine()
    broken = True
    await clock.advance(600)
    assert not await pinged(house, surface, job)
    assert (await house.message(job)).final_shown


async def test_a_message_that_is_gone_pings_nobody() -> None:
    house, surface = chat()
    job = await house.imagine()
    await house.clock.advance(1)
    surface.answers.append(Undeliverable("deleted"))
    await house.clock.advance(200)
    assert not await pinged(house, surface, job)


async def test_what_was_finished_before_a_restart_is_shown_without_a_ping() -> None:
    house, surface = chat()
    job = await house.imagine()
    surface.answers.append(Paused(3000))
    await house.clock.advance(100)
    assert await house.state(job) is JobState.DELIVERING
    await house.manager.stop()
    await house.clock.advance(7200)
    await house.restart()
    await house.clock.advance(10)
    assert not await pinged(house, surface, job)


async def test_what_runs_across_a_restart_pings() -> None:
    house, surface = chat()
    job = await house.imagine()
    await house.clock.advance(30)
    await house.manager.stop()
    await house.restart()
    await house.clock.advance(100)
    assert await pinged(house, surface, job)


async def test_a_picture_found_by_looking_again_does_not_ping_who_is_there_anyway() -> None:
    house, surface = chat(duration_s=700)
    job = await house.imagine()
    await house.clock.advance(720)
    await house.commands.look(house.origin(), job.id)
    await house.clock.advance(10)
    assert not await pinged(house, surface, job)


async def test_final_cards_go_before_pings_and_pings_before_progress() -> None:
    house, surface = chat(limits=SurfaceLimits(gaps_s=(0,), step_points=1, burst=2, window_s=10.0, spare=1))
    messages = [await house.message(await house.imagine(account=who)) for who in ("ann", "bob", "cyd")]
    await house.clock.advance(200)
    surface.edits.clear()
    surface.pings.clear()
    presenter, began = house.manager._presenter, house.clock.monotonic()
    ended, waited, running = map(LiveMessage, messages)
    for _ in range(2):
        await presenter.final(ended)
        await house.clock.advance(3)
    running.put(replace(running.message.jobs[0], state=JobState.RUNNING))
    presenter.touch(running)
    work = [asyncio.create_task(presenter.reply(waited.message)), asyncio.create_task(presenter.final(ended))]
    await house.clock.advance(26)
    assert all(task.done() for task in work)
    shown_at = [(edit.card.message_id, edit.at - began) for edit in surface.edits]
    assert shown_at == [(ended.message.id, at) for at in (0, 3, 10)] + [(running.message.id, 30)]
    assert [(ping.account, ping.at - began) for ping in surface.pings] == [("bob", 20)]
