"""A person, the bot as a process of its own, and a vendor that charges: everything but the vendor is real."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sim.process import START_S, Bot, Page, free_port
from sim.vendors.eternalai import EternalAI
from sim.vendors.server import Server

from bot.clock import SystemClock

PROMPT = "a girl with flowers for hair [queue=9] [progress=0,40,80] [takes=10]"


@pytest.fixture
async def vendor() -> AsyncIterator[EternalAI]:
    vendor = EternalAI(SystemClock())
    async with Server(vendor):
        yield vendor
    assert vendor.violations == []


def settings(vendor: EternalAI) -> dict[str, str]:
    return {
        "BOT_PROVIDERS__ETERNALAI__BASE_URL": vendor.origin,
        "BOT_PROVIDERS__ETERNALAI__KEY": vendor.key,
        "BOT_MEDIA__ALLOW_PRIVATE_HOSTS": vendor.files.removeprefix("http://"),
    }


async def shown(page: Page, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The person's only card, as soon as it is as wanted."""
    async with asyncio.timeout(START_S):
        while True:
            [card] = (await page.get("/api/cards"))["cards"]
            if wanted(card):
                found: dict[str, Any] = card
                return found
            await asyncio.sleep(0.05)


def waits_at_the_vendor(card: dict[str, Any]) -> bool:
    return any("ahead" in line for line in card["lines"])


def shows_the_vendors_percent(card: dict[str, Any]) -> bool:
    return bool(card["bar"] and card["bar"]["percent"] in (40, 80) and not card["bar"]["approximate"])


async def test_a_picture_with_a_style_outlives_a_kill_and_is_submitted_and_charged_once(
    tmp_path: Path, vendor: EternalAI
) -> None:
    port = free_port()
    bot = await Bot.start(tmp_path, port, **settings(vendor))
    async with Page.open(port) as page:
        _, answer = await page.say(f"/imagine {PROMPT} --style bloom", key="once")
        waiting = await shown(page, waits_at_the_vendor)
        assert waiting["bar"]["eta_at"] is not None
        await bot.kill()
        bot = await Bot.start(tmp_path, port, **settings(vendor))
        try:
            drawing = await shown(page, shows_the_vendors_percent)
            assert drawing["bar"]["eta_at"] is not None
            job = await page.ended(answer["job"])
            assert job["state"] == "succeeded"
            assert (await page.file(job["media"][0]["url"])).startswith(b"\x89PNG")
            assert (await page.get("/api/me"))["left"] == 19
            [card] = (await page.get("/api/cards"))["cards"]
            assert "Flux_1_MechanicalBloom" in card["chips"]
        finally:
            assert (await bot.terminate())[0] == 0
    count = vendor.count("flowers")
    assert (count.submissions, count.charges, count.fetches) == (1, 1, 1)
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "limner.db")) as db:
        kinds = [kind for (kind,) in db.execute("SELECT kind FROM ledger WHERE job_id IS NOT NULL ORDER BY id")]
    assert kinds == ["reserve", "settle"]
