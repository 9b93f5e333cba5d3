"""One request as a handler sees it, and how it is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web
from sim.discord import schema
from sim.discord.refusals import Breach, Refusal
from sim.discord.state import MIB

MOST_BYTES = 25 * MIB
FILE = re.compile(r"files\[([0-9]+)\]")


@dataclass(frozen=True, slots=True)
class Upload:
    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """`path` holds the variable parts of the address, `body` the JSON part; `files` stand by their number."""

    route: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    files: dict[int, Upload] = field(default_factory=dict)

    def id(self, name: str) -> int:
        if not self.path[name].isdecimal():
            raise Breach(f"{name}: {self.path[name]!r} is no snowflake")
        return int(self.path[name])

    def asked(self, flag: str) -> bool:
        """Whether a boolean of the query is set."""
        return self.query.get(flag, "").lower() in {"1", "true"}


Handler = Callable[[Call], Any]
"""Returns the JSON of a success, None for 204; raises Refusal. It never waits, so that nothing comes between."""


async def read(route: str, request: web.Request) -> Call:
    """Read a request, up to the most that Discord takes."""
    if (request.content_length or 0) > MOST_BYTES:
        async for _ in request.content.iter_any():  # who still sends would not hear the answer
            pass
        raise Refusal(40005)
    body, files = await _content(request)
    return Call(route, request.match_info, request.query, body, files)


def hold_to_document(call: Call) -> None:
    """Breach says what is wrong with a request."""
    unknown = set(call.query) - schema.query_names(call.route)
    problems = [f"query: unknown {name!r}" for name in sorted(unknown)]
    problems += schema.request_problems(call.route, call.body)
    if problems:
        raise Breach(*problems)


async def _content(request: web.Request) -> tuple[Any, dict[int, Upload]]:
    if not request.can_read_body:
        return None, {}
    if request.content_type == "multipart/form-data":
        return await _parts(request)
    if request.content_type != "application/json":
        raise Breach(f"Content-Type {request.content_type}")
    return _json(await request.read()), {}


async def _parts(request: web.Request) -> tuple[Any, dict[int, Upload]]:
    body, files = None, dict[int, Upload]()
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data, name = bytes(await part.read()), part.name or ""
        if name == "payload_json":
            body = _json(data)
        elif (file := FILE.fullmatch(name)) and part.filename:
            files[int(file[1])] = Upload(part.filename, data)
        else:
            raise Breach(f"multipart: unknown part {name!r}")
    return body, files


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise Breach(f"no JSON: {error}") from None
