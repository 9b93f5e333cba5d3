"""Pure: what an answer says, whatever its shape; the rules that every family of the API shares.

The vendor's own pages show flat and wrapped answers, a success at 0, 99 and 100 percent,
results as an address under several names and as base64, and a number where elsewhere the
status word stands. So every object of an answer is looked through, the innermost word is
the status, and only that word ends a job. Anything else that is odd is no news.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from adapters.providers._http.said import (
    Layers,
    Word,
    id_in,
    is_address,
    is_base64,
    is_data_uri,
    layers_of,
    meaning_of,
    number_in,
    positive,
    status_of,
    texts_in,
)
from bot.errors import ProtocolError
from bot.model import Progress

LONGEST_WAIT_S = 3600.0  # a wait beyond is in another unit, or no estimate
POLL_AFTER_S = (0.5, 60.0)
MOST_CREDITS = 1e12

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """`status` is the vendor's own word; `url` and `inline` are the first results as an address and as base64.

    `credits_left` are the operator's, where the answer tells of them.
    """

    word: Word
    status: str = field(repr=False)
    id: str | None = field(repr=False)
    url: str | None = field(repr=False)
    inline: str | None = field(repr=False)
    encrypted: bool
    progress: Progress | None
    poll_after_s: float | None
    credits_left: float | None


def read(said: Any, retry_after: str | None = None) -> Answer:
    """An answer out of JSON and its `Retry-After`; raises `ProtocolError` where there is no object in it."""
    layers = layers_of(said, _WRAPPERS)
    if not layers:
        raise ProtocolError("the answer holds no object")
    status = status_of(layers)
    texts = tuple(texts_in(layers, (*_ADDRESSES, *_RESULTS)))
    packed = (*filter(is_data_uri, texts), *filter(is_base64, texts_in(layers, _RESULTS)))
    return Answer(
        word=meaning_of(status),
        status=status,
        id=id_in(layers, _IDS),
        url=next(filter(is_address, texts), None),
        inline=next(iter(packed), None),
        encrypted=any(layer.get("encrypted_aes_key") for layer in layers),
        progress=_progress(layers),
        poll_after_s=_poll_after_s(layers, retry_after),
        credits_left=_credits_left(layers),
    )


def _progress(layers: Layers) -> Progress | None:
    """Percent, where there is any: 0 is what the service says until it knows. A place of 1 is next in line."""
    percent = number_in(layers, "progress")
    queue = [info for layer in layers if isinstance(info := layer.get("queue_info"), dict)]
    place = number_in(queue, "queue_position", most=1_000_000)
    wait_s = number_in(queue, "estimated_wait_time", most=LONGEST_WAIT_S)
    if percent is None and place is None and wait_s is None:
        return None
    return Progress(
        fraction=None if percent is None else min(1.0, percent / 100),
        queue_position=None if place is None else max(0, int(place) - 1),
        eta_s=wait_s,
    )


def _credits_left(layers: Layers) -> float | None:
    for layer in layers:
        left = layer.get("credits_remaining")
        if isinstance(left, int | float) and not isinstance(left, bool) and abs(left) < MOST_CREDITS:
            return float(left)
    return None


def _poll_after_s(layers: Layers, retry_after: str | None) -> float | None:
    hints = [number_in(layers, name) for name in _HINTS]
    hint_s = next((hint for hint in (*hints, positive(retry_after)) if hint is not None), None)
    low, high = POLL_AFTER_S
    return None if hint_s is None else min(high, max(low, hint_s))
