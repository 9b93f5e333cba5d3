"""The simulated gateway, as the real discord.py meets it."""

from __future__ import annotations

import asyncio
import json

import pytest
from sim.discord.library import discord, speaking_to
from sim.discord.simulation import Simulation, simulated
from sim.discord.sketch import Sketch, sketch_bot, somewhere
from sim.discord.state import Channel, Person

from bot.testing.clock import FakeClock


async def answers(sim: Simulation, ada: Person, art: Channel) -> bool:
    """Whether a command reaches the bot and comes back."""
    asked = await sim.command(ada, art, "imagine", prompt="a fox")
    return bool(await sim.until(lambda: asked.answer))


async def ended(sim: Simulation, bot: Sketch) -> BaseException:
    found = await sim.until(lambda: bot.ended)
    assert found is not None
    return found


async def test_a_bot_identifies_once_and_needs_no_privileged_intent() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        (identify,) = sim.gateway.identifies
        assert (identify.token, identify.intents, identify.shard) == (sim.token, 1, (0, 1))
        assert bot.user is not None
        assert bot.user.id == sim.bot.id


async def test_a_privileged_intent_is_refused_and_is_a_violation() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim, intents=discord.Intents(message_content=True)) as bot:
        assert isinstance(await ended(sim, bot), discord.PrivilegedIntentsRequired)
        assert sim.take_violations() == ["privileged intents: MESSAGE_CONTENT"]


async def test_a_wrong_token_is_refused_before_the_gateway() -> None:
    async with simulated(FakeClock()) as sim:
        sim.token = "another"
        wrong = "a-bot-token"
        async with sketch_bot(sim, token=wrong) as bot:
            assert isinstance(await ended(sim, bot), discord.LoginFailure)
        assert sim.gateway.identifies == []


@pytest.mark.parametrize("resumable", [True, False])
async def test_a_token_that_was_reset_opens_nothing_any_more(*, resumable: bool) -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        sim.token = "another"
        await sim.gateway.invalidate(resumable=resumable)
        error = await ended(sim, bot)
    assert isinstance(error, discord.ConnectionClosed)
    assert error.code == 4004


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012, 4013])
async def test_some_close_codes_end_a_bot(code: int) -> None:
    async with simulated(FakeClock()) as sim:
        sim.gateway.refuse_with = code
        async with sketch_bot(sim) as bot:
            error = await ended(sim, bot)
    assert isinstance(error, discord.ConnectionClosed)
    assert error.code == code


async def test_a_disallowed_intent_ends_a_bot_with_its_own_error() -> None:
    async with simulated(FakeClock()) as sim:
        sim.gateway.refuse_with = 4014
        async with sketch_bot(sim) as bot:
            assert isinstance(await ended(sim, bot), discord.PrivilegedIntentsRequired)


async def test_after_a_request_to_reconnect_nothing_is_missed() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        ada, art = somewhere(sim)
        await sim.gateway.reconnect()
        asked = await sim.command(ada, art, "imagine", prompt="while the bot is away")
        await sim.until(lambda: bot.resumed)
        await sim.until(lambda: asked.answer)
        assert (len(sim.gateway.identifies), len(sim.gateway.resumes)) == (1, 1)


@pytest.mark.parametrize("code", [None, 4000, 1001])
async def test_a_cut_or_closed_connection_is_resumed_with_what_happened_meanwhile(code: int | None) -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        ada, art = somewhere(sim)
        if code is None:
            sim.gateway.cut()
        else:
            await sim.gateway.close(code)
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: asked.answer)
        assert (bot.resumed, len(sim.gateway.identifies)) == (1, 1)


async def test_an_invalid_session_that_may_be_resumed_is_resumed() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        await sim.gateway.invalidate(resumable=True)
        await sim.until(lambda: bot.resumed)
        assert len(sim.gateway.identifies) == 1


async def test_after_an_invalid_session_the_bot_identifies_anew() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        ada, art = somewhere(sim)
        await sim.gateway.invalidate(resumable=False)
        await sim.until(lambda: sim.gateway.connected)
        assert await answers(sim, ada, art)
        assert (bot.resumed, len(sim.gateway.identifies)) == (0, 2)


async def test_a_session_that_timed_out_cannot_be_resumed() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        await sim.gateway.close(4009)
        await sim.until(lambda: len(sim.gateway.identifies) == 2 and sim.gateway.connected)
        assert (bot.resumed, sim.gateway.resumes) == (0, [])


