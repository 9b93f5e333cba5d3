"""Previews of pictures that want to hurt: what they cost this process, and how long the longest takes."""

from __future__ import annotations

import io
import logging
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from PIL import Image
from sim.hostile import black_png, endless_jpeg, mutated

from adapters.media import Fetcher, FileMedia
from bot.clock import SystemClock

MUTANTS = 200
SEED = 20261121
EXTENSIONS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif"}


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
        before_mb, took_s, survived = _resident_mb(), [], 0
        for file in hostile:
            started = time.perf_counter()
            survived += await media.preview(file, max_bytes=10**7) is not None
            took_s.append(time.perf_counter() - started)
        grown_mb = _resident_mb() - before_mb
        await media.close()
    return {
        "4 million pixels, s": ordinary_s if made else -1.0,
        "hostile pictures": float(len(took_s)),
        "of which could be shown": float(survived),
        "longest, s": max(took_s),
        "MB more in the bot": grown_mb,
    }


def _hostile() -> Iterator[tuple[str, bytes]]:
    yield "B.png", black_png(20_000, 20_000)
    yield "C.png", black_png(6250, 4000)
    yield "D.jpg", endless_jpeg(20_000)
    random = Random(SEED)
    sound = [(extension, _noise(300, form)) for form, extension in EXTENSIONS.items()]
    for number in range(MUTANTS):
        extension, data = sound[number % len(sound)]
        yield f"E{number}.{extension}", mutated(data, random)


def _noise(side_px: int, form: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side_px, side_px), 100).convert("RGB").save(out, form)
    return out.getvalue()


def _written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return path.name


def _resident_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1000
