"""A provider that changes and films pictures, and makes characters, beside drawing from words."""

from __future__ import annotations

from typing import Any

from bot.clock import Clock
from bot.model import Artifact, Capability, GenerationRequest, SourceKind
from bot.provider import (
    CapabilitySpec,
    CharacterCard,
    Effect,
    Finished,
    OptionKind,
    OptionSpec,
    Pending,
    ProgressKind,
)
from bot.testing.provider import PNG, SPEC, FakeProvider

MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(100)
BOTH = frozenset(SourceKind)
BO = CharacterCard(reference="bo-1", name="Bo", description="a brilliant student", gender="female", age=20)
READY = (
    CharacterCard(reference="astrid-1", name="Astrid", description="builds bridges", gender="female", age=24),
    CharacterCard(reference="kid-1", name="Kid", age=12),
    CharacterCard(reference="who-1", name="Who"),
)


def _spec(capability: Capability, title: str, *options: OptionSpec, **more: Any) -> CapabilitySpec:
    usual = {"progress": ProgressKind.PERCENT, "cancel": True, "usual_s": 30.0, "max_count": 1}
    return CapabilitySpec(
        capability=capability, model=title.lower().replace(" ", "-"), title=title, options=options, **{**usual, **more}
    )


SPECS = (
    SPEC,
    _spec(Capability.EDIT_IMAGE, "Retouch", OptionSpec(name="quality", choices=("standard", "high")), sources=BOTH),
    _spec(Capability.EDIT_IMAGE, "Collage", OptionSpec(name="seed"), sources=frozenset({SourceKind.PICTURE})),
    _spec(
        Capability.IMAGE_TO_VIDEO,
        "Reel",
        OptionSpec(name="duration_s", kind=OptionKind.WHOLE, low=1, high=5),
        OptionSpec(name="audio", kind=OptionKind.FLAG),
        sources=BOTH,
        video=True,
    ),
    _spec(Capability.APPLY_EFFECT, "Sparkle", sources=BOTH, video=True),
    _spec(Capability.CREATE_CHARACTER, "Casting"),
)


class Studio(FakeProvider):
    """Does everything; `requests` are what it was asked, by their keys, `ready` its ready-made characters."""

    def __init__(self, clock: Clock, **more: Any) -> None:
        super().__init__(clock, name="studio", **more)
        self.specs = SPECS
        self.requests = dict[str, GenerationRequest]()
        self.ready: tuple[CharacterCard, ...] = READY

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:
        self.requests[key] = request
        return await super().submit(request, model=model, key=key)

    async def poll(self, handle: str) -> Pending | Finished:
        answer = await super().poll(handle)
        if isinstance(answer, Pending):
            return answer
        return self.made(self.requests[handle.partition(" ")[0]])

    def made(self, request: GenerationRequest) -> Finished:
        """What becomes of a request."""
        if request.capability in (Capability.IMAGE_TO_VIDEO, Capability.APPLY_EFFECT):
            return Finished(Artifact(MP4, "video/mp4"))
        character = BO if request.capability is Capability.CREATE_CHARACTER else None
        return Finished(Artifact(PNG, "image/png"), character)

    async def effects(self) -> tuple[Effect, ...]:
        return (Effect("glitter", "Glitter", video=True), Effect("sketch", "Sketch", video=False))

    async def characters(self) -> tuple[CharacterCard, ...]:
        return self.ready
