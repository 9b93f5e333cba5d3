"""The boxes that an MP4 file is made of, and what those of its index say. Nothing is decoded."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bot.media import Film

_HEAD_BYTES, _LARGE_HEAD_BYTES = 8, 16
_MOST_BOXES = 10_000  # a hostile file could have millions
_MOST_INNER_BOXES = 100
_INDEX_BYTES = 96
_UNKNOWN = (2**32 - 1, 2**64 - 1)
_LONGEST_S = 86_400  # what is longer is a mistake, and more than chats take


class Malformed(ValueError):
    """Boxes that do not fit into each other, or too many of them."""


@dataclass(frozen=True, slots=True)
class Box:
    """Bytes `start` to `end` of a file, without the head, which says `kind`."""

    kind: bytes
    start: int
    end: int


def boxes_of(file: BinaryIO) -> Iterator[Box]:
    """The outermost boxes; raises `Malformed`, also when the last one is cut off."""
    return _boxes(file, 0, file.seek(0, os.SEEK_END), _MOST_BOXES)


def film_of(file: BinaryIO) -> Film:
    """What the index of an MP4 file says of its film, without a poster; nothing for any other file.

    Reads some 20,000 heads of boxes at most, and nothing of what is in between.
    """
    try:
        return _film(file)
    except (Malformed, struct.error):
        return Film()


def _film(file: BinaryIO) -> Film:
    index = _first(boxes_of(file), b"moov")
    duration_s = _duration_s(_content(file, _first(_inner(file, index), b"mvhd")))
    for track in _inner(file, index):
        if track.kind == b"trak":
            width_px, height_px = _shown_size(_content(file, _first(_inner(file, track), b"tkhd")))
            if width_px and height_px:  # sound has none
                return Film(width_px=width_px, height_px=height_px, duration_s=duration_s)
    return Film()


def _duration_s(head: bytes) -> float | None:
    ticks_per_s, ticks = struct.unpack_from(">20xIQ" if _is_wide(head) else ">12xII", head)
    if not ticks_per_s or ticks in _UNKNOWN:
        return None
    duration_s: float = ticks / ticks_per_s
    return duration_s if 0 < duration_s <= _LONGEST_S else None


def _shown_size(head: bytes) -> tuple[int, int]:
    """Width and height in pixels, after the turn that the matrix before them asks for."""
    along, across, width, height = struct.unpack_from(">52x2i28x2I" if _is_wide(head) else ">40x2i28x2I", head)
    width_px, height_px = width >> 16, height >> 16
    return (height_px, width_px) if across and not along else (width_px, height_px)


def _is_wide(head: bytes) -> bool:
    """Whether times take 64 bits in it."""
    return head[:1] == b"\1"


def _inner(file: BinaryIO, box: Box) -> Iterator[Box]:
    return _boxes(file, box.start, box.end, _MOST_INNER_BOXES)


def _first(boxes: Iterator[Box], kind: bytes) -> Box:
    found = next((box for box in boxes if box.kind == kind), None)
    if found is None:
        raise Malformed
    return found


def _content(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.start)
    return file.read(min(box.end - box.start, _INDEX_BYTES))


def _boxes(file: BinaryIO, start: int, end: int, most: int) -> Iterator[Box]:
    for _ in range(most):
        if end - start < _HEAD_BYTES:
            return
        box = _box(file, start, end)
        yield box
        start = box.end
    raise Malformed


def _box(file: BinaryIO, start: int, end: int) -> Box:
    file.seek(start)
    head = file.read(_LARGE_HEAD_BYTES)
    length, head_bytes = int.from_bytes(head[:4]), _HEAD_BYTES
    if length == 0:  # open to the end
        length = end - start
    elif length == 1:
        length, head_bytes = int.from_bytes(head[8:]), _LARGE_HEAD_BYTES
    if not head_bytes <= length <= end - start:
        raise Malformed
    return Box(head[4:8], start + head_bytes, start + length)
