"""What a provider answered, before anybody knows what it means."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Never

from bot.errors import BotError, OutcomeUnknown, ProtocolError

PARSED_ON_THE_LOOP_BYTES = 1_000_000
MOST_VALUES = 500_000  # what is large holds a picture in one text; a value of three bytes takes a hundred in memory


class Phase(StrEnum):
    """What a call is for: a failure of a submit means something else than one of a look."""

    SUBMIT = "submit"
    ASK = "ask"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer over HTTP, whole: status, headers by lower-case name, and the raw body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    async def json(self) -> Any:
        """The body as JSON, parsed in a thread when it is large; raises `ProtocolError`."""
        try:
            if len(self.body) > PARSED_ON_THE_LOOP_BYTES:
                return await asyncio.to_thread(_parse, self.body)
            return _parse(self.body)
        except (ValueError, RecursionError) as error:
            raise ProtocolError(f"{len(self.body)} bytes that are no JSON ({type(error).__name__})") from None


Judge = Callable[[Phase, Reply], BotError | None]
"""What a status or a body means at one provider, asked before the common rules; None: the common rules decide."""


@contextmanager
def unreadable_is_unknown() -> Iterator[None]:
    """Around the reading of an answer to a submit: the job may be accepted, so `ProtocolError` is `OutcomeUnknown`."""
    try:
        yield
    except ProtocolError as error:
        raise OutcomeUnknown(f"the answer to a submit: {error}") from error


def _parse(body: bytes) -> Any:
    if len(body) > PARSED_ON_THE_LOOP_BYTES and sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise ValueError("more values than any answer has")  # the parser would hold up every other thread for seconds
    return _DECODER.decode(body.decode(json.detect_encoding(body)))


def _no_json(constant: str) -> Never:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_json)  # made once: json.loads makes one per call when given a hook
