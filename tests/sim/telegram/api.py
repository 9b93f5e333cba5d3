"""The Bot API: what every request passes before it reaches its handler, and what is written down of it."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from sim.telegram import pictures, schema
from sim.telegram.calls import Call, Handler, read
from sim.telegram.faults import Faults
from sim.telegram.journal import Request
from sim.telegram.limits import COUNTED, Limits
from sim.telegram.refusals import Breach, Refusal
from sim.telegram.state import JSON
from sim.telegram.world import World
from sim.troubles import Trouble

from bot.clock import Clock

FILE = "FILE"
AT_THE_DOOR = frozenset(Trouble) - {Trouble.REFUSE}
NO_ANSWER = 0
LIKE_A_TOKEN = re.compile(r"[0-9]+:.+")
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Api:
    """Serves the handlers that were added, and holds requests and its own answers to the document."""

    def __init__(self, world: World, machine: Clock) -> None:
        self.limits = Limits(world.clock)
        self.faults = Faults(world.clock)
        self._world = world
        self._machine = machine
        self._handlers: dict[str, Handler] = {}

    def add(self, handlers: dict[str, Handler]) -> None:
        self._handlers |= handlers

    def mount(self, app: web.Application) -> None:
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = schema.knows(request.match_info["method"]) or request.match_info["method"]
        return await self._guarded(method, request, self._answer)

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        return await self._guarded(FILE, request, self._file)

    async def _guarded(self, method: str, request: web.Request, serve: Callable[..., Any]) -> web.StreamResponse:
        """Serve, but for the troubles that tests switched on."""
        troubles = self.faults.take(method, AT_THE_DOOR)
        if Trouble.SLOW in troubles:
            await self._machine.sleep(troubles[Trouble.SLOW])
        if Trouble.DROP in troubles:
            self._note(method, None, NO_ANSWER, "")
            return _cut(request)
        if Trouble.STATUS in troubles:
            self._note(method, None, troubles[Trouble.STATUS], "")
            return web.Response(status=troubles[Trouble.STATUS], text="<html>nginx</html>", content_type="text/html")
        response: web.StreamResponse = await serve(method, request)
        return _cut(request) if Trouble.DROP_AFTER in troubles else response

    async def _answer(self, method: str, request: web.Request) -> web.StreamResponse:
        call: Call | None = None
        try:
            self._enter(request.match_info["token"])
            if method not in self._handlers:
                raise self._unserved(method)
            call = await read(method, request)
            self._refuse(call)
            told = await self._told(call)
        except Refusal as refusal:
            if isinstance(refusal, Breach):
                self._world.journal.violated(method, *refusal.problems, body=call and call.args)
            self._note(method, call, refusal.code, refusal.description)
            return _refused(refusal)
        if method != "getUpdates":  # updates were judged when they were made, and tests bring broken ones
            self._world.journal.violated(f"answer to {method}", *schema.answer_problems(method, told), body=told)
        self._note(method, call, 200, "")
        return _json(200, {"ok": True, "result": told})

    async def _file(self, _: str, request: web.Request) -> web.StreamResponse:
        try:
            self._enter(request.match_info["token"])
            data = self._downloaded(request.match_info["path"])
        except Refusal as refusal:
            self._note(FILE, None, refusal.code, refusal.description)
            return _refused(refusal)
        self._note(FILE, None, 200, "")
        return web.Response(body=data, content_type="application/octet-stream")

    def _downloaded(self, path: str) -> bytes:
        _, _, file_id = path.rpartition("/")
        media = self._world.files.get(file_id)
        if media is None:
            raise Refusal(404)
        return pictures.download(media, file_id)

    def _enter(self, token: str) -> None:
        """Only the token opens; what does not look like one is no path at all."""
        if not LIKE_A_TOKEN.fullmatch(token):
            raise Refusal(404)
        if token != self._world.token:
            raise Refusal(401)

    def _unserved(self, method: str) -> Refusal:
        if schema.knows(method) is None:
            return Refusal(404, "method not found")
        return Breach(f"the simulator does not serve {method}")

    def _refuse(self, call: Call) -> None:
        for code, reason in self.faults.take(call.method, {Trouble.REFUSE}).values():
            raise Refusal(code, reason)
        if call.method in COUNTED and call.chat_id is not None:
            cost = len(call.args.get("media", [])) if call.method == "sendMediaGroup" else 1
            if retry_after_s := self.limits.spend(call.method, call.chat_id, cost):
                raise Refusal(429, f"retry after {retry_after_s}", retry_after=retry_after_s)

    async def _told(self, call: Call) -> Any:
        try:
            told = self._handlers[call.method](call)
            return await told if inspect.isawaitable(told) else told
        except Refusal:
            raise
        except Exception as error:
            self._world.journal.violated(call.method, f"the simulator broke: {error!r}", body=call.args)
            raise

    def _note(self, method: str, call: Call | None, status: int, told: str) -> None:
        chat_id, args = (call.chat_id, call.args) if call else (None, {})
        self._world.journal.note(Request(self._world.clock.now(), method, chat_id, status, told, args))


def _refused(refusal: Refusal) -> web.Response:
    body: JSON = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    retry_after_s = refusal.parameters.get("retry_after")
    return _json(refusal.code, body, {"Retry-After": str(retry_after_s)} if retry_after_s else {})


def _json(status: int, body: JSON, headers: dict[str, str] | None = None) -> web.Response:
    data = json.dumps(body).encode()
    return web.Response(status=status, body=data, headers=headers, content_type="application/json")


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
