"""GET /api/events, the hub behind it, and the surface that feeds it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from chat.web.scripted import WAIT_S, House, Visitor, card_of, events_of, job_of, message_of, until

from adapters.chat.web.hub import HEARTBEAT_S, STREAMS_PER_ACCOUNT, Hub, TooManyStreams
from adapters.chat.web.render import card_json
from adapters.chat.web.sessions import Session
from bot.model import Bar, Card, JobState, MessageRef
from bot.surface import Delivered
from bot.testing.clock import FakeClock, settle


class Reader:
    """An open page: collects what the stream says."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.text = ""

    async def until(self, enough: Callable[[str], Any]) -> str:
        async with asyncio.timeout(WAIT_S):
            while not enough(self.text):
                chunk = await self.response.content.readany()
                assert chunk, f"the stream ended after {self.text!r}"
                self.text += chunk.decode()
        return self.text

    async def says(self, words: str) -> str:
        return await self.until(lambda text: words in text)

    def cards(self) -> list[dict[str, Any]]:
        return [json.loads(data) for event, data in events_of(self.text) if event == "card"]


@asynccontextmanager
async def listening(visitor: Visitor) -> AsyncIterator[Reader]:
    async with visitor.http.get(f"{visitor.base}/api/events") as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
        yield Reader(response)


def running(percent: int, number: int = 0) -> Card:
    return card_of(number, state=JobState.RUNNING, title="Drawing", bar=Bar(percent))


def ref_of(visitor: Visitor, card: Card) -> MessageRef:
    return MessageRef("web", f"{Session(visitor.session).account}:{card.message_id}")


async def test_a_page_that_opens_gets_the_last_twenty_cards(house: House) -> None:
    house.commands.shown = [card_of(number) for number in range(30)]
    visitor = await house.visitor()
    async with listening(visitor) as reader:
        await reader.until(lambda text: text.count("\n\n") == 21)
        assert [card["message"] for card in reader.cards()] == [card_of(number).message_id for number in range(10, 30)]


async def test_changes_come_as_they_are_shown_with_growing_ids(house: House) -> None:
    house.commands.shown = [card_of()]
    visitor = await house.visitor()
    async with listening(visitor) as reader:
        await reader.says("event: card")
        for percent in (10, 20):
            assert await house.chat.surface.edit(ref_of(visitor, card_of()), running(percent)) == Delivered()
            await reader.says(f'"percent": {percent}')
        await house.chat.surface.remove(ref_of(visitor, card_of()), card_of().message_id or "")
        text = await reader.says("event: gone")
    assert reader.cards()[-1] == json.loads(json.dumps(await card_json(running(20), house.shelf)))
    assert events_of(text)[-1] == ("gone", json.dumps({"message": card_of().message_id}))
    ids = [int(line.removeprefix("id: ")) for line in text.splitlines() if line.startswith("id: ")]
    assert ids == sorted(set(ids))


async def test_a_new_message_is_seen_in_both_tabs(house: House) -> None:
    visitor = await house.visitor()
    async with listening(visitor) as one, listening(visitor) as two:
        await visitor.say("/imagine a red fox")
        for reader in (one, two):
            await reader.says("event: card")
            assert [card["state"] for card in reader.cards()] == ["queued"]


async def test_other_people_hear_nothing(house: House) -> None:
    visitor, other = await house.visitor(), await house.visitor()
    async with listening(other) as reader:
        await house.chat.surface.edit(ref_of(visitor, card_of()), running(10))
        await house.chat.surface.edit(ref_of(other, card_of(1)), running(20, 1))
        await reader.says("event: card")
        assert [card["message"] for card in reader.cards()] == [card_of(1).message_id]


async def test_a_page_that_does_not_read_gets_the_newest_card_of_each_message(house: House) -> None:
    visitor = await house.visitor()
    async with listening(visitor) as reader:
        long = "x" * 200_000
        for percent in range(1, 100):
            for number in (0, 1):
                card = card_of(number, state=JobState.RUNNING, title="Drawing", bar=Bar(percent), lines=(long,))
                await house.chat.surface.edit(ref_of(visitor, card), card)
            await asyncio.sleep(0)
        await reader.until(lambda text: text.count('"percent": 99,') == 2)
        percents = [card["bar"]["percent"] for card in reader.cards() if card["message"] == card_of(0).message_id]
    assert percents[-1] == 99
    assert percents == sorted(percents)
    assert len(percents) < 60


