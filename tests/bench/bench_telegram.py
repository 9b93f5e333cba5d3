"""Kills while updates are taken, and a group in which twenty people ask at once, before the simulated Telegram."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from chat.telegram.stage import Stage, staged
from sim.kills import killed
from sim.telegram.limits import MINUTE_S

ROUNDS = 20
JOBS, JOB_S = 20, 30.0


async def main() -> dict[str, float]:
    return {**await kills(), **await group()}


async def kills() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        found = await killed(Path(folder), ROUNDS)
    return {
        "kills": float(len(found.accepted_at_kill)),
        "commands": float(found.commands),
        "commands confirmed and lost": float(found.lost),
        "commands with two jobs": float(found.doubled),
        "messages without a last card": float(found.unfinished),
        "orphans : sends in flight": found.orphans / found.in_flight,
    }


async def group() -> dict[str, float]:
    """Twenty jobs of one group, asked for at once and one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder), duration_s=JOB_S, slots=JOBS) as stage, stage.bot():
            began = stage.clock.monotonic()
            await _ask(stage)
            await stage.ended()
            ended_s = stage.clock.monotonic() - began
            await stage.clock.advance(MINUTE_S)
            for _ in range(JOBS):
                await _ask(stage, 1)
                await stage.clock.advance(MINUTE_S / 4)
            await stage.ended()
            limits = stage.sim.limits
            return {
                "20 jobs at once in a group end after, s": ended_s,
                "most calls of a group in a minute": float(_most(stage)),
                "calls while nothing was left": float(len(limits.beyond)),
                "answers 429": float(stage.sim.count("*", 429)),
            }


async def _ask(stage: Stage, jobs: int = JOBS) -> None:
    before = len(stage.by_bot(stage.meadow))
    for number in range(jobs):
        stage.sim.says(stage.sim.person(f"p{number}"), stage.meadow, f"/imagine fox {number}")
    await stage.passes(lambda: len(stage.by_bot(stage.meadow)) >= before + jobs)


def _most(stage: Stage) -> int:
    """The calls in the fullest minute that begins with one of them."""
    calls = [call.at for call in stage.sim.limits.calls if call.chat_id == stage.meadow.id]
    return max(Counter(at for at in calls for later in calls if at <= later < at + MINUTE_S).values())
