"""The providers: one for each kind of key that the service gives out."""

from __future__ import annotations

import re

from adapters.providers._http import Api, Phase, Reply
from adapters.providers.eternalai.effects import AllowedEffects
from adapters.providers.eternalai.families import Families
from adapters.providers.eternalai.legacy import encode, encode_edit, encode_video
from adapters.providers.eternalai.ready import ReadyMade
from adapters.providers.eternalai.sources import picture_of
from adapters.providers.eternalai.specs import (
    LEGACY_EDIT,
    LEGACY_VIDEO,
    NAME,
    TITLE,
    VIDEOS,
    newer_specs_of,
    specs_of,
)
from adapters.providers.eternalai.styles import Loras
from bot.clock import Clock
from bot.config import EXIT_SETTINGS, EternalAISettings
from bot.errors import InvalidRequest, StartError
from bot.model import Capability, CharacterSource, GenerationRequest
from bot.provider import (
    CapabilitySpec,
    CharacterCard,
    Effect,
    Finished,
    Pending,
    Pictures,
    ProviderContext,
    Style,
    no_pictures,
)

SLOTS = 5  # no limit is documented
_GONE = (404, 410)
_CHOSEN = re.compile(rb"(?<![/\w])(?:character|effect|lora)", re.IGNORECASE)  # but not in an address
_JUDGED_BYTES = 65_536


class EternalAIProvider:
    """Pictures, edits, videos, effects and characters, each by the family of the API that serves it."""

    name = NAME
    title = TITLE

    def __init__(
        self,
        api: Api,
        *,
        clock: Clock,
        pictures: Pictures = no_pictures,
        models: tuple[str, ...] = (),
        effects: tuple[str, ...] = (),
        slots: int = SLOTS,
        deadline_s: float | None = None,
    ) -> None:
        """`models` are the vendor's ids, `effects` those that the operator allows."""
        self.slots = slots
        self._api = api
        self._pictures = pictures
        self._models = models
        self._deadline_s = deadline_s
        self._families = Families(api, TITLE)
        self._loras = Loras(api, clock)
        self._effects = AllowedEffects(api, clock, effects)
        self._ready = ReadyMade(api, clock)
        self.specs = self._specs()

    @property
    def balance(self) -> float | None:
        return self._families.outcomes.balance

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:  # noqa: ARG002 - the vendor knows no idempotency
        match request.capability:
            case Capability.TEXT_TO_IMAGE:
                return await self._draw(request, model)
            case Capability.CREATE_CHARACTER:
                return await self._families.characters.submit(request.prompt)
            case Capability.APPLY_EFFECT if request.effect not in self._effects:
                raise InvalidRequest("fail.provider_invalid", provider=TITLE)  # it was allowed when it was asked for
        return await self._change(request, model)

    async def poll(self, handle: str) -> Pending | Finished:
        return await self._families.poll(handle)

    async def styles(self) -> tuple[Style, ...]:
        return tuple(Style(lora.key, lora.title) for lora in await self._loras.known())

    async def effects(self) -> tuple[Effect, ...]:
        known = await self._effects.known()
        self.specs = self._specs()
        return known

    async def characters(self) -> tuple[CharacterCard, ...]:
        return await self._ready.known()

    async def close(self) -> None:
        await self._loras.close()
        await self._effects.close()
        await self._ready.close()
        await self._api.close()

    def _specs(self) -> tuple[CapabilitySpec, ...]:
        """What is offered as far as it is known by now which effects there are."""
        effects, films = self._effects.keys(video=False), self._effects.keys(video=True)
        return specs_of(self._models, self._deadline_s, effects=effects, video_effects=films)

    async def _draw(self, request: GenerationRequest, model: str) -> Pending | Finished:
        words = await self._loras.worded(request.prompt, request.style) if request.style else request.prompt
        model_id = model if model in self._models else None
        body = encode(words, lora=request.style, weight=request.style_strength, model_id=model_id)
        return await self._families.drawing.submit(body)

    async def _change(self, request: GenerationRequest, model: str) -> Pending | Finished:
        """What is made from a character or a picture."""
        video = model in VIDEOS
        if isinstance(request.source, CharacterSource):
            return await self._families.of_characters.submit(request, request.source.reference, video=video)
        picture = await picture_of(request.source, self._pictures, title=TITLE)
        if model == LEGACY_EDIT:
            return await self._families.legacy_edits.submit(encode_edit(request, picture))
        if model == LEGACY_VIDEO:
            return await self._families.legacy_videos.submit(encode_video(request, picture))
        return await self._families.of_pictures.submit(request, picture.data_uri, video=video)


class NewerProvider:
    """What a key of the newer API is good for: a picture becomes a video."""

    name = NAME
    title = TITLE

    def __init__(self, api: Api, *, pictures: Pictures, slots: int, deadline_s: float | None) -> None:
        self.slots = slots
        self.specs = newer_specs_of(deadline_s)
        self._api = api
        self._pictures = pictures
        self._families = Families(api, TITLE)

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:  # noqa: ARG002 - the vendor knows no idempotency
        picture = await picture_of(request.source, self._pictures, title=TITLE)
        return await self._families.newer.submit(request, picture)

    async def poll(self, handle: str) -> Pending | Finished:
        return await self._families.poll(handle)

    async def close(self) -> None:
        await self._api.close()


def create(
    context: ProviderContext, *, submit_s: float = 60.0, ask_s: float = 30.0
) -> EternalAIProvider | NewerProvider | None:
    """The entry point; None without a key."""
    settings = context.settings
    assert isinstance(settings, EternalAISettings)
    key = settings.key.get_secret_value().strip() if settings.key else ""
    if not key:
        return None
    newer = key.startswith("sk_")
    headers = _headers(key, newer=newer)
    api = Api(settings.base_url, title=TITLE, headers=headers, judge=_judge, submit_s=submit_s, ask_s=ask_s)
    slots, deadline_s = settings.max_in_flight or SLOTS, settings.deadline_s
    if newer:
        return NewerProvider(api, pictures=context.pictures, slots=slots, deadline_s=deadline_s)
    return EternalAIProvider(
        api,
        clock=context.clock,
        pictures=context.pictures,
        models=settings.models,
        effects=settings.effects,
        slots=slots,
        deadline_s=deadline_s,
    )


def _headers(key: str, *, newer: bool) -> dict[str, str]:
    """Each kind of key is refused in the other's header."""
    if not key.isascii() or not key.isprintable():
        raise StartError(
            "BOT_PROVIDERS__ETERNALAI__KEY holds characters that are in no key: copy it again.", EXIT_SETTINGS
        )
    return {"Authorization": f"Bearer {key}"} if newer else {"x-api-key": key}


def _judge(phase: Phase, reply: Reply) -> InvalidRequest | None:
    """A character, effect or style that is gone says nothing about the service: others may go on asking it."""
    said = reply.body[:_JUDGED_BYTES].lstrip()
    if phase is Phase.SUBMIT and reply.status in _GONE and not said.startswith(b"<") and _CHOSEN.search(said):
        return InvalidRequest("fail.provider_invalid", provider=TITLE)
    return None
