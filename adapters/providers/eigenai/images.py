"""Pictures out of words: one long call, and the picture is in its answer."""

from __future__ import annotations

from typing import Any

from adapters.providers._http import Api, Reply, unreadable_is_unknown
from adapters.providers.eigenai.reading import result
from bot.errors import OutcomeUnknown, ProviderUnavailable, RateLimited
from bot.model import GenerationRequest
from bot.provider import Finished, OptionKind, OptionSpec

GENERATE = "/api/v1/generate"
SIDE_PX = (512, 2048)
OPTIONS = (
    OptionSpec(name="width", low=SIDE_PX[0], high=SIDE_PX[1]),
    OptionSpec(name="height", low=SIDE_PX[0], high=SIDE_PX[1]),
    OptionSpec(name="seed"),
    OptionSpec(name="guidance"),
    OptionSpec(name="realtime", kind=OptionKind.FLAG, hint="look things up on the web"),
)
_FIELDS = {"guidance": "guidance_scale", "realtime": "real_time"}


async def draw(api: Api, request: GenerationRequest, *, model: str, title: str) -> Finished:
    """Hand a request over, once, and wait for the picture; only what was asked for is sent."""
    asked = {_FIELDS.get(option.name, option.name): request.value(option.name) for option in OPTIONS}
    body: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    reply = await api.submit(GENERATE, json={"model": model, "prompt": request.prompt, **body})
    return await drawn(api, reply, title=title)


async def drawn(api: Api, reply: Reply, *, title: str) -> Finished:
    """The result in the answer to a submit.

    It is made and charged by then, so that what cannot be read is `OutcomeUnknown`.
    """
    try:
        with unreadable_is_unknown():
            return Finished(await result(api, reply, title=title))
    except (ProviderUnavailable, RateLimited) as error:
        raise OutcomeUnknown("the submit was answered with a result that cannot be had now") from error
