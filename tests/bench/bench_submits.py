"""1,000 submits that go wrong over real sockets: none is repeated that may have arrived, none is lost that has not.

Each vendor answers after two seconds, so that all submits are open when the first goes wrong.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from bench.bench_polls import provider_at
from bench.stand import ask, stand, until
from sim.vendors.eternalai import EternalAI
from sim.vendors.server import Server

from bot.clock import SystemClock
from bot.model import Card
from bot.testing.media import FakeMedia
from bot.testing.provider import PNG

JOBS = 1000
ENDS = frozenset({"succeeded", "failed", "refused", "canceled", "lost"})
DOWN_S = 5.0


async def main() -> dict[str, float]:
    figures: dict[str, float] = {}
    for fate in ("submit-drop", "submit-reset", "submit-500"):
        vendor, states = await _tried(fate)
        figures[f"{fate}: submissions"] = float(vendor.count().submissions)
        figures[f"{fate}: lost"] = float(states["lost"])
    vendor, states = await _tried("takes=1", down_s=DOWN_S)
    figures["refused connections: submissions"] = float(vendor.count().submissions)
    figures["refused connections: lost"] = float(states["lost"])
    figures["refused connections: succeeded"] = float(states["succeeded"])
    return figures


async def _tried(fate: str, *, down_s: float = 0.0) -> tuple[EternalAI, Counter[str]]:
    """What the vendor counted, and the states in which the jobs ended; for `down_s` seconds nobody listens."""
    vendor, media, ended = EternalAI(SystemClock(), draw=lambda *_: PNG), FakeMedia(), dict[str, str]()

    def seen(card: Card) -> None:
        if card.state in ENDS and card.job_id is not None:
            ended[card.job_id] = card.state

    async with Server(vendor) as server:
        with tempfile.TemporaryDirectory() as folder:
            provider = provider_at(vendor.origin, JOBS)
            await server.change(latency_s=(2.0, 2.0), down=down_s > 0)
            async with stand(Path(folder), provider, seen=seen, media=media) as manager:
                prompts = [f"fox {number} [file-here] [{fate}]" for number in range(JOBS)]
                await asyncio.gather(*(ask(manager, number, prompt) for number, prompt in enumerate(prompts)))
                await asyncio.sleep(down_s)
                await server.change(down=False)
                await until(lambda: len(ended) == JOBS)
    assert vendor.violations == []
    return vendor, Counter(ended.values())
