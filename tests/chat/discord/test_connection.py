"""The connection: kept through every trouble, begun again with patience, given up with a sentence."""

from __future__ import annotations

import asyncio
import logging
import socket
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from chat.discord.stage import Bot, Stage, private, said, staged
from pydantic import SecretStr
from sim.discord.state import Answer

from adapters.chat.discord.admission import NOT_LET_IN
from adapters.chat.discord.supervisor import SPARE_IDENTIFIES, WINDOW_S
from bot.config import DiscordSettings, Settings, WebSettings
from bot.model import Card, JobState, Origin
from bot.parsing import Command
from bot.testing.provider import SPEC
from bot.wiring import running

NO_JSON = "{"


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    ours = (record for record in caplog.records if record.name.startswith("adapters."))
    return [record.getMessage() for record in ours if record.levelno >= logging.ERROR]


async def answers(stage: Stage) -> bool:
    """Whether a command is answered; whatever the bot waits for passes."""
    asked = await stage.send("quota")
    await stage.passes(lambda: asked.answer)
    return private(asked)


async def test_the_bot_asks_for_no_privileged_intent(stage: Stage) -> None:
    (identify,) = stage.sim.gateway.identifies
    assert identify.intents == 1


async def test_troubles_in_a_row_lose_no_command_and_burn_no_sessions(stage: Stage) -> None:
    gateway, asked = stage.sim.gateway, []

    async def command() -> None:
        asked.append(await stage.send("imagine", prompt="a red fox"))

    await command()
    gateway.cut()
    await command()
    await stage.passes(lambda: len(gateway.resumes) == 1)
    await gateway.reconnect()
    await command()
    await stage.passes(lambda: len(gateway.resumes) == 2)
    await gateway.close(4000)
    await command()
    await stage.passes(lambda: len(gateway.resumes) == 3)
    await gateway.invalidate(resumable=False)
    await stage.passes(lambda: len(gateway.identifies) == 2 and gateway.connected)
    await command()
    await stage.answered(asked[-1])
    await gateway.send_text(NO_JSON)
    await stage.passes(lambda: len(gateway.identifies) == 3 and gateway.connected)
    await command()
    await stage.passes(lambda: all(one.answer for one in asked))
    await stage.passes(lambda: all(one.original and one.original.pictures for one in asked))
    assert len(gateway.identifies) <= 6
    await stage.become(*[JobState.SUCCEEDED] * 6)


