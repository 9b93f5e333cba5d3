"""2,000 jobs at three vendors with one to six random faults each, on an unreal clock: every promise must hold."""

from __future__ import annotations

import secrets
import sys

from sim.faults import misfortunes
from sim.market import MODELS

from bot.model import JobState

JOBS = 2000


async def main() -> dict[str, float]:
    seed = secrets.randbelow(10**6)
    print(f"seed {seed}", file=sys.stderr, flush=True)
    outcome = await misfortunes(JOBS, seed)
    for line in outcome.broken[:20]:
        print(line, file=sys.stderr)
    return {
        "jobs that ended": float(sum(outcome.states[state] for state in JobState if state.terminal)),
        "broken promises": float(len(outcome.broken)),
        "charged by the vendors": float(outcome.charges),
        **{f"jobs of {name}": float(outcome.providers[name]) for name in MODELS},
        **{f"ended as {state}": float(outcome.states[state]) for state in sorted(outcome.states)},
        "the seed": float(seed),
    }
