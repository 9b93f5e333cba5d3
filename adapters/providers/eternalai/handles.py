"""Handles: which family of the API has a job, under which id, and where it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from bot.errors import ProtocolError


class Family(StrEnum):
    """An API of its own at the one address; ids of one mean nothing to another.

    The three that begin with `legacy` are one API, but their jobs answer in different places.
    """

    LEGACY = "legacy"
    LEGACY_EDIT = "legacy_edit"
    LEGACY_VIDEO = "legacy_video"
    V1 = "v1"
    V2 = "v2"
    CHARACTERS = "characters"
    NEWER = "newer"


class Place(StrEnum):
    """Where the id of a legacy job stands when its result is asked for."""

    QUERY = "query"
    PATH = "path"

    @property
    def other(self) -> Place:
        return Place.PATH if self is Place.QUERY else Place.QUERY


@dataclass(frozen=True, slots=True)
class Handle:
    """The id is a secret: whoever knows it may be given the picture. `place` is None until one has worked."""

    family: Family
    id: str = field(repr=False)
    place: Place | None = None

    def write(self) -> str:
        said = {"family": self.family, "id": self.id, "place": self.place}
        return json.dumps({name: value for name, value in said.items() if value is not None})

    @classmethod
    def read(cls, text: str) -> Handle:
        """What an earlier or later version wrote: fields that are not known here are passed over."""
        try:
            return _known(text)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise ProtocolError("this handle cannot be read") from None  # the cause would repeat the handle


@lru_cache(maxsize=1024)  # every look reads one
def _known(text: str) -> Handle:
    said = json.loads(text)
    return Handle(Family(said["family"]), _id(said["id"]), _place(said.get("place")))


def _id(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


def _place(value: Any) -> Place | None:
    return Place(value) if value in list(Place) else None
