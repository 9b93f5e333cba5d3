"""A provider whose pictures are worth looking at, and words that nobody should get wrong."""

from __future__ import annotations

from functools import cache
from typing import Any

from adapters.providers.demo.picture import draw, plan
from bot.clock import Clock
from bot.model import Artifact, Capability, GenerationRequest
from bot.provider import CapabilitySpec, Finished, OptionSpec, Pending, ProgressKind, Style
from bot.testing.provider import FakeProvider

SIDE_PX = 512
STYLES = (Style("anime", "Anime"), Style("ink", "Ink wash"), Style("claymation", "Claymation"))
SPEC = CapabilitySpec(
    capability=Capability.TEXT_TO_IMAGE,
    model="flux-1",
    title="FLUX.1",
    options=(
        OptionSpec(name="style"),
        OptionSpec(name="style_strength", low=0.1, high=2.0),
        OptionSpec(name="width", low=256, high=2048),
        OptionSpec(name="height", low=256, high=2048),
        OptionSpec(name="seed", low=0, high=2**32 - 1),
    ),
    progress=ProgressKind.PERCENT,
    cancel=True,
    usual_s=48.0,
    deadline_s=600.0,
)
PROMPTS = {
    "markdown": "# big **bold** __under__ ~~gone~~ ||secret|| `code` ```block``` > quote - item",
    "list": "1. a fox 2. a crow",
    "mentions": "@everyone @here <@123456789012345678> <@&123456789012345678> <#123456789012345678> </show:12345>",
    "links": "https://evil.example [free pictures](https://evil.example) <https://evil.example> steam://run/1",
    "marks": "<t:1790000000:R> <:fox:123456789012345678> :white_check_mark: <id:customize> <mailto:a@evil.example>",
    "right-to-left": "ثعلب أحمر في الثلج with a \u202erevo denrut\u202c part",
    "no-width": "a\u200b red\u2060 fox \ufeffwith\u200d nothing\u00ad between",
    "zalgo": "a fox " + "z̸̡̛͙̝̈́̾͝a̷̧̛̩̭͗̈́l̶̢̛͎̤̐̓g̴̨̛͖̝̈́̾o̵̡̦͗̈́̚ " * 6,
    "long": ("a red fox in the snow, soft morning light, " * 60)[:2000],
    "one-word": "fox" * 300,
    "emoji": "a 🦊 and a 👩‍👩‍👧‍👦 under a 🏳️‍🌈 " + "🦊" * 40,
    "lines": "a fox\n# in the snow\n> at night\n- alone",
}


class Painter(FakeProvider):
    """Draws the demo's pictures under the name of a service that knows styles."""

    def __init__(self, clock: Clock, **more: Any) -> None:
        super().__init__(clock, **{"name": "eternalai", "spec": SPEC, "duration_s": 48.0, **more})
        self.title = "EternalAI"
        self._asked: dict[str, GenerationRequest] = {}

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:
        self._asked[key] = request
        return await super().submit(request, model=model, key=key)

    async def poll(self, handle: str) -> Pending | Finished:
        answer = await super().poll(handle)
        if isinstance(answer, Pending):
            return answer
        request = self.asked_for(handle)
        width, height = request.width or SIDE_PX, request.height or SIDE_PX
        seed = request.seed or list(self._asked.values()).index(request)
        return Finished(Artifact(picture(request.prompt, width, height, seed), "image/png"))

    def asked_for(self, handle: str) -> GenerationRequest:
        return self._asked[handle.partition(" ")[0]]

    async def styles(self) -> tuple[Style, ...]:
        return STYLES


@cache
def picture(prompt: str, width: int, height: int, seed: int) -> bytes:
    scale = SIDE_PX / max(width, height)
    brief = plan(prompt, style=None, width=round(width * scale), height=round(height * scale), seed=seed)
    return draw(brief)
