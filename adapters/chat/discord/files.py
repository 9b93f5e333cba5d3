"""Which pictures of a card go along with it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path

from adapters.chat.discord import words
from adapters.chat.discord.refs import MIB
from adapters.chat.discord.render import MOST_PICTURES, attachment_name
from bot.errors import NotFound
from bot.media import Media
from bot.model import Card, CardMedia

MOST_REQUEST_BYTES = 25 * MIB - 64 * 1024  # some for the rest of the request


@dataclass(frozen=True, slots=True)
class Packed:
    """The card with the pictures that can be shown and a line for each that cannot; `paths` by attachment name."""

    card: Card
    paths: dict[str, Path]


async def pack(card: Card, media: Media, *, max_bytes: int, attached: Collection[str] = ()) -> Packed:
    """Choose what fits: files of at most `max_bytes`, and no more than one request may hold.

    What is `attached` to the message already is not sent again.
    """
    return await asyncio.to_thread(_pack, card, media, max_bytes, attached) if card.media else Packed(card, {})


async def open_all(paths: Iterable[Path]) -> list[BufferedReader]:
    """All files, open; none if one cannot be opened."""
    return await asyncio.to_thread(_open_all, paths)


def _pack(card: Card, media: Media, max_bytes: int, attached: Collection[str]) -> Packed:
    shown, lines, paths, left = list[CardMedia](), list[str](), dict[str, Path](), MOST_REQUEST_BYTES
    for picture in card.media[:MOST_PICTURES]:
        name = attachment_name(picture)
        if name not in attached:
            try:
                path = media.path(picture.file)
                size = path.stat().st_size
            except (NotFound, OSError):
                lines.append(words.GONE)
                continue
            if size > min(max_bytes, left):
                lines.append(words.TOO_BIG.format(mb=size / 1e6, tag=card.tag))
                continue
            left -= size
            paths[name] = path
        shown.append(picture)
    return Packed(replace(card, media=tuple(shown), lines=(*card.lines, *lines)), paths)


def _open_all(paths: Iterable[Path]) -> list[BufferedReader]:
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in paths]
        stack.pop_all()
    return files
