"""Previews of pictures that want to hurt: what they cost this process, and how long the longest takes."""

from __future__ import annotations

import io
import logging
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from bench.bench_jobs import resident_kb
from PIL import Image
from sim.hostile import bombs, mutants

from adapters.media import Fetcher, FileMedia
from adapters.media.kinds import begun_as
from bot.clock import SystemClock

MUTANTS = 200
SEED = 20261121


async def main() -> dict[str, float]:
    logging.disable()  # a line for each that cannot be shown
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        media = FileMedia(folder, clock=SystemClock(), fetcher=Fetcher(), links=Fetcher(), keep_days=1, max_bytes=10**9)
        hostile = [_written(folder / file, data) for file, data in _hostile()]
        _written(folder / "A.png", _noise(2048, "PNG"))
        started = time.perf_counter()
        made = await media.preview("A.png", max_bytes=10**7)
        ordinary_s = time.perf_counter() - started
        before_kb, took_s, survived = resident_kb(), [], 0
        for file in hostile:
            started = time.perf_counter()
            survived += await media.preview(file, max_bytes=10**7) is not None
            took_s.append(time.perf_counter() - started)
        grown_mb = (resident_kb() - before_kb) / 1000
        await media.close()
    return {
        "4 million pixels, s": ordinary_s if made else -1.0,
        "hostile pictures": float(len(took_s)),
        "of which could be shown": float(survived),
        "longest, s": max(took_s),
        "MB more in the bot": grown_mb,
    }


def _hostile() -> Iterator[tuple[str, bytes]]:
    for number, data in enumerate([*bombs(), *mutants(MUTANTS, Random(SEED))]):
        kind = begun_as(io.BytesIO(data))
        yield f"B{number}.{kind.extension if kind else 'png'}", data


def _noise(side_px: int, form: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side_px, side_px), 100).convert("RGB").save(out, form)
    return out.getvalue()


def _written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return path.name
