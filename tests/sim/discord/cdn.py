"""Where uploaded files can be read, for as long as their address is valid."""

from __future__ import annotations

import hashlib

from aiohttp import web
from sim.discord.journal import Request
from sim.discord.state import Attachment
from sim.journal import Journal

from bot.clock import Clock

VALID_S = 86_400.0
GONE = "This content is no longer available."


class Cdn:
    """Signs addresses and serves what was uploaded; nothing that is out of date.

    `sends_to`: where it sends everybody instead. What it answered stands in the journal as `CDN`.
    """

    def __init__(self, clock: Clock, journal: Journal[Request]) -> None:
        self.base = ""
        self.valid_s = VALID_S
        self.sends_to: str | None = None
        self._clock = clock
        self._journal = journal
        self._files: dict[int, Attachment] = {}

    def keep(self, attachment: Attachment) -> None:
        self._files[attachment.id] = attachment

    def url(self, attachment: Attachment) -> str:
        """An address that is valid from now on for `valid_s` seconds."""
        now = int(self._clock.now())
        issued, expires = f"{now:x}", f"{now + int(self.valid_s):x}"
        signature = _signature(attachment.id, issued, expires)
        path = f"{self.base}/attachments/{attachment.owner_id}/{attachment.id}/{attachment.filename}"
        return f"{path}?ex={expires}&is={issued}&hm={signature}&"

    async def serve(self, request: web.Request) -> web.Response:
        answer = self._answer(request)
        self._journal.note(Request(self._clock.now(), "CDN", request.path, answer.status, None, None))
        return answer

    def _answer(self, request: web.Request) -> web.Response:
        if self.sends_to is not None:
            return web.Response(status=302, headers={"Location": self.sends_to})
        attachment = self._files.get(int(request.match_info["attachment_id"]))
        issued, expires, signature = (request.query.get(key, "0") for key in ("is", "ex", "hm"))
        if attachment is None or signature != _signature(attachment.id, issued, expires):
            return web.Response(status=404, text=GONE)
        if int(expires, 16) < self._clock.now():
            return web.Response(status=404, text=GONE)
        return web.Response(body=attachment.data, content_type=attachment.media_type)


def _signature(attachment_id: int, issued: str, expires: str) -> str:
    return hashlib.sha256(f"{attachment_id} {issued} {expires}".encode()).hexdigest()
