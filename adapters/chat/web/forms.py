"""Reads what a browser sends: a message with its parts, or a form. Nothing touches the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from adapters.chat.web.problems import too_large, unprocessable
from bot.media import MAX_UPLOAD_BYTES

FIELD_BYTES = 2**16  # far above what a prompt may have; the core names its own limit
BODY_BYTES = MAX_UPLOAD_BYTES + 4 * FIELD_BYTES
PARTS = 16
KEY_CHARS = 128
_CHUNK_BYTES = 2**16

_UNREADABLE = "I can't read that. Send multipart/form-data with a field named text."
_ONE = "I take one picture at a time."


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of a form, and the picture that came with it."""

    fields: Mapping[str, str]
    picture: bytes | None = field(default=None, repr=False)

    @property
    def key(self) -> str | None:
        """The client's name of this message: the same key again is the same message. Raises `Problem`."""
        key = self.fields.get("key")
        if key is not None and not (0 < len(key) <= KEY_CHARS and key.isprintable()):
            raise unprocessable(f"The key must have 1 to {KEY_CHARS} printable characters.")
        return key

    def words(self, name: str) -> str:
        """A field that must be there; raises `Problem`."""
        if name not in self.fields:
            raise unprocessable(_UNREADABLE)
        return self.fields[name]


async def read_sent(request: web.Request) -> Sent:
    """All that a script sends, a picture of at most `MAX_UPLOAD_BYTES` included. Raises `Problem`."""
    if request.content_type != "multipart/form-data":
        return Sent(await read_form(request))
    _check_length(request, BODY_BYTES)
    try:
        return await _read_parts(await request.multipart())
    except (ValueError, LookupError, AssertionError, RuntimeError, BadHttpMessage):
        raise unprocessable(_UNREADABLE) from None


async def read_form(request: web.Request) -> dict[str, str]:
    """The fields of a plain form. Raises `Problem`."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise unprocessable(_UNREADABLE)
    _check_length(request, FIELD_BYTES)
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise too_large(FIELD_BYTES) from None
    except (ValueError, LookupError):
        raise unprocessable(_UNREADABLE) from None
    return {name: value for name, value in form.items() if isinstance(value, str)}


def is_large(request: web.Request) -> bool:
    """Whether it may bring a picture that is worth counting."""
    return request.content_length is None or request.content_length > FIELD_BYTES


async def _read_parts(reader: MultipartReader) -> Sent:
    fields, picture = dict[str, str](), None
    for _ in range(PARTS):
        part = await reader.next()
        if part is None:
            return Sent(fields, picture)
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise unprocessable(_UNREADABLE)
        if part.filename is None:
            fields[part.name] = (await _read_part(part, FIELD_BYTES)).decode()
        elif (data := await _read_file(part)) is not None:
            if picture is not None:
                raise unprocessable(_ONE)
            picture = data
    raise unprocessable(_UNREADABLE)


async def _read_file(part: BodyPartReader) -> bytes | None:
    """None: a form's file field that was left empty."""
    data = await _read_part(part, MAX_UPLOAD_BYTES)
    return data if data or part.filename else None


async def _read_part(part: BodyPartReader, limit_bytes: int) -> bytes:
    data = BytesIO()
    while chunk := await part.read_chunk(_CHUNK_BYTES):
        if data.tell() + len(chunk) > limit_bytes:
            raise too_large(limit_bytes)
        data.write(chunk)
    return data.getvalue()  # no copy of it


def _check_length(request: web.Request, limit_bytes: int) -> None:
    if (request.content_length or 0) > limit_bytes:
        raise too_large(min(limit_bytes, MAX_UPLOAD_BYTES))
