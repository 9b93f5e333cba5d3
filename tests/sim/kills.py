"""A bot on Telegram that is killed while it takes what ten people wrote, again and again; and what became of it all."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sim.process import TESTS, Bot, free_port
from sim.telegram.simulation import Simulation, simulated

from adapters.chat.telegram.refs import PLATFORM, Ref
from bot.clock import SystemClock
from bot.model import MessageRef

HURRIED = str(TESTS / "sim" / "hurried.py")
PEOPLE, COMMANDS = 10, 100
PATIENCE_S = 60.0
LOOK_S = 0.002
GENEROUS = {
    "BOT_LIMITS__OPEN_JOBS_PER_USER": "100000",
    "BOT_LIMITS__OPEN_JOBS_PER_CHAT": "100000",
    "BOT_LIMITS__OPEN_JOBS": "1000000",
    "BOT_LIMITS__COMMANDS_PER_MINUTE": "10000",
    "BOT_QUOTA__DAILY_CREDITS": "1000000",
    "BOT_LOG__LEVEL": "error",  # nobody reads it before the end, and a full pipe would hold the bot up
    "BOT_PROVIDERS__DEMO__DURATION_S": "0.1",
    "BOT_PROVIDERS__DEMO__MAX_IN_FLIGHT": "50",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kills:
    """What is left after all rounds: `accepted_at_kill` are the commands of a round that were accepted by then.

    `lost` commands were confirmed and made no job, `doubled` made several, `unfinished` have no last card,
    `orphans` are messages of the bot that no job knows, `in_flight` is how many there may be.
    """

    commands: int
    accepted_at_kill: tuple[int, ...]
    lost: int
    doubled: int
    unfinished: int
    orphans: int
    in_flight: int


async def killed(folder: Path, rounds: int) -> Kills:
    """Tell a bot 100 commands of 10 people at once, kill it, and start it again; `rounds` times."""
    port, clock = free_port(), SystemClock()
    async with simulated(clock) as sim:
        sim.limits.lift()
        people = [sim.person(f"p{number}") for number in range(PEOPLE)]
        settings = {**GENEROUS, "BOT_TELEGRAM__TOKEN": sim.token, "BOT_TELEGRAM__BASE_URL": sim.origin}
        bot, at_kill, asked = await Bot.start(folder, port, HURRIED, **settings), list[int](), list[str]()
        try:
            for number in range(rounds):
                before, after = len(asked), len(asked) + COMMANDS
                wanted = before + COMMANDS * (number + 1) // (rounds + 1)
                for command in range(COMMANDS):
                    person = people[command % PEOPLE]
                    asked.append(f"a fail {number}-{command}")  # such a job ends soon and draws nothing
                    sim.says(person, sim.private(person), f"/imagine {asked[-1]}")
                await _until(partial(_has_accepted, folder, wanted))
                await bot.kill()
                at_kill.append(_accepted(folder) - before)
                bot = await Bot.start(folder, port, HURRIED, **settings)
                await _until(partial(_has_accepted, folder, after))
            await _until(lambda: not sim.updates.pending and not _left(folder))
        finally:
            code, said = await bot.terminate()
            assert code == 0, said
        return _counted(folder, sim, asked, tuple(at_kill))


def _counted(folder: Path, sim: Simulation, asked: list[str], at_kill: tuple[int, ...]) -> Kills:
    made = Counter(prompt for (prompt,) in _rows(folder, "SELECT request ->> 'prompt' FROM jobs"))
    places = {Ref.read(MessageRef(PLATFORM, token)) for (token,) in _rows(folder, "SELECT ref_token FROM messages")}
    known = {(place.chat, place.message) for place in places if place}
    shown = {(m.chat.id, m.id) for m in sim.all_messages.values() if m.author is sim.bot}
    return Kills(
        commands=len(asked),
        accepted_at_kill=at_kill,
        lost=sum(not made[prompt] for prompt in asked),
        doubled=sum(count > 1 for count in made.values()),
        unfinished=len(_rows(folder, "SELECT 1 FROM messages WHERE NOT final_shown")),
        orphans=len(shown - known),
        in_flight=PEOPLE * len(at_kill),
    )


async def _until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not happened():  # noqa: ASYNC110 - a database tells nobody that it changed
            await asyncio.sleep(LOOK_S)


def _accepted(folder: Path) -> int:
    return len(_rows(folder, "SELECT 1 FROM messages"))


def _has_accepted(folder: Path, wanted: int) -> bool:
    return _accepted(folder) >= wanted


def _left(folder: Path) -> bool:
    return bool(
        _rows(folder, "SELECT 1 FROM messages WHERE NOT final_shown UNION SELECT 1 FROM inbox WHERE body NOTNULL")
    )


def _rows(folder: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "data" / "limner.db")) as db:
        return db.execute(sql).fetchall()
