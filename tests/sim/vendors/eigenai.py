"""A simulated Eigen AI, pictures out of words: it answers when they are drawn, in every form that was seen of it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sim.vendors.fates import BY_NAME, FATES, TEXT, WHOLE, Catalogue, Fate, Where
from sim.vendors.job import Job
from sim.vendors.rules import Breach, check, check_alone, check_keys, read_object
from sim.vendors.spoils import Spoil, typed
from sim.vendors.vendor import Vendor
from sim.vendors.wire import Door, Reply, Request, as_json

GENERATE = "/api/v1/generate"
FILES = "/out/"
SIDE_PX = range(512, 2049)
MODEL = "eigen-image"


def _retold(retell: Callable[[str], str]) -> Spoil:
    """The same answer, each of its texts told otherwise; what is no JSON object stays as it is."""

    def spoil(right: Reply, _value: str, _now: float) -> Reply:
        with suppress(ValueError, AttributeError):
            return as_json({name: retell(str(text)) for name, text in right.json().items()})
        return right

    return spoil


def _swollen(_right: Reply, value: str, _now: float) -> Reply:
    return as_json({"turbo_image_base64": base64.b64encode(bytes(int(value) * 750_000)).decode()})


def _three_quarters(text: str) -> str:
    return text[: len(text) * 3 // 16 * 4]


ACCEPTED = Where.ACCEPTED
_SHARED = (Where.REFUSED, Where.LOST, Where.FILE)
EIGENAI = Catalogue(
    [
        *(fate for fate in FATES if fate.where in _SHARED and fate.name != "submit-no-id"),
        *(BY_NAME[name] for name in ("submit-slow", "takes", "url")),
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
        Fate("json-as-png", ACCEPTED, "says PNG of itself", typed("image/png")),
        Fate("base64-broken", ACCEPTED, "has base64 that is none", _retold(lambda text: f"{text}=")),
        Fate("base64-cut", ACCEPTED, "has three quarters of the picture", _retold(_three_quarters)),
        Fate("answer-huge", ACCEPTED, "has so many megabytes of base64", _swollen, WHOLE, ("60",)),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What a submit asks for."""

    prompt: str
    options: Mapping[str, Any]


@dataclass(eq=False, slots=True, kw_only=True)
class EigenAIJob(Job):
    """Nobody can look at it: it is its submit."""

    order: Order

    @property
    def usual_word(self) -> str:
        return "success"

    @property
    def path(self) -> str:
        return f"{FILES}{self.name}"

    def reply(self, done: float, now: float, places: Mapping[str, Any], media: Mapping[str, Any]) -> Reply:
        return as_json({"data": [media]} if "in-data" in self.fates else media)

    def media(self, address: str | None, picture: bytes) -> dict[str, Any]:
        if (word := self.fates.value("said")) is not None:
            return {"status": word}
        if "no-picture" in self.fates:
            return {"status": "success", "images": []}
        if "path-only" in self.fates:
            return {"image_path": "s3://eigenai/out/1.png"}
        if "address" in self.fates:
            return {"image_url": address}
        text = base64.b64encode(picture).decode()
        key = self.fates.value("inline-in") or "turbo_image_base64"
        return {key: f"data:image/png;base64,{text}" if "data-uri" in self.fates else text}


class EigenAI(Vendor[EigenAIJob]):
    """Draws any number of pictures at a time."""

    name = "eigenai"
    title = "Eigen AI"
    catalogue = EIGENAI
    settings: ClassVar[Mapping[str, str]] = {"MODELS": MODEL}
    file_paths = (FILES,)

    def _call(self, request: Request) -> Reply:
        check_alone(request.headers, "authorization", f"Bearer {self.key}")
        if request.door is not Door.API or request.method != "POST" or request.path != GENERATE:
            raise Breach(404, "not found", "there is no such call")
        job = self._taken(request, _order(request))
        if isinstance(job, Reply):
            return job
        drawn = self._submitted(job, self._drawn(job))
        return replace(drawn, delay_s=drawn.delay_s + job.ticket.duration_s)

    def _drawn(self, job: EigenAIJob) -> Reply:
        if "bytes" in job.fates or "bytes-as-json" in job.fates:
            said = "image/png" if "bytes" in job.fates else "application/json"
            return Reply(headers={"Content-Type": said}, body=self._picture(job))
        return job.reply(1.0, self._clock.now(), {}, self._media(job))

    def _job(self, identity: str, order: Any, **fields: Any) -> EigenAIJob:
        return EigenAIJob(id=identity, name=f"{identity}.png", prompt=order.prompt, order=order, **fields)


def _order(request: Request) -> Order:
    fields = read_object(request.headers, request.query, request.body)
    check_keys(fields, "the body", {"model", "prompt"}, {"width", "height", "seed", "guidance_scale"})
    for name in ("model", "prompt"):
        check(isinstance(fields[name], str) and fields[name].strip() != "", f"`{name}` is no text")
    for name in ("width", "height"):
        check(type(fields.get(name, 512)) is int and fields.get(name, 512) in SIDE_PX, f"`{name}` is out of range")
    check(type(fields.get("seed", 0)) is int, "`seed` is no whole number")
    check(type(fields.get("guidance_scale", 1.0)) in (int, float), "`guidance_scale` is no number")
    return Order(fields.pop("prompt"), fields)
