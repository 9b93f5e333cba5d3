"""Files that are MP4 to whoever does not play them."""

from __future__ import annotations


def film(pictures: bytes) -> bytes:
    """A type, an index without a track, and the pictures, each in its box."""
    return _box(b"ftyp", b"isom\0\0\0\0isommp42") + _box(b"moov", _box(b"mvhd", bytes(100))) + _box(b"mdat", pictures)


def _box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4) + kind + content
