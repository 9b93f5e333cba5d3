"""Files in a dictionary."""

from __future__ import annotations

from pathlib import Path

from bot.errors import BadResult, InvalidRequest, NotFound, ProviderUnavailable, Unavailable
from bot.media import MAX_UPLOAD_BYTES, Film, picture_large
from bot.model import Artifact, RemoteArtifact, StoredFile

PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"GIF8")


class FakeMedia:
    """Keeps PNG and MP4 files only; `full`, `too_many` and `old` make it behave like a full disk or an old archive.

    `outside` is what lies at addresses: bytes, or the error that fetching them raises. What people bring is kept as
    it is, and called a JPEG. `told` is what every video says of itself. With a `folder` the files lie there too.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.files: dict[str, bytes] = {}
        self.outside: dict[str, bytes | Exception] = {}
        self.full = False
        self.too_many: tuple[str, ...] = ()
        self.old: tuple[str, ...] = ()
        self.told = Film()

    async def keep(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        data = artifact.data if isinstance(artifact, Artifact) else self._fetched(artifact.url)
        if data.startswith(PICTURES[0]):
            return self._kept(StoredFile(f"{name}.png", "image/png", len(data)), data)
        if data[4:8] == b"ftyp":
            return self._kept(StoredFile(f"{name}.mp4", "video/mp4", len(data)), data)
        raise BadResult("neither a picture nor a video")

    async def take(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        try:
            data = artifact.data if isinstance(artifact, Artifact) else self._fetched(artifact.url)
        except (BadResult, ProviderUnavailable):
            raise InvalidRequest("err.link") from None
        if len(data) > MAX_UPLOAD_BYTES:
            raise picture_large()
        if not data.startswith(PICTURES):
            raise InvalidRequest("err.not_picture")
        return self._kept(StoredFile(f"{name}.jpg", "image/jpeg", len(data)), data)

    async def film(self, file: str) -> Film:
        return self.told if self.path(file).suffix == ".mp4" else Film()

    def _kept(self, file: StoredFile, data: bytes) -> StoredFile:
        if self.full:
            raise Unavailable("err.disk_full")
        self.files[file.name] = data
        if self._folder:
            (self._folder / file.name).write_bytes(data)
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
        if self._folder:
            (self._folder / file).unlink(missing_ok=True)

    async def surplus(self) -> tuple[str, ...]:
        return tuple(file for file in self.too_many if file in self.files)

    async def older(self, *, before: float) -> tuple[str, ...]:
        return tuple(file for file in self.old if file in self.files)

    def path(self, file: str) -> Path:
        if file not in self.files:
            raise NotFound("err.not_found")
        return (self._folder or Path("/nowhere")) / file

    def has_room(self) -> bool:
        return not self.full
