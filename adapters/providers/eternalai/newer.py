"""The newer API, for keys that begin with `sk_`: a picture becomes a video."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from adapters.providers._http import Api
from adapters.providers.eternalai.handles import Family, Handle
from adapters.providers.eternalai.outcome import Outcomes
from adapters.providers.eternalai.sources import Picture, asked
from bot.model import GenerationRequest
from bot.provider import Finished, Pending

ROOT = "/api/image-to-video"
MODEL = "wan-ai/wan2.2-i2v-a14b-lightning"
RESOLUTIONS = ("480p", "580p", "720p")


def encode(request: GenerationRequest, picture: Picture) -> dict[str, Any]:
    """The body of a submit; the duration is a text here, and a number there is refused."""
    return {
        "prompt": request.prompt,
        "image_url": picture.data_uri,
        "model_id": MODEL,
        **asked(
            duration=request.duration_s and str(request.duration_s),
            resolution=request.extra.get("resolution"),
            cfg_scale=request.guidance,
            negative_prompt=request.negative_prompt,
            seed=request.seed,
        ),
    }


class Newer:
    """Answers stand in an envelope whose own status is true or false."""

    def __init__(self, api: Api, outcomes: Outcomes) -> None:
        self._api = api
        self._outcomes = outcomes

    async def submit(self, request: GenerationRequest, picture: Picture) -> Pending | Finished:
        """Hand a request over, once; the errors are those of the port."""
        reply = await self._api.submit(ROOT, json=encode(request, picture))
        return await self._outcomes.of_submit(reply, Family.NEWER)

    async def poll(self, handle: Handle) -> Pending | Finished:
        """Look once."""
        return await self._outcomes.of_look(await self._api.ask(f"{ROOT}/{quote(handle.id, safe='')}/status"), handle)
