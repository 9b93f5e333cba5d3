"""The doors with sockets: the vendor's API on one port, its files on another, both on loopback."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from functools import partial
from typing import Any, Self

from aiohttp import web
from pydantic import BaseModel, Field, TypeAdapter
from sim.vendors.vendor import Vendor
from sim.vendors.wire import FLOOD_BYTES, Conduct, Door, Reply, Request

from bot.clock import Clock, SystemClock

HOST = "127.0.0.1"
MOST_BYTES = 16_000_000
STOP_S = 0.2
_Wanted = TypeAdapter(dict[str, Any])


class _Limit(BaseModel):
    seconds: float = Field(ge=0, le=86_400)
    retry_after: str | None = None


class Server:
    """An asynchronous context manager: the vendor listens inside it, at `vendor.origin` and `vendor.files`.

    The port of the files also has `GET /_sim/state`, `POST /_sim/weather` and
    `POST /_sim/limit`. Ports of 0 are chosen by the system.
    """

    def __init__(self, vendor: Vendor[Any], *, port: int = 0, files_port: int = 0, clock: Clock | None = None) -> None:
        self.vendor = vendor
        self._ports = {Door.API: port, Door.FILES: files_port}
        self._clock = clock or SystemClock()
        self._runners: dict[Door, web.AppRunner] = {}
        self._api_site: web.TCPSite | None = None

    async def __aenter__(self) -> Self:
        try:
            for door in Door:
                await self._open(door)
        except BaseException:
            await self.__aexit__()
            raise
        self.vendor.origin = f"http://{HOST}:{self._ports[Door.API]}"
        self.vendor.files = f"http://{HOST}:{self._ports[Door.FILES]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for runner in self._runners.values():
            await runner.cleanup()

    async def change(self, /, **wanted: Any) -> None:
        """Change the weather; raises `ValueError`. While it is down, connections to the API are refused."""
        self.vendor.weather.change(wanted)
        if self.vendor.weather.down and self._api_site is not None:
            await self._api_site.stop()
            self._api_site = None
        elif not self.vendor.weather.down and self._api_site is None:
            await self._listen(Door.API)

    async def _open(self, door: Door) -> None:
        app = web.Application(client_max_size=MOST_BYTES)
        if door is Door.FILES:
            app.router.add_get("/_sim/state", self._state)
            app.router.add_post("/_sim/weather", self._weather)
            app.router.add_post("/_sim/limit", self._limit)
        app.router.add_route("*", "/{path:.*}", partial(self._serve, door))
        # A handler ends with its connection, so that one that hangs ends when nobody waits any more.
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=STOP_S)
        await runner.setup()
        self._runners[door] = runner
        await self._listen(door)

    async def _listen(self, door: Door) -> None:
        site = web.TCPSite(self._runners[door], HOST, self._ports[door])
        await site.start()
        self._ports[door] = self._runners[door].addresses[0][1]
        if door is Door.API:
            self._api_site = site

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(self.vendor.state())

    async def _weather(self, request: web.Request) -> web.Response:
        try:
            await self.change(**_Wanted.validate_json(await request.read()))
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(self.vendor.weather.model_dump())

    async def _limit(self, request: web.Request) -> web.Response:
        try:
            limit = _Limit.model_validate_json(await request.read())
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        self.vendor.limit(limit.seconds, limit.retry_after)
        return web.json_response(limit.model_dump())

    async def _serve(self, door: Door, request: web.Request) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = self.vendor.answer(
            Request(
                method=request.method, path=path, door=door, query=query, headers=headers, body=await request.read()
            )
        )
        await self._clock.sleep(reply.delay_s)
        return await self._play(reply, request)

    async def _play(self, reply: Reply, request: web.Request) -> web.StreamResponse:
        match reply.conduct:
            case Conduct.ANSWER:
                return web.Response(status=reply.status, headers=reply.headers, body=reply.body)
            case Conduct.HANG:
                await asyncio.get_running_loop().create_future()
            case Conduct.CUT | Conduct.DRIP | Conduct.ENDLESS:
                with suppress(ConnectionError):
                    await self._stream(reply, request)
            case Conduct.RESET | Conduct.REFUSE:
                _reset(request)
        if request.transport is not None:
            request.transport.close()
        return web.Response()

    async def _stream(self, reply: Reply, request: web.Request) -> None:
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        if reply.conduct is not Conduct.ENDLESS:
            response.content_length = len(reply.body)
        await response.prepare(request)
        if reply.conduct is Conduct.DRIP:
            for byte in reply.body:
                await response.write(bytes([byte]))
                await self._clock.sleep(1)
            return
        await response.write(reply.body[: len(reply.body) // 2] if reply.conduct is Conduct.CUT else reply.body)
        while reply.conduct is Conduct.ENDLESS:
            await response.write(bytes(FLOOD_BYTES))


def _reset(request: web.Request) -> None:
    """End the connection by RST instead of FIN."""
    if request.transport is not None:
        linger_not_at_all = struct.pack("ii", 1, 0)
        request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not_at_all)
        request.transport.abort()
