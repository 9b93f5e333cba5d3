"""The one client of every provider."""

from __future__ import annotations

import asyncio
import json as jsonlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from yarl import URL

from adapters.providers._http.reply import Judge, Phase, Reply
from adapters.providers._http.transport import Transport
from adapters.providers._http.verdicts import verdict
from bot.errors import BadResult, OutcomeUnknown, ProtocolError, ProviderUnavailable, RateLimited
from bot.model import Artifact, RemoteArtifact

CONNECT_S = 10.0
MAX_URL_CHARS = 8192


@dataclass(frozen=True, kw_only=True, slots=True)
class FilePart:
    """A file in a form: the field `name`, the name and type that the file is said to have, and its bytes."""

    name: str
    file_name: str
    media_type: str
    data: bytes = field(repr=False)


class Api:
    """One provider's API: its origin alone, its key, no redirects, no cookies, no retries.

    `headers` carry the key. `submit_s` and `ask_s` bound a whole call, in seconds,
    `max_body_bytes` the raw body of an answer. Paths begin with a slash and are sent as
    given: who puts a value into one quotes it. `transport` takes the place of the network.
    """

    def __init__(
        self,
        origin: str,
        *,
        title: str,
        headers: Mapping[str, str],
        judge: Judge = lambda _phase, _reply: None,
        submit_s: float = 60.0,
        ask_s: float = 30.0,
        max_body_bytes: int = 96_000_000,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._origin = URL(origin).origin()
        self._title = title
        self._headers = {"User-Agent": "Limner", **headers, "Accept-Encoding": "identity"}
        self._judge = judge
        self._submit_s = submit_s
        self._ask_s = ask_s
        self._max_body_bytes = max_body_bytes
        verify = httpx.create_ssl_context()
        # At most half of the whole, so that a slow way to the provider ends as what it is: nothing was sent.
        connect_s = min(CONNECT_S, submit_s / 2)
        self._once = transport or Transport(keep_alive=False, connect_s=connect_s, verify=verify)
        self._kept = transport or Transport(keep_alive=True, connect_s=CONNECT_S, verify=verify)

    async def submit(self, path: str, *, json: Any) -> Reply:
        """POST once, over a connection of its own; the answer is 2xx.

        Raises `ProviderUnavailable(not_sent=True)`, `RateLimited`, `ProviderRefused`,
        `InvalidRequest`, `ContentRefused` where nothing was accepted, `OutcomeUnknown` otherwise.
        """
        content = jsonlib.dumps(json, allow_nan=False).encode()
        headers = {**self._headers, "Content-Type": "application/json"}
        request = httpx.Request("POST", self._url(path), headers=headers, content=content)
        return await self._post(request, content)

    async def upload(self, path: str, *, fields: Mapping[str, str], files: Sequence[FilePart]) -> Reply:
        """POST a form with at least one file (multipart/form-data) once, in all else as `submit` does."""
        said = {name: value.encode("utf-8", "replace") for name, value in fields.items()}
        parts = [(file.name, (file.file_name, file.data, file.media_type)) for file in files]
        request = httpx.Request("POST", self._url(path), headers=self._headers, data=said, files=parts)
        request.read()
        return await self._post(request, b"\n".join(said.values()))

    async def ask(self, path: str, *, params: Mapping[str, str] | None = None) -> Reply:
        """GET over a kept connection; the answer is 2xx.

        Raises `UnknownHandle` (404), `RateLimited`, `ProviderRefused`, `InvalidRequest`,
        `ContentRefused`, `ProtocolError` or `ProviderUnavailable`.
        """
        query = f"?{urlencode(params, quote_via=quote)}" if params else ""
        return self._accepted(Phase.ASK, await self._look("GET", self._url(path) + query))

    async def delete(self, path: str) -> Reply:
        """DELETE over a kept connection, which may send it again; the answer is 2xx, the errors those of `ask`."""
        return self._accepted(Phase.CANCEL, await self._look("DELETE", self._url(path)))

    async def artifact(self, url: str) -> Artifact | RemoteArtifact:
        """A result's address as an artifact: fetched here and with the key if it lies at this origin.

        An address that begins with a slash belongs to this origin. Raises `BadResult` for what
        is no address of a file, or one without a file; `RateLimited` and `ProviderUnavailable`.
        """
        url = f"{self._origin}{url}" if url.startswith("/") else url
        address = _address(url)
        if _origin(address) != _origin(self._origin):
            return RemoteArtifact(url)
        try:
            reply = await self._look("GET", self._url(address.raw_path_qs))
        except ProtocolError as unreadable:
            raise BadResult(str(unreadable)) from None
        error = verdict(Phase.ASK, reply, title=self._title)
        if isinstance(error, RateLimited | ProviderUnavailable):
            raise error
        if error is not None:
            raise BadResult(f"{self._title} answered {reply.status} instead of a result")
        return Artifact(reply.body, reply.headers.get("content-type", "").partition(";")[0].strip() or None)

    async def close(self) -> None:
        """Close every connection."""
        await self._once.aclose()
        await self._kept.aclose()

    async def _post(self, request: httpx.Request, sent: bytes) -> Reply:
        """`sent` are the words in it, which an error may quote."""
        try:
            async with asyncio.timeout(self._submit_s):
                reply = await self._exchange(self._once, request)
        except httpx.ConnectError as error:
            raise ProviderUnavailable(f"{self._title}: {error}", not_sent=True) from None
        except (httpx.TransportError, TimeoutError, ProtocolError) as error:
            raise OutcomeUnknown(f"{self._title}: no answer to a submit ({_why(error)})") from None
        return self._accepted(Phase.SUBMIT, reply, sent)

    async def _look(self, method: str, url: str) -> Reply:
        try:
            async with asyncio.timeout(self._ask_s):
                return await self._exchange(self._kept, httpx.Request(method, url, headers=self._headers))
        except (httpx.TransportError, TimeoutError) as error:
            raise ProviderUnavailable(f"{self._title}: no answer ({_why(error)})") from None

    async def _exchange(self, transport: httpx.AsyncBaseTransport, request: httpx.Request) -> Reply:
        response = await transport.handle_async_request(request)
        try:
            headers = {name.decode().lower(): value.decode("latin-1") for name, value in response.headers.raw}
            return Reply(response.status_code, headers, await self._body(response, headers))
        finally:
            await response.aclose()

    async def _body(self, response: httpx.Response, headers: Mapping[str, str]) -> bytes:
        """The raw body; raises `ProtocolError` if it is compressed or too large."""
        if headers.get("content-encoding", "").lower() not in ("", "identity"):
            raise ProtocolError(f"{self._title} compresses although it was asked not to")
        try:
            size_bytes, chunks = int(headers.get("content-length", "0")), []
        except ValueError:  # of thousands of digits
            raise ProtocolError(f"{self._title} declares a length that is none") from None
        if size_bytes <= self._max_body_bytes:  # what is declared is a reason to refuse, never to trust
            size_bytes = 0
            assert isinstance(response.stream, httpx.AsyncByteStream)
            async for chunk in response.stream:
                size_bytes += len(chunk)
                chunks.append(chunk)
                if size_bytes > self._max_body_bytes:
                    break
        if size_bytes > self._max_body_bytes:
            raise ProtocolError(f"{self._title} answers with more than {self._max_body_bytes} bytes")
        return b"".join(chunks)

    def _accepted(self, phase: Phase, reply: Reply, sent: bytes = b"") -> Reply:
        error = self._judge(phase, reply) or verdict(phase, reply, title=self._title, sent=sent)
        if error is not None:
            raise error
        return reply

    def _url(self, path: str) -> str:
        if not path.startswith("/"):  # or it could go on with the host's name
            raise ValueError("a path begins with a slash")
        return f"{self._origin}{path}"


def _address(url: str) -> URL:
    """An absolute web address; raises `BadResult` for anything else."""
    try:
        if len(url) <= MAX_URL_CHARS and url.isprintable() and " " not in url:
            address = URL(url, encoded=True)
            if address.scheme in ("http", "https") and address.host and "@" not in address.raw_authority:
                return address
    except (ValueError, IndexError):  # the latter from nothing behind "[::1]@"
        pass
    raise BadResult("the result is no address of a file")


def _origin(url: URL) -> tuple[str, str, int | None]:
    return url.scheme, (url.raw_host or "").lower(), url.port


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__
