"""Changed pictures: a form with the source in it, one long call, and the picture is its answer."""

from __future__ import annotations

from adapters.providers._http import Api
from adapters.providers.eigenai.images import GENERATE, drawn
from adapters.providers.eigenai.sources import part
from bot.model import GenerationRequest
from bot.provider import Finished, OptionKind, OptionSpec, Pictures

PROFILES = {"fast": "lightning", "faithful": "vanilla"}
FIELDS = {
    "negative_prompt": "negative_prompt",
    "steps": "num_inference_steps",
    "cfg": "true_cfg_scale",
    "profile": "weight",
    "rank": "rank",
    "lora_strength": "lora_strength",
    "sample_steps": "sample_steps",
    "sample_guidance": "sample_guide_scale",
    "downsize_mp": "downsizing_mp",
    "format": "output_format",
}


def _whole(name: str, hint: str, high: int) -> OptionSpec:
    return OptionSpec(name=name, kind=OptionKind.WHOLE, hint=hint, low=1, high=high)


def _number(name: str, hint: str, low: float, high: float) -> OptionSpec:
    return OptionSpec(name=name, kind=OptionKind.NUMBER, hint=hint, low=low, high=high)


# The page names no range for any number: these hold every value that it shows, and keep out what costs hours.
OPTIONS = (
    OptionSpec(name="negative_prompt"),
    _whole("steps", "steps of drawing", 100),
    _number("cfg", "how closely it follows the words", 0, 20),
    OptionSpec(name="profile", hint="a quick edit or a careful one", choices=tuple(PROFILES)),
    _whole("rank", "how much an edit may change", 256),
    _number("lora_strength", "how strongly the edit is applied", 0, 2),
    _whole("sample_steps", "steps of sampling", 100),
    _number("sample_guidance", "how closely sampling is guided", 0, 20),
    _number("downsize_mp", "megapixels that a large source is made smaller to", 0.1, 16),
    OptionSpec(name="format", hint="the type of the file", choices=("jpg", "png")),
)


async def edit(
    api: Api, pictures: Pictures, request: GenerationRequest, *, model: str, field: str, title: str
) -> Finished:
    """Hand a request with its source over, once, and wait for the picture; `field` is where the source goes.

    Raises `InvalidRequest` before anything is sent where the source is gone.
    """
    source = await part(pictures, request, field)
    fields = {"model": model, "prompt": request.prompt, "mode": "image-editing", "binary_response": "true"}
    reply = await api.upload(GENERATE, fields={**fields, **_asked(request)}, files=(source,))
    return await drawn(api, reply, title=title)


def _asked(request: GenerationRequest) -> dict[str, str]:
    asked = {field: request.value(name) for name, field in FIELDS.items()}
    said = {field: str(value) for field, value in asked.items() if value is not None}
    if "weight" in said:
        said["weight"] = PROFILES[said["weight"]]
    return said
