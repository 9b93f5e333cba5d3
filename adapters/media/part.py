"""A file on its way in."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, Self, TypeVar

from adapters.media.kinds import Kind, begun_as, kind_of
from bot.errors import BadResult
from bot.model import StoredFile

SUFFIX = ".part"

T = TypeVar("T")


class Part:
    """Bytes beside their final place, which get their name only when they are whole; nothing blocks the loop.

    A context manager, which leaves nothing behind but what was kept.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing lies in the folder before the first `write`."""
        self._folder = folder
        self._path: Path | None = None
        self._file: BinaryIO | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await _in_thread(self._discard)

    @property
    def path(self) -> Path:
        """Where the bytes lie; all of them only after `begins`."""
        assert self._path is not None
        return self._path

    async def write(self, data: bytes) -> None:
        """Append; at least one is needed, even of nothing."""
        await _in_thread(partial(self._write, data))

    async def begins(self) -> Kind | None:
        """The kind by the beginning alone, which may be all that there is of it."""
        return await _in_thread(self._begins)

    async def keep_as(self, name: str, now: float) -> StoredFile:
        """Give it the name `<name>.<extension by content>`, under which a file is whole, also after a power cut.

        Raises `BadResult` for what is cut off or of no known type.
        """
        return await _in_thread(partial(self._keep_as, name, now))

    def _write(self, data: bytes) -> None:
        if self._file is None:
            handle, path = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=SUFFIX)  # made with mode 0600
            self._path, self._file = Path(path), os.fdopen(handle, "w+b")
        self._file.write(data)

    def _begins(self) -> Kind | None:
        assert self._file is not None
        self._file.flush()
        return begun_as(self._file)

    def _keep_as(self, name: str, now: float) -> StoredFile:
        assert self._file is not None
        assert self._path is not None
        size_bytes = self._file.seek(0, os.SEEK_END)
        kind = kind_of(self._file)
        if kind is None:
            raise BadResult(f"the result ({size_bytes} bytes) is cut off or of no known type")
        self._file.flush()
        os.fsync(self._file.fileno())
        os.utime(self._path, (now, now))
        stored = StoredFile(f"{name}.{kind.extension}", kind.media_type, size_bytes)
        self._path.replace(self._folder / stored.name)
        self._sync_folder()
        return stored

    def _discard(self) -> None:
        if self._file is not None:
            with suppress(OSError):  # the disk is full, and what is still in the buffer has no room either
                self._file.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


async def _in_thread(work: Callable[[], T]) -> T:
    """Run it off the loop, and to its end even when canceled: no thread goes on with a file that was given up."""
    running = asyncio.create_task(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
