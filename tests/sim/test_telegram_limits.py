"""Flood limits and outages of the simulated Telegram."""

from __future__ import annotations

import time

import pytest
from sim.telegram.raw import Raw, raw
from sim.telegram.simulation import Simulation, simulated
from sim.telegram.sketch import client, picture, somewhere
from sim.telegram.state import Chat
from telegram import InputMediaPhoto
from telegram.error import BadRequest, Forbidden, NetworkError, TimedOut

from bot.testing.clock import FakeClock


async def say(call: Raw, place: Chat, times: int = 1) -> list[int]:
    """Send messages at the same moment; what each was told to wait, zero if it went through."""
    said = [await call("sendMessage", chat_id=place.id, text="a fox") for _ in range(times)]
    assert all(one.headers.get("Retry-After", "0") == str(one.parameters.get("retry_after", 0)) for one in said)
    return [one.parameters.get("retry_after", 0) for one in said]


def private(sim: Simulation, name: str) -> Chat:
    person = sim.person(name)
    sim.starts(person)
    return sim.private(person)


async def test_a_chat_takes_a_short_burst_and_then_one_message_a_second() -> None:
    clock = FakeClock()
    async with simulated(clock) as sim, raw(sim) as call:
        ada = private(sim, "ada")
        assert await say(call, ada, 4) == [0, 0, 0, 3]
        assert await say(call, private(sim, "bob")) == [0]
        await clock.advance(3)
        for _ in range(10):
            assert await say(call, ada) == [0]
            await clock.advance(1)
        assert sim.count("sendMessage", 429) == 1


async def test_a_group_takes_twenty_messages_a_minute() -> None:
    clock = FakeClock()
    async with simulated(clock) as sim, raw(sim) as call:
        _, meadow = somewhere(sim)
        for _ in range(20):
            assert await say(call, meadow) == [0]
            await clock.advance(1)
        assert await say(call, meadow) == [40]
        await clock.advance(40)
        assert await say(call, meadow) == [0]


async def test_all_chats_together_take_thirty_messages_a_second() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        told = [await say(call, private(sim, f"person {number}")) for number in range(31)]
        assert told == [[0]] * 30 + [[1]]


async def test_edits_count_and_an_album_counts_all_its_pictures() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sent = await bot.send_message(meadow.id, "Queued")
        await bot.edit_message_text("Drawing", meadow.id, sent.message_id)
        await bot.send_media_group(meadow.id, [InputMediaPhoto(picture())] * 4)
        await bot.delete_message(meadow.id, sent.message_id)
        await bot.get_chat(meadow.id)
        assert [(one.method, one.cost) for one in sim.limits.calls] == [
            ("sendMessage", 1),
            ("editMessageText", 1),
            ("sendMediaGroup", 4),
        ]


async def test_who_does_not_wait_waits_twice_as_long_and_only_there() -> None:
    clock = FakeClock()
    async with simulated(clock) as sim, raw(sim) as call:
        ada, bob = private(sim, "ada"), private(sim, "bob")
        assert await say(call, ada, 4) == [0, 0, 0, 3]
        assert await say(call, ada, 2) == [6, 12]
        assert await say(call, bob) == [0]
        await clock.advance(12)
        assert await say(call, ada) == [0]


async def test_a_chat_can_be_closed_for_telegrams_own_reasons() -> None:
    clock = FakeClock()
    async with simulated(clock) as sim, raw(sim) as call:
        ada = private(sim, "ada")
        sim.limits.flood(ada.id, 222)
        assert await say(call, ada) == [222]
        await clock.advance(222)
        assert await say(call, ada) == [0]


async def test_the_meter_knows_what_the_documented_limits_left() -> None:
    clock = FakeClock()
    async with simulated(clock) as sim, raw(sim) as call:
        _, meadow = somewhere(sim)
        await say(call, meadow)
        await clock.advance(1)
        await say(call, meadow)
        assert sim.limits.beyond == []
        await say(call, meadow)
        (beyond,) = sim.limits.beyond
        assert (beyond.left, beyond.retry_after_s, beyond.chat_id, beyond.method) == (0, 0, meadow.id, "sendMessage")


async def test_nothing_is_limited_once_the_limits_are_lifted() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        _, meadow = somewhere(sim)
        sim.limits.lift()
        assert await say(call, meadow, 50) == [0] * 50
        assert sim.limits.beyond == []


async def test_an_outage_of_one_method_ends_by_itself() -> None:
    clock = FakeClock()
    async with client(clock) as (sim, bot):
        _, meadow = somewhere(sim)
        sim.faults.outage("send*", for_s=10)
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(meadow.id, "a fox")
        assert await bot.get_updates() == ()
        await clock.advance(10)
        await bot.send_message(meadow.id, "a fox")
        assert (sim.count("sendMessage", 502), len(sim.messages(meadow))) == (1, 1)


async def test_a_method_can_refuse_in_any_words() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sim.faults.refuse("sendMessage", 403, "bot was blocked by the user")
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(meadow.id, "a fox")
        sim.faults.refuse("sendMessage", 400, "CHAT_WRITE_FORBIDDEN", times=2)
        sim.faults.clear()
        await bot.send_message(meadow.id, "a fox")


@pytest.mark.parametrize(("after", "written"), [(False, 0), (True, 1)])
async def test_a_connection_can_drop_before_or_after_the_effect(*, after: bool, written: int) -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sim.faults.drop("sendMessage", after=after)
        with pytest.raises(NetworkError, match="httpx"):
            await bot.send_message(meadow.id, "a fox")
        assert (len(sim.messages(meadow)), sim.count("sendMessage")) == (written, 1)


async def test_answers_can_be_later_than_a_client_waits() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sim.faults.slow("sendMessage", 0.2, times=2)
        with pytest.raises(TimedOut):
            await bot.send_message(meadow.id, "a fox", read_timeout=0.05)
        began = time.monotonic()
        await bot.send_message(meadow.id, "a fox")
        assert time.monotonic() - began >= 0.2


async def test_files_can_be_out_of_reach() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sent = await bot.send_photo(meadow.id, picture())
        file = await bot.get_file(sent.photo[0].file_id)
        sim.faults.outage("FILE", status=500, times=1)
        with pytest.raises(NetworkError):
            await file.download_as_bytearray()
        assert await file.download_as_bytearray()
        with pytest.raises(BadRequest, match="Invalid file_id"):
            await bot.get_file("no-such-file")
