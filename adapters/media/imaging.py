"""A program of its own that makes a smaller copy of one picture from outside: `imaging.py FILE MAX_BYTES MAX_SIDE_PX`.

It writes JPEG, or WebP where something shines through, to its standard output; when it cannot, its status is not 0.
Decoders have holes, so it has nothing to lose: `adapters.media.sandbox` starts it without any setting, it gives up
what it does not need before it looks at the first byte, and it imports nothing of ours.
"""

from __future__ import annotations

import copy  # noqa: F401 - Pillow would import it on the way, when no file can be opened any more
import fcntl
import io
import os
import resource
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401 - the same

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_PIXELS = 25_000_000
MAX_SIDE_PX = 16_383  # of WebP
MIN_SIDE_PX = 64
QUALITIES = (90, 80, 70)
SHRINK = 0.75
LIMITS = {
    resource.RLIMIT_AS: 640 * 2**20,  # bytes; the most pixels take 460 MiB as WebP
    resource.RLIMIT_CPU: 3,  # seconds; the most pixels take 1.6 as WebP
    resource.RLIMIT_NOFILE: 0,  # nothing more can be opened or dialed
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NPROC: 0,
    resource.RLIMIT_CORE: 0,
}


def main(file: str, max_bytes: int, max_side_px: int) -> None:
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Path(file).open("rb") as source:
        confine()
        preview = fitting(decoded(source), max_bytes, max_side_px)
    sys.stdout.buffer.write(preview)


def confine() -> None:
    """Give up what is not needed: time, memory, files, sockets, and life after the bot, which holds standard input."""
    with suppress(OSError):  # systemd may forbid it
        os.nice(10)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # so that the bot is not what ends when memory runs out
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, os.O_ASYNC)  # SIGIO, which ends the process, when the other end is closed
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))


def decoded(source: BinaryIO) -> Image.Image:
    """The first frame, upright: RGBA where something shines through it, else RGB."""
    image: Image.Image = Image.open(source, formats=FORMATS)
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off instead of scaling
        image = image.point(lambda grey: grey / 256).convert("L")
    if image.has_transparency_data:
        image = in_mode("RGBA", image)
        if image.getchannel("A").getextrema() != (255, 255):
            return image
    return in_mode("RGB", image)


def in_mode(mode: str, image: Image.Image) -> Image.Image:
    """As `convert`, but without a copy of what is so already."""
    return image if image.mode == mode else image.convert(mode)


def fitting(image: Image.Image, max_bytes: int, max_side_px: int) -> bytes:
    """The picture as a file of at most `max_bytes`: with a lower quality if need be, and then with fewer pixels."""
    side_px = min(max_side_px, MAX_SIDE_PX, max(image.size))
    while True:
        image.thumbnail((side_px, side_px))
        for quality in QUALITIES:
            data = encoded(image, quality)
            if len(data) <= max_bytes:
                return data
        side_px = int(side_px * SHRINK)
        if side_px < MIN_SIDE_PX:
            raise ValueError("too few bytes for this picture")


def encoded(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP" if image.mode == "RGBA" else "JPEG", quality=quality)
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
