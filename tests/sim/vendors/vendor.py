"""What all simulated vendors have in common: requests in, replies out, counts, dice, a line, fates and files."""

from __future__ import annotations

import math
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any, ClassVar, Generic, TypeVar

from sim.vendors import pictures
from sim.vendors.books import Books, Count
from sim.vendors.fates import NO_JOB, Catalogue, Fates, Mark, Where
from sim.vendors.job import Job
from sim.vendors.line import Line
from sim.vendors.plan import Plan
from sim.vendors.rules import KEY_HEADERS, Breach, Prompted, check_headers
from sim.vendors.weather import Weather
from sim.vendors.wire import Conduct, Door, Reply, Request, as_json, refusal

from bot.clock import Clock

FIRST_ID = 921_865

Draw = Callable[[str, str, int], bytes]
"""From the words, the style's name and the job's number to a PNG."""

J = TypeVar("J", bound=Job)


class Vendor(ABC, Generic[J]):
    """`answer` is all that a door needs.

    `origin` and `files` are the addresses of its two hosts, `tell` is told each event as
    one line. The same seed and the same requests make the same vendor. `name` is that of
    its settings at the bot, `settings` are those that it needs there beside its key.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    catalogue: ClassVar[Catalogue]
    settings: ClassVar[Mapping[str, str]] = {}
    file_paths: ClassVar[tuple[str, ...]]

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
        self.origin = f"https://open.{self.name}.test"
        self.files = f"https://cdn.{self.name}.test"
        self.key = key
        self.plan = plan
        self.weather = Weather()
        self.books = Books()
        self._clock = clock
        self._dice = Random(seed)
        self._draw = draw
        self._tell = tell
        self._line = Line()
        self._jobs: dict[str, J] = {}
        self._files: dict[str, J] = {}
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
            check_headers(request.headers)
            there = request.method == "GET" and request.path.startswith((*self.file_paths, "/moved/"))
            reply = self._file(request) if there else self._call(request)
        except Breach as breach:
            self._violation(f"{request.method} {request.path}: {breach}")
            reply = refusal(breach.status, breach.text)
        return replace(reply, delay_s=reply.delay_s + self._dice.uniform(*self.weather.latency_s))

    @abstractmethod
    def _call(self, request: Request) -> Reply:
        """The answer of the API; raises `Breach`."""

    @abstractmethod
    def _job(self, identity: str, order: Any, **fields: Any) -> J:
        """A new job; `identity` is a UUID of its own."""

    def _style(self, job: J) -> str:
        """What its picture says beside the words."""
        return ""

    def _taken(self, request: Request, order: Prompted) -> J | Reply:
        """The job that a submit makes, or the reply that says that it makes none."""
        self.books.note(order.prompt, "submissions")
        refused = self._weather(request) or self._refusal(order.prompt)
        if refused is not None:
            self._tell(f"submit  {order.prompt!r}: not accepted, {refused.status}")
            return refused
        self.books.note(order.prompt, "charges")
        return self._create(order)

    def _submitted(self, job: J, reply: Reply) -> Reply:
        """The reply to a submit, unless it is spoiled."""
        return self._spoiled(reply, job.fates.strike(Where.LOST), job.fates.strike(Where.ACCEPTED))

    def _refusal(self, prompt: str) -> Reply | None:
        """The next refusal of this prompt, until none is left; then its fates begin anew."""
        chosen = self.catalogue.marks(prompt) or (self.plan.marks(prompt) if self.plan else ())
        fates = self._refused.setdefault(prompt, Fates(chosen))
        struck = fates.strike(Where.REFUSED)
        return None if struck is None else self._spoiled(as_json({}), struck)

    def _create(self, order: Prompted) -> J:
        fates, number, now = self._refused.pop(order.prompt), FIRST_ID + len(self._jobs), self._clock.now()
        identity = str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
        self._move()
        duration_s = float(fates.value("takes") or self._dice.uniform(*self.weather.duration_s))
        ticket = self._line.enter(duration_s, self._clock.monotonic())
        job = self._job(identity, order, number=number, fates=fates, ticket=ticket, created_at=now)
        self._jobs[job.id] = self._files[job.path] = job
        total = self.books.total
        chosen = ", ".join(mark.fate.name for mark in fates.marks) or "no fate"
        counts = f"{total.submissions} arrived, {total.charges} charged"
        self._tell(f"submit  {job.id}  {order.prompt!r} ({chosen}): accepted; {counts}")
        return job

    def _poll(self, request: Request, form: str, job_id: str, *, counted: str, barred: str) -> Reply:
        """The reply to a look in one of two forms; a job with the fate `barred` is not known in this one."""
        job = self._jobs.get(job_id)
        self.books.note(job.prompt if job else "", counted)
        refused = self._weather(request)
        if refused is not None:
            return refused
        if job is None or barred in job.fates:
            return NO_JOB
        return self._spoiled(self._told(job), job.struck(form))

    def _told(self, job: J) -> Reply:
        self._move()
        now, done = self._clock.now(), job.ticket.done(self._clock.monotonic())
        if done < 1:
            return job.reply(done, now, self._places(job), {})
        if not job.told:
            job.told = True
            self._tell(f"end     {job.id}  {job.word}; {self.books.prompts[job.prompt].polls} polls")
        return job.reply(done, now, {}, self._media(job) if job.succeeds else {})

    def _places(self, job: J) -> dict[str, Any]:
        if job.ticket.ends_at is not None:
            return {}
        ahead, mean_s = self._line.ahead(job.ticket), sum(self.weather.duration_s) / 2
        rounds = ahead // (self.weather.concurrency or 1) + 1
        return {
            "queue_position": ahead + 1,
            "total_queue_size": len(self._line),
            "estimated_wait_time": round(rounds * mean_s),
        }

    def _media(self, job: J) -> dict[str, Any]:
        """The keys that hold the result."""
        return job.media(None if job.fates.strikes("no-url") else self._address(job), self._picture(job))

    def _address(self, job: J) -> str:
        host = self.origin if "file-here" in job.fates else self.files
        query = job.signed(self._clock.now(), self._clock.monotonic())
        return job.fates.value("url") or host + job.path + (f"?{query}" if query else "")

    def _file(self, request: Request) -> Reply:
        if request.door is Door.FILES and any(name in request.headers for name in KEY_HEADERS):
            raise Breach(400, "unexpected key", "the key was sent to the host of the files")
        job = self._files.get(request.path.removeprefix("/moved"))
        if job is None or request.door is not (Door.API if "file-here" in job.fates else Door.FILES):
            return refusal(404, "not found")
        self.books.note(job.prompt, "fetches")
        self._tell(f"fetch   {job.id}  {self.books.prompts[job.prompt].fetches} so far")
        withheld = job.withheld(request.query, self._clock.monotonic())
        return withheld or self._spoiled(self._found(job, request), job.fates.strike(Where.FILE))

    def _found(self, job: J, request: Request) -> Reply:
        place = f"{request.path}?{request.query}" if request.query else request.path
        return Reply(headers={"Content-Type": "image/png", "Content-Location": place}, body=self._picture(job))

    def _picture(self, job: J) -> bytes:
        return self._draw(self.catalogue.words(job.prompt), self._style(job), job.number)

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
