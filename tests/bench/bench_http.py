"""GETs per second of 300 bytes of JSON: httpx's own transport, ours, and a provider's `Api.ask`, in turn.

The vendor is this file run as a program: it prints its port and answers until its input ends.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from adapters.providers._http import Api
from adapters.providers._http.transport import Transport

CONNECTIONS = (1, 50, 200)
ROUNDS = 3
ROUND_S = 1.0
BODY = json.dumps({"request_id": "20250101", "status": "processing", "progress": 40, "log": "x" * 230}).encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)

Get = Callable[[], Awaitable[Any]]


async def main() -> dict[str, float]:
    everything = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    carried = Transport(keep_alive=True, connect_s=10, verify=ssl.create_default_context())
    async with (
        _vendor() as origin,
        httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(limits=everything), timeout=None) as stock,
        httpx.AsyncClient(transport=carried, timeout=None) as ours,
    ):
        api = Api(origin, title="Vendor", headers={})

        async def ask() -> None:
            await (await api.ask("/poll/1")).json()

        figures: dict[str, float] = {}
        for connections in CONNECTIONS:
            figures |= await _figures([_getter(stock, origin), _getter(ours, origin), ask], connections)
        await api.close()
    return figures


def _getter(client: httpx.AsyncClient, origin: str) -> Get:
    async def get() -> None:
        json.loads((await client.get(f"{origin}/poll/1")).content)

    return get


async def _figures(gets: Sequence[Get], connections: int) -> dict[str, float]:
    rounds = [[await _rate(get, connections) for get in gets] for _ in range(ROUNDS)]
    stock, ours, ask = map(statistics.median, zip(*rounds, strict=True))
    return {
        f"GETs/s, {connections} at a time, httpx's own": stock,
        f"GETs/s, {connections} at a time, ours": ours,
        f"ours : httpx's own, {connections} at a time": ours / stock,
        f"Api.ask : ours, {connections} at a time": ask / ours,
    }


async def _rate(get: Get, connections: int) -> float:
    """GETs per second of so many loops at a time, each of which has its connection already."""
    await asyncio.gather(*(get() for _ in range(connections)))
    began = time.perf_counter()

    async def loop() -> int:
        done = 0
        while time.perf_counter() < began + ROUND_S:
            await get()
            done += 1
        return done

    done = sum(await asyncio.gather(*(loop() for _ in range(connections))))
    return done / (time.perf_counter() - began)


@asynccontextmanager
async def _vendor() -> AsyncIterator[str]:
    pipe = asyncio.subprocess.PIPE
    vendor = await asyncio.create_subprocess_exec(sys.executable, str(Path(__file__)), stdin=pipe, stdout=pipe)
    assert vendor.stdin is not None
    assert vendor.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(await vendor.stdout.readline())}"
    finally:
        vendor.stdin.close()
        await vendor.wait()


class _Connection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"\r\n\r\n"):  # a GET comes in one piece over loopback, or at least ends like this
            self._transport.write(ANSWER)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
