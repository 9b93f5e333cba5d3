"""Learned pacing over HTTP: 1,000 jobs that take 45-60 s are polled beside 9,000 that wait for a slot.

The vendor's process tells when each job was done; the surface here when its final card came.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path

from bench.bench_polls import counts, provider_at
from bench.stand import ask, stand, until
from bench.vendor import vendor

from bot.model import Card, JobState

SLOTS = 1000
WAITING = 9000
DURATION_S = (45.0, 60.0)
SEEN_BEFORE = 50


async def main() -> dict[str, float]:
    shown_at: dict[str, float] = {}

    def seen(card: Card) -> None:
        if card.state == JobState.SUCCEEDED and card.prompt is not None:
            shown_at.setdefault(card.prompt, time.monotonic())

    learned = tuple(random.uniform(*DURATION_S) for _ in range(SEEN_BEFORE))
    async with vendor("seconds", *map(str, DURATION_S)) as origin:
        with tempfile.TemporaryDirectory() as folder:
            provider = provider_at(origin, SLOTS)
            async with stand(Path(folder), provider, seen=seen, durations=learned) as manager:
                for start in range(0, SLOTS + WAITING, 200):
                    numbers = range(start, start + 200)
                    await asyncio.gather(*(ask(manager, number, f"fox {number}") for number in numbers))
                cpu, began = time.process_time(), time.monotonic()
                await until(lambda: len(shown_at) >= SLOTS + 20)  # the slowest of the first are among them
                busy = (time.process_time() - cpu) / (time.monotonic() - began)
                told = await counts(origin)
    first = [job for job in told["prompts"] if int(job) <= SLOTS and told["prompts"][job] in shown_at]
    lags = sorted(shown_at[told["prompts"][job]] - told["done_at"][job] for job in first)
    polls = [told["polls"][job] for job in first]
    return {
        "done to final card p95, s": lags[int(len(lags) * 0.95)],
        "mean polls": statistics.mean(polls),
        "polls of a fixed 2-s timer": sum(DURATION_S) / 2 / 2,
        "share of one core": busy,
    }
