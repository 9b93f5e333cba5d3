"""A painter who also changes and films pictures, knows effects, and makes characters."""

from __future__ import annotations

from dataclasses import replace

from sim.cast import MP4, SPECS
from sim.looks.painter import SPEC, Painter, picture

from bot.clock import Clock
from bot.model import Artifact, Capability
from bot.provider import CharacterCard, Effect, Finished, Pending, ProgressKind

READY = tuple(
    CharacterCard(reference=f"r{place}", name=name, description=description, gender=gender, age=age)
    for place, (name, age, gender, description) in enumerate(
        [
            ("Elara", 25, "female", "keeps a lighthouse and writes letters that nobody sends"),
            ("Julian", 31, "male", "repairs clocks by day and stargazes by night"),
            ("Flavie", 22, "female", "paints murals on the walls of old factories"),
            ("Marek", 44, "male", "a retired sailor with a garden full of roses"),
            ("Noor", 29, "female", "an architect of bridges"),
            ("Tomas", 38, "male", "bakes bread before the city wakes"),
            ("Wren", 26, "", "a botanist who talks to ferns"),
        ]
    )
)


class Director(Painter):
    """Makes each kind of thing."""

    def __init__(self, clock: Clock, **more: object) -> None:
        super().__init__(clock, **more)
        self.specs = (SPEC, *(replace(one, progress=ProgressKind.PERCENT, usual_s=48.0) for one in SPECS[1:]))

    async def poll(self, handle: str) -> Pending | Finished:
        answer = await super().poll(handle)
        if isinstance(answer, Pending):
            return answer
        request = self.asked_for(handle)
        if request.capability is Capability.IMAGE_TO_VIDEO:
            return Finished(Artifact(MP4, "video/mp4"))
        if request.capability is Capability.CREATE_CHARACTER:
            told = CharacterCard(reference=handle, name="Astrid", description=request.prompt, gender="female", age=20)
            return Finished(Artifact(picture(request.prompt, 512, 512, 3), "image/png"), told)
        return answer

    async def characters(self) -> tuple[CharacterCard, ...]:
        return READY

    async def effects(self) -> tuple[Effect, ...]:
        return tuple(
            Effect(f"e-{name.lower()}", name, video=place % 2 == 0)
            for place, name in enumerate(["Dance", "Oil painting", "Snowfall", "Paper cut-out", "Hologram"])
        )
