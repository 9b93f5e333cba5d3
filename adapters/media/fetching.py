"""Files from outside: hostile bytes at addresses that somebody else chose."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientResponse,
    ClientResponseError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
    SocketFactoryType,
)
from aiohttp.abc import AbstractResolver
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from adapters.kept import KeptConnector
from adapters.media.guard import AddressRefused, guarded, open_socket
from bot.errors import BadResult, ProviderError, ProviderUnavailable

LIMIT_S = 120.0
CONNECT_LIMIT_S = 10.0
SILENCE_LIMIT_S = 20.0
MAX_REDIRECTS = 5
MAX_CONNECTIONS = 100
BATCH_BYTES = 256_000
HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Limner"}

# Printable ASCII, without what parsers disagree on: a user, a percent sign or a backslash in the authority.
_ADDRESS = re.compile(r"(?i:https?)://(?![^/?#]*[@%])(?!.*\\)[!-~]+")
_NO_URL = (ValueError, IndexError)  # the latter from nothing behind "[::1]@"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})

Sink = Callable[[bytes], Awaitable[None]]


class TooLarge(BadResult):
    """There is more of it than was allowed."""


class Fetcher:
    """Fetches over sessions without keys and cookies, and only from public addresses.

    `allowed` are hosts, or host:port, that may lie elsewhere. `limit_s` bounds a whole
    fetch in seconds. `resolver` and `opener` take the place of the system's.
    """

    def __init__(
        self,
        *,
        allowed: Collection[str] = (),
        limit_s: float = LIMIT_S,
        resolver: AbstractResolver | None = None,
        opener: SocketFactoryType = open_socket,
    ) -> None:
        self._allowed = frozenset(name.lower() for name in allowed)
        self._limit_s = limit_s
        self._resolver = resolver
        self._openers = {True: opener, False: guarded(opener)}
        self._sessions: dict[bool, ClientSession] = {}

    async def fetch(self, url: str, sink: Sink, *, max_bytes: int) -> None:
        """Hand the bytes at `url`, exactly as it is written, to `sink` in batches, and at least once.

        Raises `BadResult` for an address that must not be dialed, a file that is gone, cut
        off, encoded or (`TooLarge`) larger than `max_bytes`, and `ProviderUnavailable` for what may pass.
        Their texts name the host at most: whoever knows the address may have the file.
        """
        try:
            async with asyncio.timeout(self._limit_s):
                await self._fetch(_parsed(url), sink, max_bytes)
        except TimeoutError:
            raise ProviderUnavailable(f"the result did not arrive within {self._limit_s:g} s") from None

    async def close(self) -> None:
        """Close every connection."""
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def _fetch(self, url: URL, sink: Sink, max_bytes: int) -> None:
        for _ in range(MAX_REDIRECTS + 1):
            with _errors_of(url):
                response = await self._session(url).get(url, allow_redirects=False)
                try:
                    if response.status not in _REDIRECTS:
                        return await _pour(response, sink, max_bytes)
                    url = self._next(url, response.headers.get("Location", ""))
                finally:
                    response.close()  # not kept, unless it was read to its end
        raise BadResult(f"the result is behind more than {MAX_REDIRECTS} redirects")

    def _next(self, here: URL, location: str) -> URL:
        try:
            there = _parsed(str(here.join(URL(location, encoded=True))))
        except _NO_URL:
            raise BadResult(f"{here.host} redirects to no address") from None
        if (here.scheme, there.scheme) == ("https", "http") and not self._may_be_private(there):
            raise BadResult(f"{here.host} redirects to an address without TLS")
        return there

    def _may_be_private(self, url: URL) -> bool:
        host = (url.host_subcomponent or "").lower()
        return not self._allowed.isdisjoint({host, f"{host}:{url.port}"})

    def _session(self, url: URL) -> ClientSession:
        """One session for the hosts that are allowed by name, one for all others: a socket knows no name."""
        private = self._may_be_private(url)
        if private not in self._sessions:
            self._sessions[private] = ClientSession(
                connector=KeptConnector(
                    limit=MAX_CONNECTIONS, resolver=self._resolver, socket_factory=self._openers[private]
                ),
                cookie_jar=DummyCookieJar(),
                headers=HEADERS,
                timeout=ClientTimeout(total=None, sock_connect=CONNECT_LIMIT_S, sock_read=SILENCE_LIMIT_S),
                auto_decompress=False,
                trust_env=False,
                read_bufsize=BATCH_BYTES,
            )
        return self._sessions[private]


def _parsed(address: str) -> URL:
    with suppress(*_NO_URL):
        url = URL(address, encoded=True)
        if _ADDRESS.fullmatch(address) and url.host and url.port:
            return url
    raise BadResult("the address of the result is none")


async def _pour(response: ClientResponse, sink: Sink, max_bytes: int) -> None:
    _check_head(response, max_bytes)
    total_bytes, batch = 0, bytearray()
    async for chunk in response.content.iter_any():
        total_bytes += len(chunk)
        if total_bytes > max_bytes:
            raise TooLarge(f"the result has more than {max_bytes} bytes")
        batch += chunk
        if len(batch) >= BATCH_BYTES:
            await sink(bytes(batch))
            batch.clear()
    await sink(bytes(batch))


def _check_head(response: ClientResponse, max_bytes: int) -> None:
    host, status = response.url.host, response.status
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _PASSING:
        raise ProviderUnavailable(f"{host} answered {status}")
    if status != HTTPStatus.OK:
        raise BadResult(f"{host} answered {status}")
    if {coding.lower() for coding in response.headers.getall("Content-Encoding", ())} - {"", "identity"}:
        raise BadResult(f"{host} sent an encoding that was not asked for")
    try:
        size_bytes = response.content_length or 0
    except ValueError:  # of thousands of digits
        raise BadResult(f"{host} declares a length that is none") from None
    if size_bytes > max_bytes:
        raise TooLarge(f"the result has {size_bytes} bytes, more than {max_bytes}")


@contextmanager
def _errors_of(url: URL) -> Iterator[None]:
    """Turn the library's errors into ours, without their texts and causes: those hold the address."""
    try:
        yield
    except (ClientError, HttpProcessingError, UnicodeError) as error:
        raise _meaning(error, url.host) from None


def _meaning(error: Exception, host: str | None) -> ProviderError:
    match error:
        case ClientConnectorError(os_error=AddressRefused()):
            return BadResult(f"{host} is at an address that must not be dialed")
        case InvalidURL() | UnicodeError():  # the latter from a name that no resolver takes
            return BadResult(f"{host} is no name of a host")
        case ClientPayloadError() | ClientResponseError() | HttpProcessingError():
            return BadResult(f"the answer of {host} is cut off, or no HTTP")
    return ProviderUnavailable(f"{host}: {type(error).__name__}")
