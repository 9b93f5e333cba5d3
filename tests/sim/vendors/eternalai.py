"""A simulated EternalAI, its image family: requests in, replies out, no sockets."""

from __future__ import annotations

import base64
import math
import uuid
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import parse_qsl, unquote

from sim.vendors import pictures
from sim.vendors.books import Books, Count
from sim.vendors.effects import SHAPES, STYLES
from sim.vendors.fates import NO_JOB, Fates, Mark, Where, marks, words
from sim.vendors.job import Job
from sim.vendors.line import Line
from sim.vendors.plan import Plan
from sim.vendors.rules import KEY_HEADERS, Breach, Order, check_headers, check_key, read_order
from sim.vendors.weather import Weather
from sim.vendors.wire import Conduct, Door, Reply, Request, as_json, refusal

from bot.clock import Clock

SUBMIT = "/creative-ai/image"
POLL_BY_QUERY = "/creative-ai/result/image"
POLL_BY_PATH = "/creative-ai/poll-result/"
EFFECTS = "/creative-ai/generate-image/effects"
FIRST_ID = 921_865

Draw = Callable[[str, str, int], bytes]
"""From the words, the style's name and the job's number to a PNG."""


class EternalAI:
    """The vendor: `answer` is all that a door needs.

    `origin` and `files` are the addresses of its two hosts, `tell` is told each event as
    one line. The same seed and the same requests make the same vendor.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        key: str = "simulated",
        seed: int = 0,
        plan: Plan | None = None,
        draw: Draw = pictures.draw,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.origin = "https://open.eternalai.test"
        self.files = "https://cdn.eternalai.test"
        self.key = key
        self.plan = plan
        self.weather = Weather()
        self.books = Books()
        self._clock = clock
        self._dice = Random(seed)
        self._draw = draw
        self._tell = tell
        self._line = Line()
        self._jobs: dict[str, Job] = {}
        self._files: dict[str, Job] = {}
        self._refused: dict[str, Fates] = {}
        self._busy_until = -math.inf
        self._busy_hint: str | None = None

    def count(self, words: str = "") -> Count:
        """The counts over all prompts in which the words stand, as they were sent."""
        return self.books.count(words)

    @property
    def violations(self) -> list[str]:
        """What arrived that the vendor's page does not allow; must stay empty."""
        return self.books.violations

    def limit(self, seconds: float, retry_after: str | None = None) -> None:
        """429 for everybody for so long; `retry_after` is its header instead of the seconds left ("": none)."""
        self._busy_until = self._clock.monotonic() + seconds
        self._busy_hint = retry_after

    def state(self) -> dict[str, Any]:
        """Everything as JSON."""
        self._move()
        line = {"jobs": len(self._jobs), "waiting": len(self._line)}
        return {**line, **self.books.state(), "weather": self.weather.model_dump()}

    def answer(self, request: Request) -> Reply:
        """What becomes of a request that has just arrived."""
        if self.weather.down and request.door is Door.API:
            return Reply(conduct=Conduct.REFUSE)
        try:
            reply = self._answer(request)
        except Breach as breach:
            self._violation(f"{request.method} {request.path}: {breach}")
            reply = refusal(breach.status, breach.text)
        return replace(reply, delay_s=reply.delay_s + self._dice.uniform(*self.weather.latency_s))

    def _answer(self, request: Request) -> Reply:
        check_headers(request.headers)
        method, path = request.method, request.path
        if method == "GET" and path.startswith(("/feed/", "/moved/")):
            return self._file(request)
        if request.door is Door.API and method == "POST" and path == SUBMIT:
            return self._submit(request)
        if request.door is Door.API and method == "GET":
            if path == POLL_BY_QUERY:
                return self._poll(request, "query", _request_id(request.query))
            if path.startswith(POLL_BY_PATH):
                return self._poll(request, "path", unquote(path.removeprefix(POLL_BY_PATH)))
            if path == EFFECTS:
                return self._effects(request)
        raise Breach(404, "not found", "there is no such call")

    def _submit(self, request: Request) -> Reply:
        check_key(request.headers, self.key, needed=True)
        order = read_order(request.headers, request.query, request.body)
        self.books.note(order.prompt, "submissions")
        refused = self._weather(request) or self._refusal(order)
        if refused is not None:
            self._tell(f"submit  {order.prompt!r}: not accepted, {refused.status}")
            return refused
        self.books.note(order.prompt, "charges")
        job = self._create(order)
        return self._spoiled(as_json(job.submitted()), job.fates.strike(Where.LOST), job.fates.strike(Where.ACCEPTED))

    def _refusal(self, order: Order) -> Reply | None:
        """The next refusal of this prompt, until none is left; then its fates begin anew."""
        chosen = marks(order.prompt) or (self.plan.marks(order.prompt) if self.plan else ())
        fates = self._refused.setdefault(order.prompt, Fates(chosen))
        struck = fates.strike(Where.REFUSED)
        return None if struck is None else self._spoiled(as_json({}), struck)

    def _create(self, order: Order) -> Job:
        fates, number, now = self._refused.pop(order.prompt), FIRST_ID + len(self._jobs), self._clock.now()
        identity = str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
        request_id = identity if "uuid" in fates else str(number)
        self._move()
        duration_s = float(fates.value("takes") or self._dice.uniform(*self.weather.duration_s))
        job = Job(
            number=number,
            id=f"{request_id}_{now:.0f}" if "suffix-id" in fates else request_id,
            name=f"{identity}.png",
            order=order,
            fates=fates,
            ticket=self._line.enter(duration_s, self._clock.monotonic()),
            created_at=now,
        )
        self._jobs[job.id] = self._files[job.path] = job
        total = self.books.total
        chosen = ", ".join(mark.fate.name for mark in fates.marks) or "no fate"
        counts = f"{total.submissions} arrived, {total.charges} charged"
        self._tell(f"submit  {job.id}  {order.prompt!r} ({chosen}): accepted; {counts}")
        return job

    def _poll(self, request: Request, form: str, request_id: str) -> Reply:
        check_key(request.headers, self.key, needed=self.weather.polls_need_key)
        job = self._jobs.get(request_id)
        self.books.note(job.order.prompt if job else "", f"polls_by_{form}")
        refused = self._weather(request)
        if refused is not None:
            return refused
        if job is None or ("only-path" if form == "query" else "only-query") in job.fates:
            return NO_JOB
        return self._spoiled(as_json(self._body(job)), job.struck(form))

    def _body(self, job: Job) -> dict[str, Any]:
        self._move()
        now, done = self._clock.now(), job.ticket.done(self._clock.monotonic())
        if done < 1:
            return job.body(done, now, self._places(job), {})
        if not job.told:
            job.told = True
            self._tell(f"end     {job.id}  {job.word}; {self.books.prompts[job.order.prompt].polls} polls")
        return job.body(done, now, {}, self._media(job) if job.succeeds else {})

    def _places(self, job: Job) -> dict[str, Any]:
        if job.ticket.ends_at is not None:
            return {}
        ahead, mean_s = self._line.ahead(job.ticket), sum(self.weather.duration_s) / 2
        rounds = ahead // (self.weather.concurrency or 1) + 1
        return {
            "queue_position": ahead + 1,
            "total_queue_size": len(self._line),
            "estimated_wait_time": round(rounds * mean_s),
        }

    def _media(self, job: Job) -> dict[str, Any]:
        inline = base64.b64encode(self._picture(job)).decode() if "inline" in job.fates else ""
        return job.media(None if job.fates.strikes("no-url") else self._address(job), inline)

    def _address(self, job: Job) -> str:
        host = self.origin if "file-here" in job.fates else self.files
        query = job.signed(self._clock.now(), self._clock.monotonic())
        return job.fates.value("url") or host + job.path + (f"?{query}" if query else "")

    def _file(self, request: Request) -> Reply:
        if request.door is Door.FILES and any(name in request.headers for name in KEY_HEADERS):
            raise Breach(400, "unexpected key", "the key was sent to the host of the files")
        job = self._files.get(request.path.replace("/moved/", "/feed/"))
        if job is None or request.door is not (Door.API if "file-here" in job.fates else Door.FILES):
            return refusal(404, "not found")
        self.books.note(job.order.prompt, "fetches")
        self._tell(f"fetch   {job.id}  {self.books.prompts[job.order.prompt].fetches} so far")
        withheld = job.withheld(request.query, self._clock.monotonic())
        return withheld or self._spoiled(self._found(job, request), job.fates.strike(Where.FILE))

    def _found(self, job: Job, request: Request) -> Reply:
        place = f"{request.path}?{request.query}" if request.query else request.path
        return Reply(headers={"Content-Type": "image/png", "Content-Location": place}, body=self._picture(job))

    def _picture(self, job: Job) -> bytes:
        style = ", ".join(STYLES.get(name, (name, ""))[0] for name in job.order.loras)
        return self._draw(words(job.order.prompt), style, job.number)

    def _effects(self, request: Request) -> Reply:
        check_key(request.headers, self.key, needed=False)
        self.books.effects_lists += 1
        return self._weather(request) or SHAPES[self.weather.effects]

    def _weather(self, request: Request) -> Reply | None:
        """What everybody is answered at the moment, if anything."""
        left_s = self._busy_until - self._clock.monotonic()
        if self.weather.unavailable:
            return refusal(503, "unavailable")
        if left_s > 0:
            hint = str(math.ceil(left_s)) if self._busy_hint is None else self._busy_hint
            return refusal(429, "too many requests", **({"Retry_After": hint} if hint else {}))
        if self.weather.key_refused and any(name in request.headers for name in KEY_HEADERS):
            return refusal(401, "missing or invalid API key")
        return None

    def _spoiled(self, reply: Reply, *struck: Mark | None) -> Reply:
        for mark in struck:
            if mark is not None and mark.fate.spoil is not None:
                reply = mark.fate.spoil(reply, mark.value, self._clock.now())
        return reply

    def _move(self) -> None:
        self._line.capacity = self.weather.concurrency
        self._line.move(self._clock.monotonic())

    def _violation(self, wrong: str) -> None:
        self.books.violations.append(wrong)
        self._tell(f"VIOLATION {wrong}")


def _request_id(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if len(pairs) != 1 or pairs[0][0] != "request_id" or not pairs[0][1]:
        raise Breach(400, "request_id is required", "a poll without just a request_id")
    return pairs[0][1]
