"""The provider: one spec, and the body of a submit."""

from __future__ import annotations

from typing import Any

from adapters.providers._http import Api
from adapters.providers.eranol.handles import Handle
from adapters.providers.eranol.jobs import Jobs
from adapters.providers.eranol.reading import judge
from bot.config import EXIT_SETTINGS, EranolSettings
from bot.errors import StartError
from bot.model import Capability, GenerationRequest
from bot.provider import CapabilitySpec, Finished, OptionSpec, Pending, ProgressKind, ProviderContext

NAME = "eranol"
TITLE = "Eranol"
SLOTS = 3  # no limit is documented
USUAL_S = 30.0  # a guess: no time is documented
DEADLINE_S = 600.0
OPTIONS = ("negative_prompt", "seed", "width", "height")
"""Documented without any range, so that a value it does not take is its own to refuse."""


class EranolProvider:
    """Draws from words.

    A cancel deletes the job and its file. The service nowhere says whether that stops the work
    or saves the operator its charge; who asked for the picture does not pay in any case.
    """

    name = NAME
    title = TITLE

    def __init__(self, api: Api, *, slots: int = SLOTS, deadline_s: float = DEADLINE_S) -> None:
        self.slots = slots
        self.specs: tuple[CapabilitySpec, ...] = (
            CapabilitySpec(
                capability=Capability.TEXT_TO_IMAGE,
                model=NAME,
                title=TITLE,
                options=tuple(OptionSpec(name=name) for name in OPTIONS),
                progress=ProgressKind.PERCENT,
                cancel=True,
                usual_s=USUAL_S,
                deadline_s=deadline_s,
            ),
        )
        self._api = api
        self._jobs = Jobs(api, TITLE)

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:  # noqa: ARG002 - it has one model and knows no idempotency
        asked = {name: request.value(name) for name in OPTIONS}
        body: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
        return await self._jobs.submit({"prompt": request.prompt, **body})

    async def poll(self, handle: str) -> Pending | Finished:
        return await self._jobs.poll(Handle.read(handle))

    async def cancel(self, handle: str) -> None:
        await self._jobs.cancel(Handle.read(handle))

    async def close(self) -> None:
        await self._api.close()


def create(context: ProviderContext, *, submit_s: float = 60.0, ask_s: float = 30.0) -> EranolProvider | None:
    """The entry point; None without a key."""
    settings = context.settings
    assert isinstance(settings, EranolSettings)
    key = settings.key.get_secret_value().strip() if settings.key else ""
    if not key:
        return None
    if not key.isascii() or not key.isprintable():
        raise StartError(
            "BOT_PROVIDERS__ERANOL__KEY holds characters that are in no key: copy it again.", EXIT_SETTINGS
        )
    headers = {"x-api-key": key}
    api = Api(settings.base_url, title=TITLE, headers=headers, judge=judge, submit_s=submit_s, ask_s=ask_s)
    return EranolProvider(api, slots=settings.max_in_flight or SLOTS, deadline_s=settings.deadline_s or DEADLINE_S)
