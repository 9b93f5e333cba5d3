"""What is shown of stored files, in a folder within theirs.

Smaller copies of pictures are `<file>.<longest side asked for, or 0>.<extension>`, stills of films `<file>.still.jpg`.
"""

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
STILL_BYTES = 200_000
STILL_SIDE_PX = 320


class Previews:
    """Makes each once."""

    def __init__(self, originals: Path, *, clock: Clock, sandbox: Sandbox, ffmpeg: str | None) -> None:
        """Remove those whose original is gone. `ffmpeg` is the program at that path, or None."""
        self._originals = originals
        self._folder = originals / FOLDER
        self._clock = clock
        self._sandbox = sandbox
        self._ffmpeg = ffmpeg
        self._turn = asyncio.Lock()
        for preview in self._folder.glob("*"):
            if not (originals / _original_of(preview)).exists():
                preview.unlink()

    async def of(self, file: str, *, max_bytes: int, max_side_px: int | None) -> Path | None:
        """A copy within the limits, made now or earlier; None when none can be made."""
        name, most_px = f"{file}.{max_side_px or 0}", max_side_px or ANY_SIDE_PX
        return await self._found_or_made(file, name, max_bytes, "copy", str(max_bytes), str(most_px))

    async def still_of(self, file: str) -> Path | None:
        """The first picture of a film, made now or earlier; None when none can be made."""
        if self._ffmpeg is None:
            return None
        return await self._found_or_made(file, f"{file}.still", STILL_BYTES, "still", str(STILL_SIDE_PX), self._ffmpeg)

    def remove(self, file: str) -> None:
        """Delete all that were made of a file."""
        for preview in self._folder.glob(f"{file}.*"):
            preview.unlink(missing_ok=True)

    def sizes(self) -> Iterator[tuple[str, int]]:
        """The original and the bytes of each."""
        for preview in self._folder.glob("*"):
            with suppress(FileNotFoundError):  # removed meanwhile
                yield _original_of(preview), preview.stat().st_size

    async def _found_or_made(self, file: str, name: str, max_bytes: int, *how: str) -> Path | None:
        async with self._turn:
            found = await asyncio.to_thread(self._found, name, max_bytes)
            return found or await self._made(file, name, max_bytes, *how)

    async def _made(self, file: str, name: str, max_bytes: int, verb: str, *arguments: str) -> Path | None:
        original = str((self._originals / file).absolute())
        try:
            await asyncio.to_thread(self._folder.mkdir, mode=0o700, exist_ok=True)
            async with Part(self._folder) as part:
                await part.write(b"")  # the program may write nothing
                status = await self._sandbox.run(verb, original, *arguments, sink=part.write, max_bytes=max_bytes)
                if status == 0:
                    made = await part.keep_as(name, self._clock.now())
                    return await asyncio.to_thread(self._of_kept, file, self._folder / made.name)
            log.warning("no preview of %s could be made: status %d", file, status)
        except (BadResult, OSError) as error:
            log.warning("no preview of %s could be made: %s", file, error)
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
