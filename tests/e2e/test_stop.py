"""A stop in the middle of a job: nothing fails, nothing is lost, the next start goes on."""

from __future__ import annotations

import time
from pathlib import Path

from sim.process import Bot, Page, free_port

SLOW = {"BOT_PROVIDERS__DEMO__DURATION_S": "3"}
STOP_S = 10.0


async def test_a_stop_leaves_running_and_waiting_jobs_to_the_next_start(tmp_path: Path) -> None:
    port = free_port()
    settings = {**SLOW, "BOT_PROVIDERS__DEMO__MAX_IN_FLIGHT": "1"}
    bot = await Bot.start(tmp_path, port, **settings)
    async with Page.open(port) as page:
        _, answer = await page.say("/imagine a fox --count 2")
        began = time.monotonic()
        exit_code, _ = await bot.terminate()
        assert exit_code == 0
        assert time.monotonic() - began < STOP_S
        bot = await Bot.start(tmp_path, port, **settings)
        try:
            jobs = [await page.ended(job_id) for job_id in answer["jobs"]]
            assert [job["state"] for job in jobs] == ["succeeded", "succeeded"]
            assert (await page.get("/api/me"))["left"] == 18
            [card] = (await page.get("/api/cards"))["cards"]
            assert (card["state"], len(card["media"])) == ("succeeded", 2)
        finally:
            assert (await bot.terminate())[0] == 0


async def test_every_fate_of_the_demo_ends_as_the_contract_says(tmp_path: Path) -> None:
    port = free_port()
    bot = await Bot.start(tmp_path, port, BOT_PROVIDERS__DEMO__DEADLINE_S="3")
    try:
        async with Page.open(port) as page:
            ids = {word: (await page.say(f"/imagine a {word} fox"))[1]["job"] for word in ("fail", "stuck", "red")}
            ended = {word: await page.ended(job_id) for word, job_id in ids.items()}
            assert {word: job["state"] for word, job in ended.items()} == {
                "fail": "failed",
                "stuck": "failed",
                "red": "succeeded",
            }
            assert ended["stuck"]["error"]["code"] == "deadline"
            assert ended["red"]["error"] is None
            assert ended["red"]["progress"] == 100
            assert (await page.get("/api/me"))["left"] == 19
            assert (await page.press("look", ids["stuck"]))[0] == 409
            assert (await page.press("cancel", ids["red"]))[0] == 409
            status, again = await page.press("again", ids["red"])
            assert (status, (await page.ended(again["job"]))["state"]) == (200, "succeeded")
            assert (await page.press("delete", ids["red"]))[0] == 200
            assert (await page.press("delete", ids["red"]))[0] == 404
    finally:
        assert (await bot.terminate())[0] == 0
