"""The Discord adapter on the real discord.py, against the simulated Discord on the same loop.

Memory is that of a bot in a process of its own; renders and prompts pass on a fake clock, all else by the machine's.
"""

from __future__ import annotations

import asyncio
import logging
import math
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.discord_bot import CLOCK, Town, bot_apart, town
from chat.discord.stage import Stage, staged
from sim.discord.buckets import Buckets, Spent
from sim.discord.simulation import Simulation, simulated
from sim.discord.state import Interaction
from sim.house import GENEROUS

from adapters.chat.discord.refs import Ref
from bot.clock import Clock
from bot.model import Card, GenerationRequest, MessageRef
from bot.provider import Finished, Pending
from bot.store import Store
from bot.testing.provider import SPEC, FakeProvider

COMMANDS, PEOPLE, COMMANDS_S = 600, 60, 60.0
STALLS_AT_S, STALL_S = (10.0, 25.0, 40.0), 5.0
JOBS, CHANNELS, JOB_S, JOBS_S = 100, 5, 30.0, 60.0
BURST, WINDOW_S = 5, 5.0
RENDERS = 5
DEAD_TOKEN = 50027
RESULTS, OUTAGE_S, READY_S = 10, 20.0, 15.0
PATIENCE_S = 90.0
FIRST, PICTURES, AT_A_TIME = 100, 1000, 20
INJECTIONS = (
    "@everyone @here",
    "<@1> <@!1> <@&1> <#1>",
    "</imagine:1> <t:0:R> <:a:1> <a:a:1>",
    "```\n@everyone\n```",
    "`@everyone`",
    "\\@everyone \\\\<@1>",
    "@\u200beveryone \u202e@here",
    "||@here|| **@here** ~~@here~~",
    "[a fox](https://example.invalid) attachment://a.png",
    "# @everyone\n- @here\n> <@1>",
    '", "allowed_mentions": {"parse": ["everyone"]}, "content": "@everyone',
    "{person} {0} %s <@{person}>",
)


class StallingStore:
    """The store, of which nothing comes back while `gate` is shut."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.gate = asyncio.Event()
        self.gate.set()

    def __getattr__(self, name: str) -> Any:
        async def late(*given: Any, **more: Any) -> Any:
            await self.gate.wait()
            return await getattr(self._store, name)(*given, **more)

        return late

    async def stall(self, *, at_s: float) -> None:
        await asyncio.sleep(at_s)
        self.gate.clear()
        await asyncio.sleep(STALL_S)
        self.gate.set()


class Drawing(FakeProvider):
    """Notes by the prompt when each picture was done, and when the bot was told so."""

    def __init__(self, clock: Clock, **more: Any) -> None:
        super().__init__(clock, **more)
        self.prompts: dict[str, str] = {}
        self.done_at: dict[str, float] = {}
        self.told_at: dict[str, float] = {}

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:
        self.prompts[key] = request.prompt
        self.done_at[request.prompt] = CLOCK.now() + self.duration_s
        return await super().submit(request, model=model, key=key)

    async def poll(self, handle: str) -> Pending | Finished:
        answer = await super().poll(handle)
        if isinstance(answer, Finished):
            self.told_at[self.prompts[handle.partition(" ")[0]]] = CLOCK.now()
        return answer


class WatchedBuckets(Buckets):
    """Counts the requests that came although an answer had said that none was left."""

    def __init__(self, machine: Clock) -> None:
        super().__init__(machine)
        self.in_vain = 0
        self._drained_until: dict[tuple[str, str], float] = {}

    def spend(self, route: str, resource: str) -> Spent:
        spent, now, key = super().spend(route, resource), CLOCK.monotonic(), (route, resource)
        self.in_vain += now < self._drained_until.get(key, now)
        if spent.headers["X-RateLimit-Remaining"] == "0":
            self._drained_until[key] = now + spent.retry_after_s
        return spent


async def main() -> dict[str, float]:
    logging.disable()
    return {
        **await acknowledgements(),
        **await finals(),
        **await renders(),
        **await troubles(),
        **await memory(),
        **await injections(),
    }


async def acknowledgements() -> dict[str, float]:
    calm, stalled = await _acknowledged(()), await _acknowledged(STALLS_AT_S)
    return {
        "commands acknowledged": float(len(calm) + len(stalled)),
        "acknowledgement p99, s": calm[int(len(calm) * 0.99)],
        "longest acknowledgement, store stalled, s": stalled[-1],
    }


async def _acknowledged(stalls_at_s: tuple[float, ...]) -> list[float]:
    """Seconds from each command to its first answer, sorted."""
    stores = list[StallingStore]()

    def watch(store: Store) -> StallingStore:
        stores.append(StallingStore(store))
        return stores[0]

    async with town(FakeProvider(CLOCK, slots=1000, duration_s=5), people=PEOPLE, channels=CHANNELS, watch=watch) as at:
        stalls = [asyncio.create_task(stores[0].stall(at_s=at_s)) for at_s in stalls_at_s]
        asked = await _spread(at, COMMANDS, COMMANDS_S)
        await _all_pictured(at.sim, asked)
        await asyncio.gather(*stalls)
        return sorted(one.answered_at - one.created_at for one in asked if one.answered_at is not None)


async def finals() -> dict[str, float]:
    """When the last cards came, and what they and the ones before them cost."""
    provider = Drawing(CLOCK, slots=JOBS, duration_s=JOB_S)
    async with town(provider, people=JOBS, channels=CHANNELS) as at:
        buckets = at.sim.api.buckets = WatchedBuckets(CLOCK)
        by_channel = {person.id for number, person in enumerate(at.people) if number // CHANNELS % 2}
        _without_tokens(at, by_channel)
        asked = await _spread(at, JOBS, JOBS_S)
        await _all_pictured(at.sim, asked)
        by_token = [(number, one) for number, one in enumerate(asked) if one.person.id not in by_channel]
        return {
            "done to final card by token, s": max(_shown_at(one) - provider.done_at[_fox(n)] for n, one in by_token),
            "earliest to final card by channel, s": max(
                _late(provider, [(n, one) for n, one in enumerate(asked) if one.person.id in by_channel])
            ),
            "most edits of a 30-s job": float(max(len(_history(one)) - 1 for one in asked)),
            "requests while none was left": float(buckets.in_vain),
            "answers 429": float(at.sim.count("* *", 429)),
        }


def _without_tokens(at: Town, accounts: set[int]) -> None:
    """From the first card on, the messages of these people are edited by the bot's own token, as after 14 minutes."""
    announced = at.bot.commands.announced

    async def expired(message_id: str, ref: MessageRef) -> Card:
        place = Ref.read(ref)
        assert place is not None
        return await announced(message_id, place.expired().write() if place.account in accounts else ref)

    at.bot.commands.announced = expired  # type: ignore[method-assign]  # half the refs arrive expired


