"""Polling through the whole bot against a bare loop: GETs per second of the two, in turn.

The vendor finishes at a job's 20th poll, hints at no delay and serves a file of 1 kB; its process is its own.
GETs are counted from the last submit on, as the bare loop has none; the manager also delivers meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
from bench.stand import ask, stand, until
from bench.vendor import vendor

from adapters.providers._http import Api
from adapters.providers.eternalai import create
from bot.clock import SystemClock
from bot.config import EternalAISettings
from bot.jobs.pacing import Pace
from bot.model import Card, JobState
from bot.provider import Provider, ProviderContext

JOBS = 200
POLLS = 20
ROUNDS = 5
SUBMIT = {"messages": [{"role": "user", "content": [{"type": "text", "text": "a fox"}]}], "type": "new"}
AT_ONCE = Pace(looks_per_s=10**9, shortest_s=0, early_s=0, every_s=0, sparse_share=0)


async def main() -> dict[str, float]:
    rounds = [(await _manager(), await _bare()) for _ in range(ROUNDS)]
    manager, bare = (statistics.median(side) for side in zip(*rounds, strict=True))
    return {
        "GETs/s of the manager": manager,
        "GETs/s of a bare loop": bare,
        "manager : bare loop": statistics.median(ours / theirs for ours, theirs in rounds),
    }


def provider_at(origin: str, slots: int) -> Provider:
    """EternalAI at another address."""
    settings = EternalAISettings.model_validate({"key": "simulated", "base_url": origin, "max_in_flight": slots})
    provider = create(ProviderContext(name="eternalai", settings=settings, clock=SystemClock()))
    assert provider is not None
    return provider


async def counts(origin: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as http, http.get(f"{origin}/_counts") as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def _manager() -> float:
    ended = set()

    def seen(card: Card) -> None:
        if card.state == JobState.SUCCEEDED:
            ended.add(card.job_id)

    async with vendor("polls", str(POLLS)) as origin:
        with tempfile.TemporaryDirectory() as folder:
            async with stand(Path(folder), provider_at(origin, JOBS), seen=seen, pace=AT_ONCE) as manager:
                await asyncio.gather(*(ask(manager, number, "a red fox in the snow") for number in range(JOBS)))
                await until(lambda: len(ended) == JOBS)
        seen_by_vendor = await counts(origin)
    polls = sum(seen_by_vendor["polls"].values())
    assert polls == JOBS * POLLS, polls
    rate: float = seen_by_vendor["gets"] / (seen_by_vendor["last_at"] - seen_by_vendor["first_at"])
    return rate


async def _bare() -> float:
    async with vendor("polls", str(POLLS)) as origin:
        api = Api(origin, title="EternalAI", headers={"x-api-key": "simulated"})
        handles = [
            json.loads((await api.submit("/creative-ai/image", json=SUBMIT)).body)["request_id"] for _ in range(JOBS)
        ]

        async def loop(handle: str) -> None:
            for _ in range(POLLS):
                await (await api.ask("/creative-ai/result/image", params={"request_id": handle})).json()

        began = time.perf_counter()
        await asyncio.gather(*(loop(handle) for handle in handles))
        rate = JOBS * POLLS / (time.perf_counter() - began)
        await api.close()
    return rate
