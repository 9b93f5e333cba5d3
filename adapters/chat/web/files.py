"""The route of stored files: pictures, videos and their posters, for whoever may see them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from adapters.chat.web.guards import SESSION
from adapters.chat.web.render import file_name
from adapters.chat.web.sessions import same
from bot.commands import Commands
from bot.errors import NotFound
from bot.media import Media
from bot.model import named_after

TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
}
"""What is stored is named by what was read from its content."""


class Files:
    """A file belongs to the owner of the job that its name starts with; others need the seal of a card."""

    def __init__(self, commands: Commands, media: Media) -> None:
        self._commands = commands
        self._media = media

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/media/{file}", self.file)]

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The file whole or in ranges; `?poster` is the still picture of a video, `?download` is to be kept."""
        file = request.match_info["file"]
        name = await self._name(request, file)
        path = await self._poster(file) if "poster" in request.query else self._media.path(file)
        if not await asyncio.to_thread(path.is_file):
            raise NotFound("err.not_found")
        inline = path.suffix in TYPES and "download" not in request.query
        headers = {
            "Content-Type": TYPES.get(path.suffix, "application/octet-stream"),
            "Content-Disposition": _disposition("inline" if inline else "attachment", name),
            "Cache-Control": "private, no-cache",  # asked for again each time, so that a deleted picture is gone
        }
        return web.FileResponse(path, headers=headers)

    async def _name(self, request: web.Request, file: str) -> str:
        """What it is called where it is kept; raises `NotFound` for whoever may not see it."""
        session = request[SESSION]
        if same(request.query.get("seal", ""), session.seal(file)):
            return f"limner-{file}"
        view = await self._commands.view(session.origin(), named_after(file))
        if view.job.file != file:
            raise NotFound("err.not_found")
        return file_name(view.job)

    async def _poster(self, file: str) -> Path:
        poster = (await self._media.film(file)).poster
        if poster is None:
            raise NotFound("err.not_found")
        return poster


def _disposition(kind: str, name: str) -> str:
    plain = name.encode("ascii", "ignore").decode().strip("-") or "picture"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
