"""The routes under /api: commands in, cards and jobs out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from aiohttp import web

from adapters.chat.web.forms import Sent, is_large, read_sent
from adapters.chat.web.guards import SESSION
from adapters.chat.web.hub import Hub, Stream, TooManyStreams
from adapters.chat.web.problems import Problem
from adapters.chat.web.render import card_json, completions_json, form_json, job_json, menu_json, purse_json
from adapters.chat.web.sessions import Session
from adapters.chat.web.surface import WebSurface, ref_of
from adapters.errands import Errands, ends_within
from bot.clock import Clock
from bot.commands import FORM_ACTS, PRESS_ACTS, Attached, Commands, Shown, Upload
from bot.errors import Unavailable
from bot.media import Media
from bot.model import Act, Artifact, Card, Origin
from bot.store import Accepted

CARDS_ON_LOAD = 50
CARDS_ON_CONNECT = 20
SETTLE_S = 5.0
PICTURES_AT_ONCE = 2
BODY_S = 60.0
_COME_BACK_SOON = b"retry: 1000\n\n"  # milliseconds that a browser waits before it connects again
_EVENT_STREAM = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
_SLOW = "Sending that took too long. Try again, or send a smaller picture."

Outcome = Accepted | Card
T = TypeVar("T", bound=Outcome | None)
Press = Callable[[Origin, str], Awaitable[Outcome | None]]


class Api:
    """Parses, asks the commands, answers. Commands run as errands: they survive a disconnect."""

    def __init__(self, *, commands: Commands, media: Media, surface: WebSurface, hub: Hub, clock: Clock) -> None:
        self._commands = commands
        self._media = media
        self._surface = surface
        self._hub = hub
        self._clock = clock
        self._errands = Errands()
        self._seats = asyncio.Semaphore(PICTURES_AT_ONCE)
        self._taking = True
        self._presses: dict[str, Press] = {
            "cancel": commands.cancel,
            "again": commands.again,
            "retry": commands.retry,
            "delete": commands.delete,
            "look": commands.look,
            "stop": commands.stop,
            "pick": self._pick,
            **{act: partial(self._press_at_once, act) for act in PRESS_ACTS},
        }

    def routes(self) -> list[web.RouteDef]:
        filled = f"/api/forms/{{act:{'|'.join(FORM_ACTS)}}}/{{id}}"
        return [
            web.get("/api/cards", self.cards),
            web.get("/api/me", self.me),
            web.get("/api/menu", self.menu),
            web.get("/api/suggest", self.suggest),
            web.get("/api/events", self.events, allow_head=False),
            web.get("/api/jobs/{job}", self.job),
            web.get(filled, self.form),
            web.post(filled, self.fill),
            web.post("/api/messages", self.say),
            web.post(f"/api/jobs/{{job}}/{{act:{'|'.join(self._presses)}}}", self.press),
        ]

    async def stop_intake(self) -> None:
        """Refuse new commands; return when those that were taken have been answered."""
        self._taking = False
        await self._errands.settle(self._clock, SETTLE_S)

    async def say(self, request: web.Request) -> web.Response:
        """A line with what is attached to it; a picture alone is answered with what can be done with it.

        While a picture is read or looked at it has one of a few seats: so much of the memory is theirs at most.
        """
        self._check_taking()
        async with AsyncExitStack() as seat:
            sent = await self._read(request, seat)
            text, origin = sent.words("text"), _origin(request, sent)
            work = self._say(origin, text, _attached(sent), seat.pop_all())
            return await self._taken(request, await self._errands.run(work))

    async def press(self, request: web.Request) -> web.Response:
        """Answers with the job to watch (the new one after Again and Try again), or a card for the one pressed on."""
        self._check_taking()
        job_id = request.match_info["job"]
        press = self._presses[request.match_info["act"]]
        outcome = await self._errands.run(self._announcing(request[SESSION].origin(), press, job_id))
        if isinstance(outcome, Card):
            return await self._shown(request, outcome)
        return web.json_response({"job": outcome.message.jobs[0].id if outcome else job_id})

    async def form(self, request: web.Request) -> web.Response:
        """What has to be known before an act is done."""
        act, id_ = Act(request.match_info["act"]), request.match_info["id"]
        return web.json_response(form_json(await self._commands.form(request[SESSION].origin(), act, id_)))

    async def fill(self, request: web.Request) -> web.Response:
        """The form, filled in: options are fields by their flags."""
        self._check_taking()
        act, id_ = Act(request.match_info["act"]), request.match_info["id"]
        async with AsyncExitStack() as seat:
            sent = await self._read(request, seat)
        words, origin = sent.words("words"), _origin(request, sent)
        options = {flag.removeprefix("--"): value for flag, value in sent.fields.items() if flag.startswith("--")}

        async def fill(origin: Origin, id_: str) -> Outcome:
            return await self._commands.fill(origin, act, id_, words, options)

        return await self._taken(request, await self._errands.run(self._announcing(origin, fill, id_)))

    async def job(self, request: web.Request) -> web.Response:
        view = await self._commands.view(request[SESSION].origin(), request.match_info["job"])
        return web.json_response(job_json(view))

    async def cards(self, request: web.Request) -> web.Response:
        cards = await self._commands.cards(request[SESSION].origin(), CARDS_ON_LOAD)
        return web.json_response({"cards": [await card_json(card, self._media) for card in cards]})

    async def me(self, request: web.Request) -> web.Response:
        return web.json_response(purse_json(await self._commands.purse(request[SESSION].origin())))

    async def menu(self, _request: web.Request) -> web.Response:
        return web.json_response(menu_json(self._commands.menu()))

    async def suggest(self, request: web.Request) -> web.Response:
        """What an option of a command may be completed to."""
        asked = [request.query.get(name, "") for name in ("command", "option", "typed")]
        found = await self._commands.suggest(request[SESSION].origin(), *asked)
        return web.json_response({"suggestions": completions_json(asked[1], found)})

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
            await response.write(stream.encode("card", await card_json(card, self._media)))
        while (data := await stream.next()) is not None:
            await response.write(data)
        return response

    async def _read(self, request: web.Request, seat: AsyncExitStack) -> Sent:
        """Nobody may send, or wait for a seat, for ever. Raises `Problem`."""
        reading = asyncio.ensure_future(self._read_seated(request, seat))
        try:
            if await ends_within(self._clock, BODY_S, reading):
                return reading.result()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", _SLOW)

    async def _read_seated(self, request: web.Request, seat: AsyncExitStack) -> Sent:
        if is_large(request):
            await seat.enter_async_context(self._seats)
        return await read_sent(request)

    async def _say(self, origin: Origin, text: str, attached: tuple[Attached, ...], seat: AsyncExitStack) -> Outcome:
        async with seat:
            if not text.strip() and attached and isinstance(attached[0], Upload):
                return await self._commands.bring(origin, attached[0])
            outcome = await self._commands.say(origin, text, attached=attached)
        if isinstance(outcome, Accepted):
            await self._announce(origin, outcome)
        return outcome

    async def _announcing(self, origin: Origin, press: Callable[[Origin, str], Awaitable[T]], id_: str) -> T:
        outcome = await press(origin, id_)
        if isinstance(outcome, Accepted):
            await self._announce(origin, outcome)
        return outcome

    async def _pick(self, origin: Origin, job_id: str) -> Card:
        """One of several pictures stands alone as an answer: its message goes on showing all."""
        return replace(await self._commands.pick(origin, job_id), message_id=None)

    async def _press_at_once(self, act: Act, origin: Origin, id_: str) -> Card:
        return await self._commands.press(origin, act, id_)

    async def _taken(self, request: web.Request, outcome: Outcome) -> web.Response:
        """A job to watch, or a card that answers."""
        if isinstance(outcome, Accepted):
            ids = [job.id for job in outcome.message.jobs]
            return web.json_response({"job": ids[0], "jobs": ids}, status=HTTPStatus.ACCEPTED)
        return await self._shown(request, outcome)

    async def _shown(self, request: web.Request, card: Card) -> web.Response:
        return web.json_response({"card": await card_json(card, self._media, request[SESSION])})

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


def _origin(request: web.Request, sent: Sent) -> Origin:
    session: Session = request[SESSION]
    return session.origin(f"{session.account}:{sent.key}" if sent.key else None)


def _attached(sent: Sent) -> tuple[Attached, ...]:
    """The picture that came with a line, or what it points at."""
    picture, source = sent.picture, sent.fields.get("source")
    if picture is None:
        return (Shown(source),) if source else ()

    async def read() -> Artifact:
        return Artifact(picture)

    return (Upload(read, len(picture)),)
