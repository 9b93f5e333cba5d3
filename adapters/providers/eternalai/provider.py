"""The provider: specs out of the settings, and each job to the family that has it."""

from __future__ import annotations

from adapters.providers._http import Api
from adapters.providers.eternalai.handles import Family, Handle
from adapters.providers.eternalai.legacy import Legacy, encode
from adapters.providers.eternalai.outcome import Outcomes
from adapters.providers.eternalai.styles import Loras
from bot.clock import Clock
from bot.config import EXIT_SETTINGS, EternalAISettings
from bot.errors import StartError
from bot.model import Capability, GenerationRequest
from bot.provider import CapabilitySpec, Finished, OptionSpec, Pending, ProgressKind, ProviderContext, Style

NAME = "eternalai"
TITLE = "EternalAI"
SLOTS = 5  # no limit is documented
USUAL_S = 50.0  # documented: 45 seconds to a minute
DEADLINE_S = 600.0
STRENGTH = (0.1, 2.0)


class EternalAIProvider:
    """Knows styles and their strength and nothing else: no size, seed or count is documented."""

    name = NAME
    title = TITLE

    def __init__(
        self,
        api: Api,
        *,
        clock: Clock,
        models: tuple[str, ...] = (),
        slots: int = SLOTS,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        """`models` are the vendor's ids; without any, it takes its own default."""
        self.slots = slots
        self.specs = tuple(_spec(model, deadline_s) for model in dict.fromkeys(models)) or (_spec(NAME, deadline_s),)
        self._model_ids = frozenset(models)
        self._api = api
        self._loras = Loras(api, clock)
        self._legacy = Legacy(api, Outcomes(api, TITLE))

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:  # noqa: ARG002 - the vendor knows no idempotency
        words = await self._loras.worded(request.prompt, request.style) if request.style else request.prompt
        model_id = model if model in self._model_ids else None
        body = encode(words, lora=request.style, weight=request.style_strength, model_id=model_id)
        return await self._legacy.submit(body)

    async def poll(self, handle: str) -> Pending | Finished:
        job = Handle.read(handle)
        match job.family:
            case Family.LEGACY:
                return await self._legacy.poll(job)

    async def styles(self) -> tuple[Style, ...]:
        return tuple(Style(lora.key, lora.title) for lora in await self._loras.known())

    async def close(self) -> None:
        await self._loras.close()
        await self._api.close()


def _spec(model: str, deadline_s: float) -> CapabilitySpec:
    low, high = STRENGTH
    return CapabilitySpec(
        capability=Capability.TEXT_TO_IMAGE,
        model=model,
        title=TITLE if model == NAME else model,
        options=(OptionSpec(name="style"), OptionSpec(name="style_strength", low=low, high=high)),
        progress=ProgressKind.PERCENT,
        usual_s=USUAL_S,
        deadline_s=deadline_s,
    )


def create(context: ProviderContext) -> EternalAIProvider | None:
    """The entry point; None without a key."""
    settings = context.settings
    assert isinstance(settings, EternalAISettings)
    key = settings.key.get_secret_value().strip() if settings.key else ""
    if not key:
        return None
    api = Api(settings.base_url, title=TITLE, headers=_headers(key))
    return EternalAIProvider(
        api,
        clock=context.clock,
        models=settings.models,
        slots=settings.max_in_flight or SLOTS,
        deadline_s=settings.deadline_s or DEADLINE_S,
    )


def _headers(key: str) -> dict[str, str]:
    """The vendor has two kinds of keys, and each is refused in the other's header."""
    if not key.isascii() or not key.isprintable():
        raise StartError(
            "BOT_PROVIDERS__ETERNALAI__KEY holds characters that are in no key: copy it again.", EXIT_SETTINGS
        )
    return {"Authorization": f"Bearer {key}"} if key.startswith("sk_") else {"x-api-key": key}
