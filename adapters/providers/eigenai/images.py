"""Pictures out of words: one long call, and the picture is in its answer."""

from __future__ import annotations

from typing import Any

from adapters.providers._http import Api, unreadable_is_unknown
from adapters.providers.eigenai.reading import picture
from bot.errors import OutcomeUnknown, ProviderUnavailable, RateLimited
from bot.model import GenerationRequest
from bot.provider import Finished, OptionSpec

GENERATE = "/api/v1/generate"
SIDE_PX = (512, 2048)
OPTIONS = (
    OptionSpec(name="width", low=SIDE_PX[0], high=SIDE_PX[1]),
    OptionSpec(name="height", low=SIDE_PX[0], high=SIDE_PX[1]),
    OptionSpec(name="seed"),
    OptionSpec(name="guidance"),
)


def encode(request: GenerationRequest, *, model: str) -> dict[str, Any]:
    """The body of a submit; only what was asked for is in it."""
    options = {
        "width": request.width,
        "height": request.height,
        "seed": request.seed,
        "guidance_scale": request.guidance,
    }
    asked = {name: value for name, value in options.items() if value is not None}
    return {"model": model, "prompt": request.prompt, **asked}


async def draw(api: Api, body: dict[str, Any], *, title: str) -> Finished:
    """Hand a body of `encode` over, once, and wait for the picture; the errors are those of a submit.

    It is drawn and charged by the time of any answer, so that what cannot be read is `OutcomeUnknown`.
    """
    reply = await api.submit(GENERATE, json=body)
    try:
        with unreadable_is_unknown():
            return Finished(await picture(api, reply, title=title))
    except (ProviderUnavailable, RateLimited) as error:
        raise OutcomeUnknown("the submit was answered with a picture that cannot be had now") from error
