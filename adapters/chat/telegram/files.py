"""Stored files on their way to Telegram, which plays videos, takes small pictures as photos and the rest as files."""

from __future__ import annotations

import asyncio
import math
import struct
import zlib
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from telegram import InputFile, InputMediaDocument, InputMediaPhoto, InputMediaVideo

from bot.cards import tag
from bot.errors import NotFound
from bot.media import Film, Media
from bot.model import CardMedia

PHOTO_BYTES, FILE_BYTES = 10_000_000, 50_000_000

InputMedia = InputMediaPhoto | InputMediaVideo | InputMediaDocument


class Way(Enum):
    """As what a file goes: Telegram shows the first two, and lets people download the last."""

    PHOTO = InputMediaPhoto
    VIDEO = InputMediaVideo
    FILE = InputMediaDocument


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of a stored file and the way in which they go; `figures` are what is said of a video."""

    name: str
    data: bytes
    way: Way
    figures: dict[str, Any]

    @property
    def file(self) -> InputFile:
        return InputFile(self.data, filename=self.name)

    def media(self, caption: str | None = None) -> InputMedia:
        """As a part of an album, or in place of what a message shows."""
        made: InputMedia = self.way.value(
            self.data, filename=self.name, caption=caption, parse_mode="HTML", **self.figures
        )
        return made

    def as_file(self) -> Piece:
        """The same, to be downloaded."""
        return replace(self, way=Way.FILE, figures={})


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A file that Telegram takes in no way."""

    size_bytes: int


async def load(media: Media, shown: CardMedia, *, original: bool = False) -> Piece | TooLarge | None:
    """Read a file, as its original or as it can be shown; None: it is no longer stored."""
    try:
        found = await _found(media, shown, Way.FILE if original else _way(shown))
        if isinstance(found, TooLarge):
            return found
        path, way = found
        figures = await _figures(await media.film(shown.file)) if way is Way.VIDEO else {}
        name = f"limner-{tag(Path(shown.file).stem)}{path.suffix}"
        return Piece(name, await asyncio.to_thread(path.read_bytes), way, figures)
    except (NotFound, OSError):
        return None


async def is_too_large(media: Media, shown: CardMedia) -> bool:
    """Whether Telegram takes a stored file in no way."""
    try:
        return isinstance(await _found(media, shown, _way(shown)), TooLarge)
    except (NotFound, OSError):
        return False


async def is_heavy(media: Media, shown: CardMedia) -> bool:
    """Whether Telegram does not show a stored file as it is, for its bytes alone."""
    most_bytes = PHOTO_BYTES if _way(shown) is Way.PHOTO else FILE_BYTES
    try:
        return (await asyncio.to_thread(media.path(shown.file).stat)).st_size > most_bytes
    except (NotFound, OSError):
        return False


async def _found(media: Media, shown: CardMedia, way: Way) -> tuple[Path, Way] | TooLarge:
    """What goes of a stored file, and how; raises `NotFound` and `OSError`."""
    path = media.path(shown.file)
    size = (await asyncio.to_thread(path.stat)).st_size
    if way is Way.PHOTO and size > PHOTO_BYTES:
        preview = await media.preview(shown.file, max_bytes=PHOTO_BYTES)
        if preview is not None:
            return preview, way
        way = Way.FILE
    return TooLarge(size) if way is not Way.PHOTO and size > FILE_BYTES else (path, way)


def _way(shown: CardMedia) -> Way:
    return Way.VIDEO if shown.is_video else Way.PHOTO


async def _figures(film: Film) -> dict[str, Any]:
    """What Telegram is told of a video: it does not look itself."""
    figures: dict[str, Any] = {"width": film.width_px, "height": film.height_px, "supports_streaming": True}
    if film.duration_s is not None:
        figures["duration"] = math.ceil(film.duration_s)
    if film.poster is not None:
        figures["thumbnail"] = await asyncio.to_thread(film.poster.read_bytes)
    return figures


def _blank() -> bytes:
    """The PNG file of a plain grey picture of 320 by 80 pixels."""
    rows = zlib.compress((b"\0" + b"\xd0" * 320) * 80)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 320, 80, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BLANK = Piece("deleted.png", _blank(), Way.PHOTO, {})
"""What stands where a picture or a video was that cannot be removed."""
