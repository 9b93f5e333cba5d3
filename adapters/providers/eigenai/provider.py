"""The provider: a spec for each model that the operator names, and each capability to its module."""

from __future__ import annotations

from adapters.providers._http import Api
from adapters.providers.eigenai.images import OPTIONS, draw, encode
from bot.config import EXIT_SETTINGS, EigenAISettings
from bot.errors import ProtocolError, StartError
from bot.model import Capability, GenerationRequest
from bot.provider import CapabilitySpec, Finished, Pending, ProviderContext

NAME = "eigenai"
TITLE = "Eigen AI"
SLOTS = 4  # no limit is documented
USUAL_S = 15.0  # a guess: no time is documented
DEADLINE_S = 300.0
MAX_BODY_BYTES = 32_000_000  # its largest picture, not compressed, in base64, takes 23 MB


class EigenAIProvider:
    """Draws while one waits: there is no job to look at or to cancel."""

    name = NAME
    title = TITLE

    def __init__(
        self, api: Api, *, models: tuple[str, ...], slots: int = SLOTS, deadline_s: float = DEADLINE_S
    ) -> None:
        """`models` are ids of the service's model library."""
        self.slots = slots
        self.specs = tuple(_spec(model, deadline_s) for model in dict.fromkeys(models))
        self._api = api

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Finished:  # noqa: ARG002 - the service knows no idempotency
        return await draw(self._api, encode(request, model=model), title=TITLE)

    async def poll(self, handle: str) -> Pending | Finished:  # noqa: ARG002 - no submit gives one
        raise ProtocolError("this handle was not written here")

    async def close(self) -> None:
        await self._api.close()


def _spec(model: str, deadline_s: float) -> CapabilitySpec:
    return CapabilitySpec(
        capability=Capability.TEXT_TO_IMAGE,
        model=model,
        title=model,
        options=OPTIONS,
        usual_s=USUAL_S,
        deadline_s=deadline_s,
    )


def create(context: ProviderContext, *, submit_s: float | None = None, ask_s: float = 30.0) -> EigenAIProvider | None:
    """The entry point; None without a key. A submit may take as long as the job, unless `submit_s` is given."""
    settings = context.settings
    assert isinstance(settings, EigenAISettings)
    key = settings.key.get_secret_value().strip() if settings.key else ""
    if not key:
        return None
    _check(key, settings.models)
    deadline_s = settings.deadline_s or DEADLINE_S
    api = Api(
        settings.base_url,
        title=TITLE,
        headers={"Authorization": f"Bearer {key}"},
        submit_s=submit_s or deadline_s,
        ask_s=ask_s,
        max_body_bytes=MAX_BODY_BYTES,
    )
    return EigenAIProvider(api, models=settings.models, slots=settings.max_in_flight or SLOTS, deadline_s=deadline_s)


def _check(key: str, models: tuple[str, ...]) -> None:
    if not key.isascii() or not key.isprintable():
        raise StartError(
            "BOT_PROVIDERS__EIGENAI__KEY holds characters that are in no key: copy it again.", EXIT_SETTINGS
        )
    if not models:
        raise StartError(
            "BOT_PROVIDERS__EIGENAI__MODELS names no model: put ids of Eigen AI's model library there.", EXIT_SETTINGS
        )