def _late(provider: Drawing, jobs: list[tuple[int, Interaction]]) -> Iterator[float]:
    """How much later each card came than the bucket of its channel would let it, had it nothing else to take."""
    ends = defaultdict[int, list[tuple[float, float]]](list)
    for number, one in jobs:
        ends[one.channel.id].append((provider.told_at[_fox(number)], _shown_at(one)))
    for channel in ends.values():
        earliest = list[float]()
        for told_at, shown_at in sorted(channel):
            room_at = earliest[-BURST] + WINDOW_S if len(earliest) >= BURST else told_at
            earliest.append(max(told_at, room_at))
            yield shown_at - earliest[-1]


async def renders() -> dict[str, float]:
    delivered = dead = 0
    for minutes in (20, 55):
        spec = replace(SPEC, usual_s=minutes * 60.0, deadline_s=3600.0)
        with tempfile.TemporaryDirectory() as folder:
            async with staged(Path(folder), duration_s=minutes * 60.0, spec=spec, slots=RENDERS) as stage, stage.bot():
                asked = [await stage.ask("imagine", prompt=_fox(number)) for number in range(RENDERS)]
                await _pass(stage, asked, (minutes + 2) * 60)
                delivered += sum(bool(one.original and one.original.pictures) for one in asked)
                dead += sum(request.code == DEAD_TOKEN for request in stage.sim.journal.requests)
    return {
        "long renders in their own message, %": 100 * delivered / (2 * RENDERS),
        "uses of a dead token": float(dead),
    }


