"""One request as a handler sees it, and how it is read."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web
from sim.telegram import schema
from sim.telegram.refusals import Breach, Refusal
from sim.telegram.state import JSON, MIB, Upload

MOST_BYTES = 50 * MIB
WHOLE = re.compile(r"-?[0-9]+")
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
ATTACHED = "attach://"


@dataclass(frozen=True, slots=True)
class Call:
    """`args` have the types of the document; a file that a parameter names by `attach://` stands in `files`."""

    method: str
    args: JSON
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def chat_id(self) -> int | None:
        asked = self.args.get("chat_id")
        return asked if isinstance(asked, int) else None

    def file(self, value: Any) -> Upload | str:
        """What was sent for a parameter that is a file: its bytes, or an id or address."""
        if isinstance(value, str) and value.startswith(ATTACHED):
            found = self.files.get(value.removeprefix(ATTACHED))
            if found is None:
                raise Breach("wrong file identifier/HTTP URL specified", f"{value} names no file of the request")
            return found
        return value if isinstance(value, Upload) else str(value)


Handler = Callable[[Call], Any | Awaitable[Any]]
"""Returns the result of a success; raises Refusal. Only those that answer late return an awaitable."""


async def read(method: str, request: web.Request) -> Call:
    """Read a request up to the most that Telegram takes, and hold it to the document."""
    raw, files = await _content(request)
    raw = {**request.query, **raw}
    types, problems = schema.types_of(method), list[str]()
    args = {name: _typed(types.get(name, ()), value) for name, value in raw.items()}
    for name in [name for name in files if name in types]:
        args[name] = files.pop(name)
    problems += schema.request_problems(method, args)
    problems += [f"{name}: this file is named nowhere" for name in files if f"{ATTACHED}{name}" not in json.dumps(raw)]
    if problems:
        raise Breach("; ".join(problems), *problems)
    return Call(method, args, files)


async def _content(request: web.Request) -> tuple[JSON, dict[str, Upload]]:
    if not request.can_read_body:
        return {}, {}
    if (request.content_length or 0) > MOST_BYTES:
        async for _ in request.content.iter_any():  # who still sends would not hear the answer
            pass
        raise Refusal(413)
    if request.content_type == "multipart/form-data":
        return await _parts(request)
    if request.content_type == "application/json":
        return _json(await request.read()), {}
    if request.content_type != "application/x-www-form-urlencoded":
        raise Breach(f"Content-Type {request.content_type}")
    return dict((await request.post()).items()), {}


async def _parts(request: web.Request) -> tuple[JSON, dict[str, Upload]]:
    texts, files = JSON(), dict[str, Upload]()
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data, name = bytes(await part.read()), part.name or ""
        if part.filename is None:
            texts[name] = data.decode()
        else:
            files[name] = Upload(part.filename, data)
    return texts, files


def _json(data: bytes) -> JSON:
    try:
        found = json.loads(data)
    except ValueError as error:
        raise Breach(f"can't parse JSON: {error}") from None
    if not isinstance(found, dict):
        raise Breach("can't parse JSON: an object is expected")
    return found


def _typed(types: tuple[str, ...], value: Any) -> Any:
    """A value of a form by its type; what does not fit stays a string, for the judge to see."""
    if not isinstance(value, str) or types == ("String",):
        return value
    if "Integer" in types:
        return int(value) if WHOLE.fullmatch(value) else value
    if "Boolean" in types:
        return BOOLEANS.get(value.lower(), value)
    if "InputFile" in types:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
