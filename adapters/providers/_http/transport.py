"""httpx over aiohttp, with errors that tell what was never sent from what may have arrived."""

from __future__ import annotations

import io
import ssl
from collections.abc import AsyncIterator

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from yarl import URL

from adapters.kept import KeptConnector


class Transport(AiohttpTransport):
    """Connections of one kind: opened by the first request, in the loop that runs then.

    Raises `httpx.ConnectError` when nothing of the request was sent, and any other
    `httpx.TransportError` when it may have been. Addresses go out as they are given.
    `connect_s` bounds the way to a connection in seconds; every other limit is the
    caller's, time-outs of httpx are not read.
    """

    def __init__(self, *, keep_alive: bool, connect_s: float, verify: ssl.SSLContext) -> None:
        super().__init__(verify=verify, client=self._open)
        self._keep_alive = keep_alive
        self._connect_s = connect_s

    def _open(self) -> aiohttp.ClientSession:
        connector = KeptConnector(ssl=self.ssl_context, limit=0, force_close=not self._keep_alive)
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(connect=self._connect_s),
            auto_decompress=False,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not isinstance(self.client, aiohttp.ClientSession):
            self.client = self.get_client()
        try:
            response = await self.client.request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=request.headers.multi_items(),
                data=io.BytesIO(request.content) if request.content else None,  # aiohttp sends it in pieces
                allow_redirects=False,
            )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise httpx.ConnectError(_why(error)) from error
        except aiohttp.ClientError as error:
            raise httpx.ReadError(_why(error)) from error
        return httpx.Response(response.status, headers=response.raw_headers, stream=_Body(response), request=request)


class _Body(httpx.AsyncByteStream):
    """The raw bytes of an answer, as they come in."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.content.iter_any():
                yield chunk
        except aiohttp.ClientError as error:
            raise httpx.ReadError(_why(error)) from error

    async def aclose(self) -> None:
        self._response.release()
        await self._response.wait_for_close()


def _why(error: aiohttp.ClientError) -> str:
    """For logs: other errors of aiohttp may quote the address, and with it a query."""
    return str(error) if isinstance(error, aiohttp.ClientConnectorError) else type(error).__name__