async def test_a_connection_that_says_nothing_any_more_is_given_up_and_resumed() -> None:
    async with simulated(FakeClock()) as sim:
        sim.gateway.heartbeat_interval_s = 0.05
        async with sketch_bot(sim, heartbeat_timeout=0.2) as bot:
            sim.gateway.freeze()
            await sim.until(lambda: bot.resumed)
            assert sim.gateway.heartbeats > 1


@pytest.mark.parametrize("event", ["{no json", json.dumps({"op": 0, "s": 99, "t": "INTERACTION_CREATE", "d": {}})])
async def test_an_event_that_cannot_be_parsed_ends_the_client_with_an_error(event: str) -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        await sim.gateway.send_text(event)
        assert isinstance(await ended(sim, bot), ValueError | KeyError)


async def test_a_plain_client_is_led_here_too() -> None:
    client = discord.Client(intents=discord.Intents.none())
    connected = asyncio.Event()

    @client.event
    async def on_connect() -> None:
        connected.set()

    async with simulated(FakeClock()) as sim:
        somewhere(sim)
        with speaking_to(sim):
            running = asyncio.create_task(client.start(sim.token))
            await asyncio.wait_for(connected.wait(), 5)
            await client.close()
            await running
        assert sim.gateway.identifies[0].intents == 0
        assert [event for event, _ in sim.gateway.sessions[0].sent] == ["READY"]


async def test_a_session_that_its_bot_closed_is_over() -> None:
    async with simulated(FakeClock()) as sim:
        async with sketch_bot(sim):
            assert await answers(sim, *somewhere(sim))
        await sim.until(lambda: not sim.gateway.sessions)


async def test_shards_hear_of_their_own_servers() -> None:
    clock = FakeClock()
    async with simulated(clock) as sim:
        sim.gateway.shards = 2
        ada, meadow = somewhere(sim)
        clock.jump(0.0015)  # ids tell their millisecond, and that decides on the shard
        wood = sim.channel(sim.guild("Wood"), "art")
        async with sketch_bot(sim) as bot:
            await sim.until(lambda: len(sim.gateway.connected) == 2)
            assert [identify.shard for identify in sim.gateway.identifies] == [(0, 2), (1, 2)]
            for place in (meadow, wood):
                assert await answers(sim, ada, place)
            heard = [[event for event, _ in one.sent].count("INTERACTION_CREATE") for one in sim.gateway.sessions]
            assert (heard, bot.shard_count) == ([1, 1], 2)


async def test_one_connection_is_too_few_where_shards_are_required() -> None:
    async with simulated(FakeClock()) as sim:
        sim.gateway.shards = 2
        async with sketch_bot(sim, shard_count=1) as bot:
            error = await ended(sim, bot)
    assert isinstance(error, discord.ConnectionClosed)
    assert error.code == 4011


async def test_sessions_may_start_only_so_often_in_a_day() -> None:
    async with simulated(FakeClock()) as sim:
        sim.gateway.starts_a_day = 1
        async with sketch_bot(sim) as bot:
            assert (await bot.fetch_session_start_limits()).remaining == 0
            await sim.gateway.invalidate(resumable=False)
            error = await ended(sim, bot)
    assert isinstance(error, discord.ConnectionClosed)
    assert error.code == 4004


async def test_a_session_that_starts_too_soon_after_another_is_invalid() -> None:
    machine = FakeClock()
    async with simulated(FakeClock(), machine) as sim:
        sim.gateway.identify_gap_s = 5.0
        async with sketch_bot(sim):
            await sim.gateway.invalidate(resumable=False)
            await sim.until(lambda: len(sim.gateway.identifies) > 2)
            assert not sim.gateway.connected
            await machine.advance(5)
            await sim.until(lambda: sim.gateway.connected)


async def test_a_bot_learns_that_it_was_kicked() -> None:
    async with simulated(FakeClock()) as sim:
        ada, art = somewhere(sim)
        assert art.guild is not None
        async with sketch_bot(sim) as bot:
            assert await answers(sim, ada, art)  # the server has arrived
            assert [guild.name for guild in bot.guilds] == ["Meadow"]
            await sim.kick(art.guild)
            await sim.command(ada, sim.dm(ada), "imagine", prompt="a fox")
            await sim.until(lambda: sim.count("POST /interactions*") == 2)
            assert not bot.guilds


async def test_the_gateway_can_be_out_of_order() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        sim.faults.outage("GATEWAY", times=1)
        sim.gateway.cut()
        await sim.until(lambda: sim.count("GATEWAY", 503) == 1)
        assert bot.ended is None
