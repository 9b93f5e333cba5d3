"""A scripted HTTP/1.1 service on loopback, down to the raw bytes: how it answers, and how it fails to.

async with Wire() as wire:
    wire.answer = lambda call: reply(body={"status": "pending"})
    ...  # let an adapter call wire.origin
    assert wire.calls[0].target == "/generate"
"""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import MIMEPart
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from types import TracebackType
from typing import Any, Protocol, Self


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request that arrived whole.

    `target` is path and query as sent, `headers` go by lower-case name, and calls over
    the same connection have the same `connection` number.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    connection: int

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str | FormFile]:
        """A body of multipart/form-data: each field's text or file by its name, which must not come twice."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = list(BytesParser(policy=HTTP).parsebytes(head + self.body).iter_parts())
        form = {str(part.get_param("name", header="content-disposition")): _field(part) for part in parts}
        assert len(form) == len(parts) > 0, "it is no form, or names a field twice"
        return form


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file in a form: the name and type that it is said to have, and its bytes."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


class Answer(Protocol):
    """What becomes of a request."""

    async def play(self, writer: asyncio.StreamWriter) -> bool:
        """Answer, or fail to; true keeps the connection for the next request."""
        ...


@dataclass(frozen=True, slots=True)
class Raw:
    """These bytes and nothing else; the connection ends after them unless `keep`."""

    data: bytes = field(repr=False)
    keep: bool = False

    async def play(self, writer: asyncio.StreamWriter) -> bool:
        writer.write(self.data)
        await writer.drain()
        return self.keep


@dataclass(frozen=True, slots=True)
class Drip:
    """An answer byte by byte, one every `every_s` seconds."""

    answer: Raw
    every_s: float

    async def play(self, writer: asyncio.StreamWriter) -> bool:
        for byte in self.answer.data:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(self.every_s)
        return self.answer.keep


@dataclass(frozen=True, slots=True)
class Drop:
    """The request is read, and the connection closed without a word."""

    async def play(self, writer: asyncio.StreamWriter) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Reset:
    """The request is read, and the connection reset."""

    async def play(self, writer: asyncio.StreamWriter) -> bool:
        linger_not_at_all = struct.pack("ii", 1, 0)  # what makes the kernel send RST instead of FIN
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not_at_all)
        writer.transport.abort()
        return False


@dataclass(frozen=True, slots=True)
class Hang:
    """The request is read, and nothing follows until the wire closes."""

    async def play(self, writer: asyncio.StreamWriter) -> bool:
        await asyncio.get_running_loop().create_future()
        return False


def reply(
    status: int = 200,
    body: bytes | dict[str, Any] | list[Any] = b"",
    *,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
    declared_bytes: int | None = None,
) -> Raw:
    """An ordinary answer that keeps the connection; a dict or list goes out as JSON.

    `declared_bytes` lies about the length of the body: more than there is makes an answer
    that is cut off, because the connection ends after it.
    """
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    length = len(data) if declared_bytes is None else declared_bytes
    lines = [f"HTTP/1.1 {status} {_phrase(status)}", f"Content-Type: {content_type}", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    head = "\r\n".join([*lines, "", ""]).encode()
    return Raw(head + data, keep=declared_bytes is None)


class Wire:
    """An asynchronous context manager: the service listens inside it.

    `answer` decides about every request and may be changed at any time; what it raises
    comes out of the context manager. Bodies need a Content-Length.
    """

    def __init__(self, answer: Callable[[Call], Answer] = lambda _call: reply(body={})) -> None:
        self.answer = answer
        self.calls: list[Call] = []
        self.origin = ""
        self._numbers = itertools.count(1)
        self._connections: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        _, port = self._server.sockets[0].getsockname()
        self.origin = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        ends = await asyncio.gather(*self._connections, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = self._serve(reader, writer, next(self._numbers))
        self._connections.append(asyncio.create_task(serving))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):  # the caller has gone
                kept = True
                while kept:
                    call = await _read(reader, number)
                    self.calls.append(call)
                    kept = await self.answer(call).play(writer)
                writer.close()
                await writer.wait_closed()
        finally:
            if not writer.transport.is_closing():  # one that is closed already may have lost its loop
                writer.transport.abort()


async def _read(reader: asyncio.StreamReader, connection: int) -> Call:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Call(method=method, target=target, headers=headers, body=body, connection=connection)


def _field(part: MIMEPart) -> str | FormFile:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    name = part.get_filename()
    return data.decode() if name is None else FormFile(name, part.get_content_type(), data)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
