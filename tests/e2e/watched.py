"""Simulated vendors that remember what they were sent and what they drew."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.vendors import pictures
from sim.vendors.eigenai import EigenAI
from sim.vendors.eternalai import EternalAI
from sim.vendors.films import film
from sim.vendors.wire import Reply, Request

from bot.clock import Clock
from bot.testing.wire import Call, FormFile

PICTURE = "<picture>"
_DATA_URI = re.compile(r"data:image/(jpeg|png);base64,")


@dataclass(frozen=True, slots=True)
class Sent:
    """A submit: `body` is its JSON, or the fields of its form, with `PICTURE` in place of each of its `pictures`."""

    path: str
    body: Any
    pictures: tuple[bytes, ...]


class Archive:
    """What all vendors were `sent`, and the words for which they `drew` each picture, and the film of it."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.drew: dict[bytes, str] = {}

    def draw(self, words: str, style: str, number: int) -> bytes:
        picture = pictures.draw(words, style, number)
        self.drew[picture] = self.drew[film(picture)] = words
        return picture

    def note(self, request: Request) -> None:
        if request.method == "POST":
            found: list[bytes] = []
            self.sent.append(Sent(request.path, _without_pictures(_body(request), found), tuple(found)))


class WatchedEternalAI(EternalAI):
    """`ages` are those of the characters that are made with these words, where they are not 20."""

    def __init__(self, clock: Clock, archive: Archive, *, key: str = "simulated") -> None:
        super().__init__(clock, key=key, draw=archive.draw)
        self.ages: Mapping[str, int | None] = {}
        self._archive = archive

    def answer(self, request: Request) -> Reply:
        self._archive.note(request)
        reply = super().answer(request)
        for words, age in self.ages.items():
            if "/character/" in request.path and words.encode() in reply.body:
                return replace(reply, body=reply.body.replace(b'"age": 20', f'"age": {json.dumps(age)}'.encode()))
        return reply


class WatchedEigenAI(EigenAI):
    def __init__(self, clock: Clock, archive: Archive) -> None:
        super().__init__(clock, draw=archive.draw)
        self._archive = archive

    def answer(self, request: Request) -> Reply:
        self._archive.note(request)
        return super().answer(request)


def _body(request: Request) -> Any:
    if request.headers.get("content-type", "").startswith("multipart/"):
        return Call(method="POST", target=request.path, headers=request.headers, body=request.body, connection=0).form()
    return json.loads(request.body)


def _without_pictures(value: Any, found: list[bytes]) -> Any:
    match value:
        case dict():
            return {key: _without_pictures(inner, found) for key, inner in value.items()}
        case list():
            return [_without_pictures(inner, found) for inner in value]
        case FormFile():
            found.append(value.data)
            return PICTURE
        case str() if head := _DATA_URI.match(value):
            found.append(base64.b64decode(value[head.end() :]))
            return PICTURE
    return value
