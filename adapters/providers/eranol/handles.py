"""Handles: under which id the service has a job, and where it tells of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from bot.errors import ProtocolError

_FORM = re.compile(r"(image|ffmpeg|new) ([!-~]{1,200})")
_NOWHERE = "new"


class Place(StrEnum):
    """Two calls tell of a picture; the documentation is about to give one of them up and does not say which."""

    IMAGE = "image"
    FFMPEG = "ffmpeg"

    @property
    def other(self) -> Place:
        return Place.FFMPEG if self is Place.IMAGE else Place.IMAGE


@dataclass(frozen=True, slots=True)
class Handle:
    """`place` is None until one has worked."""

    id: str = field(repr=False)
    place: Place | None = None

    def write(self) -> str:
        return f"{self.place or _NOWHERE} {self.id}"

    @classmethod
    def read(cls, text: str) -> Handle:
        """Raises `ProtocolError` for what was not written here."""
        form = _FORM.fullmatch(text)
        if form is None:
            raise ProtocolError("this handle cannot be read")
        place, job_id = form.groups()
        return cls(job_id, None if place == _NOWHERE else Place(place))
