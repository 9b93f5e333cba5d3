"""10,000 jobs in flight: memory of each, lag of the polls, transactions of each.

Jobs go through `Commands.say` into the real store; the provider is in-process and holds
nothing per job. Memory is resident memory after a collection.
"""

from __future__ import annotations

import asyncio
import gc
import json
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path

from bench.stand import ask, stand, until
from sim.tripwire import Tripwire

from bot.clock import SystemClock
from bot.model import Artifact, GenerationRequest, Progress
from bot.provider import CapabilitySpec, Finished, Pending
from bot.testing.provider import PNG, SPEC

JOBS = 10_000
WARM = 400
SECONDS = 60.0
WRITES = ("accept", "announced", "advance", "finish", "final_shown")
PROMPT = "a red fox in the snow, soft morning light, long shadows, a birch wood behind it, mist, oil on canvas"


class LaggingClock(SystemClock):
    """The machine's clock, and by how much every tenth sleep of a second or more overslept."""

    def __init__(self) -> None:
        self.lags: list[float] | None = None
        self._sleeps = 0

    def sleep(self, delay_s: float) -> Awaitable[None]:
        self._sleeps += 1
        watched = self.lags is not None and delay_s >= 1 and self._sleeps % 10 == 0
        return self._watched(delay_s) if watched else super().sleep(delay_s)

    async def _watched(self, delay_s: float) -> None:
        due = self.monotonic() + delay_s
        await super().sleep(delay_s)
        if self.lags is not None:
            self.lags.append(self.monotonic() - due)


class EndlessProvider:
    """Works until `done`, then finishes at the next look; its handles hold all it knows."""

    name, title, slots = "fake", "Fake", JOBS + WARM
    specs: tuple[CapabilitySpec, ...] = (SPEC,)

    def __init__(self) -> None:
        self.done = False
        self.polls = 0

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:
        return Pending(json.dumps({"id": key}), Progress(0.0))

    async def poll(self, handle: str) -> Pending | Finished:
        self.polls += 1
        if self.done:
            return Finished(Artifact(PNG, "image/png"))
        return Pending(handle, Progress(0.4), poll_after_s=2.0)

    async def close(self) -> None:
        pass


async def main() -> dict[str, float]:
    """The figures: KB per job, p99 lag in s, writes per poll, transactions per job."""
    writes: Counter[str] = Counter()

    def count(event: str) -> None:
        when, _, verb = event.partition(" store.")
        if when == "after" and verb in WRITES:
            writes[verb] += 1

    provider, clock = EndlessProvider(), LaggingClock()
    with tempfile.TemporaryDirectory() as folder:
        async with stand(
            Path(folder), provider, clock=clock, watch=lambda store: Tripwire("store", store, count)
        ) as manager:
            for start in range(0, WARM, 200):  # warm up: caches, pools, code paths
                await asyncio.gather(
                    *(ask(manager, -1 - number, _prompt(number)) for number in range(start, start + 200))
                )
            before_kb = resident_kb()
            warm, accepted_at = writes.total(), time.perf_counter()
            for start in range(0, JOBS, 200):
                numbers = range(start, start + 200)
                await asyncio.gather(*(ask(manager, number, _prompt(number)) for number in numbers))
            accepting_s = time.perf_counter() - accepted_at
            await until(lambda: writes["advance"] >= 2 * (JOBS + WARM))
            kb_per_job = (resident_kb() - before_kb) / JOBS
            clock.lags = []
            polled, written, cpu = provider.polls, writes.total(), time.process_time()
            await asyncio.sleep(SECONDS)
            busy = (time.process_time() - cpu) / SECONDS
            lags, clock.lags = sorted(clock.lags), None
            polls, writes_meanwhile = provider.polls - polled, writes.total() - written
            provider.done = True
            await until(lambda: writes["finish"] >= JOBS + WARM)
            transactions = (writes.total() - warm) / (JOBS + WARM) + warm / (JOBS + WARM)
    return {
        "resident KB per job": kb_per_job,
        "poll lag p99, s": lags[int(len(lags) * 0.99)],
        "polls seen": float(polls),
        "database writes per poll": writes_meanwhile / polls,
        "transactions per job": transactions,
        "share of one core while polling": busy,
        "accepts per second, 200 at a time": JOBS / accepting_s,
    }


def _prompt(number: int) -> str:
    return f"{number:04} {PROMPT}"[:100]


def resident_kb() -> float:
    """Resident memory of this process after a collection."""
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))
