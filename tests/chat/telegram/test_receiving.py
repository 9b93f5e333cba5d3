"""Every update is kept before it is confirmed, handled once, and in the order of its person."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram
from chat.telegram.stage import Stage
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.inline_store import inline_store
from telegram.error import TelegramError

from adapters.chat.telegram.receiving import MOST_OPEN, Answers, Receiving
from bot.errors import StoreUnavailable
from bot.model import JobState
from bot.store import Inbox
from bot.testing.clock import FakeClock, settle

ADA, BOB = 7, 8
LIBRARY = telegram.Bot("7:nobody")
HOUR_S = 3600


class Desk:
    """Takes updates, each to its end only when `gate` is open; `began` and `ended` hold their numbers."""

    def __init__(self, inbox: Inbox | None = None) -> None:
        self.inbox: Any = inbox or inline_store()
        self.clock = FakeClock()
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken = set[int]()
        self.began, self.ended = list[int](), list[int]()
        self.answers = dict[int, Answers]()
        self.receiving = Receiving(LIBRARY, self.inbox, self.take, self.clock)

    async def take(self, update: telegram.Update) -> Answers:
        self.began.append(update.update_id)
        await self.gate.wait()
        if update.update_id in self.broken:
            raise RuntimeError("odd")
        self.ended.append(update.update_id)
        return self.answers.get(update.update_id, ())

    async def unhandled(self) -> list[str]:
        return [received.id for received in await self.inbox.unhandled("telegram")]


def said(update_id: int, by: int = ADA, text: str = "/help") -> dict[str, Any]:
    person = {"id": by, "is_bot": False, "first_name": "Ada"}
    chat = {"id": by, "type": "private", "first_name": "Ada"}
    message = {"message_id": update_id, "date": 1_790_000_000, "chat": chat, "from": person, "text": text}
    return {"update_id": update_id, "message": message}


async def _until(event: asyncio.Event) -> None:
    await event.wait()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    await desk.receiving.close()


async def test_a_person_is_served_in_order_and_others_do_not_wait(desk: Desk) -> None:
    desk.gate.clear()
    assert await desk.receiving.keep([said(1), said(2), said(3, BOB), said(4)]) == 5
    await settle()
    assert desk.began == [1, 3]
    desk.gate.set()
    await settle()
    assert desk.ended == [1, 3, 2, 4]
    assert await desk.unhandled() == []


async def test_an_update_is_kept_until_it_is_answered_and_holds_nobody_up(desk: Desk) -> None:
    said_it = asyncio.Event()
    desk.answers[1] = {asyncio.create_task(_until(said_it))}
    await desk.receiving.keep([said(1), said(2)])
    await settle()
    assert desk.ended == [1, 2]
    assert await desk.unhandled() == ["1"]
    said_it.set()
    await settle()
    assert await desk.unhandled() == []


async def test_an_answer_that_was_cut_off_leaves_its_update_to_the_next_start(desk: Desk) -> None:
    [answer] = desk.answers[1] = (asyncio.create_task(_until(asyncio.Event())),)
    await desk.receiving.keep([said(1)])
    await settle()
    answer.cancel()
    await settle()
    assert await desk.unhandled() == ["1"]


async def test_what_breaks_is_told_to_the_operator_and_holds_nobody_up(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.broken = {1}
    await desk.receiving.keep([said(1), said(2)])
    await settle()
    assert desk.ended == [2]
    assert await desk.unhandled() == []
    assert [record.getMessage() for record in caplog.records] == ["update 1 could not be handled"]


async def test_what_cannot_be_read_is_passed_over_by_its_number_and_nobody_reads_its_words(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    odd = {"update_id": 2, "message": {"text": "secret words", "chat": "nowhere"}}
    assert await desk.receiving.keep([said(1), odd, said(3), {"update_id": 4, "dance": {}}]) == 5
    await settle()
    assert sorted(desk.ended) == [1, 3, 4]
    assert await desk.unhandled() == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "update 2 cannot be read" in caplog.text
    assert "secret words" not in caplog.text


async def test_what_has_no_number_is_left_out_of_its_batch(desk: Desk) -> None:
    assert await desk.receiving.keep([None, [], {"update_id": "x"}, {"update_id": True}, said(3)]) == 4
    await settle()
    assert desk.ended == [3]


@pytest.mark.parametrize("batch", [None, {}, "x", [{}], [None]])
async def test_an_answer_without_any_number_is_an_error(desk: Desk, batch: Any) -> None:
    with pytest.raises(TelegramError):
        await desk.receiving.keep(batch)


async def test_an_empty_batch_confirms_nothing(desk: Desk) -> None:
    assert await desk.receiving.keep([]) is None


@settings(deadline=None)
@given(batches=st.lists(st.lists(st.integers(1, 9), max_size=6), max_size=5), restart_after=st.integers(0, 5))
async def test_however_often_it_comes_each_update_is_handled_once(batches: list[list[int]], restart_after: int) -> None:
    desk, handled = Desk(), defaultdict[int, int](int)
    for number, batch in enumerate(batches):
        if number == restart_after:
            await desk.receiving.close()
            desk.gate.set()
            ended, desk = desk.ended, Desk(desk.inbox)
            for update_id in ended:
                handled[update_id] += 1
            await desk.receiving.catch_up()
        await desk.receiving.keep([said(update_id, by=update_id % 3) for update_id in batch])
        await settle(1)
    await settle()
    for update_id in desk.ended:
        handled[update_id] += 1
    await desk.receiving.close()
    assert handled == dict.fromkeys({update_id for batch in batches for update_id in batch}, 1)


async def test_what_was_not_handled_is_at_the_next_start_and_before_what_comes_then() -> None:
    first = Desk()
    first.gate.clear()
    await first.receiving.keep([said(1), said(2)])
    await settle()
    await first.receiving.close()
    second = Desk(first.inbox)
    await second.receiving.catch_up()
    await second.receiving.keep([said(1), said(2), said(3)])
    await settle()
    assert (first.ended, second.ended) == ([], [1, 2, 3])
    await second.receiving.close()


async def test_no_more_are_asked_for_while_a_thousand_are_being_handled(desk: Desk) -> None:
    desk.gate.clear()
    await desk.receiving.keep([said(number, by=number) for number in range(1, MOST_OPEN + 1)])
    waiting = asyncio.ensure_future(desk.receiving.room())
    await settle()
    assert desk.receiving.full
    assert not waiting.done()
    desk.gate.set()
    await waiting
    assert not desk.receiving.full


async def test_a_batch_that_cannot_be_kept_comes_again(stage: Stage) -> None:
    refusals = 3

    class Full:
        def __getattr__(self, name: str) -> Any:
            return getattr(stage.store, name)

        async def receive(self, *arguments: Any, **more: Any) -> Any:
            nonlocal refusals
            refusals -= 1
            if refusals >= 0:
                raise StoreUnavailable("the disk is full")
            return await stage.store.receive(*arguments, **more)

    stage.bots[-1].chat._receiving._inbox = Full()
    message = await stage.imagine("a red fox")
    assert message.photo is not None
    assert refusals < 0
    assert await stage.states(stage.ada) == [JobState.SUCCEEDED]


async def test_one_odd_update_in_a_batch_costs_nothing_but_itself(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.sim.says(stage.ada, stage.home, "/imagine a red fox")
    stage.sim.updates.inject({"message": {"message_id": "x", "chat": []}})
    stage.sim.updates.inject({"callback_query": 5})
    stage.sim.says(stage.bob, stage.bobs, "/imagine a blue hen")
    async with stage.bot():
        await stage.passes(lambda: stage.by_bot(stage.home) and stage.by_bot(stage.bobs))
        await stage.ended()
        await stage.passes(lambda: not stage.sim.updates.pending)
    assert [await stage.states(person) for person in (stage.ada, stage.bob)] == [[JobState.SUCCEEDED]] * 2


async def test_what_comes_again_after_it_was_confirmed_makes_no_second_job(stage: Stage) -> None:
    message = await stage.imagine("a red fox")
    await stage.press(message, "again")
    await stage.ended()
    shown = len(stage.by_bot(stage.home))
    stage.sim.updates.again(*(update.id for update in stage.sim.updates.ever))
    await stage.passes(lambda: not stage.sim.updates.pending)
    await stage.clock.advance(10)
    assert len(await stage.states(stage.ada)) == 2
    assert len(stage.by_bot(stage.home)) == shown


async def test_after_a_quiet_week_lower_numbers_are_heard(stage: Stage) -> None:
    await stage.imagine("a red fox")
    for _ in range(3):
        await stage.passes(lambda: stage.sim.updates._waiting)
        await stage.clock.advance(50)
    stage.sim.updates._next_id = 5
    await stage.imagine("a blue hen")
    assert len(await stage.states(stage.ada)) == 2
    offsets = [request.body.get("offset") for request in stage.sim.journal.requests if request.method == "getUpdates"]
    assert [offset for offset in offsets if offset] == [700_000_002]


async def test_an_idle_hour_costs_a_call_per_long_poll(stage: Stage) -> None:
    await stage.passes(lambda: stage.sim.count("getUpdates"))
    before = len(stage.sim.journal.requests)
    for _ in range(HOUR_S // 50):
        await stage.passes(lambda: stage.sim.updates._waiting)
        await stage.clock.advance(50)
    assert len(stage.sim.journal.requests) - before <= HOUR_S // 50 + 1
