"""A program of its own that makes a picture of one file from outside, and writes it to its standard output.

    imaging.py copy FILE MAX_BYTES MAX_SIDE_PX    a smaller copy: JPEG, or WebP where something shines through
    imaging.py still FILE MAX_SIDE_PX FFMPEG      the first picture of an MP4 film as JPEG, by the ffmpeg at that path

Its status is 3 for too many pixels, and otherwise not 0 when it cannot. Decoders have holes, so it has nothing to lose:
`adapters.media.sandbox` starts it without any setting, it gives up what it does not need before it looks at the first
byte, and it imports nothing of ours.
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

from PIL import Image, ImageCms, ImageOps, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401 - the same

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_PIXELS = 25_000_000
MAX_SIDE_PX = 16_383  # of WebP
MIN_SIDE_PX = 64
QUALITIES = (90, 80, 70)
SHRINK = 0.75
FAST = 1  # of WebP: half the time of its default for a file of the same size
TOO_MANY_PIXELS = 3
LIMITS = {
    resource.RLIMIT_AS: 640 * 2**20,  # bytes; the most pixels take 470 MiB as WebP
    resource.RLIMIT_CPU: 3,  # seconds; the most pixels take 1.7, half as much again among busy neighbors
    resource.RLIMIT_NOFILE: 0,  # nothing more can be opened or dialed
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NPROC: 0,
    resource.RLIMIT_CORE: 0,
}
DECODERS = "h264,hevc,vp9,libdav1d,mpeg4"
# ffmpeg is a program with libraries, and from version 7 on with threads; of what it may dial its own list says enough.
LIMITS_OF_FFMPEG = {**LIMITS, resource.RLIMIT_NOFILE: 16}
del LIMITS_OF_FFMPEG[resource.RLIMIT_NPROC]


def copy_of(file: str, max_bytes: str, max_side_px: str) -> None:
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Path(file).open("rb") as source:
        confine(LIMITS)
        try:
            image = decoded(source)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            sys.exit(TOO_MANY_PIXELS)
        side_px = min(int(max_side_px), MAX_SIDE_PX)
        image.thumbnail((side_px, side_px))
    sys.stdout.buffer.write(fitting(in_srgb(image), int(max_bytes)))


def still_of(file: str, max_side_px: str, ffmpeg: str) -> None:
    confine(LIMITS_OF_FFMPEG)
    scale = f"scale={max_side_px}:{max_side_px}:force_original_aspect_ratio=decrease"
    os.execve(ffmpeg, [  # noqa: S606 - a shell is what it must not have
        ffmpeg, "-nostdin", "-loglevel", "error", "-protocol_whitelist", "file,pipe", "-filter_threads", "1",
        "-codec_whitelist", DECODERS, "-f", "mov", "-threads", "1", "-i", f"file:{file}",
        "-map", "0:v:0", "-frames:v", "1", "-vf", scale, "-threads", "1", "-c:v", "mjpeg", "-q:v", "4",
        "-f", "image2pipe", "pipe:1",
    ], {})  # fmt: skip


def confine(limits: dict[int, int]) -> None:
    """Give up what is not needed: time, memory, files, sockets, and life after the bot, which holds standard input."""
    with suppress(OSError):  # systemd may forbid it
        os.nice(10)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # so that the bot is not what ends when memory runs out
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, os.O_ASYNC)  # SIGIO, which ends the process, when the other end is closed
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def decoded(source: BinaryIO) -> Image.Image:
    """The first frame, upright: RGBA where something shines through it, else RGB."""
    image: Image.Image = Image.open(source, formats=FORMATS)
    with suppress(SyntaxError):  # what says how it lies is broken
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


def in_srgb(image: Image.Image) -> Image.Image:
    """The same to look at without its color profile, and without all else that was told beside the pixels."""
    image.load()
    profile, image.info = image.info.get("icc_profile"), {}
    if profile:
        with suppress(ImageCms.PyCMSError):  # it is of other colors, or broken
            ImageCms.profileToProfile(image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), inPlace=True)
    return image


def fitting(image: Image.Image, max_bytes: int) -> bytes:
    """The picture as a file of at most `max_bytes`: with a lower quality if need be, and then with fewer pixels."""
    side_px = max(image.size)
    while True:
        for quality in QUALITIES:
            data = encoded(image, quality)
            if len(data) <= max_bytes:
                return data
        side_px = int(side_px * SHRINK)
        if side_px < MIN_SIDE_PX:
            raise ValueError("too few bytes for this picture")
        image.thumbnail((side_px, side_px))


def encoded(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    if image.mode == "RGBA":
        image.save(out, "WEBP", quality=quality, method=FAST)
    else:
        image.save(out, "JPEG", quality=quality)
    return out.getvalue()


if __name__ == "__main__":
    {"copy": copy_of, "still": still_of}[sys.argv[1]](*sys.argv[2:])
