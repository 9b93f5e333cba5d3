"""What an answer with a result says. Of pictures its form is not documented; it was seen in all of these.

JSON with the result as base64 or as an address, under several names; the result's bytes
alone, under any content type; and JSON where bytes were asked for. So the content decides.
"""

from __future__ import annotations

from adapters.providers._http import Api, Reply
from adapters.providers._http.said import (
    Layers,
    Word,
    decoded,
    is_address,
    is_base64,
    is_data_uri,
    layers_of,
    meaning_of,
    status_of,
    texts_in,
)
from bot.errors import BadResult, ContentRefused, GenerationFailed, ProtocolError
from bot.model import Artifact, RemoteArtifact

WRAPPERS = ("data", "result", "output", "images")
_INLINE = ("turbo_image_base64", "edited_image_base64", "image_base64", "b64_json", "images", "output")
_ADDRESSES = ("image_url", "url", "image_path", "images", "output")
_PICTURE_HEADS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"GIF8")


def is_media(body: bytes) -> bool:
    """Whether it begins as a picture or a video does."""
    return body.startswith(_PICTURE_HEADS) or body[4:8] == b"ftyp"


async def result(api: Api, reply: Reply, *, title: str) -> Artifact | RemoteArtifact:
    """The picture or video in an answer.

    Raises `GenerationFailed`, `ContentRefused` or `BadResult` on the service's final word,
    `ProtocolError` where there is neither a result nor such a word, and what `Api.artifact` raises.
    """
    if is_media(reply.body):
        return Artifact(reply.body)
    layers = layers_of(await reply.json(), WRAPPERS)
    word = meaning_of(status_of(layers))
    if word is Word.FAILED:
        raise GenerationFailed(f"{title} says that it failed")
    if word is Word.REFUSED:
        raise ContentRefused("fail.provider_refused", provider=title)
    inline, url = _inline(layers), _address(layers)
    if inline is not None:
        return await decoded(inline)
    if url is not None:
        return await api.artifact(url)
    if word is Word.DONE:
        raise BadResult("it says that it is done, but holds no result")
    raise ProtocolError("the answer holds no result")


def _inline(layers: Layers) -> str | None:
    return next((text for text in texts_in(layers, _INLINE) if is_data_uri(text) or is_base64(text)), None)


def _address(layers: Layers) -> str | None:
    """An `image_path` may also be a path inside the service, which is nothing to us."""
    return next(filter(is_address, texts_in(layers, _ADDRESSES)), None)
