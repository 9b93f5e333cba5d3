"""Files in a dictionary."""

from __future__ import annotations

from pathlib import Path

from bot.errors import BadResult, NotFound, Unavailable
from bot.model import Artifact, RemoteArtifact, StoredFile


class FakeMedia:
    """Takes PNG and MP4 files only; `full` and `too_many` make it behave like a full disk or an old archive.

    `outside` is what lies at addresses: bytes, or the error that fetching them raises.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.outside: dict[str, bytes | Exception] = {}
        self.full = False
        self.too_many: tuple[str, ...] = ()

    async def keep(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        data = artifact.data if isinstance(artifact, Artifact) else self._fetched(artifact.url)
        kinds = {data.startswith(b"\x89PNG\r\n\x1a\n"): "image/png", data[4:8] == b"ftyp": "video/mp4"}
        if True not in kinds:
            raise BadResult("neither a picture nor a video")
        if self.full:
            raise Unavailable("err.disk_full")
        file = StoredFile(f"{name}.{kinds[True].rpartition('/')[2]}", kinds[True], len(data))
        self.files[file.name] = data
        return file

    def _fetched(self, url: str) -> bytes:
        found = self.outside.get(url, BadResult("nothing lies there"))
        if isinstance(found, Exception):
            raise found
        return found

    async def preview(self, file: str, *, max_bytes: int, max_side_px: int | None = None) -> Path | None:
        return None

    async def remove(self, file: str) -> None:
        self.files.pop(file, None)

    async def surplus(self) -> tuple[str, ...]:
        return tuple(file for file in self.too_many if file in self.files)

    def path(self, file: str) -> Path:
        if file not in self.files:
            raise NotFound("err.not_found")
        return Path("/nowhere") / file

    def has_room(self) -> bool:
        return not self.full
