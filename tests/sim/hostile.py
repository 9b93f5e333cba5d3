"""Pictures that want to hurt whoever decodes them."""

from __future__ import annotations

import io
import struct
import zlib
from random import Random

from PIL import Image


def black_png(width: int, height: int) -> bytes:
    """A sound picture of so many pixels, made without ever having them: 400 million are 50 kB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes((width + 7) // 8 + 1)) for _ in range(height)) + packer.flush()
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), b"IDAT" + packed, b"IEND")
    framed = (struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def endless_jpeg(scans: int) -> bytes:
    """25 million pixels that are told again and again, each time for a few bytes."""
    out = io.BytesIO()
    Image.new("L", (5000, 5000)).save(out, "JPEG", progressive=True)
    data, end = out.getvalue()[:-2], b"\xff\xd9"
    return data + data[data.rindex(b"\xff\xda") :] * scans + end


def mutated(data: bytes, random: Random) -> bytes:
    """The same with up to 16 bytes changed, or a part left out."""
    spoiled = bytearray(data)
    for _ in range(random.randint(1, 16)):
        spoiled[random.randrange(len(spoiled))] = random.randrange(256)
    if random.random() < 0.2:
        start = random.randrange(len(spoiled))
        del spoiled[start : start + random.randrange(1000)]
    return bytes(spoiled)
