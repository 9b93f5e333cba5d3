"""A provider of everything that is made from pictures and characters, which keeps what it was asked for."""

from __future__ import annotations

from pathlib import Path

from sim.house import GENEROUS, House

from bot.commands import Upload
from bot.model import Artifact, Capability, GenerationRequest, Job, RemoteArtifact, SourceKind
from bot.policy import Rules
from bot.provider import CapabilitySpec, CharacterCard, Effect, Finished, OptionKind, OptionSpec, Pending
from bot.testing.clock import FakeClock, settle
from bot.testing.media import FakeMedia
from bot.testing.provider import PNG, SPEC, FakeProvider

MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
EITHER = frozenset(SourceKind)
PICTURE = frozenset({SourceKind.PICTURE})
QUALITY = OptionSpec(name="quality", choices=("standard", "high"))
SECONDS = OptionSpec(name="duration_s", kind=OptionKind.WHOLE, low=1, high=5)
AUDIO = OptionSpec(name="audio", kind=OptionKind.FLAG)
EFFECT = OptionSpec(name="effect")
SPECS = (
    SPEC,
    CapabilitySpec(
        capability=Capability.EDIT_IMAGE,
        model="edit",
        title="Cast Edit",
        options=(QUALITY,),
        sources=EITHER,
        cancel=True,
    ),
    CapabilitySpec(
        capability=Capability.IMAGE_TO_VIDEO,
        model="film",
        title="Cast Film",
        options=(SECONDS, AUDIO),
        sources=EITHER,
        video=True,
        max_count=1,
    ),
    CapabilitySpec(capability=Capability.APPLY_EFFECT, model="fx", title="Cast FX", options=(EFFECT,), sources=EITHER),
    CapabilitySpec(
        capability=Capability.APPLY_EFFECT,
        model="fx-film",
        title="Cast FX Film",
        options=(EFFECT, SECONDS),
        sources=EITHER,
        video=True,
        max_count=1,
    ),
    CapabilitySpec(capability=Capability.CREATE_CHARACTER, model="people", title="Cast People", max_count=1),
)
READY = tuple(
    CharacterCard(reference=f"r{place}", name=name, description="ready-made", gender="female", age=age)
    for place, (name, age) in enumerate([("Elara", 25), ("Julia", 31), ("Flavie", 22), ("Kim", None), ("Tess", 16)])
)


class Cast(FakeProvider):
    """Finishes after `duration_s` as its kind; `age` is that of the next character, `nobody`: there is none."""

    def __init__(self, clock: FakeClock, *, name: str = "cast", specs: tuple[CapabilitySpec, ...] = SPECS) -> None:
        super().__init__(clock, name=name)
        self.specs = specs
        self.requests = dict[str, GenerationRequest]()
        self.models = dict[str, str]()
        self.age: int | None = 20
        self.nobody = False
        self.ready: tuple[CharacterCard, ...] = READY
        self.known = (Effect("e-dance", "Dance", video=True), Effect("e-oil", "Oil painting", video=False))

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:
        self.requests[key], self.models[key] = request, model
        return await super().submit(request, model=model, key=key)

    async def poll(self, handle: str) -> Pending | Finished:
        answer = await super().poll(handle)
        if isinstance(answer, Pending) or answer.character is not None:
            return answer
        key = handle.partition(" ")[0]
        match self.requests[key].capability:
            case Capability.IMAGE_TO_VIDEO:
                return Finished(Artifact(MP4, "video/mp4"))
            case Capability.CREATE_CHARACTER if not self.nobody:
                card = CharacterCard(reference=f"made-{key}", name="Astrid", description="builds bridges", age=self.age)
                return Finished(Artifact(PNG, "image/png"), card)
        return answer

    async def characters(self) -> tuple[CharacterCard, ...]:
        return self.ready

    async def effects(self) -> tuple[Effect, ...]:
        return self.known


def house_of(folder: Path, *, rules: Rules = GENEROUS) -> tuple[House, Cast]:
    """A house with such a provider."""
    clock = FakeClock()
    cast = Cast(clock)
    return House(provider=cast, clock=clock, media=FakeMedia(folder), rules=rules), cast


def brought(data: bytes = PNG, size_bytes: int | None = None) -> Upload:
    """A picture that somebody brings."""

    async def read() -> Artifact | RemoteArtifact:
        return Artifact(data)

    return Upload(read, size_bytes)


async def finished(house: House, job: Job, seconds: float = 60.0) -> Job:
    """The job once it has ended."""
    for _ in range(10):
        await house.clock.advance(seconds / 10)
        await settle()
    return await house.job(job)