async def test_a_reader_that_leaves_frees_its_place_without_a_word_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = await house.visitor()
    async with listening(visitor) as reader:
        await house.chat.surface.edit(ref_of(visitor, card_of()), running(1))
        await reader.says("event: card")
    hub = house.chat._hub
    await until(lambda: not hub._streams)
    await house.chat.surface.edit(ref_of(visitor, card_of()), running(2))
    assert caplog.records == []


async def test_a_browser_has_a_bounded_number_of_streams(house: House) -> None:
    visitor = await house.visitor()
    account = Session(visitor.session).account
    hub = house.chat._hub
    opened = [hub.open(account) for _ in range(STREAMS_PER_ACCOUNT)]
    for stream in opened:
        stream.__enter__()
    refused = await visitor.get("/api/events")
    assert (refused.status, refused.json["error"]["code"]) == (429, "too_many")
    opened.pop().__exit__(None, None, None)
    async with listening(visitor):
        pass
    for stream in opened:
        stream.__exit__(None, None, None)


async def test_the_end_of_the_bot_ends_the_streams(house: House) -> None:
    visitor = await house.visitor()
    async with listening(visitor) as reader:
        async with asyncio.timeout(WAIT_S):
            await house.chat.close()
            assert await reader.response.content.read() == b"retry: 1000\n\n"
    assert not house.chat.ready()


async def test_an_idle_stream_beats_every_fifteen_seconds() -> None:
    clock = FakeClock()
    hub = Hub(clock)
    with hub.open("ann") as stream:
        for _ in range(2):
            waiting = asyncio.ensure_future(stream.next())
            await clock.advance(HEARTBEAT_S - 1)
            assert not waiting.done()
            await clock.advance(1)
            assert await waiting == b": still here\n\n"


async def test_a_removal_replaces_the_cards_that_were_not_yet_told() -> None:
    hub = Hub(FakeClock())
    with hub.open("ann") as stream:
        hub.publish("ann", "m1", "card", {"percent": 1})
        hub.publish("ann", "m2", "card", {"percent": 1})
        hub.publish("ann", "m1", "gone", {"message": "m1"})
        hub.publish("ann", "m2", "card", {"percent": 2})
        told = [await stream.next() for _ in range(2)]
    assert [events_of((data or b"").decode())[0] for data in told] == [
        ("gone", '{"message": "m1"}'),
        ("card", '{"percent": 2}'),
    ]


async def test_a_hub_forgets_accounts_that_no_page_shows() -> None:
    hub = Hub(FakeClock())
    with hub.open("ann"), hub.open("ann"):
        pass
    assert hub._streams == {}
    hub.publish("ann", "m1", "card", {})


async def test_a_waiting_stream_that_is_cancelled_leaves_no_task_behind() -> None:
    hub = Hub(FakeClock())
    with hub.open("ann") as stream:
        waiting = asyncio.ensure_future(stream.next())
        await settle()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_too_many_streams_are_refused_by_the_hub_alone() -> None:
    hub = Hub(FakeClock())
    streams = [hub.open("ann") for _ in range(STREAMS_PER_ACCOUNT)]
    for stream in streams:
        stream.__enter__()
    with pytest.raises(TooManyStreams), hub.open("ann"):
        pass
    with hub.open("bea"):
        pass
    for stream in streams:
        stream.__exit__(None, None, None)


async def test_a_message_that_was_never_announced_gets_its_reference_from_its_room(house: House) -> None:
    visitor = await house.visitor()
    account = Session(visitor.session).account
    message = message_of(account, job_of())
    async with listening(visitor) as reader:
        ref = await house.chat.surface.announce(message, card_of())
        await reader.says("event: card")
    assert ref == MessageRef("web", f"{account}:{message.id}")
    assert house.chat.surface.bucket(MessageRef("web", f"{account}:{message.id}")) == account
