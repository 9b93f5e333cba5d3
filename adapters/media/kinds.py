"""What a file is, read from its first and last bytes. Nothing is decoded: bytes from outside are hostile."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from adapters.media.boxes import Malformed, boxes_of

_HEAD_BYTES = 64
_TAIL_BYTES = 4096  # some encoders append a few bytes after the end mark
_EARLY_BYTES = 1_000_000
_VIDEO_BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V "})


@dataclass(frozen=True, slots=True)
class Kind:
    """A type that we keep: how it is named, how it begins, and how it shows that nothing is cut off."""

    media_type: str
    extension: str
    begins: Callable[[bytes], bool]
    whole: Callable[[BinaryIO], bool]


def kind_of(file: BinaryIO) -> Kind | None:
    """The kind of a complete file; None when it is cut off or none of ours. Reads 1 MB of it at most."""
    kind = begun_as(file)
    return kind if kind and kind.whole(file) else None


def begun_as(file: BinaryIO) -> Kind | None:
    """The kind of a file by its beginning alone."""
    head = _read(file, 0, _HEAD_BYTES)
    return next((kind for kind in KINDS if kind.begins(head)), None)


def _read(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)


def _size(file: BinaryIO) -> int:
    return file.seek(0, os.SEEK_END)


def _tail(file: BinaryIO) -> bytes:
    return _read(file, max(0, _size(file) - _TAIL_BYTES), _TAIL_BYTES)


def _begins_with(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(marks)


def _has_near_end(mark: bytes) -> Callable[[BinaryIO], bool]:
    return lambda file: mark in _tail(file)


def _has_early(mark: bytes) -> Callable[[BinaryIO], bool]:
    return lambda file: mark in _read(file, 0, _EARLY_BYTES)


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_riff_whole(file: BinaryIO) -> bool:
    return int.from_bytes(_read(file, 4, 4), "little") + 8 <= _size(file)


def _is_gif_whole(file: BinaryIO) -> bool:
    return _tail(file).rstrip(b"\0").endswith(b";")  # too short a mark to look for


def _is_mp4(head: bytes) -> bool:
    # The brand tells films from the still pictures (HEIC, AVIF) in the same container.
    return head[4:8] == b"ftyp" and head[8:12] in _VIDEO_BRANDS


def _is_mp4_whole(file: BinaryIO) -> bool:
    """The index is there, and every box ends within the file."""
    try:
        return b"moov" in [box.kind for box in boxes_of(file)]
    except Malformed:
        return False


def _is_webm(head: bytes) -> bool:
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head


KINDS = (
    Kind("image/png", "png", _begins_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), _has_near_end(b"IEND\xaeB`\x82")),
    Kind("image/jpeg", "jpg", _begins_with(b"\xff\xd8\xff"), _has_near_end(b"\xff\xd9")),
    Kind("image/webp", "webp", _is_webp, _is_riff_whole),
    Kind("image/gif", "gif", _begins_with(b"GIF87a", b"GIF89a"), _is_gif_whole),
    Kind("video/mp4", "mp4", _is_mp4, _is_mp4_whole),
    # No end mark and often no length: these are the first pictures.
    Kind("video/webm", "webm", _is_webm, _has_early(b"\x1f\x43\xb6\x75")),
)
