"""The door without sockets: an httpx transport, on any clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import Any

import httpx
from sim.vendors.vendor import Vendor
from sim.vendors.wire import FLOOD_BYTES, Conduct, Door, Reply, Request

from bot.clock import Clock


class SimTransport(httpx.AsyncBaseTransport):
    """Fails as a real connection does: `ConnectError` where nothing was sent, other errors where something was.

    `patience_s` is how long the client in front of it waits for a whole answer: its own
    limit runs on the loop's time, which stands still beside a fake clock's.
    """

    def __init__(self, vendor: Vendor[Any], clock: Clock, *, patience_s: float = 30.0) -> None:
        self._vendor = vendor
        self._clock = clock
        self._patience_s = patience_s

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        until = self._clock.monotonic() + self._patience_s
        arrived = self._arrived(request, await request.aread())
        reply = self._vendor.answer(arrived) if arrived else Reply(conduct=Conduct.REFUSE)
        if reply.conduct is Conduct.REFUSE:
            raise httpx.ConnectError("nobody listens", request=request)
        if reply.conduct is Conduct.HANG or reply.delay_s > self._patience_s:
            await self._clock.sleep(self._patience_s)
            raise httpx.ReadTimeout("no answer", request=request)
        if reply.delay_s > 0:
            await self._clock.sleep(reply.delay_s)
        if reply.conduct in (Conduct.DROP, Conduct.RESET):
            raise httpx.ReadError(reply.conduct, request=request)
        headers = {"Date": formatdate(self._clock.now(), usegmt=True), **reply.headers}
        if reply.conduct is not Conduct.ENDLESS:
            headers["Content-Length"] = str(len(reply.body))
        return httpx.Response(reply.status, headers=headers, stream=_Body(reply, self._clock, until), request=request)

    def _arrived(self, request: httpx.Request, body: bytes) -> Request | None:
        """The request as the vendor sees it; None if it goes to somebody else."""
        doors = {_origin(self._vendor.origin): Door.API, _origin(self._vendor.files): Door.FILES}
        door = doors.get(_origin(request.url))
        if door is None:
            return None
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        return Request(method=request.method, path=path, door=door, query=query, headers=headers, body=body)


class _Body(httpx.AsyncByteStream):
    def __init__(self, reply: Reply, clock: Clock, until: float) -> None:
        self._reply = reply
        self._clock = clock
        self._until = until

    async def __aiter__(self) -> AsyncIterator[bytes]:
        body = self._reply.body
        match self._reply.conduct:
            case Conduct.CUT:
                yield body[: len(body) // 2]
                raise httpx.ReadError("cut")
            case Conduct.DRIP:
                in_time = int(self._until - self._clock.monotonic())
                await self._clock.sleep(min(in_time, len(body)))  # at once: a fake clock need not wake for each
                yield body[:in_time]
                if in_time < len(body):
                    raise httpx.ReadTimeout("not whole in time")
            case Conduct.ENDLESS:
                yield body
                while True:
                    yield bytes(FLOOD_BYTES)
            case _:
                yield body


def _origin(url: httpx.URL | str) -> tuple[str, str, int | None]:
    url = httpx.URL(url)
    return url.scheme, url.host, url.port
