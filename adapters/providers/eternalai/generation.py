"""Effects and instructions, on a picture (V1, as the vendor says) or on a character (V2): the same calls twice."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from adapters.providers._http import Api
from adapters.providers.eternalai.handles import Family, Handle
from adapters.providers.eternalai.outcome import Outcomes
from adapters.providers.eternalai.sources import QUALITY, asked
from bot.model import Capability, GenerationRequest
from bot.provider import Finished, Pending

_ROOTS = {Family.V1: "", Family.V2: "/v2"}


def encode(request: GenerationRequest, image: str, *, video: bool) -> dict[str, Any]:
    """The body of a submit: `image` is a data URI for V1, the id of a character for V2."""
    film = asked(duration=request.duration_s, audio=request.audio) if video else {}
    if request.capability is Capability.APPLY_EFFECT:
        return {"images": [image], "effect_id": request.effect, **film}
    quality = {} if video else asked(quality=request.quality and QUALITY[request.quality])
    made = {"prompt": request.prompt, "type": "video" if video else "image"}
    return {"images": [image], **made, **film, **quality}


class Generation:
    """One of the two families; a job answers in one place."""

    def __init__(self, api: Api, outcomes: Outcomes, family: Family) -> None:
        self._api = api
        self._outcomes = outcomes
        self._family = family
        self._root = _ROOTS[family]

    async def submit(self, request: GenerationRequest, image: str, *, video: bool) -> Pending | Finished:
        """Hand a request over, once; the errors are those of the port."""
        path = "/generate" if request.capability is Capability.APPLY_EFFECT else "/base/generate"
        reply = await self._api.submit(f"{self._root}{path}", json=encode(request, image, video=video))
        return await self._outcomes.of_submit(reply, self._family)

    async def poll(self, handle: Handle) -> Pending | Finished:
        """Look once."""
        reply = await self._api.ask(f"{self._root}/poll-result/{quote(handle.id, safe='')}")
        return await self._outcomes.of_look(reply, handle)
