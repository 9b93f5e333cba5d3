"""Discord's own word on how many edits it takes, and what follows from it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from chat.cards import done, running
from chat.discord.showing import Stage, stage
from sim.discord.buckets import Limit
from sim.discord.state import USUAL

from adapters.chat.discord.buckets import Window, seconds
from adapters.chat.discord.refs import Ref
from bot.surface import Delivered, Paused

BY_TOKEN = "PATCH /webhooks/*"
BY_CHANNEL = "PATCH /channels/*"


async def edited(show: Stage, ref: Ref, times: int) -> list[object]:
    return [await show.surface.edit(ref.write(), running(percent)) for percent in range(times)]


@pytest.mark.parametrize("told", [None, "", "soon", "nan", "inf", "-5", "Wed, 21 Oct 2026 07:28:00 GMT", []])
def test_what_is_no_number_of_seconds_is_not_taken_for_one(told: object) -> None:
    assert seconds(told) == 1.0
    assert seconds("0.25") == seconds(0.25) == 0.25


@pytest.mark.parametrize("by", ["token", "channel"])
async def test_no_edit_goes_while_the_last_answer_said_that_none_is_left(tmp_path: Path, by: str) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        ref = ref if by == "token" else ref.expired()
        results = await edited(show, ref, 8)
        assert results == [Delivered()] * 5 + [Paused(5.0)] * 3
        assert show.sim.count("PATCH *") == 5
        await show.clock.advance(5)
        assert await edited(show, ref, 1) == [Delivered()]
        assert show.sim.count("* *", 429) == 0


async def test_progress_leaves_what_is_to_be_kept(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        where = ref.write()
        assert show.surface.wait_s(where, keep=1) == 0  # nothing is known
        waits = []
        for percent in range(5):
            await show.surface.edit(where, running(percent))
            waits.append((show.surface.wait_s(where, keep=1), show.surface.wait_s(where, keep=0)))
        assert waits == [(0, 0), (0, 0), (0, 0), (5, 0), (5, 5)]
        await show.clock.advance(2)
        assert show.surface.wait_s(where, keep=0) == 3


async def test_the_messages_of_a_channel_share_a_bucket_and_tokens_do_not(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        (_, one), (_, other) = await show.shown(), await show.shown()
        surface = show.surface
        assert surface.bucket(one.write()) != surface.bucket(other.write())
        assert one.token is not None
        assert one.token not in surface.bucket(one.write())
        one, other = one.expired(), other.expired()
        assert surface.bucket(one.write()) == surface.bucket(other.write())
        await edited(show, one, 5)
        assert surface.wait_s(other.write(), keep=0) == 5


async def test_edits_that_are_on_their_way_count(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        refs = [(await show.shown())[1].expired() for _ in range(6)]
        show.sim.buckets.messages = Limit(5, 5.0)
        await edited(show, refs[0], 1)
        show.sim.faults.slow(BY_CHANNEL, 1.0)
        tasks = [asyncio.create_task(show.surface.edit(ref.write(), done())) for ref in refs]
        arriving = asyncio.create_task(show.sim.until(lambda: show.sim.count(BY_CHANNEL, 200) == 5))
        while not arriving.done():
            await asyncio.sleep(0.01)
            await show.clock.advance(1)
        results = await asyncio.gather(*tasks)
        assert sum(isinstance(result, Paused) for result in results) == 2
        assert show.sim.count("* *", 429) == 0


@pytest.mark.parametrize(
    ("answers", "left"),
    [([(3, 5.0), (1, 5.0), (2, 5.0)], 1), ([(0, 5.0), (4, 10.0)], 4)],
)
def test_answers_may_come_in_any_order_and_a_new_window_is_full_again(
    answers: list[tuple[int, float]], left: int
) -> None:
    window = Window()
    for told, resets_at in answers:
        window.learn(told, resets_at)
    assert window.left == left


async def test_a_limit_that_was_not_told_pauses_once_and_is_not_tried_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        show.sim.buckets.messages = Limit(0, 7.0)
        assert await edited(show, ref, 3) == [Paused(7.0)] * 3
        assert show.sim.count(BY_TOKEN, 429) == 1
        show.sim.buckets.messages = Limit(5, 5.0)
        await show.clock.advance(7)
        assert await edited(show, ref, 1) == [Delivered()]
        assert len(message.history) == 2


async def test_the_limit_of_the_whole_bot_closes_every_bucket(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        (_, one), (_, other) = await show.shown(), await show.shown()
        show.sim.buckets.everything = Limit(0, 3.0)
        (paused,) = await edited(show, one.expired(), 1)
        assert isinstance(paused, Paused)
        assert paused.retry_after_s == pytest.approx(3.0)
        assert show.surface.wait_s(other.write(), keep=0) > 0
        assert show.surface.wait_s(other.expired().write(), keep=0) > 0


async def test_a_ban_of_the_address_is_waited_out(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        show.sim.api.shield.limit = Limit(1, 600.0)
        show.sim.token, was = "another", show.sim.token
        await edited(show, ref.expired(), 1)  # 401, and the address is banned
        show.sim.token = was
        banned = await edited(show, ref, 5)
        assert all(isinstance(result, Paused) and result.retry_after_s > 590 for result in banned)
        assert show.sim.count("PATCH *") == 2


async def test_requests_that_broke_are_not_counted_for_ever(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        await edited(show, ref, 1)
        show.sim.faults.drop(BY_TOKEN, times=9)
        for _ in range(9):
            with pytest.raises(Exception, match="disconnected"):
                await show.surface.edit(ref.write(), done())
        assert show.surface.wait_s(ref.write(), keep=3) == 0


async def test_buckets_that_are_idle_are_forgotten(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        show.sim.buckets.messages = Limit(5, 5.0)
        for _ in range(300):
            _, ref = await show.shown()
            await edited(show, ref, 1)
            await show.clock.advance(1)
        assert len(show.buckets._windows) < 150


async def test_old_messages_are_edited_every_five_minutes_at_most_and_end_in_a_new_one(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        show.sim.channels_api.old_edits = 2
        message, ref = await show.shown()
        await show.clock.advance(3700)
        where = await show.edit(ref, running(1))
        assert show.surface.bucket(where) == f"message:{message.id}"
        assert (show.surface.wait_s(where, keep=1), show.surface.wait_s(where, keep=0)) == (300, 0)
        await show.clock.advance(300)
        assert show.surface.wait_s(where, keep=1) == 0
        await show.edit(where, running(2))
        await show.clock.advance(300)
        assert await show.surface.edit(where, running(3)) == Paused(300.0)
        where = await show.edit(where, done(show.media.put("a.png")))
        new = show.sim.messages(show.art)[-1]
        assert len(new.pictures) == 1
        await show.edit(where, done())
        assert new.history[1:]
        assert show.sim.count(BY_CHANNEL, 429) == 2


async def test_an_old_message_in_a_channel_that_takes_no_new_ones_ends_in_a_dm(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        show.sim.channels_api.old_edits = 0
        _, ref = await show.shown()
        await show.clock.advance(3700)
        show.art.allowed = USUAL & ~(1 << 11)
        await show.edit(ref, done())
        assert len(show.sim.messages(show.sim.dm(show.ada))) == 1
