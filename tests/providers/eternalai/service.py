"""EternalAI as its own pages show it, and the provider that talks to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.providers.eternalai import EternalAIProvider
from adapters.providers.eternalai.handles import Family, Handle
from bot.model import GenerationRequest
from bot.provider import Finished, Pending
from bot.testing.wire import Answer, Call, Wire, reply

KEY = "a-key-of-a-test"
PROMPT = "A beautiful young woman sits on the bed."
URL = "https://cdn.eternalai.org/feed/2026/01/14/5bf6581e.png"
PENDING = {"request_id": "921864", "status": "pending", "result": "", "progress": 0}
SUCCESS = PENDING | {"status": "success", "result_url": URL}
HANDLE = Handle(Family.LEGACY, "921864").write()
BY_QUERY = "/creative-ai/result/image?request_id=921864"
BY_PATH = "/creative-ai/poll-result/921864"


Make = Callable[..., EternalAIProvider]


async def hand_over(provider: EternalAIProvider, prompt: str = PROMPT, **options: Any) -> Pending | Finished:
    model = provider.specs[0].model
    return await provider.submit(GenerationRequest(prompt=prompt, **options), model=model, key="JOB1")


def answering(body: Any, status: int = 200) -> Callable[[Call], Answer]:
    return lambda _: reply(status, body)


def at(places: dict[str, Answer]) -> Callable[[Call], Answer]:
    return lambda call: places[call.target]


def targets(wire: Wire) -> list[str]:
    return [call.target for call in wire.calls]
