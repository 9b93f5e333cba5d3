"""Pure: what an answer says, whatever its shape.

The service's pages show answers as an object and as a list of one, times as numbers and as
text, progress as a number and as null, and the result's address under three names. None of
that decides anything but the address, and only the status word ends a job.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from adapters.providers._http import Phase, Reply
from adapters.providers._http.said import (
    Layers,
    Word,
    id_in,
    is_address,
    layers_of,
    meaning_of,
    number_in,
    status_of,
    texts_in,
)
from bot.errors import BotError, GenerationFailed, ProtocolError, UnknownHandle
from bot.model import Progress

_WRAPPERS = ("data", "result")
_IDS = ("job_id", "id")
_ADDRESSES = ("result_url", "url", "result")
_JUDGED_BYTES = 2_000_000  # parsed on the loop


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """`status` is the service's own word, `url` the result's address, which may begin with the host or with a slash."""

    word: Word
    status: str = field(repr=False)
    id: str | None = field(repr=False)
    url: str | None = field(repr=False)
    progress: Progress | None


def read(said: Any) -> Answer:
    """An answer out of JSON; raises `ProtocolError` where there is no object in it."""
    layers = layers_of(said, _WRAPPERS)
    if not layers:
        raise ProtocolError("the answer holds no object")
    status = status_of(layers)
    return Answer(
        word=meaning_of(status),
        status=status,
        id=id_in(layers, _IDS),
        url=next((text for text in texts_in(layers, _ADDRESSES) if is_address(text) or text.startswith("/")), None),
        progress=_progress(layers),
    )


def confirms(said: Any) -> bool:
    """Whether the answer to a delete, whose form is not documented, does not take back what its 2xx says."""
    layers = layers_of(said, _WRAPPERS)
    failed = meaning_of(status_of(layers)) is Word.FAILED or any(layer.get("error") for layer in layers)
    return bool(layers) and not failed


def judge(phase: Phase, reply: Reply) -> BotError | None:
    """What a status means here: a look is answered 400 when the job has failed, and 405 where looks are not taken."""
    if phase is not Phase.ASK:
        return None
    if reply.status == HTTPStatus.METHOD_NOT_ALLOWED:
        return UnknownHandle("looks are not taken there")
    if reply.status == HTTPStatus.BAD_REQUEST and _tells_of_a_failure(reply.body):
        return GenerationFailed("Eranol answered that the job has failed")
    return None


def _tells_of_a_failure(body: bytes) -> bool:
    """A 400 that says so, or names its job without a word; any other may be about the request."""
    if len(body) > _JUDGED_BYTES:
        return False
    try:
        layers = layers_of(json.loads(body), _WRAPPERS)
    except (ValueError, RecursionError):
        return False
    status = status_of(layers)
    return meaning_of(status) is Word.FAILED or (not status and id_in(layers, _IDS) is not None)


def _progress(layers: Layers) -> Progress | None:
    percent = number_in(layers, "progress")
    return None if percent is None else Progress(min(1.0, percent / 100))
