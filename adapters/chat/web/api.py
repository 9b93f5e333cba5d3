"""The routes under /api: commands in, cards and jobs out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from adapters.chat.web.forms import read_message
from adapters.chat.web.guards import SESSION
from adapters.chat.web.hub import Hub, Stream, TooManyStreams
from adapters.chat.web.problems import Problem
from adapters.chat.web.render import card_json, job_json, menu_json, purse_json
from adapters.chat.web.surface import WebSurface, ref_of
from adapters.errands import Errands
from bot.clock import Clock
from bot.commands import Commands
from bot.errors import Unavailable
from bot.model import Card, Origin
from bot.store import Accepted

CARDS_ON_LOAD = 50
CARDS_ON_CONNECT = 20
SETTLE_S = 5.0
_COME_BACK_SOON = b"retry: 1000\n\n"  # milliseconds that a browser waits before it connects again
_EVENT_STREAM = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}

Press = Callable[[Origin, str], Awaitable[Accepted | Card | None]]


class Api:
    """Parses, asks the commands, answers. Commands run as errands: they survive a disconnect."""

    def __init__(self, *, commands: Commands, surface: WebSurface, hub: Hub, clock: Clock) -> None:
        self._commands = commands
        self._surface = surface
        self._hub = hub
        self._clock = clock
        self._errands = Errands()
        self._taking = True
        self._presses: dict[str, Press] = {
            "cancel": commands.cancel,
            "again": commands.again,
            "retry": commands.retry,
            "delete": commands.delete,
            "look": commands.look,
            "stop": commands.stop,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/cards", self.cards),
            web.get("/api/me", self.me),
            web.get("/api/menu", self.menu),
            web.get("/api/events", self.events, allow_head=False),
            web.get("/api/jobs/{job}", self.job),
            web.post("/api/messages", self.say),
            web.post("/api/jobs/{job}/{act:cancel|again|retry|delete|look|stop}", self.press),
        ]

    async def stop_intake(self) -> None:
        """Refuse new commands; return when those that were taken have been answered."""
        self._taking = False
        await self._errands.settle(self._clock, SETTLE_S)

    async def say(self, request: web.Request) -> web.Response:
        self._check_taking()
        session = request[SESSION]
        text, key = await read_message(request)
        origin = session.origin(f"{session.account}:{key}" if key else None)
        outcome = await self._errands.run(self._say(origin, text))
        if isinstance(outcome, Card):
            return web.json_response({"card": card_json(outcome)})
        ids = [job.id for job in outcome.message.jobs]
        return web.json_response({"job": ids[0], "jobs": ids}, status=HTTPStatus.ACCEPTED)

    async def press(self, request: web.Request) -> web.Response:
        """Answers with the job to watch (the new one after Again and Try again), or a card for the one pressed on."""
        self._check_taking()
        job_id = request.match_info["job"]
        press = self._presses[request.match_info["act"]]
        outcome = await self._errands.run(self._press(press, request[SESSION].origin(), job_id))
        if isinstance(outcome, Card):
            return web.json_response({"card": card_json(outcome)})
        return web.json_response({"job": outcome.message.jobs[0].id if outcome else job_id})

    async def job(self, request: web.Request) -> web.Response:
        view = await self._commands.view(request[SESSION].origin(), request.match_info["job"])
        return web.json_response(job_json(view))

    async def cards(self, request: web.Request) -> web.Response:
        cards = await self._commands.cards(request[SESSION].origin(), CARDS_ON_LOAD)
        return web.json_response({"cards": [card_json(card) for card in cards]})

    async def me(self, request: web.Request) -> web.Response:
        return web.json_response(purse_json(await self._commands.purse(request[SESSION].origin())))

    async def menu(self, _request: web.Request) -> web.Response:
        return web.json_response(menu_json(self._commands.menu()))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """The last cards, then every change, until one side has enough."""
        try:
            with self._hub.open(request[SESSION].account) as stream:
                return await self._stream(request, stream)
        except TooManyStreams:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS, "too_many", "Limner is open in too many windows. Close one."
            ) from None

    async def _stream(self, request: web.Request, stream: Stream) -> web.StreamResponse:
        cards = await self._commands.cards(request[SESSION].origin(), CARDS_ON_CONNECT)
        response = web.StreamResponse(headers=_EVENT_STREAM)
        await response.prepare(request)
        await response.write(_COME_BACK_SOON)
        for card in cards:
            await response.write(stream.encode("card", card_json(card)))
        while (data := await stream.next()) is not None:
            await response.write(data)
        return response

    async def _say(self, origin: Origin, text: str) -> Accepted | Card:
        outcome = await self._commands.say(origin, text)
        if isinstance(outcome, Accepted):
            await self._announce(origin, outcome)
        return outcome

    async def _press(self, press: Press, origin: Origin, job_id: str) -> Accepted | Card | None:
        outcome = await press(origin, job_id)
        if isinstance(outcome, Accepted):
            await self._announce(origin, outcome)
        return outcome

    async def _announce(self, origin: Origin, accepted: Accepted) -> None:
        """A message is announced once its reference is kept: an open page shows it, or one that opens later."""
        if accepted.repeated and accepted.message.ref is not None:
            return
        ref = ref_of(origin.account, accepted.message.id)
        card = await self._commands.announced(accepted.message.id, ref)
        await self._surface.edit(ref, card)

    def _check_taking(self) -> None:
        if not self._taking:
            raise Unavailable("err.stopping")
