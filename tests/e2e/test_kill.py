"""The process dies at every row of its table of deaths, starts again, and keeps every promise."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
from pathlib import Path

import aiohttp
import pytest
from sim.process import TESTS, Bot, Page, free_port

DOOMED = str(TESTS / "sim" / "doomed.py")
INTENT_COMMITTED = ("after store.advance", 1)
DEATHS = [
    ("accepted, not announced", "before store.announced", 1, "a fox", "succeeded"),
    ("announced", "after store.announced", 1, "a fox", "succeeded"),
    ("intent committed", *INTENT_COMMITTED, "a fox", "lost"),
    ("just before the POST", "before provider.submit", 1, "a fox", "lost"),
    ("answer of the POST not saved", "after provider.submit", 1, "a fox", "lost"),
    ("handle saved", "after store.advance", 2, "a fox", "succeeded"),
    ("polling", "after provider.poll", 2, "a fox", "succeeded"),
    ("file renamed, row not", "after media.keep", 1, "a fox", "succeeded"),
    ("delivering", "after store.advance", 3, "a fox", "succeeded"),
    ("shown, not settled", "before store.finish", 1, "a fox", "succeeded"),
    ("failed, not shown", "after store.finish", 1, "a fail", "failed"),
    ("finished", "after store.finish", 1, "a fox", "succeeded"),
]


@pytest.mark.parametrize(
    ("event", "nth", "prompt", "state"), [row[1:] for row in DEATHS], ids=[row[0] for row in DEATHS]
)
async def test_a_kill_loses_nothing_and_charges_once(
    tmp_path: Path, event: str, nth: int, prompt: str, state: str
) -> None:
    port = free_port()
    doomed = await Bot.start(tmp_path, port, DOOMED, event, str(nth))
    async with Page.open(port) as page:
        with contextlib.suppress(aiohttp.ClientError):
            await page.say(f"/imagine {prompt}", key="once")
        assert (await doomed.end())[0] == -signal.SIGKILL
        bot = await Bot.start(tmp_path, port, DOOMED, "never", "0")
        try:
            _, answer = await page.say(f"/imagine {prompt}", key="once")
            job = await page.ended(answer["job"])
            assert job["state"] == state
            assert (await page.get("/api/me"))["left"] == (19 if state == "succeeded" else 20)
            cards = (await page.get("/api/cards"))["cards"]
            assert [card["state"] for card in cards] == [state]
            if state == "succeeded":
                assert (await page.file(job["media"][0]["url"])).startswith(b"\x89PNG")
        finally:
            assert (await bot.terminate())[0] == 0
    assert _rows(tmp_path, "SELECT final_shown FROM messages") == [(1,)]
    assert _rows(tmp_path, "SELECT count(*) FROM jobs") == [(1,)]
    kinds = ["reserve", "settle" if state == "succeeded" else "refund"]
    assert [
        kind for (kind,) in _rows(tmp_path, "SELECT kind FROM ledger WHERE job_id IS NOT NULL ORDER BY id")
    ] == kinds
    submits = 0 if (event, nth) == INTENT_COMMITTED else 1
    assert (tmp_path / "data" / "submits.log").read_text(encoding="ascii").count("\n") == submits


def _rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(folder / "data" / "limner.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()
