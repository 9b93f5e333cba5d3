"""Stored pictures on their way to Telegram, which takes small ones as photos and others as files."""

from __future__ import annotations

import asyncio
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from telegram import InputFile, InputMediaDocument, InputMediaPhoto

from bot.cards import tag
from bot.errors import NotFound
from bot.media import Media
from bot.model import CardMedia

PHOTO_BYTES, FILE_BYTES = 10_000_000, 50_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes of a stored picture; `photo`: as Telegram shows it, else a file to be downloaded."""

    name: str
    data: bytes
    photo: bool

    @property
    def file(self) -> InputFile:
        return InputFile(self.data, filename=self.name)

    def media(self, caption: str | None = None) -> InputMediaPhoto | InputMediaDocument:
        """As a part of an album, or in place of what a message shows."""
        kind = InputMediaPhoto if self.photo else InputMediaDocument
        return kind(self.data, filename=self.name, caption=caption, parse_mode="HTML")


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A picture that Telegram takes in no way."""

    size_bytes: int


async def load(media: Media, picture: CardMedia, *, original: bool = False) -> Picture | TooLarge | None:
    """Read a picture, as its original or as it can be shown; None: it is no longer stored."""
    try:
        path = media.path(picture.file)
        size, photo = (await asyncio.to_thread(path.stat)).st_size, not original
        if photo and size > PHOTO_BYTES:
            preview = await media.preview(picture.file, max_bytes=PHOTO_BYTES)
            path, photo = preview or path, preview is not None
        if size > FILE_BYTES and not photo:
            return TooLarge(size)
        name = f"limner-{tag(Path(picture.file).stem)}{path.suffix}"
        return Picture(name, await asyncio.to_thread(path.read_bytes), photo)
    except (NotFound, OSError):
        return None


async def is_heavy(media: Media, picture: CardMedia) -> bool:
    """Whether Telegram does not take a stored picture as a photo, for its bytes alone."""
    try:
        return (await asyncio.to_thread(media.path(picture.file).stat)).st_size > PHOTO_BYTES
    except (NotFound, OSError):
        return False


def _blank() -> bytes:
    """The PNG file of a plain grey picture of 320 by 80 pixels."""
    rows = zlib.compress((b"\0" + b"\xd0" * 320) * 80)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 320, 80, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BLANK = Picture("deleted.png", _blank(), photo=True)
"""What stands where a picture was that cannot be removed."""
