"""Pictures that want to hurt whoever decodes them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from random import Random

from PIL import Image

_PIXEL = b"IDAT" + zlib.compress(b"\0\0")


def black_png(width: int, height: int) -> bytes:
    """A sound picture of so many pixels, made without ever having them: 400 million are 50 kB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes((width + 7) // 8 + 1)) for _ in range(height)) + packer.flush()
    return _png(_head(width, height), b"IDAT" + packed)


def crumbly_png(chunks: int) -> bytes:
    """One black pixel, and so many chunks of nothing before it."""
    return _png(_head(1, 1), *[b"miNe"] * chunks, _PIXEL)


def wordy_png(megabytes: int) -> bytes:
    """One black pixel, and 20 texts and a color profile of so many megabytes each that look like some kilobytes."""
    packed = zlib.compress(bytes(megabytes * 10**6), 9)
    return _png(_head(1, 1), b"iCCPa\0\0" + packed, *[b"zTXta\0\0" + packed] * 20, _PIXEL)


def vast_webp(side_px: int) -> bytes:
    """A sound picture that is lossless, of one color, and square."""
    out = io.BytesIO()
    Image.new("RGB", (side_px, side_px)).save(out, "WEBP", lossless=True, method=0, quality=0)
    return out.getvalue()


def endless_jpeg(scans: int) -> bytes:
    """25 million pixels that are told again and again, each time for a few bytes."""
    out = io.BytesIO()
    Image.new("L", (5000, 5000)).save(out, "JPEG", progressive=True)
    data, end = out.getvalue()[:-2], b"\xff\xd9"
    return data + data[data.rindex(b"\xff\xda") :] * scans + end


def bombs() -> Iterator[bytes]:
    """One of each."""
    yield black_png(20_000, 20_000)
    yield black_png(6250, 4000)
    yield endless_jpeg(20_000)
    yield crumbly_png(1_000_000)
    yield wordy_png(60)
    yield vast_webp(10_000)
    yield vast_webp(7000)


def mutants(number: int, random: Random) -> Iterator[bytes]:
    """So many spoiled pictures, of each form in turn."""
    noise = Image.effect_noise((300, 300), 100).convert("RGB")
    sound = []
    for form in ("PNG", "JPEG", "WEBP", "GIF"):
        out = io.BytesIO()
        noise.save(out, form)
        sound.append(out.getvalue())
    return (mutated(sound[turn % len(sound)], random) for turn in range(number))


def mutated(data: bytes, random: Random) -> bytes:
    """The same with up to 16 bytes changed, or a part left out."""
    spoiled = bytearray(data)
    for _ in range(random.randint(1, 16)):
        spoiled[random.randrange(len(spoiled))] = random.randrange(256)
    if random.random() < 0.2:
        start = random.randrange(len(spoiled))
        del spoiled[start : start + random.randrange(1000)]
    return bytes(spoiled)


def _head(width: int, height: int) -> bytes:
    """Of black and white pixels."""
    return b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)


def _png(*chunks: bytes) -> bytes:
    framed = (
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (*chunks, b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)
