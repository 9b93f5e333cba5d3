"""Reads what a browser sends: a message with its parts, or the sign-in form. Nothing touches the disk."""

from __future__ import annotations

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from adapters.chat.web.problems import too_large, unprocessable

BODY_BYTES = 20 * 2**20  # a picture that somebody drops on the page is refused with a reason, not cut off
FIELD_BYTES = 2**16  # far above what a prompt may have; the core names its own limit
PARTS = 16
KEY_CHARS = 128
FORM_BYTES = 4 * 2**10

_NO_FILES = "I can't use pictures of yours yet: files can't be uploaded here. Send the words alone."
_UNREADABLE = "I can't read that. Send multipart/form-data with a field named text."


async def read_message(request: web.Request) -> tuple[str, str | None]:
    """The text and the client's key of a message. Raises `Problem`."""
    _check_length(request, BODY_BYTES)
    fields = await _read_parts(request) if request.content_type == "multipart/form-data" else await read_form(request)
    text, key = fields.get("text"), fields.get("key")
    if text is None:
        raise unprocessable(_UNREADABLE)
    if key is not None and not (0 < len(key) <= KEY_CHARS and key.isprintable()):
        raise unprocessable(f"The key must have 1 to {KEY_CHARS} printable characters.")
    return text, key


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


async def _read_parts(request: web.Request) -> dict[str, str]:
    try:
        return await _fields(await request.multipart())
    except (ValueError, LookupError, AssertionError, RuntimeError, BadHttpMessage):
        raise unprocessable(_UNREADABLE) from None


async def _fields(reader: MultipartReader) -> dict[str, str]:
    fields: dict[str, str] = {}
    for _ in range(PARTS):
        part = await reader.next()
        if part is None:
            return _without_files(fields)
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise unprocessable(_UNREADABLE)
        if part.filename:
            raise unprocessable(_NO_FILES)
        fields[part.name] = (await _read_part(part)).decode()
    raise unprocessable(_UNREADABLE)


def _without_files(fields: dict[str, str]) -> dict[str, str]:
    """A browser's empty file input is no file."""
    if fields.pop("files[]", ""):
        raise unprocessable(_NO_FILES)
    return fields


async def _read_part(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > FIELD_BYTES:
            raise too_large(FIELD_BYTES)
    return bytes(data)


def _check_length(request: web.Request, limit_bytes: int) -> None:
    if (request.content_length or 0) > limit_bytes:
        raise too_large(limit_bytes)
