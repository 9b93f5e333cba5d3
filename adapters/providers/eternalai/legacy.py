"""The family that the vendor calls legacy, at `/creative-ai`: pictures out of words, edits, and videos."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from adapters.providers._http import Api, Reply
from adapters.providers.eternalai.handles import Family, Handle, Place
from adapters.providers.eternalai.outcome import Outcomes
from adapters.providers.eternalai.sources import QUALITY, Picture, asked
from bot.errors import InvalidRequest, ProviderRefused, UnknownHandle
from bot.model import GenerationRequest
from bot.provider import Finished, Pending

RESULT = "/creative-ai/result/image"
RESULT_BY_PATH = "/creative-ai/poll-result"
USUAL_WEIGHT = 1
_SUBMIT = {
    Family.LEGACY: "/creative-ai/image",
    Family.LEGACY_EDIT: "/creative-ai/image",
    Family.LEGACY_VIDEO: "/creative-ai/video",
}
_FIRST = {Family.LEGACY: Place.QUERY, Family.LEGACY_EDIT: Place.PATH, Family.LEGACY_VIDEO: Place.PATH}
"""Where the page of each looks for its results."""


def encode(prompt: str, *, lora: str | None, weight: float | None, model_id: str | None) -> dict[str, Any]:
    """The body that asks for a picture; only what was asked for is in it."""
    body: dict[str, Any] = {"messages": _messages(prompt), "type": "new"}
    if lora is not None:
        weight = USUAL_WEIGHT if weight is None else weight
        body["lora_config"] = {lora: int(weight) if weight == int(weight) else weight}
    return body | asked(model_id=model_id)


def encode_edit(request: GenerationRequest, picture: Picture) -> dict[str, Any]:
    """The body that asks for an edit."""
    quality = asked(quality=request.quality and QUALITY[request.quality])
    return {"messages": _messages(request.prompt, picture), "type": "edit", **quality}


def encode_video(request: GenerationRequest, picture: Picture) -> dict[str, Any]:
    """The body that asks for a video."""
    return {"messages": _messages(request.prompt, picture), **asked(duration=request.duration_s, audio=request.audio)}


def _messages(prompt: str, picture: Picture | None = None) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = [{"type": "text", "text": prompt}]
    if picture is not None:
        image = {"url": picture.data_uri, "filename": picture.file_name}
        content.append({"type": "image_url", "image_url": image})
    return [{"role": "user", "content": content}]


class Legacy:
    """Submits, and looks at two places: the documentation has both, and not every id is known at both."""

    def __init__(self, api: Api, outcomes: Outcomes, family: Family) -> None:
        self._api = api
        self._outcomes = outcomes
        self._family = family
        self._last: Place | None = None  # where the last job was found

    async def submit(self, body: dict[str, Any]) -> Pending | Finished:
        """Hand an encoded body over, once; the errors are those of the port."""
        reply = await self._api.submit(_SUBMIT[self._family], json=body)
        return await self._outcomes.of_submit(reply, self._family, self._last)

    async def poll(self, handle: Handle) -> Pending | Finished:
        """Look once, at the place that works for this job."""
        place, reply = await self._ask(handle)
        looked = await self._outcomes.of_look(reply, handle, place)
        self._last = place
        return looked

    async def _ask(self, handle: Handle) -> tuple[Place, Reply]:
        """The answer and where it was found; `UnknownHandle` when neither place knows the job.

        What one place makes of an id that only the other takes is not documented, so a
        refusal there says nothing about the job.
        """
        first = handle.place or self._last or _FIRST[self._family]
        try:
            return first, await self._ask_at(first, handle.id)
        except (UnknownHandle, InvalidRequest):
            pass
        try:
            return first.other, await self._ask_at(first.other, handle.id)
        except (UnknownHandle, InvalidRequest, ProviderRefused) as error:
            raise UnknownHandle("neither place knows this job") from error

    async def _ask_at(self, place: Place, job_id: str) -> Reply:
        if place is Place.QUERY:
            return await self._api.ask(RESULT, params={"request_id": job_id})
        return await self._api.ask(f"{RESULT_BY_PATH}/{quote(job_id, safe='')}")
