"""What goes to Telegram when: within every limit, the most urgent first, and one chat's pause is its own."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, RetryAfter

from adapters.chat.telegram.limiter import FEW, Lane, Limiter
from bot.testing.clock import FakeClock, settle

ADA, BOB, GROUP, OTHER_GROUP = 7, 8, -100, -200


@pytest.fixture(autouse=True)
def durations_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


class Network:
    """Calls that take `takes_s` seconds and end in `answers`, in turn; `sent` tells what began when."""

    def __init__(self, *, takes_s: float = 0.0) -> None:
        self.clock = FakeClock()
        self.limiter = Limiter(self.clock)
        self.takes_s = takes_s
        self.sent = list[tuple[float, str]]()
        self.errors = list[Exception]()
        self.in_flight = 0
        self.most_in_flight = 0
        self._names = count()

    async def call(self, chat: int, lane: Lane | None, name: str = "", method: str = "sendMessage", **data: Any) -> Any:
        name = name or str(next(self._names))
        arguments = {"chat_id": chat, **data}
        return await self.limiter.process_request(self._send, (name,), {}, method, arguments, lane)

    def begin(self, chat: int, lane: Lane | None, name: str = "", **more: Any) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self.call(chat, lane, name, **more))

    def times(self) -> list[float]:
        return [at for at, _ in self.sent]

    def names(self) -> list[str]:
        return [name for _, name in self.sent]

    async def _send(self, name: str) -> bool:
        self.sent.append((self.clock.monotonic(), name))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self.clock.sleep(self.takes_s)
            if self.errors:
                raise self.errors.pop(0)
            return True
        finally:
            self.in_flight -= 1


def flood(seconds: int) -> RetryAfter:
    return RetryAfter(timedelta(seconds=seconds))


async def test_a_chat_takes_one_call_at_a_time_and_one_per_second() -> None:
    net = Network(takes_s=0.5)
    calls = [net.begin(ADA, Lane.REPLY) for _ in range(3)]
    await net.clock.advance(10)
    assert net.times() == [0, 1.5, 3]
    assert net.most_in_flight == 1
    assert all(call.done() for call in calls)


async def test_chats_do_not_wait_for_each_other() -> None:
    net = Network()
    for chat in (ADA, BOB, GROUP):
        net.begin(chat, Lane.REPLY)
    await settle()
    assert net.times() == [0, 0, 0]


async def test_the_most_urgent_goes_first_and_equals_in_their_order() -> None:
    net = Network()
    lanes = (Lane.REPLY, Lane.REPLY, None, Lane.QUEUED, Lane.QUEUED, Lane.FINAL)
    for number, lane in enumerate(lanes):
        net.begin(ADA, lane, str(number))
        await settle()
    await net.clock.advance(10)
    assert net.names() == ["0", "5", "3", "4", "1", "2"]


async def test_a_group_takes_twenty_in_a_minute_whatever_is_asked_for() -> None:
    net = Network()
    for _ in range(50):
        net.begin(GROUP, Lane.FINAL)
    await net.clock.advance(300)
    times = net.times()
    assert len(times) == 50
    assert times[19] == 19
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[20:], strict=False))


async def test_an_album_counts_as_its_pictures() -> None:
    net = Network()
    for _ in range(6):
        net.begin(GROUP, Lane.FINAL, method="sendMediaGroup", media=["picture"] * 4)
    await net.clock.advance(100)
    assert net.times() == [0, 4, 8, 12, 16, 60]


async def test_after_an_album_a_chat_is_left_alone_for_as_long_as_its_pictures_take_one_by_one() -> None:
    net = Network()
    net.begin(ADA, Lane.FINAL, method="sendMediaGroup", media=["x"] * 4)
    net.begin(ADA, Lane.FINAL, method="editMessageText")
    await net.clock.advance(10)
    assert net.times() == [0, 4]


async def test_all_chats_together_take_thirty_in_a_second() -> None:
    net = Network()
    for chat in range(1, 71):
        net.begin(chat, Lane.FINAL)
    await net.clock.advance(5)
    assert [net.times().count(second) for second in (0, 1, 2)] == [30, 30, 10]


@given(takes_s=st.sampled_from([0.0, 0.25, 2.0]), gaps=st.lists(st.sampled_from([0.0, 0.25, 1.0, 7.0]), max_size=60))
async def test_whatever_comes_when_no_limit_is_passed(takes_s: float, gaps: list[float]) -> None:
    net = Network(takes_s=takes_s)
    calls = []
    for number, gap_s in enumerate(gaps):
        calls.append(net.begin(GROUP, Lane(1 + number % 3)))
        await net.clock.advance(gap_s)
    await net.clock.advance(600)
    times = net.times()
    assert all(call.done() for call in calls)
    assert all(later - earlier >= 1 for earlier, later in pairwise(times))
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[20:], strict=False))


async def test_what_counts_for_no_chat_goes_at_once() -> None:
    net = Network()
    net.limiter.pause(ADA, 100)
    for method in ("getChatMember", "deleteMessage"):
        await net.call(ADA, None, method=method)
    await net.limiter.process_request(net._send, ("press",), {}, "answerCallbackQuery", {}, Lane.CALLBACK)
    assert net.times() == [0, 0, 0]


async def test_a_flood_wait_pauses_its_chat_alone_and_is_told_to_finals() -> None:
    net = Network()
    net.errors = [flood(30)]
    with pytest.raises(RetryAfter):
        await net.call(GROUP, Lane.FINAL)
    assert net.limiter.wait_s(GROUP, keep=0) == 30
    assert net.limiter.wait_s(OTHER_GROUP, keep=0) == 0
    await net.call(OTHER_GROUP, Lane.FINAL)
    later = net.begin(GROUP, Lane.FINAL, "later")
    await net.clock.advance(29)
    assert not later.done()
    await net.clock.advance(1)
    assert later.done()


@pytest.mark.parametrize("lane", [Lane.REPLY, Lane.QUEUED, None])
async def test_an_answer_is_sent_again_after_a_flood_wait(lane: Lane | None) -> None:
    net = Network()
    net.errors = [flood(30), flood(5)]
    call = net.begin(GROUP, lane)
    await net.clock.advance(60)
    assert net.times() == [0, 30, 35]
    assert call.result() is True


async def test_progress_that_finds_no_room_is_not_sent_at_all() -> None:
    net = Network(takes_s=0.1)
    net.begin(GROUP, Lane.REPLY)
    await settle()
    with pytest.raises(RetryAfter) as refused:
        await net.call(GROUP, Lane.PROGRESS)
    assert refused.value.retry_after == timedelta(seconds=1)
    await net.clock.advance(5)
    assert len(net.sent) == 1


@pytest.mark.parametrize(("chat", "gap_s"), [(ADA, 3), (GROUP, 5)])
async def test_progress_keeps_its_cadence_and_half_of_it_after_a_flood_wait(chat: int, gap_s: float) -> None:
    net = Network()
    await net.call(chat, Lane.PROGRESS)
    assert net.limiter.wait_s(chat, keep=1) == gap_s
    net.limiter.pause(chat, 1)
    assert net.limiter.wait_s(chat, keep=1) == 2 * gap_s
    await net.clock.advance(2 * gap_s)
    assert net.limiter.wait_s(chat, keep=1) == 0
    await net.clock.advance(600)
    await net.call(chat, Lane.PROGRESS)
    assert net.limiter.wait_s(chat, keep=1) == gap_s


async def test_progress_leaves_room_for_others() -> None:
    net = Network()
    for _ in range(15):
        net.begin(GROUP, Lane.FINAL)
    await net.clock.advance(30)
    assert net.limiter.wait_s(GROUP, keep=4) == 0
    assert net.limiter.wait_s(GROUP, keep=5) == 30
    assert net.limiter.wait_s(GROUP, keep=0) == 0


async def test_what_waits_in_line_goes_before_progress() -> None:
    net = Network()
    for _ in range(3):
        net.begin(ADA, Lane.FINAL)
    await settle()
    assert net.limiter.wait_s(ADA, keep=1) == 2


async def test_who_is_cancelled_in_line_holds_nobody_up() -> None:
    net = Network(takes_s=1)
    calls = [net.begin(ADA, Lane.REPLY, str(number)) for number in range(4)]
    await settle()
    for doomed in (calls[0], calls[2]):
        doomed.cancel()
    await net.clock.advance(10)
    assert net.names() == ["0", "1", "3"]


async def test_a_refused_call_gives_its_turn_back() -> None:
    net = Network()
    net.errors = [BadRequest("no")]
    with pytest.raises(BadRequest):
        await net.call(ADA, Lane.FINAL)
    await net.clock.advance(1)
    assert net.limiter.wait_s(ADA, keep=0) == 0


async def test_chats_that_are_idle_are_forgotten() -> None:
    net = Network()
    for chat in range(1, 10 * FEW):
        assert net.limiter.wait_s(chat, keep=0) == 0
        net.begin(chat, Lane.REPLY)
        await net.clock.advance(1.5)
    assert len(net.limiter._lines) <= 2 * FEW
