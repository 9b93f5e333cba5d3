"""How a bot hears of what happens in the simulated Telegram: by polling, or at its own address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sim.telegram.raw import raw
from sim.telegram.simulation import simulated
from sim.telegram.sketch import button, client, somewhere
from sim.telegram.webhooks import SECRET
from telegram.error import BadRequest, Conflict, InvalidToken

from bot.testing.clock import FakeClock

DAY_S = 86400.0


async def test_what_is_not_confirmed_is_told_again_and_what_is_confirmed_never() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        for number in range(3):
            sim.says(ada, meadow, f"/imagine {number}")
        first = await bot.get_updates(limit=2)
        assert [one.update_id for one in await bot.get_updates()] == [first[0].update_id + step for step in range(3)]
        (last,) = await bot.get_updates(offset=first[1].update_id + 1)
        assert await bot.get_updates(offset=last.update_id + 1) == ()
        assert await bot.get_updates() == ()


async def test_a_negative_offset_forgets_all_but_the_last() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        for number in range(3):
            sim.says(ada, meadow, f"/imagine {number}")
        (last,) = await bot.get_updates(offset=-1)
        assert last.message is not None
        assert last.message.text == "/imagine 2"
        assert len(await bot.get_updates()) == 1


async def test_updates_are_kept_for_a_day() -> None:
    clock = FakeClock()
    async with client(clock) as (sim, bot):
        ada, meadow = somewhere(sim)
        sim.says(ada, meadow, "/imagine a fox")
        await clock.advance(DAY_S - 1)
        assert len(await bot.get_updates()) == 1
        await clock.advance(2)
        assert await bot.get_updates() == ()


async def test_a_poll_waits_until_something_happens() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        polling = asyncio.create_task(bot.get_updates(timeout=50))
        await sim.until(lambda: sim.updates.is_polled)
        sim.says(ada, meadow, "/imagine a fox")
        assert len(await polling) == 1


async def test_a_poll_in_which_nothing_happens_ends_empty_after_its_time() -> None:
    clock = FakeClock()
    async with client(clock) as (sim, bot):
        polling = asyncio.create_task(bot.get_updates(timeout=600))
        await sim.until(lambda: sim.updates.is_polled)
        await clock.advance(49)
        assert not polling.done()
        await clock.advance(1)
        assert await polling == ()


async def test_of_two_pollers_the_older_one_is_sent_away() -> None:
    async with client() as (sim, bot), raw(sim) as call:
        ada, meadow = somewhere(sim)
        older = asyncio.create_task(bot.get_updates(timeout=50))
        await sim.until(lambda: sim.updates.is_polled)
        younger = asyncio.create_task(call("getUpdates", timeout=50))
        with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request; make sure that only one bot"):
            await older
        sim.says(ada, meadow, "/imagine a fox")
        assert len((await younger).result) == 1


async def test_a_poll_whose_client_is_gone_is_nobodys_rival() -> None:
    async with client() as (sim, bot):
        gone = asyncio.create_task(bot.get_updates(timeout=50))
        await sim.until(lambda: sim.updates.is_polled)
        gone.cancel()
        await sim.until(lambda: not sim.updates.is_polled)
        assert await bot.get_updates() == ()


async def test_only_the_kinds_that_were_asked_for_are_told_and_the_wish_is_kept() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        await bot.get_updates(allowed_updates=["callback_query"])
        await bot.send_message(meadow.id, "Queued", reply_markup=button("Cancel", "c"))
        sim.says(ada, meadow, "/imagine a fox")
        sim.press(ada, sim.messages(meadow)[0], "c")
        (update,) = await bot.get_updates()
        assert update.callback_query is not None
        await bot.get_updates(update.update_id + 1, allowed_updates=[])
        sim.joins(ada, meadow)
        sim.promotes(meadow, ada)
        assert [one.message is not None for one in await bot.get_updates()] == [True]


async def test_a_batch_can_hold_what_nobody_understands_and_what_was_confirmed_already() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        ada, meadow = somewhere(sim)
        sim.says(ada, meadow, "/imagine a fox")
        unknown = sim.updates.inject({"mind_reading": {"thought": "a fox"}})
        sim.updates.inject({"message": {"chat": "no chat", "message_id": []}})
        assert len((await call("getUpdates")).result) == 3
        assert (await call("getUpdates", offset=unknown + 2)).result == []
        sim.updates.again(unknown)
        (told,) = (await call("getUpdates")).result
        assert told == {"update_id": unknown, "mind_reading": {"thought": "a fox"}}


async def test_after_a_quiet_week_the_numbers_go_on_anywhere_and_nothing_is_lost() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        sim.says(ada, meadow, "/imagine a fox")
        (before,) = await bot.get_updates()
        assert await bot.get_updates(before.update_id + 1) == ()
        sim.updates._next_id = 1000
        sim.says(ada, meadow, "/imagine a hare")
        (after,) = await bot.get_updates(before.update_id + 1)
        assert after.update_id == 1000


async def test_an_answer_that_was_lost_confirms_nothing() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        ada, meadow = somewhere(sim)
        sim.says(ada, meadow, "/imagine a fox")
        sim.faults.drop("getUpdates", after=True)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await call("getUpdates")
        assert len((await call("getUpdates")).result) == 1


@pytest.mark.parametrize(
    ("token", "status", "told"),
    [("7000000001:another", 401, "Unauthorized"), ("nonsense", 404, "Not Found")],
)
async def test_only_the_token_opens_the_door(token: str, status: int, told: str) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        said = await call("getMe", token=token)
        assert (said.status, said.told) == (status, told)
        async with call._session.get(f"{sim.origin}/file/bot{token}/photos/x") as response:
            assert response.status == status


async def test_the_library_calls_a_wrong_token_by_its_name() -> None:
    async with client() as (sim, bot):
        sim.token = "7000000001:another"
        with pytest.raises(InvalidToken):
            await bot.get_me()


async def test_the_bot_is_told_who_it_is() -> None:
    async with client() as (sim, bot):
        me = await bot.get_me()
        assert (me.id, me.is_bot, me.username) == (sim.bot.id, True, "limner_bot")
        assert me.can_read_all_group_messages is False


@dataclass
class Address:
    """A bot's own address, which answers with what stands in `status`."""

    url: str = ""
    status: list[int] = field(default_factory=list)
    came: list[tuple[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.came.append((request.headers.get(SECRET, ""), await request.json()))
        return web.Response(status=self.status.pop(0) if self.status else 200)


@asynccontextmanager
async def address() -> AsyncIterator[Address]:
    found, app = Address(), web.Application()
    app.router.add_post("/hooks/telegram", found.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/telegram"
        yield found
    finally:
        await runner.cleanup()


async def test_a_webhook_is_brought_every_update_with_its_secret() -> None:
    async with address() as own, client() as (sim, bot):
        ada, meadow = somewhere(sim)
        sim.says(ada, meadow, "/imagine a fox")
        await bot.set_webhook(own.url, secret_token="whisper")
        sim.says(ada, meadow, "/imagine a hare")
        await sim.until(lambda: not sim.updates.pending)
        assert [(secret, body["message"]["text"]) for secret, body in own.came] == [
            ("whisper", "/imagine a fox"),
            ("whisper", "/imagine a hare"),
        ]


async def test_an_update_is_brought_again_until_the_webhook_takes_it() -> None:
    clock = FakeClock()
    async with address() as own, client(clock) as (sim, bot):
        own.status = [500, 503]
        ada, meadow = somewhere(sim)
        bob = sim.person("bob")
        await bot.set_webhook(own.url)
        sim.says(ada, meadow, "/imagine a fox")
        await sim.until(lambda: len(sim.webhooks.deliveries) == 1)
        sim.starts(bob)
        await sim.until(lambda: len(sim.webhooks.deliveries) == 2)
        assert (await bot.get_webhook_info()).last_error_message == "Wrong response from the webhook: 503"
        await clock.advance(1)
        await sim.until(lambda: not sim.updates.pending)
        assert sorted(status for _, status in sim.webhooks.deliveries) == [200, 200, 500, 503]


async def test_nobody_polls_while_a_webhook_is_set() -> None:
    async with address() as own, client() as (sim, bot):
        polling = asyncio.create_task(bot.get_updates(timeout=50))
        await sim.until(lambda: sim.updates.is_polled)
        await bot.set_webhook(own.url)
        with pytest.raises(Conflict, match="terminated by setWebhook request"):
            await polling
        with pytest.raises(Conflict, match=r"(?i)can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        assert (await bot.get_webhook_info()).url == own.url
        await bot.delete_webhook()
        assert await bot.get_updates() == ()


async def test_what_waited_can_be_dropped() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        sim.says(ada, meadow, "/imagine a fox")
        await bot.delete_webhook(drop_pending_updates=True)
        assert await bot.get_updates() == ()


async def test_a_webhook_needs_https_and_a_secret_of_plain_letters() -> None:
    async with client() as (_, bot):
        with pytest.raises(BadRequest, match=r"(?i)an https url must be provided"):
            await bot.set_webhook("http://example.com/hooks")
        with pytest.raises(BadRequest, match=r"(?i)unallowed characters"):
            await bot.set_webhook("https://example.com/hooks", secret_token="a secret")


async def test_setting_a_webhook_twice_in_a_second_is_too_often() -> None:
    clock = FakeClock()
    async with simulated(clock) as sim, raw(sim) as call:
        said = [await call("setWebhook", url="https://example.invalid/hooks") for _ in range(2)]
        assert [(one.status, one.parameters) for one in said] == [(200, {}), (429, {"retry_after": 1})]
        await clock.advance(1)
        assert (await call("setWebhook", url="")).result is True
