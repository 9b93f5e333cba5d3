"""The provider: a spec for each model that the operator names, and each capability to its module."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from adapters.providers._http import Api
from adapters.providers.eigenai import edits, images, videos
from bot.config import EXIT_SETTINGS, EigenAISettings
from bot.errors import StartError
from bot.model import Capability, GenerationRequest, SourceKind
from bot.provider import CapabilitySpec, Finished, Pending, Pictures, ProviderContext

NAME = "eigenai"
TITLE = "Eigen AI"
SLOTS = 4  # no limit is documented
USUAL_S = 15.0  # a guess, as the next one: no time is documented
USUAL_VIDEO_S = 90.0
DEADLINE_S = 300.0
DEADLINE_VIDEO_S = 1800.0
MAX_BODY_BYTES = 64_000_000  # as much as is kept of any result; its largest picture takes 23 MB


class EigenAIProvider:
    """Pictures are drawn while one waits; videos are jobs, which nobody can cancel."""

    name = NAME
    title = TITLE

    def __init__(self, api: Api, settings: EigenAISettings, pictures: Pictures) -> None:
        """The ids of models in the settings may be of one that does several things."""
        self.slots = settings.max_in_flight or SLOTS
        self.specs = tuple(_specs(settings))
        self._api = api
        self._pictures = pictures
        self._edit_field = settings.edit_field
        self._videos = videos.Videos(api, pictures, TITLE)

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:  # noqa: ARG002 - the service knows no idempotency
        match request.capability:
            case Capability.EDIT_IMAGE:
                return await edits.edit(
                    self._api, self._pictures, request, model=model, field=self._edit_field, title=TITLE
                )
            case Capability.IMAGE_TO_VIDEO:
                return await self._videos.submit(request, model=model)
        return await images.draw(self._api, request, model=model, title=TITLE)

    async def poll(self, handle: str) -> Pending | Finished:
        return await self._videos.poll(handle)

    async def close(self) -> None:
        await self._api.close()


def _specs(settings: EigenAISettings) -> Iterator[CapabilitySpec]:
    image = partial(CapabilitySpec, usual_s=USUAL_S, deadline_s=settings.deadline_s or DEADLINE_S)
    for model in dict.fromkeys(settings.models):
        yield image(capability=Capability.TEXT_TO_IMAGE, model=model, title=model, options=images.OPTIONS)
    for model in dict.fromkeys(settings.edit_models):
        yield image(
            capability=Capability.EDIT_IMAGE,
            model=model,
            title=model,
            options=edits.OPTIONS,
            sources=frozenset({SourceKind.PICTURE}),
        )
    for model in dict.fromkeys(settings.video_models):
        yield CapabilitySpec(
            capability=Capability.IMAGE_TO_VIDEO,
            model=model,
            title=model,
            options=videos.OPTIONS,
            usual_s=USUAL_VIDEO_S,
            deadline_s=settings.deadline_s or DEADLINE_VIDEO_S,
            sources=frozenset({SourceKind.PICTURE}),
            max_count=1,
            video=True,
        )


def create(context: ProviderContext, *, submit_s: float | None = None, ask_s: float = 30.0) -> EigenAIProvider | None:
    """The entry point; None without a key. A submit may take as long as a picture, unless `submit_s` is given."""
    settings = context.settings
    assert isinstance(settings, EigenAISettings)
    key = settings.key.get_secret_value().strip() if settings.key else ""
    if not key:
        return None
    _check(key, settings)
    api = Api(
        settings.base_url,
        title=TITLE,
        headers={"Authorization": f"Bearer {key}"},
        submit_s=submit_s or settings.deadline_s or DEADLINE_S,
        ask_s=ask_s,
        max_body_bytes=MAX_BODY_BYTES,
    )
    return EigenAIProvider(api, settings, context.pictures)


def _check(key: str, settings: EigenAISettings) -> None:
    if not key.isascii() or not key.isprintable():
        raise StartError(
            "BOT_PROVIDERS__EIGENAI__KEY holds characters that are in no key: copy it again.", EXIT_SETTINGS
        )
    if not (settings.models or settings.edit_models or settings.video_models):
        raise StartError(
            "BOT_PROVIDERS__EIGENAI__MODELS names no model: put ids of Eigen AI's model library there, "
            "or into __EDIT_MODELS or __VIDEO_MODELS.",
            EXIT_SETTINGS,
        )
