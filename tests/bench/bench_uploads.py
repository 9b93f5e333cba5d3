"""Pictures that people bring and that want to hurt: what they cost this process, and how long the longest takes."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from bench.bench_jobs import resident_kb
from sim.hostile import bombs, mutants

from adapters.media import Fetcher, FileMedia
from bot.clock import SystemClock
from bot.errors import UserError
from bot.model import Artifact

MUTANTS = 200
SEED = 20261121


async def main() -> dict[str, float]:
    hostile = [*bombs(), *mutants(MUTANTS, Random(SEED))]
    fetcher = Fetcher()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        media = FileMedia(folder, clock=SystemClock(), fetcher=fetcher, links=fetcher, keep_days=1, max_bytes=10**9)
        before_kb, took_s, answers = resident_kb(), [], Counter[str]()
        for data in hostile:
            started = time.perf_counter()
            answers[await _answer(media, data)] += 1
            took_s.append(time.perf_counter() - started)
        grown_mb = (resident_kb() - before_kb) / 1000
        await media.close()
        left = _names(folder) - {"A.jpg", "A.webp"}
    return {
        "hostile pictures": float(answers.total()),
        "of which were taken": float(answers["taken"]),
        "of which were refused in words": float(answers.total() - answers["taken"]),
        "longest, s": max(took_s),
        "MB more in the bot": grown_mb,
        "files left by refusals": float(len(left)),
    }


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def _answer(media: FileMedia, data: bytes) -> str:
    try:
        await media.take("A", Artifact(data))
    except UserError as error:
        return error.key
    return "taken"
