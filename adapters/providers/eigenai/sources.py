"""What a picture or a video is made from, as a part of a form."""

from __future__ import annotations

from adapters.providers._http import FilePart
from bot.model import GenerationRequest, PictureSource
from bot.provider import Pictures


async def part(pictures: Pictures, request: GenerationRequest, field: str) -> FilePart:
    """The source of a request, whole, under a name that tells nothing; raises `InvalidRequest` if it is gone."""
    source = request.source
    assert isinstance(source, PictureSource)
    name = f"source.{source.media_type.rpartition('/')[2]}"
    return FilePart(name=field, file_name=name, media_type=source.media_type, data=await pictures(source))
