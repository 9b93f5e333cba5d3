"""Smaller copies of stored pictures, in a folder within theirs: `<file>.<longest side asked for, or 0>.<extension>`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from adapters.media.part import Part
from adapters.media.sandbox import Sandbox
from bot.clock import Clock
from bot.errors import BadResult

log = logging.getLogger(__name__)

FOLDER = "previews"
ANY_SIDE_PX = 2**31


class Previews:
    """Makes one at a time: the machine may be small, and a large picture takes half a gigabyte of it."""

    def __init__(self, originals: Path, *, clock: Clock, sandbox: Sandbox) -> None:
        """Remove those whose original is gone."""
        self._originals = originals
        self._folder = originals / FOLDER
        self._clock = clock
        self._sandbox = sandbox
        self._turn = asyncio.Lock()
        for preview in self._folder.glob("*"):
            if not (originals / _original_of(preview)).exists():
                preview.unlink()

    async def of(self, file: str, *, max_bytes: int, max_side_px: int | None) -> Path | None:
        """A copy within the limits, made now or earlier; None when none can be made."""
        name = f"{file}.{max_side_px or 0}"
        async with self._turn:
            found = await asyncio.to_thread(self._found, name, max_bytes)
            return found or await self._made(file, name, max_bytes, max_side_px or ANY_SIDE_PX)

    def remove(self, file: str) -> None:
        """Delete all that were made of a file."""
        for preview in self._folder.glob(f"{file}.*"):
            preview.unlink(missing_ok=True)

    def sizes(self) -> Iterator[tuple[str, int]]:
        """The original and the bytes of each."""
        for preview in self._folder.glob("*"):
            with suppress(FileNotFoundError):  # removed meanwhile
                yield _original_of(preview), preview.stat().st_size

    async def _made(self, file: str, name: str, max_bytes: int, max_side_px: int) -> Path | None:
        part = Part(self._folder)
        try:
            await asyncio.to_thread(self._folder.mkdir, mode=0o700, exist_ok=True)
            arguments = (str((self._originals / file).absolute()), str(max_bytes), str(max_side_px))
            await part.write(b"")  # the program may write nothing
            status = await self._sandbox.run(*arguments, sink=part.write, max_bytes=max_bytes)
            if status == 0:
                made = await part.keep_as(name, self._clock.now())
                return await asyncio.to_thread(self._of_kept, file, self._folder / made.name)
            log.warning("no preview of %s could be made: status %d", file, status)
        except (BadResult, OSError) as error:
            log.warning("no preview of %s could be made: %s", file, error)
        finally:
            await part.discard()
        return None

    def _found(self, name: str, max_bytes: int) -> Path | None:
        with suppress(FileNotFoundError):  # removed meanwhile
            return next((path for path in self._folder.glob(f"{name}.*") if path.stat().st_size <= max_bytes), None)
        return None

    def _of_kept(self, file: str, preview: Path) -> Path | None:
        """The preview, unless its original was removed while it was made."""
        if (self._originals / file).exists():
            return preview
        preview.unlink(missing_ok=True)
        return None


def _original_of(preview: Path) -> str:
    return preview.name.rsplit(".", 2)[0]
