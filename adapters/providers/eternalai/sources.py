"""What a request is made from and how, as all families of the API write it."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from typing import Any

from bot.errors import InvalidRequest
from bot.model import PictureSource, Quality, Source
from bot.provider import Pictures

MAX_BYTES = 5_000_000  # documented; a client of somebody else says 15 MB of one family
ENCODED_ON_THE_LOOP_BYTES = 750_000
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
QUALITY = {Quality.STANDARD: "low", Quality.HIGH: "high"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A source as the service takes it, under a name that says nothing."""

    data_uri: str = field(repr=False)
    file_name: str


async def picture_of(source: Source | None, pictures: Pictures, *, title: str) -> Picture:
    """Raises `InvalidRequest` for a picture that is gone, or of a kind that the service does not take."""
    if not isinstance(source, PictureSource):
        raise InvalidRequest("err.source_gone")
    extension = EXTENSIONS.get(source.media_type)
    if extension is None:
        raise InvalidRequest("err.source_kind", provider=title, known=", ".join(EXTENSIONS.values()).upper())
    data = await pictures(source)
    large = len(data) > ENCODED_ON_THE_LOOP_BYTES
    encoded = await asyncio.to_thread(base64.b64encode, data) if large else base64.b64encode(data)
    return Picture(f"data:{source.media_type};base64,{encoded.decode()}", f"picture.{extension}")


def asked(**options: Any) -> dict[str, Any]:
    """Of options those that were asked for."""
    return {name: value for name, value in options.items() if value is not None}