async def troubles() -> dict[str, float]:
    """The gateway's troubles in a row, a command before and after each; then results that are ready in an outage."""
    async with town(FakeProvider(CLOCK, slots=100, duration_s=READY_S), people=PEOPLE, channels=1) as at:
        sim, asked, gateway = at.sim, list[Interaction](), at.sim.gateway

        async def ask() -> None:
            asked.append(await sim.command(at.people[len(asked)], at.channels[0], "imagine", prompt=_fox(len(asked))))

        async def begun_again(resumes: int, identifies: int) -> None:
            """What a command was sent before is over, and one more is sent."""
            await sim.until(lambda: (len(gateway.resumes), len(gateway.identifies)) == (resumes, identifies), 60)
            await sim.until(lambda: gateway.connected)
            await ask()

        await ask()
        gateway.cut()
        await ask()
        await begun_again(1, 1)
        await gateway.reconnect()
        await ask()
        await begun_again(2, 1)
        await sim.until(lambda: asked[-1].answer)  # what is not heard yet is forgotten with the session
        await gateway.invalidate(resumable=False)
        await begun_again(2, 2)
        await gateway.send_text("{")
        await begun_again(2, 3)

        before = len(asked)
        for _ in range(RESULTS):
            await ask()
        await asyncio.sleep(READY_S - 1)
        sim.faults.outage("* /webhooks/*", for_s=OUTAGE_S)
        over_at = CLOCK.now() + OUTAGE_S
        await _all_pictured(sim, asked)
        return {
            "troubles: commands": float(len(asked)),
            "troubles: commands answered": float(sum(one.answer is not None for one in asked)),
            "troubles: results in their own message": float(sum(bool(_pictures(one)) for one in asked)),
            "outage to result, s": max(_shown_at(one) for one in asked[before:]) - over_at,
            "identifies": float(len(gateway.identifies)),
        }


async def memory() -> dict[str, float]:
    """What the process of a bot grows by while it delivers 900 pictures more."""
    async with simulated(CLOCK) as sim:
        place, ada = sim.channel(sim.guild("Meadow"), "art"), sim.person("ada")
        async with bot_apart(sim.api_base) as memory_kb:
            first_kb = 0.0
            for start in range(0, PICTURES, AT_A_TIME):
                if start == FIRST:
                    first_kb = await memory_kb()
                numbers = range(start, start + AT_A_TIME)
                asked = [await sim.command(ada, place, "imagine", prompt=_fox(number)) for number in numbers]
                await _all_pictured(sim, asked)
                sim.all_messages.clear()
                sim.cdn._files.clear()
                sim.interactions.clear()
            return {"MB more after 1,000 pictures than after 100": (await memory_kb() - first_kb) / 1000}


async def injections() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder), replace(GENEROUS, daily_credits=100)) as stage, stage.bot():
            for prompt in INJECTIONS:
                message = await stage.imagine(prompt=prompt)
                await stage.press(message, "more")
                await stage.imagine(prompt=prompt, hidden=True)
                await stage.ask("imagine", prompt=prompt, model=prompt[:50])
            sends = [body for request in stage.sim.journal.requests for body in _sends(request.body)]
            return {
                "sends with a hostile prompt": float(len(sends)),
                "sends that may ping whom the prompt names": float(
                    sum(body.get("allowed_mentions", {}).get("parse") != [] for body in sends)
                ),
                "violations": float(len(stage.sim.take_violations())),
            }


def _sends(body: Any) -> Iterator[dict[str, Any]]:
    """What makes or changes a message, in the body of a request."""
    shown = body.get("data", body) if isinstance(body, dict) else None
    if isinstance(shown, dict) and (shown.get("components") or shown.get("content")) and "custom_id" not in shown:
        yield shown


async def _spread(at: Town, commands: int, over_s: float) -> list[Interaction]:
    """Commands at even distances, each of the next person in the next channel."""
    asked, began = list[Interaction](), CLOCK.monotonic()
    for number in range(commands):
        await CLOCK.sleep(began + number * over_s / commands - CLOCK.monotonic())
        person, channel = at.people[number % len(at.people)], at.channels[number % len(at.channels)]
        asked.append(await at.sim.command(person, channel, "imagine", prompt=_fox(number)))
    return asked


async def _all_pictured(sim: Simulation, asked: list[Interaction]) -> None:
    """Wait for the pictures, not for ever: what is missing shows in the figures."""
    with suppress(AssertionError):
        await sim.until(lambda: all(map(_pictures, reversed(asked))), PATIENCE_S)


async def _pass(stage: Stage, asked: list[Interaction], most_s: int) -> None:
    await stage.passes(lambda: all(_pictures(one) for one in asked), most_s=most_s)


def _fox(number: int) -> str:
    return f"fox {number}"


def _pictures(asked: Interaction) -> list[Any]:
    return asked.original.pictures if asked.original else []


def _history(asked: Interaction) -> list[Any]:
    return asked.original.history if asked.original else []


def _shown_at(asked: Interaction) -> float:
    return next((float(version.at) for version in _history(asked) if version.attachments), math.inf)
