"""Pure: what an answer says, whatever its shape; the rules that every family of the API shares.

The vendor's own pages show flat and wrapped answers, a success at 0, 99 and 100 percent,
results as an address under several names and as base64, and a number where elsewhere the
status word stands. So every object of an answer is looked through, the innermost word is
the status, and only that word ends a job. Anything else that is odd is no news.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from bot.errors import BadResult, ProtocolError
from bot.model import Artifact, Progress

DEPTH = 4
LONGEST_ID = 200
LONGEST_WAIT_S = 3600.0  # a wait beyond is in another unit, or no estimate
POLL_AFTER_S = (0.5, 60.0)

_WRAPPERS = ("data", "result", "outputs")
_IDS = ("request_id", "id", "job_id")
_ADDRESSES = (
    "result_url",
    "video_url",
    "result_video_url",
    "result_image_url",
    "cdn_url",
    "image_url",
    "url",
)
_RESULTS = ("result_image", "result", "outputs")
_HINTS = ("poll_after", "retry_after")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_DATA_URI = re.compile(r"data:(image/[\w.+-]+)?;base64,", re.ASCII | re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{64}")  # no picture is shorter, and no message is written like this


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """`status` is the vendor's own word; `url` and `inline` are the first results as an address and as base64."""

    word: Word
    status: str = field(repr=False)
    id: str | None = field(repr=False)
    url: str | None = field(repr=False)
    inline: str | None = field(repr=False)
    encrypted: bool
    progress: Progress | None
    poll_after_s: float | None


def read(said: Any, retry_after: str | None = None) -> Answer:
    """An answer out of JSON and its `Retry-After`; raises `ProtocolError` where there is no object in it."""
    layers = _layers(said)
    if not layers:
        raise ProtocolError("the answer holds no object")
    status = next((word for layer in layers if isinstance(word := layer.get("status"), str) and word.strip()), "")
    texts = tuple(_texts(layers, (*_ADDRESSES, *_RESULTS)))
    packed = (*filter(_DATA_URI.match, texts), *filter(_BASE64.match, _texts(layers, _RESULTS)))
    return Answer(
        word=_MEANINGS.get(re.sub(r"[\s_-]+", "_", status.strip().casefold()), Word.UNKNOWN),
        status=status,
        id=_id(layers),
        url=next(filter(_ADDRESS.fullmatch, texts), None),
        inline=next(iter(packed), None),
        encrypted=any(layer.get("encrypted_aes_key") for layer in layers),
        progress=_progress(layers),
        poll_after_s=_poll_after_s(layers, retry_after),
    )


def decoded(inline: str) -> Artifact:
    """A result that came as base64 or as a data URI; raises `BadResult`."""
    head = _DATA_URI.match(inline)
    try:
        data = base64.b64decode("".join(inline[head.end() if head else 0 :].split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadResult("the result in the answer is not base64") from None
    return Artifact(data, head[1].lower() if head and head[1] else None)


def _layers(said: Any) -> list[dict[str, Any]]:
    """The objects of an answer, innermost first; of a list only its first object counts."""
    layers: list[dict[str, Any]] = []
    level = [said]
    for _ in range(DEPTH):
        objects = [found for value in level if (found := _object(value)) is not None]
        layers += objects
        level = [layer[name] for layer in objects for name in _WRAPPERS if name in layer]
    return layers[::-1]


def _object(value: Any) -> dict[str, Any] | None:
    if isinstance(value, list):
        return next((item for item in value if isinstance(item, dict)), None)
    return value if isinstance(value, dict) else None


def _id(layers: list[dict[str, Any]]) -> str | None:
    found = (_as_id(layer.get(name)) for name in _IDS for layer in layers)
    return next((text for text in found if text), None)


def _as_id(value: Any) -> str | None:
    """A text or a whole number; zero and blanks are what a service says that has none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    usable = text.isascii() and text.isprintable() and " " not in text and any(char.isalnum() for char in text)
    return text if usable and text != "0" and len(text) <= LONGEST_ID else None


def _texts(layers: list[dict[str, Any]], names: tuple[str, ...]) -> Iterator[str]:
    """What stands under the names, in their order; of a list the first."""
    for name in names:
        for layer in layers:
            value = layer.get(name)
            text = value[0] if isinstance(value, list) and value else value
            if isinstance(text, str):
                yield text.strip()


def _progress(layers: list[dict[str, Any]]) -> Progress | None:
    """Percent, where there is any: 0 is what the service says until it knows. A place of 1 is next in line."""
    percent = _first(layers, "progress", most=math.inf)
    queue = [info for layer in layers if isinstance(info := layer.get("queue_info"), dict)]
    place = _first(queue, "queue_position", most=1_000_000)
    wait_s = _first(queue, "estimated_wait_time", most=LONGEST_WAIT_S)
    if percent is None and place is None and wait_s is None:
        return None
    return Progress(
        fraction=None if percent is None else min(1.0, percent / 100),
        queue_position=None if place is None else max(0, int(place) - 1),
        eta_s=wait_s,
    )


def _poll_after_s(layers: list[dict[str, Any]], retry_after: str | None) -> float | None:
    hints = [_first(layers, name, most=math.inf) for name in _HINTS]
    hint_s = next((hint for hint in (*hints, _positive(retry_after)) if hint is not None), None)
    low, high = POLL_AFTER_S
    return None if hint_s is None else min(high, max(low, hint_s))


def _first(layers: list[dict[str, Any]], name: str, *, most: float) -> float | None:
    found = (_positive(layer.get(name)) for layer in layers)
    return next((number for number in found if number is not None and number <= most), None)


def _positive(value: Any) -> float | None:
    """A number above zero, also one that is written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value.strip().removesuffix("%") if isinstance(value, str) else value)
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) and number > 0 else None
