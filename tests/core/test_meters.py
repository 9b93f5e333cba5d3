"""What a platform says of its own limits: progress gives way to it, finals wait only for the last edit."""

from __future__ import annotations

import math

import pytest
from sim.house import House

from bot.jobs.buckets import Bucket, Buckets
from bot.model import Job, JobState, MessageRef
from bot.surface import Paused, SurfaceLimits
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import FakeProvider
from bot.testing.surface import FakeChatSurface, FakeSurface

FREE = SurfaceLimits(gaps_s=(1,), step_points=1, burst=None, spare=1)
SOON = 40  # settled rounds of the loop, in which a busy loop would ask far more often than this


def metered(limits: SurfaceLimits = FREE, duration_s: float = 30) -> tuple[House, FakeChatSurface]:
    clock = FakeClock()
    surface = FakeChatSurface(clock, limits=limits)
    return House(provider=FakeProvider(clock, duration_s=duration_s), clock=clock, surface=surface), surface


async def test_progress_leaves_the_last_edit_to_a_final_card() -> None:
    house, surface = metered()
    surface.meter = lambda keep: 5.0 if keep else 0.0  # one edit is left
    job = await house.imagine()
    await house.clock.advance(60)
    assert [card.state for card in house.cards(job)] == ["succeeded"]
    assert house.cards(job)[0].media


async def test_progress_that_waited_shows_the_newest_state_once() -> None:
    house, surface = metered(duration_s=100)
    until = house.clock.monotonic() + 40
    surface.meter = lambda keep: max(0.0, until - house.clock.monotonic()) if keep else 0.0
    job = await house.imagine()
    await house.clock.advance(40.5)
    [card] = house.cards(job)
    assert card.bar
    assert (card.bar.percent or 0) > 35  # of the last look, and not of the first


async def test_a_final_card_waits_for_a_platform_that_has_no_edit_left() -> None:
    house, surface = metered()
    until = house.clock.monotonic() + 45
    surface.meter = lambda _keep: max(0.0, until - house.clock.monotonic())
    job = await house.imagine()
    await house.clock.advance(44)
    assert surface.attempts == 0
    await house.clock.advance(2)
    assert [card.state for card in house.cards(job)] == ["succeeded"]
    assert await house.state(job) is JobState.SUCCEEDED


async def test_the_stricter_of_both_counts() -> None:
    house, surface = metered(SurfaceLimits(gaps_s=(0,), step_points=1, burst=2, window_s=10.0, spare=1))
    job = await house.imagine()
    await house.clock.advance(60)
    at = [edit.at for edit in surface.edits]
    assert len(at) > 3
    assert all(later - earlier >= 10 for earlier, later in zip(at, at[2:], strict=False))
    assert await house.state(job) is JobState.SUCCEEDED


@pytest.mark.parametrize("wait_s", [math.inf, 1e9, 1e-9, 5e-324])
async def test_a_meter_that_never_has_room_is_asked_now_and_then(wait_s: float) -> None:
    house, surface = metered()
    surface.meter = lambda _keep: wait_s
    job = await house.imagine()
    await house.clock.advance(31)
    await settle(SOON)
    assert surface.attempts == 0
    assert surface.asked < 31 / 0.1 * 2 + SOON
    before = surface.asked
    await settle(1000)
    assert surface.asked == before
    surface.meter = lambda _keep: 0.0
    await house.clock.advance(61)
    assert await house.state(job) is JobState.SUCCEEDED


async def test_a_meter_that_changes_its_mind_with_every_question_is_no_busy_loop() -> None:
    house, surface = metered()
    surface.meter = lambda _keep: float(surface.asked % 2)  # room when asked, none when it comes to it
    await house.imagine()
    await settle(1000)
    assert surface.asked < SOON


async def test_a_platform_that_asks_for_no_pause_at_all_is_not_hammered() -> None:
    house, surface = metered()
    surface.answers.extend([Paused(0.0)] * 10_000)
    await house.imagine()
    await settle(1000)
    assert surface.attempts < SOON
    await house.clock.advance(40)
    await settle(1000)
    assert surface.attempts < 40 / 0.1 + SOON


async def line(limits: SurfaceLimits, *, together: bool) -> tuple[House, list[Job]]:
    """Four people at a provider that does one job at a time: those who wait are looked at by nobody."""
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=500, slots=1), clock=clock, limits=limits)
    people = ("ann", "bob", "cyd", "dan")
    jobs = [await house.imagine(account=who, chat="room" if together else who) for who in people]
    await clock.advance(30)
    return house, jobs


async def test_a_change_that_met_a_pause_is_shown_when_it_is_over() -> None:
    house, [_, bob, cyd, _] = await line(SurfaceLimits(gaps_s=(0,), burst=None), together=False)
    house.surface.answers.extend([Paused(20)] * 3)
    await house.commands.cancel(house.origin("bob"), bob.id)
    await house.clock.advance(19)
    assert house.cards(cyd) == []
    await house.clock.advance(2)
    assert house.cards(cyd)[-1].lines == ("You're next",)


async def test_changes_that_find_the_bucket_spent_are_shown_when_there_is_room() -> None:
    house, [_, bob, cyd, dan] = await line(SurfaceLimits(gaps_s=(0,), burst=2, window_s=10.0, spare=1), together=True)
    await house.clock.advance(30)
    await house.commands.cancel(house.origin("bob"), bob.id)
    await house.clock.advance(60)
    assert [house.cards(job)[-1].lines for job in (cyd, dan)] == [("You're next",), ("1 job ahead",)]


def test_progress_may_use_a_bucket_of_one_when_it_is_empty() -> None:
    bucket = Bucket(SurfaceLimits(burst=1, window_s=5.0, spare=1))
    assert bucket.wait_s(0.0, keep=1) == 0
    bucket.spend(0.0)
    assert bucket.wait_s(1.0, keep=1) == 4.0


def test_a_surface_without_a_meter_is_not_asked() -> None:
    clock = FakeClock()
    assert Buckets(clock).wait_s(FakeSurface(clock), MessageRef("test", "room/1"), keep=1) == 0
