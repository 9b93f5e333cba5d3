"""Lists that the service keeps, in shapes that are not documented: read again in time, whatever they look like."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Generic, TypeVar

from bot.clock import Clock
from bot.errors import BotError

log = logging.getLogger(__name__)

RETRY_S = 60.0
PATIENCE_S = 3.0
MOST_READ = 2000
LONGEST = 80
DEPTH = 3

# These are the usual names, likeliest first.
_WRAPPERS = ("result", "results", "data", "effects", "loras", "styles", "items", "list")
_TITLES = ("display_name", "title", "label", "name")
_ENVELOPE = frozenset({"status", "code", "message", "error", "meta", "pagination", "total", "count", "page", "limit"})

T = TypeVar("T")
Entry = tuple[str, Any]
"""An item of a list and the name it stands under, "" where it has none."""


class Listing(Generic[T]):
    """A list, read again after `fresh_s`; nobody waits for it longer than three seconds.

    While it cannot be had, what was known before stands, at first `known`. Never raises.
    `what` names it to the operator.
    """

    def __init__(
        self,
        read: Callable[[], Awaitable[tuple[T, ...]]],
        clock: Clock,
        *,
        what: str,
        fresh_s: float,
        known: tuple[T, ...] = (),
    ) -> None:
        self._read_all = read
        self._clock = clock
        self._what = what
        self._fresh_s = fresh_s
        self._known = known
        self._fresh_until = clock.monotonic()
        self._patient_until = 0.0
        self._reading: asyncio.Task[None] | None = None

    async def known(self) -> tuple[T, ...]:
        """All of it."""
        now = self._clock.monotonic()
        if now >= self._fresh_until:
            if self._reading is None or self._reading.done():
                self._reading = asyncio.create_task(self._read())
                self._patient_until = now + PATIENCE_S
            await self._wait(self._reading, self._patient_until - now)
        return self._known

    async def close(self) -> None:
        """End a reading that is under way."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})

    async def _wait(self, reading: asyncio.Task[None], limit_s: float) -> None:
        limit = asyncio.ensure_future(self._clock.sleep(limit_s))
        try:
            await asyncio.wait({reading, limit}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            limit.cancel()

    async def _read(self) -> None:
        fresh_s = RETRY_S
        try:
            found = await self._read_all()
            if found:
                self._known, fresh_s = found, self._fresh_s
            else:
                log.warning("the list of %s holds none that can be offered", self._what)
        except BotError as error:
            log.warning("the list of %s cannot be had: %s", self._what, error)
        except Exception:  # a list must not keep anybody from drawing
            log.exception("the list of %s cannot be read", self._what)
        finally:
            self._fresh_until = self._clock.monotonic() + fresh_s


def entries_of(said: Any) -> list[Entry]:
    """The items of a list, or of an object of names, in whatever they are wrapped."""
    return list(islice(_entries(said, DEPTH), MOST_READ))


def title_of(item: Any) -> str:
    """What people read; "" where there is nothing."""
    return text_in(item, _TITLES) if isinstance(item, dict) else ""


def text_in(item: dict[str, Any], fields: Iterable[str]) -> str:
    """The first of the fields that holds a text on one line, without what cannot be seen; of a list the first."""
    for field in fields:
        value = item.get(field)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and 0 < len(text := one_line(value)) <= LONGEST:
            return text
    return ""


def one_line(text: str) -> str:
    """A text on one line, without what cannot be seen."""
    return " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split())


def _entries(said: Any, depth: int) -> Iterator[Entry]:
    if isinstance(said, list):
        yield from (("", item) for item in said)
    elif isinstance(said, dict):
        inner = [said[name] for name in _WRAPPERS if isinstance(said.get(name), list | dict)]
        if inner and depth:
            for value in inner:
                yield from _entries(value, depth - 1)
        else:
            yield from ((name, item) for name, item in said.items() if name not in _ENVELOPE and _is_entry(item))


def _is_entry(item: Any) -> bool:
    """Under a name stands what describes it, or its weight; a text there may be any message."""
    return isinstance(item, dict | int | float) and not isinstance(item, bool)
