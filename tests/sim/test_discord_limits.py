"""Rate limits and outages of the simulated Discord, as the real discord.py meets them."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest
from sim.discord.buckets import Limit
from sim.discord.library import discord
from sim.discord.raw import raw
from sim.discord.simulation import simulated
from sim.discord.sketch import Card, Interaction, sketch_bot, somewhere

from bot.testing.clock import FakeClock

POST = "POST /channels/{channel_id}/messages"
WEBHOOK = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"


async def test_the_headers_tell_what_is_left_of_a_bucket() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        sim.buckets.messages = Limit(5, 60.0)
        _, art = somewhere(sim)
        told = [(await rest.post(art)).headers for _ in range(3)]
        assert [headers["X-RateLimit-Remaining"] for headers in told] == ["4", "3", "2"]
        assert {headers["X-RateLimit-Limit"] for headers in told} == {"5"}
        assert len({headers["X-RateLimit-Bucket"] for headers in told}) == 1
        assert 50 < float(told[-1]["X-RateLimit-Reset-After"]) <= 60
        assert float(told[-1]["X-RateLimit-Reset"]) == pytest.approx(time.time() + 60, abs=10)


async def test_the_headers_are_seen_by_a_trace_before_the_call_returns() -> None:
    seen: list[str] = []

    async def look(_: object, __: object, params: aiohttp.TraceRequestEndParams) -> None:
        seen.append(params.response.headers.get("X-RateLimit-Remaining", ""))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(look)
    async with simulated(FakeClock()) as sim, sketch_bot(sim, http_trace=trace) as bot:
        _, art = somewhere(sim)
        await bot.get_partial_messageable(art.id).send("a fox")
        assert seen[-1] == "4"


async def test_every_channel_has_its_own_bucket() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        _, art = somewhere(sim)
        assert art.guild is not None
        music = sim.channel(art.guild, "music")
        left = [(await rest.post(place)).headers["X-RateLimit-Remaining"] for place in (art, art, music)]
        assert left == ["4", "3", "4"]


async def test_one_request_too_many_is_told_when_to_come_again() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        sim.buckets.by_route[POST] = Limit(1, 60.0)
        _, art = somewhere(sim)
        await rest.post(art)
        said = await rest.post(art)
        assert (said.status, said.body["global"]) == (429, False)
        assert 59 < said.body["retry_after"] <= 60
        assert (said.headers["X-RateLimit-Scope"], said.headers["Retry-After"]) == ("user", "60")
        assert sim.count(POST, 429) == 1


async def test_discord_py_waits_for_the_bucket_and_meets_no_refusal() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        sim.buckets.by_route[POST] = Limit(2, 0.1)
        _, art = somewhere(sim)
        channel = bot.get_partial_messageable(art.id)
        began = time.monotonic()
        for number in range(5):
            await channel.send(str(number))
        assert time.monotonic() - began >= 0.2
        assert (sim.count(POST, 200), sim.count(POST, 429)) == (5, 0)


async def test_discord_py_obeys_a_refusal_by_the_limit_of_the_whole_bot() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        channel = bot.get_partial_messageable(art.id)
        await channel.send("before")
        sim.buckets.everything = Limit(1, 0.3)
        await asyncio.gather(channel.send("one"), channel.send("two"))
        assert len(sim.messages(art)) == 3
        assert sim.count(POST, 429) >= 1


async def test_interactions_do_not_count_against_the_limit_of_the_whole_bot() -> None:
    async def draw(interaction: Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=Card("a fox"))

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        ada, art = somewhere(sim)
        sim.buckets.everything = Limit(0, 60.0)
        await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: sim.count(WEBHOOK, 200))


async def test_each_interaction_token_has_its_own_bucket() -> None:
    async def draw(interaction: Interaction) -> None:
        await interaction.response.defer()
        for number in range(3):
            await interaction.edit_original_response(view=Card(str(number)))

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        sim.buckets.by_route[WEBHOOK] = Limit(4, 60.0)
        ada, art = somewhere(sim)
        for _ in range(2):
            await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: [one.text for one in sim.messages(art)] == ["2", "2"])
        assert sim.count(WEBHOOK, 429) == 0


async def test_too_many_invalid_requests_close_the_door_with_a_429_that_is_no_json() -> None:
    machine = FakeClock()
    async with simulated(FakeClock(), machine) as sim, sketch_bot(sim) as bot, raw(sim) as rest:
        sim.api.shield.limit = Limit(3, 600.0)
        _, art = somewhere(sim)
        for _ in range(3):
            await rest("GET", "/users/@me", headers={"Authorization": "Bot another"})
        with pytest.raises(discord.HTTPException) as banned:
            await bot.get_partial_messageable(art.id).send("a fox")
        assert (banned.value.status, banned.value.code) == (429, 0)
        await machine.advance(600)
        await bot.get_partial_messageable(art.id).send("a fox")
        assert sim.api.shield.invalid == 4


async def test_an_outage_of_one_route_ends_by_itself() -> None:
    machine = FakeClock()
    async with simulated(FakeClock(), machine) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        channel = bot.get_partial_messageable(art.id)
        sim.faults.outage(POST, for_s=10)
        with pytest.raises(discord.DiscordServerError):
            await channel.send("a fox")
        assert [one async for one in channel.history()] == []
        await machine.advance(10)
        await channel.send("a fox")
        assert (sim.count(POST, 503), len(sim.messages(art))) == (1, 1)


async def test_a_route_can_refuse_with_any_of_discords_codes() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        sim.faults.refuse("POST /channels/*", 200000)
        with pytest.raises(discord.HTTPException, match="200000"):
            await bot.get_partial_messageable(art.id).send("a fox")
        await bot.get_partial_messageable(art.id).send("a fox")


@pytest.mark.parametrize(("after", "written"), [(False, 0), (True, 1)])
async def test_a_connection_can_drop_before_or_after_the_effect(*, after: bool, written: int) -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        sim.faults.drop(POST, after=after)
        with pytest.raises(aiohttp.ClientConnectionError):
            await bot.get_partial_messageable(art.id).send("a fox")
        assert (len(sim.messages(art)), sim.count(POST)) == (written, 1)


async def test_answers_can_be_late_until_the_trouble_is_cleared() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        sim.faults.slow("POST *", 0.1)
        began = time.monotonic()
        await bot.get_partial_messageable(art.id).send("a fox")
        assert time.monotonic() - began >= 0.1
        sim.faults.clear()
        sim.faults.slow("POST *", 60)
        sim.faults.clear()
        await bot.get_partial_messageable(art.id).send("a fox")


async def test_files_can_be_out_of_reach() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        message = await bot.get_partial_messageable(art.id).send(file=discord.File(__file__))
        sim.faults.outage("CDN", status=500, times=1)
        with pytest.raises(discord.HTTPException):
            await message.attachments[0].read()
        assert await message.attachments[0].read()
