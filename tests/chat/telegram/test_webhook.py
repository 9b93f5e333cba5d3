"""Updates that Telegram brings: from it alone, kept before they are confirmed, and each handled once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from chat.telegram.stage import Stage, staged
from multidict import CIMultiDict

from adapters.chat.telegram.webhook import HEADER, PATH, secret_of
from bot.chat import Hook
from bot.errors import StoreUnavailable
from bot.model import JobState

UPDATE = b'{"update_id": 1}'


class Door:
    """The page's server, as far as Telegram knows it; hooks come and go with their bots."""

    def __init__(self) -> None:
        self.hooks: Mapping[str, Hook] = {}
        self.address = ""

    async def answer(self, request: web.Request) -> web.Response:
        hook = self.hooks.get("telegram")
        return web.Response(status=await hook(await request.read(), request.headers) if hook else 502)


@asynccontextmanager
async def opened() -> AsyncIterator[Door]:
    door, app = Door(), web.Application()
    app.router.add_post(PATH, door.answer)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        door.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield door
    finally:
        await runner.cleanup()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened() as door, staged(tmp_path) as stage:
        stage.mode, stage.public_url, stage.door = "webhook", door.address, door
        yield stage


@asynccontextmanager
async def connected(stage: Stage) -> AsyncIterator[Any]:
    async with stage.bot() as bot:
        stage.door.hooks = bot.context.hooks
        yield bot


def shown(secret: str) -> CIMultiDict[str]:
    """The headers of who shows a secret."""
    return CIMultiDict({HEADER: secret})


async def test_what_telegram_brings_is_served(stage: Stage) -> None:
    async with connected(stage) as bot:
        assert bot.chat.ready()
        assert (await stage.imagine()).photo is not None
        await stage.passes(lambda: not stage.sim.updates.pending)
        assert stage.sim.count("getUpdates") == 0
    assert {status for _, status in stage.sim.webhooks.deliveries} == {200}


async def test_only_telegram_knows_the_secret_and_it_is_not_the_token(stage: Stage) -> None:
    async with connected(stage) as bot:
        hook, secret = bot.context.hooks["telegram"], stage.sim.webhooks.secret
        assert secret == secret_of(stage.token)
        assert stage.token.partition(":")[2] not in secret
        for forged in ("", "x", secret[:-1], secret + "x", secret.upper(), "é"):
            assert await hook(UPDATE, shown(forged)) == 401
        assert await hook(UPDATE, {}) == 401
        assert await hook(UPDATE, shown(secret)) == 200


async def test_what_cannot_be_kept_is_not_confirmed_and_comes_again(stage: Stage) -> None:
    async with connected(stage) as bot:
        store, kept = stage.store, bot.chat._receiving

        class Full:
            async def receive(self, *_: Any, **__: Any) -> Any:
                raise StoreUnavailable("the disk is full")

        kept._inbox = Full()
        stage.sim.says(stage.ada, stage.home, "/imagine a red fox")
        await stage.passes(lambda: (700_000_001, 503) in stage.sim.webhooks.deliveries)
        assert stage.sim.updates.pending
        kept._inbox = store
        await stage.passes(lambda: not stage.sim.updates.pending)
        await stage.ended()
    assert await stage.states(stage.ada) == [JobState.SUCCEEDED]


async def test_nothing_is_taken_before_the_bot_knows_its_name(stage: Stage) -> None:
    stage.sim.faults.outage("getMe")
    async with connected(stage) as bot:
        hook, headers = bot.context.hooks["telegram"], shown(secret_of(stage.token))
        assert await hook(b"{}", headers) == 503


async def test_junk_from_telegram_is_not_asked_for_again(stage: Stage) -> None:
    async with connected(stage) as bot:
        headers = shown(stage.sim.webhooks.secret)
        for junk in (b"", b"{", b"[]", b"{}", b'{"update_id":"x"}', b"\xff"):
            assert await bot.context.hooks["telegram"](junk, headers) == 200


async def test_an_update_goes_on_to_its_end_where_telegram_hangs_up(stage: Stage) -> None:
    async with connected(stage) as bot:
        gate = asyncio.Event()
        store = stage.store

        class Slow:
            def __getattr__(self, name: str) -> Any:
                return getattr(store, name)

            async def receive(self, *arguments: Any, **more: Any) -> Any:
                await gate.wait()
                return await store.receive(*arguments, **more)

        stage.ada.started = True
        bot.chat._receiving._inbox = Slow()
        body = json.dumps({"update_id": 5, "message": said(stage)}).encode()
        waiting = asyncio.ensure_future(bot.context.hooks["telegram"](body, shown(stage.sim.webhooks.secret)))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        gate.set()
        await stage.passes(lambda: stage.by_bot(stage.home))
        await stage.ended()
    assert await stage.states(stage.ada) == [JobState.SUCCEEDED]


async def test_what_comes_while_it_stops_or_is_away_is_served_later(stage: Stage) -> None:
    async with connected(stage) as bot:
        await stage.while_time_passes(bot.chat.stop_intake())
        stage.sim.says(stage.ada, stage.home, "/imagine a red fox")
        await stage.passes(lambda: stage.sim.webhooks.deliveries)
        assert {status for _, status in stage.sim.webhooks.deliveries} == {503}
    stage.door.hooks = {}
    async with connected(stage):
        await stage.passes(lambda: not stage.sim.updates.pending)
        await stage.ended()
    assert await stage.states(stage.ada) == [JobState.SUCCEEDED]


async def test_going_back_to_polling_takes_the_webhook_away(stage: Stage) -> None:
    async with connected(stage):
        assert stage.sim.updates.webhook
    stage.mode = "polling"
    async with stage.bot():
        assert not stage.sim.updates.webhook
        assert (await stage.imagine()).photo is not None


async def test_an_address_that_telegram_refuses_is_told_and_tried_again(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.sim.faults.refuse("setWebhook", 400, "bad webhook: IP address is private", times=3)
    async with stage.bot() as bot:
        assert not bot.chat.ready()
        await stage.passes(bot.chat.ready)
    assert "ip address is private" in caplog.text


def said(stage: Stage) -> dict[str, Any]:
    """A message of ada's as Telegram would tell it."""
    person = {"id": stage.ada.id, "is_bot": False, "first_name": "ada"}
    chat = {"id": stage.home.id, "type": "private", "first_name": "ada"}
    return {"message_id": 999, "date": 1_790_000_000, "chat": chat, "from": person, "text": "/imagine a red fox"}
