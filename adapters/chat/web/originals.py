"""The route behind a link to an original: no session, no sign-in, the link alone lets in."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from aiohttp import web

from adapters.chat.web.files import TYPES
from adapters.chat.web.problems import Problem
from bot.cards import tag
from bot.media import Media
from bot.originals import PATH, Originals


class OriginalPages:
    """Serves stored files by their links."""

    def __init__(self, originals: Originals, media: Media) -> None:
        self._originals = originals
        self._media = media

    def routes(self) -> list[web.RouteDef]:
        return [web.get(f"{PATH}{{token}}", self.original)]

    async def original(self, request: web.Request) -> web.StreamResponse:
        """A link that was never ours and one whose file is gone are answered alike."""
        file = self._originals.file_of(request.match_info["token"])
        path = self._media.path(file) if file else None
        if path is None or not await asyncio.to_thread(path.is_file):
            raise Problem(HTTPStatus.NOT_FOUND, "not_found", "There is no picture here, or no longer.")
        media_type = TYPES[path.suffix]
        kind = "inline" if media_type.startswith("image/") else "attachment"
        headers = {
            "Content-Type": media_type,
            "Content-Disposition": f'{kind}; filename="limner-{tag(path.stem)}{path.suffix}"',
            "X-Robots-Tag": "noindex",
        }
        return web.FileResponse(path, headers=headers)
