"""A simulated EternalAI: every family of its API."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote

from sim.vendors import effects
from sim.vendors.effects import STYLES
from sim.vendors.eternalai_characters import CATALOGUE
from sim.vendors.eternalai_job import KINDS, CharacterJob, EternalAIJob
from sim.vendors.eternalai_orders import (
    Family,
    Read,
    of_effects,
    of_words,
    read_character,
    read_image,
    read_newer,
    read_video,
)
from sim.vendors.fates import ETERNALAI
from sim.vendors.films import film
from sim.vendors.rules import KEY_TEXT, Breach, check, check_key, read_object
from sim.vendors.vendor import FIRST_ID, Vendor
from sim.vendors.wire import Door, Reply, Request, as_json

__all__ = ["EFFECTS", "FIRST_ID", "POLL_BY_PATH", "POLL_BY_QUERY", "SUBMIT", "EternalAI"]

SUBMIT = "/creative-ai/image"
POLL_BY_QUERY = "/creative-ai/result/image"
POLL_BY_PATH = "/creative-ai/poll-result/"
EFFECTS = "/creative-ai/generate-image/effects"
VISUAL_EFFECTS = "/uncensored-ai/effects"
CHARACTERS = "/v2/characters"
NEWER = "/api/image-to-video"
CREDITS = 1000.0
MOST_CHARACTERS = 50

SUBMITS: dict[str, Read] = {
    SUBMIT: read_image,
    "/creative-ai/video": read_video,
    "/generate": of_effects(Family.V1),
    "/base/generate": of_words(Family.V1),
    "/v2/generate": of_effects(Family.V2),
    "/v2/base/generate": of_words(Family.V2),
    "/v2/character/create": read_character,
    NEWER: read_newer,
}
LEGACY = frozenset({Family.LEGACY, Family.LEGACY_EDIT, Family.LEGACY_VIDEO})
POLLS: dict[str, AbstractSet[Family]] = {
    POLL_BY_PATH: LEGACY,
    "/poll-result/": {Family.V1},
    "/v2/poll-result/": {Family.V2},
    "/v2/character/poll-result/": {Family.CHARACTERS},
    f"{NEWER}/": {Family.NEWER},
}


class EternalAI(Vendor[EternalAIJob]):
    """Draws with styles; changes pictures and characters; a legacy job is looked at by query or by path."""

    name = "eternalai"
    title = "EternalAI"
    catalogue = ETERNALAI
    file_paths: ClassVar[tuple[str, ...]] = ("/feed/", "/agent_data/", "/dating_media/")

    @property
    def credits_left(self) -> float:
        """What the page of V2 tells with each submit."""
        return CREDITS - sum(job.order.price for job in self._jobs.values() if not self._paid_back(job))

    def _call(self, request: Request) -> Reply:
        method, path = request.method, request.path
        if request.door is Door.API and method == "POST" and path in SUBMITS:
            return self._submit(request, SUBMITS[path])
        if request.door is Door.API and method == "GET":
            if path == POLL_BY_QUERY:
                return self._look(request, "query", _request_id(request.query), LEGACY, barred="only-path")
            for place, families in POLLS.items():
                if path.startswith(place) and (place != f"{NEWER}/" or path.endswith("/status")):
                    job_id = unquote(path.removeprefix(place).removesuffix("/status"))
                    barred = "only-query" if families is LEGACY else ""
                    return self._look(request, "path", job_id, families, barred=barred)
            if path in (EFFECTS, VISUAL_EFFECTS, CHARACTERS):
                return self._list(request)
        raise Breach(404, "not found", "there is no such call")

    def _submit(self, request: Request, read: Read) -> Reply:
        check_key(request.headers, self.key, needed=True)
        if self.key.startswith("sk_") is not (request.path == NEWER):
            raise Breach(401, KEY_TEXT, f"a key of the other kind at {request.path}")
        job = self._taken(request, read(read_object(request.headers, request.query, request.body)))
        return job if isinstance(job, Reply) else self._submitted(job, as_json(job.submitted(self.credits_left)))

    def _look(
        self, request: Request, form: str, request_id: str, families: AbstractSet[Family], *, barred: str
    ) -> Reply:
        check_key(request.headers, self.key, needed=self.weather.polls_need_key)
        job = self._jobs.get(request_id)
        known = request_id if job is None or job.order.family in families else ""
        return self._poll(request, form, known, counted=f"polls_by_{form}", barred=barred)

    def _list(self, request: Request) -> Reply:
        check_key(request.headers, self.key, needed=False)
        self.books.effects_lists += 1
        if (refused := self._weather(request)) is not None:
            return refused
        if request.path == EFFECTS:
            return effects.SHAPES[self.weather.effects]
        asked = dict(parse_qsl(request.query, keep_blank_values=True))
        return self._visual_effects(asked) if request.path == VISUAL_EFFECTS else self._characters(asked)

    def _visual_effects(self, asked: dict[str, str]) -> Reply:
        check(asked.keys() == {"effect_type", "page"}, "a list of effects by other things than type and page")
        check(asked["effect_type"] in ("image", "video") and asked["page"].isdecimal(), "no type, or no page")
        return effects.visual(self.weather.effects, asked["effect_type"], int(asked["page"]))

    def _characters(self, asked: dict[str, str]) -> Reply:
        check(asked.keys() <= {"page", "limit"} and all(map(str.isdecimal, asked.values())), "no page, or no limit")
        page, limit = int(asked.get("page", 1)), int(asked.get("limit", MOST_CHARACTERS))
        check(page >= 1 and 1 <= limit <= MOST_CHARACTERS, "there is no such page")
        self._move()
        made = [job for job in self._jobs.values() if isinstance(job, CharacterJob) and self._ended(job)]
        made = [job for job in made if job.succeeds]
        told = [{**job.record(job.prompt, self.files + job.path), "status": "approved"} for job in made]
        return as_json({"result": [*CATALOGUE, *told][(page - 1) * limit : page * limit]})

    def _job(self, identity: str, order: Any, **fields: Any) -> EternalAIJob:
        fates, request_id = fields["fates"], identity
        if order.family is Family.CHARACTERS or (order.family is Family.LEGACY and "uuid" not in fates):
            request_id = str(fields["number"])
        if "suffix-id" in fates and order.family is not Family.CHARACTERS:
            request_id = f"{request_id}_{fields['created_at']:.0f}"
        name = f"{identity}.{'mp4' if order.video else 'png'}"
        return KINDS[order.family](id=request_id, name=name, prompt=order.prompt, order=order, **fields)

    def _style(self, job: EternalAIJob) -> str:
        return ", ".join(STYLES.get(name, (name, ""))[0] for name in job.order.loras)

    def _picture(self, job: EternalAIJob) -> bytes:
        picture = super()._picture(job)
        return film(picture) if job.order.video else picture

    def _ended(self, job: EternalAIJob) -> bool:
        return job.ticket.done(self._clock.monotonic()) >= 1

    def _paid_back(self, job: EternalAIJob) -> bool:
        return self.weather.refunds and self._ended(job) and not job.succeeds


def _request_id(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if len(pairs) != 1 or pairs[0][0] != "request_id" or not pairs[0][1]:
        raise Breach(400, "request_id is required", "a poll without just a request_id")
    return pairs[0][1]
