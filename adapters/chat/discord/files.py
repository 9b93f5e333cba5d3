"""Which pictures and videos of a card go along with it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path

from adapters.chat.discord.refs import MIB
from adapters.chat.discord.render import MOST_PICTURES
from bot.cards import original
from bot.errors import NotFound
from bot.media import Media
from bot.messages import say
from bot.model import Card, CardLink, CardMedia
from bot.originals import Originals

MOST_REQUEST_BYTES = 25 * MIB - 64 * 1024  # some for the rest of the request


@dataclass(frozen=True, slots=True)
class Packed:
    """The card with the pictures that can be shown, and a line for each that cannot, or only smaller.

    `paths` by attachment name; `withheld` are the stored files to which the card does not even lead.
    """

    card: Card
    paths: dict[str, Path]
    withheld: frozenset[str] = frozenset()


async def pack(
    card: Card, media: Media, originals: Originals | None, *, max_bytes: int, attached: Collection[str] = ()
) -> Packed:
    """Choose what fits: files of at most `max_bytes`, and no more than one request may hold; smaller copies of others.

    What is `attached` to the message already is not sent again. `originals` gives links to what does not fit.
    """
    shown, lines, paths, withheld = list[CardMedia](), list[str](), dict[str, Path](), set[str]()
    links, left = list[CardLink](), MOST_REQUEST_BYTES
    for number, picture in enumerate(card.media[:MOST_PICTURES], 1):
        if picture.file in attached:
            shown.append(picture)
            continue
        path, size = await asyncio.to_thread(_find, media, picture.file)
        if path is None:
            lines.append(say("chat.gone"))
            continue
        most_bytes = min(max_bytes, left)
        if size > most_bytes:
            path = await _smaller(media, picture, most_bytes) if max_bytes else None
            too_big = "discord.film_too_big" if picture.is_video else "chat.too_big"
            line = say("discord.smaller" if path else too_big, mb=f"{size / 1e6:.1f}", tag=card.tag or "")
            if originals:
                links.append(original(originals.link_to(picture.file), number, len(card.media)))
            elif path:
                line = f"{line} {say('discord.elsewhere', tag=card.tag or '')}"
            else:
                withheld.add(picture.file)
            lines.append(line)
        if path is None:
            continue
        if path.name not in attached:
            left -= (await asyncio.to_thread(path.stat)).st_size
            paths[path.name] = path
        shown.append(replace(picture, file=path.name))
    card = replace(card, media=tuple(shown), lines=(*card.lines, *dict.fromkeys(lines)), links=tuple(links))
    return Packed(card, paths, frozenset(withheld))


async def open_all(paths: Iterable[Path]) -> list[BufferedReader]:
    """All files, open; none if one cannot be opened."""
    return await asyncio.to_thread(_open_all, paths)


async def _smaller(media: Media, picture: CardMedia, most_bytes: int) -> Path | None:
    """A copy that fits; None where none can be made, as of a video."""
    if picture.is_video:
        return None
    return await media.preview(picture.file, max_bytes=most_bytes)


def _find(media: Media, file: str) -> tuple[Path | None, int]:
    """Where a stored file lies, and its bytes."""
    try:
        path = media.path(file)
        return path, path.stat().st_size
    except (NotFound, OSError):
        return None, 0


def _open_all(paths: Iterable[Path]) -> list[BufferedReader]:
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in paths]
        stack.pop_all()
    return files
