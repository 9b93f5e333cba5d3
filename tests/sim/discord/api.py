"""The REST API: what every request passes before it reaches its handler, and what is written down of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web
from sim.discord import schema
from sim.discord.buckets import PROXY, Buckets, Shield, Spent
from sim.discord.calls import Call, Handler, hold_to_document, read
from sim.discord.faults import Faults
from sim.discord.journal import Request
from sim.discord.refusals import Breach, Refusal
from sim.discord.rest_interactions import CALLBACK
from sim.discord.world import World
from sim.troubles import Trouble

from bot.clock import Clock

RESOURCES = ("channel_id", "guild_id", "webhook_id", "webhook_token")
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]
AT_THE_DOOR = frozenset(Trouble) - {Trouble.REFUSE}
NO_ANSWER = 0
OUT_OF_ORDER = "upstream connect error or disconnect/reset before headers"


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def to(cls, refusal: Refusal) -> Reply:
        return cls(refusal.status, refusal.body, PROXY if refusal.status == 429 else {})

    def sent(self) -> web.Response:
        """JSON without a charset: discord.py compares the whole header."""
        if self.body is None:
            return web.Response(status=self.status, headers=self.headers)
        if isinstance(self.body, str):
            return web.Response(status=self.status, headers=self.headers, text=self.body)
        data = json.dumps(self.body).encode()
        return web.Response(status=self.status, headers=self.headers, body=data, content_type="application/json")


class Api:
    """Serves the handlers that were added, and holds requests and its own answers to the document."""

    def __init__(self, world: World, machine: Clock) -> None:
        self.buckets = Buckets(machine)
        self.shield = Shield(machine)
        self.faults = Faults(machine)
        self._world = world
        self._machine = machine
        self._handlers: dict[str, Handler] = {}

    def add(self, routes: dict[str, Handler]) -> None:
        self._handlers |= routes

    def mount(self, app: web.Application, prefix: str) -> None:
        """Put all handlers under `prefix`; paths with fewer variables first, as `@me` is one too."""
        for route in sorted(self._handlers, key=lambda route: route.count("{")):
            method, path = route.split(" ")
            app.router.add_route(method, prefix + path, self.guarding(route, partial(self._answer, route)))
        app.router.add_route("*", prefix + "/{rest:.*}", self._unknown)

    def guarding(self, name: str, serve: Serve) -> Serve:
        """Serve, but for the troubles that tests switched on."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            troubles = self.faults.take(name, AT_THE_DOOR)
            if Trouble.SLOW in troubles:
                await self._machine.sleep(troubles[Trouble.SLOW])
            if Trouble.DROP in troubles:
                self._note(name, request.path, Reply(NO_ANSWER), None)
                return _cut(request)
            if Trouble.STATUS in troubles:
                broken = Reply(int(troubles[Trouble.STATUS]), OUT_OF_ORDER)
                self._note(name, request.path, broken, None)
                return broken.sent()
            response = await serve(request)
            if Trouble.GARBLE in troubles:
                return web.Response(body=b'{"id":', content_type="application/json")
            return _cut(request) if Trouble.DROP_AFTER in troubles else response

        return guarded

    async def _answer(self, route: str, request: web.Request) -> web.StreamResponse:
        reply, body = await self._reply(route, request)
        self._note(route, request.path, reply, body)
        return reply.sent()

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        where = f"{request.method} {request.path}"
        self._world.journal.violated(where, "the simulator does not serve this")
        return Reply(404, {"message": "404: Not Found", "code": 0}).sent()

    async def _reply(self, route: str, request: web.Request) -> tuple[Reply, Any]:
        if closed_s := self.shield.closed_for_s:
            return Reply(429, "You are being blocked", {"Retry-After": str(int(closed_s) + 1)}), None
        if not self._may_enter(route, request):
            return Reply.to(Refusal(0)), None
        spent = self._spend(route, request)
        if spent.too_many:
            return _limited(spent), None
        reply, body = await self._handle(route, request)
        return Reply(reply.status, reply.body, spent.headers | reply.headers), body

    def _may_enter(self, route: str, request: web.Request) -> bool:
        return _by_token_of_its_own(route) or request.headers.get("Authorization") == f"Bot {self._world.token}"

    def _spend(self, route: str, request: web.Request) -> Spent:
        """The callback has no bucket; interaction endpoints do not count against the bot's own limit."""
        if route == CALLBACK:
            return Spent(too_many=False, retry_after_s=0.0)
        if not _by_token_of_its_own(route):
            everything = self.buckets.spend_global()
            if everything.too_many:
                return everything
        resource = " ".join(request.match_info[name] for name in RESOURCES if name in request.match_info)
        return self.buckets.spend(route, resource)

    async def _handle(self, route: str, request: web.Request) -> tuple[Reply, Any]:
        call: Call | None = None
        try:
            call = await read(route, request)
            hold_to_document(call)
            self._refuse(route)
            told = self._told(call)
        except Refusal as refusal:
            body = call.body if call else None
            if isinstance(refusal, Breach):
                self._world.journal.violated(route, *refusal.problems, body=body)
            return Reply.to(refusal), body
        reply = Reply(204) if told is None else Reply(200, told)
        problems = schema.answer_problems(route, reply.status, told)
        self._world.journal.violated(f"answer to {route}", *problems, body=told)
        return reply, call.body

    def _told(self, call: Call) -> Any:
        try:
            return self._handlers[call.route](call)
        except Refusal:
            raise
        except Exception as error:
            self._world.journal.violated(call.route, f"the simulator broke: {error!r}", body=call.body)
            raise

    def _refuse(self, route: str) -> None:
        for code in self.faults.take(route, {Trouble.REFUSE}).values():
            raise Refusal(int(code))

    def _note(self, route: str, path: str, reply: Reply, body: Any) -> None:
        code = reply.body.get("code") if isinstance(reply.body, dict) and reply.status >= 400 else None
        self.shield.count(reply.status)
        self._world.journal.note(Request(self._world.clock.now(), route, path, reply.status, code, body))


def _by_token_of_its_own(route: str) -> bool:
    return "{webhook_token}" in route or "{interaction_token}" in route


def _limited(spent: Spent) -> Reply:
    scope = spent.headers["X-RateLimit-Scope"]
    body = {"message": "You are being rate limited.", "retry_after": spent.retry_after_s, "global": scope == "global"}
    return Reply(429, body, spent.headers | PROXY | {"Retry-After": str(int(spent.retry_after_s) + 1)})


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
