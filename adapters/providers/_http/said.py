"""Pure: what is common to the answers of services whose pages contradict each other; each adapter reads by these."""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import math
import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import Any

from bot.errors import BadResult
from bot.model import Artifact

LONGEST_ID = 200
DEPTH = 4
DECODED_ON_THE_LOOP_CHARS = 1_000_000
MOST_STRANGE = 100
STRANGE_CHARS = 40

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_DATA_URI = re.compile(r"data:(image/[\w.+-]+)?;base64,", re.ASCII | re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{64}")  # no picture is shorter, and no message is written like this

log = logging.getLogger(__name__)

Layers = list[dict[str, Any]]


class Word(Enum):
    """What a status word means."""

    WORKING = auto()
    DONE = auto()
    FAILED = auto()
    REFUSED = auto()
    UNKNOWN = auto()


_WORDS = {
    Word.WORKING: (
        "", "pending", "processing", "queued", "in_queue", "running", "in_progress", "starting", "started",
        "waiting", "created", "submitted", "accepted", "preparing", "generating",
    ),
    Word.DONE: ("success", "succeeded", "successful", "complete", "completed", "done", "finished", "ready"),
    Word.FAILED: ("failed", "failure", "fail", "error", "errored", "cancelled", "canceled", "aborted"),
    Word.REFUSED: (
        "refused", "moderated", "request_moderated", "content_moderated", "blocked", "censored", "content_filtered",
    ),
}  # fmt: skip
_MEANINGS = {word: meaning for meaning, words in _WORDS.items() for word in words}


def layers_of(said: Any, wrappers: Iterable[str]) -> Layers:
    """The objects of an answer, innermost first: its own, and those under wrappers; of a list only its first one."""
    layers: Layers = []
    level = [said]
    for _ in range(DEPTH):
        objects = [found for value in level if (found := _object(value)) is not None]
        layers += objects
        level = [layer[name] for layer in objects for name in wrappers if name in layer]
    return layers[::-1]


def status_of(layers: Layers) -> str:
    """The innermost status that is a word; "" where there is none."""
    return next((word for layer in layers if isinstance(word := layer.get("status"), str) and word.strip()), "")


def meaning_of(status: str) -> Word:
    return _MEANINGS.get(re.sub(r"[\s_-]+", "_", status.strip().casefold()), Word.UNKNOWN)


def id_in(layers: Layers, names: Iterable[str]) -> str | None:
    """The first usable id under the names: printable text of 200 characters at most, without blanks."""
    found = (_as_id(layer.get(name)) for name in names for layer in layers)
    return next((text for text in found if text), None)


def texts_in(layers: Layers, names: Iterable[str]) -> Iterator[str]:
    """What stands under the names, in their order; of a list the first."""
    for name in names:
        for layer in layers:
            value = layer.get(name)
            text = value[0] if isinstance(value, list) and value else value
            if isinstance(text, str):
                yield text.strip()


def number_in(layers: Layers, name: str, *, most: float = math.inf) -> float | None:
    """The first number above zero, also one that is written as text."""
    found = (positive(layer.get(name)) for layer in layers)
    return next((number for number in found if number is not None and number <= most), None)


def positive(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value.strip().removesuffix("%") if isinstance(value, str) else value)
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) and number > 0 else None


def is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def is_data_uri(text: str) -> bool:
    return _DATA_URI.match(text) is not None


def is_base64(text: str) -> bool:
    """Whether it begins as a file in base64 does, and no message."""
    return _BASE64.match(text) is not None


async def decoded(inline: str) -> Artifact:
    """A result that came as base64 or as a data URI, in a thread when it is large; raises `BadResult`."""
    if len(inline) > DECODED_ON_THE_LOOP_CHARS:
        return await asyncio.to_thread(_decoded, inline)
    return _decoded(inline)


class Strange:
    """Tells the operator of each status word that is not known, once."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._told: set[str] = set()

    def tell(self, status: str) -> None:
        word = "".join(char for char in status[:STRANGE_CHARS] if char.isalnum() or char in " _-")
        if word not in self._told and len(self._told) < MOST_STRANGE:
            self._told.add(word)
            log.warning("%s uses a status word that is not known, so its jobs wait: %s", self._title, word)


def _object(value: Any) -> dict[str, Any] | None:
    if isinstance(value, list):
        return next((item for item in value if isinstance(item, dict)), None)
    return value if isinstance(value, dict) else None


def _as_id(value: Any) -> str | None:
    """A text or a whole number; zero and blanks are what a service says that has none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    usable = text.isascii() and text.isprintable() and " " not in text and any(char.isalnum() for char in text)
    return text if usable and text != "0" and len(text) <= LONGEST_ID else None


def _decoded(inline: str) -> Artifact:
    head = _DATA_URI.match(inline)
    try:
        data = base64.b64decode("".join(inline[head.end() if head else 0 :].split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadResult("the result in the answer is not base64") from None
    return Artifact(data, head[1].lower() if head and head[1] else None)
