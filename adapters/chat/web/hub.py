"""Carries changes to the open pages: for each message, a slow page gets only the newest one."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from adapters.errands import happens_within
from bot.clock import Clock

STREAMS_PER_ACCOUNT = 6
HEARTBEAT_S = 15.0
_HEARTBEAT = b": still here\n\n"


class TooManyStreams(Exception):
    """The account has as many open pages as it may."""


class Stream:
    """What one open page has yet to be told."""

    def __init__(self, clock: Clock, ids: Iterator[int]) -> None:
        self._clock = clock
        self._ids = ids
        self._pending: dict[str, tuple[str, Mapping[str, Any]]] = {}
        self._woken = asyncio.Event()
        self._closed = False

    def put(self, message_id: str, event: str, data: Mapping[str, Any]) -> None:
        """Queue an event, or put it in place of an older one about the same message."""
        self._pending[message_id] = (event, data)
        self._woken.set()

    def close(self) -> None:
        self._closed = True
        self._woken.set()

    async def next(self) -> bytes | None:
        """The next bytes to send, a heartbeat after a while without any; None: it is over."""
        if not self._pending and not self._closed:
            self._woken.clear()
            await happens_within(self._clock, HEARTBEAT_S, self._woken)
        if self._closed:
            return None
        if not self._pending:
            return _HEARTBEAT
        event, data = self._pending.pop(next(iter(self._pending)))
        return self.encode(event, data)

    def encode(self, event: str, data: Mapping[str, Any]) -> bytes:
        """One server-sent event; ids only ever grow."""
        return f"id: {next(self._ids)}\nevent: {event}\ndata: {json.dumps(data)}\n\n".encode()


class Hub:
    """The open pages of every account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = itertools.count(int(clock.now() * 1000))  # grows over restarts too
        self._streams: dict[str, list[Stream]] = {}

    def publish(self, account: str, message_id: str, event: str, data: Mapping[str, Any]) -> None:
        """Tell every open page of `account`; costs nothing when there is none."""
        streams = self._streams.get(account, ())
        for stream in streams:
            stream.put(message_id, event, data)

    @contextmanager
    def open(self, account: str) -> Iterator[Stream]:
        """A stream of what is published from now on. Raises `TooManyStreams`."""
        streams = self._streams.setdefault(account, [])
        if len(streams) >= STREAMS_PER_ACCOUNT:
            raise TooManyStreams
        stream = Stream(self._clock, self._ids)
        streams.append(stream)
        try:
            yield stream
        finally:
            streams.remove(stream)
            if not streams:
                del self._streams[account]

    def close(self) -> None:
        """End every stream; the pages come back by themselves once they can."""
        for stream in itertools.chain.from_iterable(self._streams.values()):
            stream.close()
