"""A simulated Eigen AI: pictures and edits, answered when they are made, in every form that was seen, and videos."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from sim.vendors.eigenai_jobs import FILES, EigenAIJob, VideoJob
from sim.vendors.eigenai_orders import EDIT_MODEL, MODEL, VIDEO_MODEL, read
from sim.vendors.fates import BY_NAME, FATES, NO_JOB, TEXT, WHOLE, Catalogue, Fate, Where
from sim.vendors.films import film
from sim.vendors.rules import Breach, check, check_alone
from sim.vendors.spoils import Spoil, typed
from sim.vendors.vendor import Vendor
from sim.vendors.wire import Door, Reply, Request, as_json

__all__ = ["EDIT_MODEL", "EIGENAI", "GENERATE", "MODEL", "VIDEO_MODEL", "EigenAI"]

GENERATE = "/api/v1/generate"
TASK = b'"task_id"'
STATUS, RESULT = f"{GENERATE}/status", f"{GENERATE}/result"


def _retold(retell: Callable[[str], str]) -> Spoil:
    """The same answer, each of its texts told otherwise; what holds no picture in JSON stays as it is."""

    def spoil(right: Reply, _value: str, _now: float) -> Reply:
        with suppress(ValueError, AttributeError):
            if TASK not in right.body:
                return as_json({name: retell(str(text)) for name, text in right.json().items()})
        return right

    return spoil


def _swollen(right: Reply, value: str, _now: float) -> Reply:
    swollen = as_json({"turbo_image_base64": base64.b64encode(bytes(int(value) * 750_000)).decode()})
    return right if TASK in right.body else swollen


def _three_quarters(text: str) -> str:
    return text[: len(text) * 3 // 16 * 4]


ACCEPTED = Where.ACCEPTED
_SHARED = (Where.REFUSED, Where.LOST, Where.FILE)
_LACKING = ("poll-202", "poll-huge", "only-path", "only-query")
EIGENAI = Catalogue(
    [
        *(fate for fate in FATES if fate.where in _SHARED),
        *(BY_NAME[name] for name in ("submit-slow", "takes", "meanwhile", "word", "url")),
        *(fate for fate in FATES if fate.where is Where.POLL and fate.name not in _LACKING),
        Fate(
            "inline-in", ACCEPTED, "the picture stands in this key", None, r"\w+",
            ("edited_image_base64", "image_base64", "b64_json"),
        ),
        Fate("data-uri", ACCEPTED, "the picture is a data URI"),
        Fate("in-data", ACCEPTED, "is wrapped: `{data: [{…}]}`"),
        Fate("address", ACCEPTED, "has the picture's address in `image_url`"),
        Fate("path-only", ACCEPTED, "names a path inside the vendor, and no picture"),
        Fate("no-picture", ACCEPTED, "is a success without a picture"),
        Fate("said", ACCEPTED, "has just this status word", None, TEXT, ("failed", "moderated", "processing")),
        Fate("bytes", ACCEPTED, "is the picture itself"),
        Fate("bytes-as-json", ACCEPTED, "is the picture itself, and says JSON of itself"),
        Fate("json-anyway", ACCEPTED, "of an edit is JSON, although bytes were asked for"),
        Fate("json-as-png", ACCEPTED, "says PNG of itself", typed("image/png")),
        Fate("base64-broken", ACCEPTED, "has base64 that is none", _retold(lambda text: f"{text}=")),
        Fate("base64-cut", ACCEPTED, "has three quarters of the picture", _retold(_three_quarters)),
        Fate("answer-huge", ACCEPTED, "has so many megabytes of base64", _swollen, WHOLE, ("70",)),
    ]
)  # fmt: skip


class EigenAI(Vendor[EigenAIJob]):
    """Draws any number of pictures at a time; only videos are looked at, and their result meets the fates of files."""

    name = "eigenai"
    title = "Eigen AI"
    catalogue = EIGENAI
    settings: ClassVar[Mapping[str, str]] = {"MODELS": MODEL, "EDIT_MODELS": EDIT_MODEL, "VIDEO_MODELS": VIDEO_MODEL}
    file_paths = (FILES,)

    def _call(self, request: Request) -> Reply:
        check_alone(request.headers, "authorization", f"Bearer {self.key}")
        if request.door is Door.API and (request.method, request.path) == ("POST", GENERATE):
            return self._submit(request)
        if request.door is Door.API and request.method == "GET" and request.path in (STATUS, RESULT):
            task_id = self._known(request.query)
            if request.path == RESULT:
                return self._result(task_id)
            return self._poll(request, "query", task_id, counted="polls_by_query", barred="")
        raise Breach(404, "not found", "there is no such call")

    def _submit(self, request: Request) -> Reply:
        job = self._taken(request, read(request))
        if isinstance(job, Reply):
            return job
        if isinstance(job, VideoJob):
            return self._submitted(job, job.submitted())
        drawn = self._submitted(job, self._drawn(job))
        return replace(drawn, delay_s=drawn.delay_s + job.ticket.duration_s)

    def _known(self, query: str) -> str:
        """The id in the query of a look, which must name the model too; "" for one that is of no video."""
        asked = dict(parse_qsl(query, keep_blank_values=True))
        check(
            sorted(asked) == ["jobId", "model"] and query.count("=") == len(asked), "a look without just id and model"
        )
        job = self._jobs.get(asked["jobId"])
        if not isinstance(job, VideoJob):
            return ""
        check(asked["model"] == job.order.model, "a look that names another model")
        return job.id

    def _result(self, task_id: str) -> Reply:
        job = self._jobs.get(task_id)
        self.books.note(job.prompt if job else "", "fetches")
        if job is None or job.ticket.done(self._clock.monotonic()) < 1 or not job.succeeds:
            return NO_JOB
        if "address" in job.fates:
            return as_json({"url": self._address(job)})
        path = f"{RESULT}?jobId={task_id}"
        right = Reply(headers={"Content-Type": "video/mp4", "Content-Location": path}, body=self._picture(job))
        return job.withheld("", self._clock.monotonic()) or self._spoiled(right, job.fates.strike(Where.FILE))

    def _drawn(self, job: EigenAIJob) -> Reply:
        if job.as_bytes:
            said = "application/json" if "bytes-as-json" in job.fates else "image/png"
            return Reply(headers={"Content-Type": said}, body=self._picture(job))
        return job.reply(1.0, self._clock.now(), {}, self._media(job))

    def _job(self, identity: str, order: Any, **fields: Any) -> EigenAIJob:
        kind, name = (VideoJob, f"{identity}.mp4") if order.video else (EigenAIJob, f"{identity}.png")
        return kind(id=identity, name=name, prompt=order.prompt, order=order, **fields)

    def _picture(self, job: EigenAIJob) -> bytes:
        picture = super()._picture(job)
        return film(picture) if job.order.video else picture
