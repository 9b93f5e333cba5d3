"""A simulated Eranol: pictures, looked at in two places, with the contradictions of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from sim.vendors.fates import CANCEL, FATES, NO_JOB, PAGE, Catalogue, Fate, Where
from sim.vendors.job import Job
from sim.vendors.rules import Breach, check, check_alone, check_keys, read_object
from sim.vendors.spoils import conduct, empty, instead
from sim.vendors.vendor import Vendor
from sim.vendors.wire import Conduct, Door, Reply, Request, as_json, refusal

SUBMIT = "/api/v1/image"
IMAGE_STATUS = "/api/v1/image/status/"
FFMPEG_STATUS = "/api/v1/ffmpeg/status/"
JOBS = "/api/v1/ffmpeg/jobs/"
FILE_HERE, FILE_AT_THE_CDN = "/api/v1/ffmpeg/file/", "/output/"
NUMBERS = ("seed", "width", "height")

_LACKING = (
    "wrapped", "wrapped-poll", "uuid", "number-id", "suffix-id", "no-result-key", "queue", "wait", "text-places",
    "result-object", "inline", "encrypted", "only-path", "only-query", "poll-huge",
)  # fmt: skip
NO_LOOKS = refusal(405, "method not allowed")

ERANOL = Catalogue(
    [
        *(fate for fate in FATES if fate.name not in _LACKING),
        Fate("as-list", Where.WORKING, "every poll's answer is the older one: a list, times as numbers, no progress"),
        Fate("working-202", Where.WORKING, "polls are answered 202 until it ends"),
        Fate("failed-400", Where.ENDING, "it fails, and polls are answered 400 with the job and its status"),
        Fate("wordless-400", Where.ENDING, "it fails, and polls are answered 400 with the job and an error"),
        Fate("only-image", Where.POLL, "404 for `/ffmpeg/status/{id}`, for ever"),
        Fate("only-ffmpeg", Where.POLL, "404 for `/image/status/{id}`, for ever"),
        Fate("poll-405", Where.POLL, "405", instead(NO_LOOKS), times=1),
        Fate("cancel-404", CANCEL, "404, though it goes on", instead(NO_JOB)),
        Fate("cancel-405", CANCEL, "405", instead(refusal(405, "method not allowed"))),
        Fate("cancel-400", CANCEL, "400", instead(refusal(400, "it runs"))),
        Fate("cancel-401", CANCEL, "401", instead(refusal(401, "invalid API key"))),
        Fate("cancel-500", CANCEL, "500", instead(refusal(500, "internal error"))),
        Fate("cancel-error", CANCEL, "200 with an error inside", instead(refusal(200, "it runs"))),
        Fate("cancel-html", CANCEL, "200 and a page of HTML", instead(PAGE)),
        Fate("cancel-empty", CANCEL, "is right, but empty", empty),
        Fate("cancel-hang", CANCEL, "it is deleted, and no answer ever comes", conduct(Conduct.HANG)),
        Fate(
            "cancel-drop", CANCEL, "it is deleted, and the connection closed without an answer", conduct(Conduct.DROP)
        ),
    ]
)


@dataclass(frozen=True, slots=True)
class Order:
    """What a submit asks for."""

    prompt: str
    options: Mapping[str, Any]


@dataclass(eq=False, slots=True, kw_only=True)
class EranolJob(Job):
    """Its id is a UUID and two characters more."""

    order: Order

    @property
    def usual_word(self) -> str:
        return "failed" if self._refuses_at_the_end else "completed"

    @property
    def path(self) -> str:
        return f"{FILE_HERE if 'file-here' in self.fates else FILE_AT_THE_CDN}{self.name}"

    def reply(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> Reply:
        ended = done >= 1
        word = self.word if ended else self.fates.value("meanwhile") or "processing"
        if ended and not self.succeeds:
            return self._failed(word)
        body: dict[str, Any] = {"job_id": self.id, "status": word}
        if "as-list" in self.fates:
            body |= {"progress": None, "created_at": self.created_at, "completed_at": now if ended else None}
            return as_json([{**body, "duration": None, "resolution": None, **media}])
        body |= {**self.progress(done), "created_at": _stamp(self.created_at), "updated_at": _stamp(now)}
        return as_json({**body, **media}, 202 if "working-202" in self.fates and not ended else 200)

    def media(self, address: str | None, picture: bytes) -> dict[str, Any]:
        if address is None:
            return {}
        key = self.fates.value("url-in") or ("result_url" if "as-list" in self.fates else "")
        return {key: address} if key else {"result": {"url": address}}

    def _failed(self, word: str) -> Reply:
        body = {"job_id": self.id, "status": word, "error": f"the job ended: {word}"}
        if "wordless-400" in self.fates:
            del body["status"]
        return as_json(body, 400 if self._refuses_at_the_end else 200)

    @property
    def _refuses_at_the_end(self) -> bool:
        return "wordless-400" in self.fates or "failed-400" in self.fates


class Eranol(Vendor[EranolJob]):
    """Its own host gives files only to whoever has the key; the CDN must not see one. It forgets what is deleted."""

    name = "eranol"
    title = "Eranol"
    catalogue = ERANOL
    file_paths = (FILE_HERE, FILE_AT_THE_CDN)

    def _call(self, request: Request) -> Reply:
        self._check_key(request)
        method, path = request.method, request.path
        if request.door is Door.API and method == "POST" and path == SUBMIT:
            job = self._taken(request, _order(request))
            if isinstance(job, Reply):
                return job
            return self._submitted(job, as_json({"job_id": job.id, "status": "processing"}))
        for form, place, barred in (("image", IMAGE_STATUS, "only-ffmpeg"), ("ffmpeg", FFMPEG_STATUS, "only-image")):
            if request.door is Door.API and method == "GET" and path.startswith(place):
                job_id = unquote(path.removeprefix(place))
                return self._poll(request, form, job_id, counted="polls_by_path", barred=barred)
        if request.door is Door.API and method == "DELETE" and path.startswith(JOBS):
            return self._deleted(request, unquote(path.removeprefix(JOBS)))
        raise Breach(404, "not found", "there is no such call")

    def _deleted(self, request: Request, job_id: str) -> Reply:
        """What a delete without a body comes to: the job and its file are gone, unless it is refused."""
        check(not request.body and not request.query, "a delete with a body or a query")
        job = self._jobs.get(job_id)
        self.books.note(job.prompt if job else "", "cancels")
        refused = self._weather(request)
        if refused is not None or job is None:
            return refused or NO_JOB
        right = as_json({"job_id": job_id, "status": "deleted"})
        reply = self._spoiled(right, job.fates.strike(CANCEL))
        if reply.status == right.status and reply.body in (right.body, b""):
            del self._jobs[job.id], self._files[job.path]
        return reply

    def _file(self, request: Request) -> Reply:
        if request.door is Door.API:
            self._check_key(request)
        return super()._file(request)

    def _job(self, identity: str, order: Any, **fields: Any) -> EranolJob:
        return EranolJob(id=f"{identity}-e2", name=f"{identity}.png", prompt=order.prompt, order=order, **fields)

    def _check_key(self, request: Request) -> None:
        check_alone(request.headers, "x-api-key", self.key)


def _order(request: Request) -> Order:
    fields = read_object(request.headers, request.query, request.body)
    check_keys(fields, "the body", {"prompt"}, {"negative_prompt", *NUMBERS})
    for name in ("prompt", "negative_prompt"):
        check(isinstance(fields.get(name, "-"), str) and fields.get(name, "-").strip() != "", f"`{name}` is no text")
    for name in NUMBERS:
        check(type(fields.get(name, 0)) is int, f"`{name}` is no whole number")
    return Order(fields.pop("prompt"), fields)


def _stamp(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
