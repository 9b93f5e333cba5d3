"""Easel, a service that does not exist: what a provider looks like."""

from __future__ import annotations

import re
from typing import Any

from adapters.providers._http import Api, Reply, unreadable_is_unknown
from bot.errors import ContentRefused, GenerationFailed, ProtocolError
from bot.model import Capability, GenerationRequest, Progress
from bot.provider import CapabilitySpec, Finished, OptionSpec, Pending, ProgressKind, ProviderContext

TITLE = "Easel"
ORIGIN = "https://api.easel.example"
ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


class EaselProvider:
    """Draws from words; a handle is the id of the picture."""

    title = TITLE

    def __init__(self, api: Api, *, name: str, slots: int, deadline_s: float) -> None:
        self.name = name
        self.slots = slots
        self.specs: tuple[CapabilitySpec, ...] = (
            CapabilitySpec(
                capability=Capability.TEXT_TO_IMAGE,
                model="easel-1",
                title="Easel One",
                options=(OptionSpec(name="seed", low=0, high=2**31 - 1),),
                progress=ProgressKind.PERCENT,
                usual_s=20.0,
                deadline_s=deadline_s,
            ),
        )
        self._api = api

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending:
        body: dict[str, Any] = {"prompt": request.prompt}
        if request.seed is not None:
            body["seed"] = request.seed
        reply = await self._api.submit("/v1/pictures", json=body)
        with unreadable_is_unknown():
            return Pending(_id((await _object(reply)).get("id")))

    async def poll(self, handle: str) -> Pending | Finished:
        said = await _object(await self._api.ask(f"/v1/pictures/{_id(handle)}"))
        match said.get("state"):
            case "done":
                return Finished(await self._api.artifact(_text(said.get("url"))))
            case "failed":
                raise GenerationFailed(f"{TITLE} says that it failed")
            case "refused":
                raise ContentRefused("fail.provider_refused", provider=TITLE)
        return Pending(handle, Progress(fraction=_fraction(said.get("percent"))))

    async def close(self) -> None:
        await self._api.close()


async def _object(reply: Reply) -> dict[str, Any]:
    said = await reply.json()
    if not isinstance(said, dict):
        raise ProtocolError(f"{TITLE} answered without an object")
    return said


def _id(value: Any) -> str:
    """It becomes a part of a path, so nothing but an id may pass."""
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise ProtocolError("this is no id of a picture")
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _fraction(percent: Any) -> float | None:
    known = isinstance(percent, int | float) and not isinstance(percent, bool) and 0 <= percent <= 100
    return percent / 100 if known else None


def create(context: ProviderContext, *, submit_s: float = 60.0, ask_s: float = 30.0) -> EaselProvider | None:
    """The entry point; None without a key."""
    settings = context.settings
    own = {name: value.get_secret_value() for name, value in (settings.model_extra or {}).items()}
    if not own.get("key"):
        return None
    headers = {"Authorization": f"Bearer {own['key']}"}
    api = Api(own.get("base_url", ORIGIN), title=TITLE, headers=headers, submit_s=submit_s, ask_s=ask_s)
    return EaselProvider(
        api, name=context.name, slots=settings.max_in_flight or 2, deadline_s=settings.deadline_s or 300.0
    )
