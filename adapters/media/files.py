"""The media port on a folder: our own names, whole files or none, oldest first out."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from adapters.media.boxes import film_of
from adapters.media.fetching import Fetcher
from adapters.media.kinds import KINDS
from adapters.media.part import SUFFIX, Part
from adapters.media.previews import Previews
from adapters.media.sandbox import Sandbox
from adapters.media.uploads import Uploads
from bot.clock import Clock
from bot.errors import BadResult, NotFound, Unavailable
from bot.media import Film
from bot.model import Artifact, RemoteArtifact, StoredFile

MIN_FREE_BYTES = 500_000_000
MAX_FILE_BYTES = 64_000_000
DAY_S = 86_400
ROOM_KNOWN_FOR_S = 1.0

_NAME = re.compile(r"[0-9A-HJKMNP-TV-Z]{1,26}")  # the characters of a ULID: no dot, no slash
_FILE = re.compile(rf"{_NAME.pattern}\.({'|'.join(kind.extension for kind in KINDS)})")
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FileMedia:
    """`bot.media.Media` in one folder of this process alone."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        fetcher: Fetcher,
        links: Fetcher,
        keep_days: int,
        max_bytes: int,
        min_free_bytes: int = MIN_FREE_BYTES,
        max_file_bytes: int = MAX_FILE_BYTES,
        ffmpeg: str = "ffmpeg",
    ) -> None:
        """Make the folder if it is missing, and remove what a killed process left half-written.

        `fetcher` gets what providers made, `links` what people point at. `ffmpeg` names a program that need not exist.
        """
        self._folder = folder
        self._clock = clock
        self._fetcher = fetcher
        self._keep_days = keep_days
        self._max_bytes = max_bytes
        self._min_free_bytes = min_free_bytes
        self._max_file_bytes = max_file_bytes
        self._room_until = -1.0
        self._room = False
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in folder.rglob(f".*{SUFFIX}"):
            leftover.unlink()
        sandbox = Sandbox(clock)
        self._links = links
        self._uploads = Uploads(folder, clock=clock, links=links, sandbox=sandbox)
        self._previews = Previews(folder, clock=clock, sandbox=sandbox, ffmpeg=shutil.which(ffmpeg))

    async def keep(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        with _room_for(name):
            async with Part(self._folder) as part:
                await self._pour(artifact, part)
                return await part.keep_as(name, self._clock.now())

    async def take(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        with _room_for(name):
            return await self._uploads.take(name, artifact)

    async def film(self, file: str) -> Film:
        path = self.path(file)
        if path.suffix != ".mp4":
            return Film()
        film = await asyncio.to_thread(_film_at, path)
        return replace(film, poster=await self._previews.still_of(file)) if film.width_px else film

    async def close(self) -> None:
        """Close the connections to the outside."""
        await self._fetcher.close()
        await self._links.close()

    async def preview(self, file: str, *, max_bytes: int, max_side_px: int | None = None) -> Path | None:
        return await self._previews.of(self.path(file).name, max_bytes=max_bytes, max_side_px=max_side_px)

    async def remove(self, file: str) -> None:
        await asyncio.to_thread(self._remove, self.path(file))

    async def surplus(self) -> tuple[str, ...]:
        return await asyncio.to_thread(self._surplus)

    async def older(self, *, before: float) -> tuple[str, ...]:
        return await asyncio.to_thread(self._older, before)

    def path(self, file: str) -> Path:
        if not _FILE.fullmatch(file):
            raise NotFound("err.not_found")
        return self._folder / file

    def has_room(self) -> bool:
        now = self._clock.monotonic()
        if now >= self._room_until:
            self._room = shutil.disk_usage(self._folder).free >= self._min_free_bytes
            self._room_until = now + ROOM_KNOWN_FOR_S
        return self._room

    async def _pour(self, artifact: Artifact | RemoteArtifact, part: Part) -> None:
        if isinstance(artifact, RemoteArtifact):
            await self._fetcher.fetch(artifact.url, part.write, max_bytes=self._max_file_bytes)
        elif len(artifact.data) > self._max_file_bytes:
            raise BadResult(f"the result has {len(artifact.data)} bytes, more than {self._max_file_bytes}")
        else:
            await part.write(artifact.data)

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)  # before its previews: one that is made just now looks for it at the end
        self._previews.remove(path.name)

    def _surplus(self) -> tuple[str, ...]:
        newest_first = sorted(self._ages_and_sizes(), reverse=True)
        oldest_kept = self._clock.now() - self._keep_days * DAY_S
        surplus, total_bytes = [], 0
        for kept_at, file, size_bytes in newest_first:
            total_bytes += size_bytes
            if kept_at < oldest_kept or total_bytes > self._max_bytes:
                surplus.append(file)
        return tuple(reversed(surplus))

    def _older(self, before: float) -> tuple[str, ...]:
        return tuple(file for kept_at, file, _ in self._ages_and_sizes() if kept_at < before)

    def _ages_and_sizes(self) -> Iterator[tuple[float, str, int]]:
        """Of each file, with the bytes of its previews."""
        previews_bytes = Counter[str]()
        for original, size_bytes in self._previews.sizes():
            previews_bytes[original] += size_bytes
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if _FILE.fullmatch(entry.name):
                    with suppress(FileNotFoundError):  # removed meanwhile, by a press of Delete
                        stat = entry.stat()
                        yield stat.st_mtime, entry.name, stat.st_size + previews_bytes[entry.name]


def _film_at(path: Path) -> Film:
    try:
        with path.open("rb") as file:
            return film_of(file)
    except FileNotFoundError:
        return Film()


@contextmanager
def _room_for(name: str) -> Iterator[None]:
    """Refuse names that are not ours, and say it in words when the disk is full."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a file of ours")
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Unavailable("err.disk_full") from error
        raise
