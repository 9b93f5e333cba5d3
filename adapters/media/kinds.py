"""What a file is, read from its first and last bytes. Nothing is decoded: bytes from outside are hostile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_TAIL_BYTES = 4096  # some encoders append a few bytes after the end mark
_VIDEO_BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V "})


@dataclass(frozen=True, slots=True)
class Kind:
    """A type that we keep: how it is named, how it begins, and how it shows that nothing is cut off."""

    media_type: str
    extension: str
    begins: Callable[[bytes], bool]
    whole: Callable[[bytes], bool]


def kind_of(data: bytes) -> Kind | None:
    """The kind of a complete file; None when it is cut off or none of ours."""
    return next((kind for kind in KINDS if kind.begins(data) and kind.whole(data)), None)


def _begins_with(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(marks)


def _has_near_end(mark: bytes) -> Callable[[bytes], bool]:
    return lambda data: mark in data[-_TAIL_BYTES:]


def _contains(mark: bytes) -> Callable[[bytes], bool]:
    return lambda data: mark in data


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _is_riff_whole(data: bytes) -> bool:
    return int.from_bytes(data[4:8], "little") + 8 <= len(data)


def _is_gif_whole(data: bytes) -> bool:
    return data[-_TAIL_BYTES:].rstrip(b"\0").endswith(b";")  # too short a mark to look for


def _is_mp4(data: bytes) -> bool:
    # The brand tells films from the still pictures (HEIC, AVIF) in the same container.
    return data[4:8] == b"ftyp" and data[8:12] in _VIDEO_BRANDS


def _is_webm(data: bytes) -> bool:
    return data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:64]


KINDS = (
    Kind("image/png", "png", _begins_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), _has_near_end(b"IEND\xaeB`\x82")),
    Kind("image/jpeg", "jpg", _begins_with(b"\xff\xd8\xff"), _has_near_end(b"\xff\xd9")),
    Kind("image/webp", "webp", _is_webp, _is_riff_whole),
    Kind("image/gif", "gif", _begins_with(b"GIF87a", b"GIF89a"), _is_gif_whole),
    # Films carry no end mark: these are the index and the first pictures.
    Kind("video/mp4", "mp4", _is_mp4, _contains(b"moov")),
    Kind("video/webm", "webm", _is_webm, _contains(b"\x1f\x43\xb6\x75")),
)
