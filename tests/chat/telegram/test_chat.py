"""The platform's own life: signing in, outages, rivals, and stopping; everything else goes on meanwhile."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import pytest
from chat.telegram.stage import Stage, staged
from sim.telegram.limits import MINUTE_S

from adapters.chat.telegram.connection import NOT_LET_IN, TAKEN
from bot.model import JobState

MINUTES_S = 600
STRANGER = "7000000001:of-another-life"


def sentences(caplog: pytest.LogCaptureFixture, level: int = logging.WARNING) -> list[str]:
    """What the operator reads of the connection."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.endswith("telegram.connection") and record.levelno >= level
    ]


async def test_a_picture_comes_in_the_message_that_the_command_was_answered_with(stage: Stage) -> None:
    message = await stage.imagine("a red fox")
    assert message.photo is not None
    assert stage.by_bot(stage.home) == [message]
    assert await stage.states(stage.ada) == [JobState.SUCCEEDED]


async def test_it_is_ready_and_has_an_address_once_it_is_connected(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot() as bot:
        assert bot.chat.ready()
        assert bot.chat.address == f"https://t.me/{stage.sim.bot.username}"
    assert not bot.chat.ready()


@pytest.mark.parametrize("status", [401, 404])
async def test_a_wrong_token_is_a_sentence_and_hardly_a_call(
    empty_stage: Stage, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    stage = empty_stage
    stage.token = STRANGER
    if status != 401:
        stage.sim.faults.outage(status=status)
    async with stage.bot() as bot:
        for _ in range(MINUTES_S):
            await stage.clock.advance(1)
            await asyncio.sleep(0)
        assert not bot.chat.ready()
        assert bot.chat.address is None
    assert sentences(caplog) == [NOT_LET_IN]
    assert stage.sim.count("*") <= 12
    assert STRANGER not in caplog.text


async def test_a_rival_is_a_sentence_and_left_to_win_until_it_is_gone(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.sim.faults.refuse("getUpdates", 409, "terminated by other getUpdates request", times=8)
    stage.sim.updates.hand_over(None)
    chat = stage.bots[0].chat
    await stage.passes(lambda: not chat.ready())
    began = stage.clock.monotonic()
    await stage.passes(chat.ready, most_s=2000, step_s=5)
    assert stage.clock.monotonic() - began > 100
    [said] = sentences(caplog)
    assert said == TAKEN % "Conflict: terminated by other getUpdates request"
    assert (await stage.imagine()).photo is not None


async def test_a_webhook_that_somebody_left_is_taken_away_at_the_start(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.sim.updates.webhook = "https://elsewhere.example/hook"
    async with stage.bot():
        assert (await stage.imagine()).photo is not None


@pytest.mark.parametrize("trouble", ["502", "dropped", "junk"])
async def test_an_outage_is_told_once_waited_for_and_costs_no_message(
    stage: Stage, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    chat, faults = stage.bots[0].chat, stage.sim.faults
    if trouble == "dropped":
        faults.drop("getUpdates", times=1000)
    else:
        faults.outage("getUpdates", status=502 if trouble == "502" else 200)
    stage.sim.updates.hand_over(None)
    await stage.passes(lambda: not chat.ready())
    calls = stage.sim.count("getUpdates")
    stage.sim.says(stage.ada, stage.home, "/imagine a red fox")
    for _ in range(MINUTES_S):
        await stage.clock.advance(1)
        await asyncio.sleep(0.0005)
    assert stage.sim.count("getUpdates") - calls < 30
    faults.clear()
    await stage.passes(chat.ready)
    await stage.passes(lambda: stage.by_bot(stage.home))
    await stage.ended()
    assert await stage.states(stage.ada) == [JobState.SUCCEEDED]
    assert len(sentences(caplog)) == 1


async def test_it_starts_while_telegram_is_away_and_connects_when_it_is_back(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.sim.faults.outage()
    async with stage.bot() as bot:
        assert not bot.chat.ready()
        stage.sim.faults.clear()
        await stage.passes(bot.chat.ready)
        assert (await stage.imagine()).photo is not None


async def test_menus_that_cannot_be_set_are_no_reason_to_stay_away(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.sim.faults.outage("setMyCommands")
    async with stage.bot() as bot:
        assert bot.chat.ready()
        assert (await stage.imagine()).photo is not None


async def test_stopping_in_a_long_poll_takes_no_time_and_what_comes_then_is_served_at_the_next_start(
    empty_stage: Stage,
) -> None:
    stage = empty_stage
    async with stage.bot():
        await stage.passes(lambda: stage.sim.updates._waiting)
        began, clock_began = time.monotonic(), stage.clock.monotonic()
    assert time.monotonic() - began < 2
    assert stage.clock.monotonic() - clock_began < 5
    stage.sim.says(stage.ada, stage.home, "/imagine a red fox")
    assert stage.sim.updates.pending
    async with stage.bot():
        await stage.passes(lambda: stage.by_bot(stage.home))
        await stage.ended()
    assert await stage.states(stage.ada) == [JobState.SUCCEEDED]


async def test_an_answer_that_a_stop_cut_off_is_given_at_the_next_start(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot():
        stage.sim.faults.outage("sendMessage")
        stage.sim.says(stage.ada, stage.home, "/help")
        await stage.passes(lambda: stage.sim.count("sendMessage"))
    stage.sim.faults.clear()
    async with stage.bot():
        await stage.passes(lambda: stage.by_bot(stage.home))
    assert len(stage.by_bot(stage.home)) == 1


async def test_an_answer_is_given_after_an_outage(stage: Stage) -> None:
    stage.sim.faults.outage("sendMessage", for_s=90)
    stage.sim.says(stage.ada, stage.home, "/help")
    await stage.passes(lambda: stage.by_bot(stage.home))
    assert stage.by_bot(stage.home)[0].text.startswith("What I can do")


async def test_a_command_is_carried_out_after_an_outage(stage: Stage) -> None:
    stage.sim.faults.outage("sendMessage", for_s=90)
    stage.sim.says(stage.ada, stage.home, "/imagine a red fox")
    await stage.passes(lambda: stage.by_bot(stage.home))
    await stage.ended()
    assert stage.by_bot(stage.home)[0].photo
    assert len(await stage.states(stage.ada)) == 1


async def test_what_is_asked_for_while_it_stops_is_left_to_the_next_start(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot() as bot:
        await stage.while_time_passes(bot.chat.stop_intake())
        stage.sim.says(stage.ada, stage.home, "/imagine a red fox")
        await stage.clock.advance(60)
        assert stage.sim.updates.pending
        assert stage.by_bot(stage.home) == []


async def test_twenty_jobs_of_a_group_at_once_end_within_its_limits_and_in_time(tmp_path: Any) -> None:
    async with staged(tmp_path, duration_s=30.0, slots=20) as stage, stage.bot():
        began = stage.clock.monotonic()
        people = [stage.sim.person(f"p{number}") for number in range(20)]
        for number, person in enumerate(people):
            stage.sim.says(person, stage.meadow, f"/imagine fox {number}")
        await stage.passes(lambda: len(stage.by_bot(stage.meadow)) == 20)
        await stage.ended()
        assert stage.clock.monotonic() - began <= 110
        assert all(message.photo for message in stage.by_bot(stage.meadow))
        assert stage.sim.limits.beyond == []
        assert stage.sim.count("*", 429) == 0


async def test_who_floods_a_group_with_questions_holds_up_nobodys_picture(stage: Stage) -> None:
    for _ in range(60):
        stage.sim.says(stage.ada, stage.meadow, "/help")
    await stage.passes(lambda: stage.by_bot(stage.meadow))
    began = stage.clock.monotonic()
    stage.sim.says(stage.bob, stage.meadow, "/imagine a red fox")
    await stage.passes(lambda: "a red fox" in stage.by_bot(stage.meadow)[-1].text, most_s=5)
    await stage.ended()
    assert stage.clock.monotonic() - began < stage.provider.duration_s + MINUTE_S
    assert stage.sim.count("*", 429) == 0
