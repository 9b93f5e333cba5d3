"""Files that lie at simulated vendors, on a clock that is not real."""

from __future__ import annotations

from typing import Any

from sim.vendors.films import film
from sim.vendors.vendor import Vendor
from sim.vendors.wire import Conduct, Door, Request

from bot.errors import BadResult, ProviderUnavailable
from bot.model import Artifact, RemoteArtifact, StoredFile
from bot.testing.media import FakeMedia
from bot.testing.provider import PNG

WHOLE = (PNG, film(PNG))


class Fetching:
    """Media whose outside are simulated vendors."""

    def __init__(self, media: FakeMedia, *vendors: Vendor[Any]) -> None:
        self._media = media
        self._vendors = vendors

    def __getattr__(self, name: str) -> Any:
        return getattr(self._media, name)

    async def keep(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        if isinstance(artifact, RemoteArtifact):
            self._media.outside[artifact.url] = self._answer(artifact.url)
        elif artifact.data not in WHOLE:
            raise BadResult("no whole picture")
        return await self._media.keep(name, artifact)

    def _answer(self, url: str) -> bytes | Exception:
        vendor = next((vendor for vendor in self._vendors if url.startswith(vendor.files)), None)
        if vendor is None:
            return BadResult("an address that must not be dialed")
        path, _, query = url.removeprefix(vendor.files).partition("?")
        reply = vendor.answer(Request(method="GET", path=path, query=query, door=Door.FILES))
        if reply.conduct is not Conduct.ANSWER or reply.status in (429, 503):
            return ProviderUnavailable("the file does not come")
        whole = reply.status == 200 and reply.body in WHOLE
        return reply.body if whole else BadResult("no picture")