async def test_jobs_go_on_while_the_gateway_is_away(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot() as bot:
        asked = await stage.ask("imagine", prompt="a red fox")
        stage.sim.gateway.refuse_with = 4000
        stage.sim.faults.outage("GATEWAY")
        await stage.sim.gateway.send_text(NO_JSON)
        await stage.passes(lambda: not bot.chat.ready())
        assert (await stage.picture(asked)).pictures
        assert not bot.chat.ready()


@pytest.mark.parametrize("event", [None, "INTERACTION_CREATE", "GUILD_CREATE", "THREAD_CREATE"])
async def test_an_event_that_cannot_be_read_ends_no_command_that_is_being_answered(
    stage: Stage, event: str | None
) -> None:
    stage.store.gate.clear()
    asked = await stage.send("imagine", prompt="a red fox")
    await stage.stalled()
    if event is None:
        await stage.sim.gateway.send_text(NO_JSON)
    else:
        await stage.sim.gateway.dispatch(event, {"odd": True})
    await stage.passes(lambda: len(stage.sim.gateway.identifies) == 2)
    stage.store.gate.set()
    assert (await stage.picture(asked)).pictures


async def test_with_several_shards_every_one_is_begun_again_once(empty_stage: Stage) -> None:
    stage, gateway = empty_stage, empty_stage.sim.gateway
    gateway.shards = 2
    async with stage.bot() as bot:
        assert bot.chat.ready()
        await gateway.send_text(NO_JSON)  # to both
        await stage.passes(lambda: len(gateway.identifies) == 4 and bot.chat.ready())
        assert [identify.shard for identify in gateway.identifies] == [(0, 2), (1, 2)] * 2
        assert await answers(stage)
        assert len(gateway.connected) == 2


async def test_a_large_bot_begins_all_its_sessions(empty_stage: Stage) -> None:
    empty_stage.sim.gateway.shards = 8
    async with empty_stage.bot() as bot:
        await empty_stage.passes(bot.chat.ready)
        assert len(empty_stage.sim.gateway.identifies) == 8


async def test_ready_says_whether_commands_are_heard(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot() as bot:
        assert bot.chat.ready()
        await stage.sim.gateway.invalidate(resumable=False)
        await stage.sim.until(lambda: not stage.sim.gateway.connected)
        await asyncio.sleep(0.02)
        assert not bot.chat.ready()
        await stage.passes(bot.chat.ready)
        stage.sim.gateway.cut()
        await stage.passes(lambda: stage.sim.gateway.resumes)
        await stage.passes(bot.chat.ready)
    assert not bot.chat.ready()


async def test_sessions_that_are_ended_over_and_over_are_begun_ever_more_slowly(stage: Stage) -> None:
    gateway, began = stage.sim.gateway, stage.clock.monotonic()
    while stage.clock.monotonic() - began < 2 * WINDOW_S:
        if gateway.connected:
            await gateway.invalidate(resumable=False)
        await stage.clock.advance(5)
        await asyncio.sleep(0.002)
    assert 6 <= len(gateway.identifies) <= 3 * (SPARE_IDENTIFIES + 1)
    await stage.passes(lambda: gateway.connected, most_s=int(WINDOW_S))
    assert await answers(stage)


async def test_no_session_is_begun_when_discord_allows_no_more_today(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.sim.gateway.starts_a_day = 0
    async with stage.bot() as bot:
        assert not bot.chat.ready()
        assert stage.sim.gateway.identifies == []
        stage.sim.gateway.starts_a_day = 1000
        await stage.clock.advance(86_400)
        await stage.passes(bot.chat.ready)


async def test_a_bot_that_starts_while_discord_is_down_comes_when_it_is_back(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.sim.faults.outage(times=5)
    async with stage.bot() as bot:
        assert not bot.chat.ready()
        await stage.passes(bot.chat.ready)
        assert await answers(stage)


async def test_a_start_does_not_wait_for_ever(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.sim.faults.slow("GET /users/@me", 1000)
    bot = Bot(stage)
    starting = asyncio.create_task(bot.start())
    await stage.passes(starting.done, most_s=20)
    await bot.stop()


async def test_a_bad_token_is_a_sentence_and_no_reason_to_stop(
    empty_stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage = empty_stage
    stage.token = "another"
    async with stage.bot() as bot:
        assert not bot.chat.ready()
        await stage.clock.advance(3600)
    (error,) = errors(caplog)
    assert error.startswith("Discord does not take the token in BOT_DISCORD__TOKEN")
    assert stage.sim.count("GET /users/@me") == 1


@pytest.mark.parametrize(("code", "words"), [(4004, "does not take the token"), (4011, "code 4011"), (4014, "4014")])
async def test_a_connection_that_is_refused_for_good_is_a_sentence(
    stage: Stage, caplog: pytest.LogCaptureFixture, code: int, words: str
) -> None:
    asked = await stage.ask("imagine", prompt="a red fox")
    await stage.sim.gateway.close(code)
    await stage.passes(lambda: errors(caplog))
    assert words in errors(caplog)[0]
    assert (await stage.picture(asked)).pictures
    assert len(stage.sim.gateway.identifies) == 1


async def test_a_token_that_is_reset_while_the_connection_is_away_is_a_sentence_too(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.sim.token = "another"
    await stage.sim.gateway.send_text(NO_JSON)
    await stage.passes(lambda: errors(caplog))
    await stage.clock.advance(3600)
    (error,) = errors(caplog)
    assert "does not take the token" in error


@pytest.mark.parametrize("close_code", [4004, None])
async def test_a_token_that_is_reset_while_pictures_are_drawn_is_used_no_more_and_costs_no_picture(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, close_code: int | None
) -> None:
    slow = replace(SPEC, deadline_s=3600)
    async with staged(tmp_path, duration_s=1000, spec=slow, slots=5) as stage:
        async with stage.bot() as bot:
            cards = [(await stage.ask("imagine", prompt="a red fox", count=count)).original for count in (1, 2, 2)]
            stage.sim.token = "another"
            if close_code:
                await stage.sim.gateway.close(close_code)
            for _ in range(60):
                await stage.clock.advance(60)
                await asyncio.sleep(0.01)
            assert stage.sim.api.shield.invalid <= len(cards)  # what was on its way at that moment
            assert not bot.chat.ready()
            assert await stage.states(stage.ada) == [JobState.SUCCEEDED] * 5
            assert await stage.credits(stage.ada) == 15
            asker = Origin(platform="discord", update_id="1", account=str(stage.ada.id), chat="")
            history = await bot.commands.do(asker, Command("history", "", {}))
            assert isinstance(history, Card)
            assert len(history.media) == 5
        assert errors(caplog) == [NOT_LET_IN]
        assert not any(card and card.pictures for card in cards)
        stage.token = "another"
        async with stage.bot():
            await stage.passes(lambda: [len(card.pictures) for card in cards if card] == [1, 2, 2])
            assert await stage.credits(stage.ada) == 15


async def test_the_page_is_up_although_discord_has_a_bad_token(empty_stage: Stage, tmp_path: Path) -> None:
    stage = empty_stage
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = Settings(
        data_dir=tmp_path / "data",
        web=WebSettings(port=port),
        discord=DiscordSettings(token=SecretStr("another"), api_base=stage.sim.api_base),
    )
    async with running(settings) as (chats, _), aiohttp.ClientSession() as browser:
        assert {chat.surface.platform: chat.ready() for chat in chats} == {"web": True, "discord": False}
        async with browser.get(f"http://127.0.0.1:{port}/") as page, browser.get(f"{page.url}readyz") as readiness:
            assert (page.status, readiness.status) == (200, 503)


async def test_a_stop_while_a_command_is_open_answers_it_first(empty_stage: Stage) -> None:
    stage = empty_stage
    bot = Bot(stage)
    await bot.start()
    stage.store.gate.clear()
    asked = await stage.send("imagine", prompt="a red fox")
    await stage.stalled()
    await stage.answered(asked)

    stopping = asyncio.create_task(bot.chat.stop_intake())
    await stage.clock.advance(1)
    late = await stage.ask("imagine", prompt="a hare")
    assert private(late)
    assert "I'm restarting" in said(late)
    assert not stopping.done()
    stage.store.gate.set()
    await stopping
    assert "Queued" in said(asked)

    await bot.stop()
    assert not bot.chat.ready()


async def test_a_stop_does_not_wait_for_ever_for_a_command(empty_stage: Stage) -> None:
    stage = empty_stage
    bot = Bot(stage)
    await bot.start()
    stage.store.gate.clear()
    asked = await stage.send("imagine", prompt="a red fox")
    await stage.stalled()
    await stage.answered(asked)
    stopping = asyncio.create_task(bot.stop())
    await stage.passes(stopping.done, most_s=10)
    assert asked.answer is Answer.DEFER


async def test_nothing_is_left_behind_when_it_stops_while_it_connects(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot():
        await stage.sim.gateway.invalidate(resumable=False)
        await asyncio.sleep(0.02)  # it waits before it identifies


async def test_a_bot_that_never_started_can_be_closed(empty_stage: Stage) -> None:
    await Bot(empty_stage).chat.close()
