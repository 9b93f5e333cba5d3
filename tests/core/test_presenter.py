"""What is shown when: budgets per bucket, growing gaps, the newest state, finals first."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest
from sim.house import House

from bot.jobs.buckets import Bucket
from bot.jobs.live import LiveMessage
from bot.model import Artifact, Bar, JobState, Progress
from bot.provider import Finished, Pending
from bot.surface import Paused, SurfaceLimits
from bot.testing.clock import START, FakeClock, settle
from bot.testing.provider import PNG, SPEC, FakeProvider
from bot.testing.surface import FakeChatSurface

CALM = SurfaceLimits(gaps_s=(3, 4, 5), step_points=5, burst=5, window_s=5.0, spare=1)


async def test_gaps_between_edits_of_one_state_grow() -> None:
    house = House(limits=CALM)
    job = await house.imagine()
    await house.clock.advance(29)
    shown_at = [edit.at for edit in house.surface.edits]
    assert [later - earlier for earlier, later in pairwise(shown_at)] == [3, 4, 5, 5, 5, 5]
    assert [card.state for card in house.cards(job)] == ["running"] * len(shown_at)
    percents = [card.bar.percent or 0 for card in house.cards(job) if card.bar]
    assert percents == sorted(percents)


async def test_a_bar_that_hardly_moved_is_not_worth_an_edit() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=500), clock=clock, limits=CALM)
    await house.imagine()
    await clock.advance(24)
    assert len(house.surface.edits) == 1


async def test_final_cards_go_before_progress_when_a_bucket_runs_dry() -> None:
    clock = FakeClock()
    tight = SurfaceLimits(gaps_s=(0.1,), step_points=1, burst=2, window_s=5.0, spare=1)
    house = House(provider=FakeProvider(clock, duration_s=10, slots=10), clock=clock, limits=tight)
    jobs = [await house.imagine() for _ in range(4)]
    await clock.advance(10.5)
    assert [await house.state(job) for job in jobs].count(JobState.SUCCEEDED) >= 1
    await clock.advance(15)
    assert [await house.state(job) for job in jobs] == [JobState.SUCCEEDED] * 4
    times = [edit.at for edit in house.surface.edits]
    assert all(times[n + 2] - times[n] >= 5 for n in range(len(times) - 2))


async def test_a_pause_of_one_chat_leaves_the_others_alone() -> None:
    house = House(limits=SurfaceLimits(gaps_s=(1000,)))
    paused, other = await house.imagine(chat="a"), await house.imagine(account="bob", chat="b")
    house.surface.answers.append(Paused(60))
    await house.clock.advance(31)
    assert sorted([await house.state(paused), await house.state(other)]) == [JobState.DELIVERING, JobState.SUCCEEDED]
    await house.clock.advance(60)
    assert await house.state(paused) is JobState.SUCCEEDED


async def test_a_place_in_line_that_moved_is_shown() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1), clock=clock, limits=CALM)
    _, _, last = [await house.imagine(account=who) for who in ("ann", "bob", "cyd")]
    assert (await house.commands.cards(house.origin("cyd"), 1))[0].lines == ("1 job ahead",)
    await clock.advance(35)
    assert house.cards(last)[-1].lines == ("You're next",)


def test_a_bucket_takes_so_many_edits_per_window_and_keeps_some_back() -> None:
    bucket = Bucket(SurfaceLimits(burst=3, window_s=5.0))
    for at in (0.0, 1.0, 2.0):
        assert bucket.wait_s(at, keep=0) == 0
        bucket.spend(at)
    assert bucket.wait_s(3.0, keep=0) == 2.0
    assert bucket.wait_s(3.0, keep=1) == 3.0
    assert bucket.wait_s(6.0, keep=1) == 0
    bucket.pause(20.0)
    assert bucket.wait_s(6.0, keep=0) == 14.0
    assert not bucket.idle(19.0)
    assert bucket.idle(20.0)


def test_a_surface_without_a_limit_never_waits() -> None:
    bucket = Bucket(SurfaceLimits(burst=None))
    bucket.spend(0.0)
    assert bucket.wait_s(0.0, keep=5) == 0


async def test_progress_that_finds_its_bucket_spent_gives_way_instead_of_holding_up_the_final_card() -> None:
    house = House(limits=SurfaceLimits(gaps_s=(0,), step_points=1, burst=2, window_s=60.0, spare=1))
    jobs = [await house.imagine(account=who) for who in ("ann", "bob")]
    await house.clock.advance(120)
    lives = [LiveMessage(await house.message(job)) for job in jobs]
    presenter = house.manager._presenter
    for live in lives:
        live.put(replace(live.message.jobs[0], state=JobState.RUNNING))
        presenter.touch(live)  # both at once: each sees room for one more
    finals = asyncio.create_task(presenter.final(lives[1]))
    await settle()
    assert finals.done()


async def test_time_alone_changes_a_card_whose_bar_stands_still() -> None:
    """The expected end passes, it takes longer than usual, and minutes go by, while nobody asks the provider."""
    clock = FakeClock()
    news = [Progress(0.4, eta_s=20)]
    provider = FakeProvider(
        clock,
        duration_s=500,
        on_poll=lambda _: Pending("key 0", news.pop() if news else Progress(0.4), poll_after_s=1000),
    )
    house = House(provider=provider, clock=clock, limits=SurfaceLimits(gaps_s=(3,), step_points=5))
    job = await house.imagine()
    await clock.advance(185)
    assert [round(edit.at) for edit in house.surface.edits] == [0, 3, 22, 60, 63, 120, 180]
    assert sum(provider.polls.values()) <= 4
    late, minute, slow, later = [house.cards(job)[place] for place in (2, 3, 4, 5)]
    assert late.bar == Bar(40, eta_at=START + 22)
    assert (minute.lines, slow.lines) == (("1 minute so far",), ("1 minute so far", "Taking longer than usual"))
    assert later.lines == ("2 minutes so far", "Taking longer than usual")
    await house.say("/cancel")
    await clock.advance(600)
    assert [card.state for card in house.cards(job)][-2:] == ["running", "canceled"]


async def test_pictures_that_come_together_are_shown_together() -> None:
    house = House(limits=SurfaceLimits(gaps_s=(1000,)))
    job = await house.imagine("/imagine a red fox --count 4")
    await house.clock.advance(30)
    assert [len(card.media) for card in house.cards(job)] == [0, 4]
    assert (await house.message(job)).final_shown


async def test_a_picture_waits_a_moment_for_others_and_the_last_one_for_nothing() -> None:
    clock = FakeClock()
    ends = iter((10, 10, 20, 30))
    due: dict[str, int] = {}

    def looked_at(key: str) -> Finished | None:
        if key not in due:
            due[key] = next(ends)
        return Finished(Artifact(PNG)) if clock.monotonic() >= due[key] else None

    house = House(
        provider=FakeProvider(clock, duration_s=1000, on_poll=looked_at),
        clock=clock,
        limits=SurfaceLimits(gaps_s=(1000,)),
    )
    job = await house.imagine("/imagine a red fox --count 4")
    await clock.advance(60)
    assert [(len(edit.card.media), edit.at) for edit in house.surface.edits] == [(0, 0), (2, 11), (3, 21), (4, 30)]
    assert await house.state(job) is JobState.SUCCEEDED


async def test_a_surface_that_ages_gets_one_more_edit_then() -> None:
    clock = FakeClock()
    surface = FakeChatSurface(clock)
    surface.old_at = clock.now() + 400
    house = House(
        provider=FakeProvider(clock, slots=1, duration_s=3000, spec=replace(SPEC, deadline_s=9000)),
        clock=clock,
        surface=surface,
    )
    await house.imagine()
    waiting = await house.imagine(account="bob")
    await clock.advance(399)
    assert house.cards(waiting) == []
    await clock.advance(120)
    [shown] = [edit.at for edit in surface.edits if edit.card.message_id == waiting.message_id]
    assert shown == pytest.approx(400)


async def test_a_surface_that_is_away_is_asked_ever_more_seldom_and_tells_its_reason_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = FakeClock()
    house = House(
        provider=FakeProvider(clock, duration_s=500), clock=clock, limits=SurfaceLimits(gaps_s=(1,), step_points=1)
    )
    house.surface.answers.extend([OSError("not there")] * 6)
    job = await house.imagine()
    await clock.advance(119)
    assert house.surface.attempts == 6
    wrong = [record for record in caplog.records if "an edit broke" in record.message]
    assert [record.exc_info is not None for record in wrong] == [True] + [False] * 5
    await clock.advance(5)
    assert house.cards(job)
    house.surface.answers.append(OSError("gone again"))
    await clock.advance(20)
    assert sum(record.exc_info is not None for record in caplog.records if record.name.startswith("bot.")) == 2
