"""Pictures that people bring: decoded where it does no harm, and kept as nothing but pixels."""

from __future__ import annotations

from pathlib import Path

from adapters.media.fetching import Fetcher, TooLarge
from adapters.media.part import Part
from adapters.media.sandbox import Sandbox
from bot.clock import Clock
from bot.errors import BadResult, InvalidRequest, ProviderUnavailable
from bot.media import MAX_SOURCE_BYTES, MAX_UPLOAD_BYTES, picture_large
from bot.model import Artifact, RemoteArtifact, StoredFile

MAX_SIDE_PX = 2048  # no model draws more
MAX_MPX = 25

_TOO_MANY_PIXELS = 3
_WRITTEN = frozenset({"image/jpeg", "image/webp"})


class Uploads:
    """Takes them into `folder`; `links` fetches what they only point at."""

    def __init__(self, folder: Path, *, clock: Clock, links: Fetcher, sandbox: Sandbox) -> None:
        self._folder = folder
        self._clock = clock
        self._links = links
        self._sandbox = sandbox

    async def take(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        """As `bot.media.Media.take`, but for a full disk, which is an `OSError`."""
        async with Part(self._folder) as brought, Part(self._folder) as copy:
            await self._pour(artifact, brought)
            kind = await brought.begins()
            if kind is None or not kind.media_type.startswith("image/"):
                raise InvalidRequest("err.not_picture")
            try:
                await self._copy(brought, copy)
                return await copy.keep_as(name, self._clock.now())
            except BadResult:
                raise InvalidRequest("err.not_picture") from None

    async def _pour(self, artifact: Artifact | RemoteArtifact, part: Part) -> None:
        try:
            if isinstance(artifact, RemoteArtifact):
                await self._links.fetch(artifact.url, part.write, max_bytes=MAX_UPLOAD_BYTES)
            else:
                await part.write(_bounded(artifact.data))
        except TooLarge:
            raise picture_large() from None
        except (BadResult, ProviderUnavailable):
            raise InvalidRequest("err.link") from None

    async def _copy(self, brought: Part, copy: Part) -> None:
        """Raises `BadResult` when what comes out is no picture."""
        await copy.write(b"")  # the program may write nothing
        status = await self._sandbox.run(
            "copy", str(brought.path.absolute()), str(MAX_SOURCE_BYTES), str(MAX_SIDE_PX),
            sink=copy.write, max_bytes=MAX_SOURCE_BYTES,
        )  # fmt: skip
        if status == _TOO_MANY_PIXELS:
            raise InvalidRequest("err.picture_pixels", mpx=MAX_MPX)
        if status < 0:
            raise InvalidRequest("err.picture_heavy")
        kind = await copy.begins()
        if status or kind is None or kind.media_type not in _WRITTEN:
            raise BadResult(f"no picture: status {status}")


def _bounded(data: bytes) -> bytes:
    if len(data) > MAX_UPLOAD_BYTES:
        raise TooLarge
    return data
