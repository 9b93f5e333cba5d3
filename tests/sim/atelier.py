"""A provider with styles, beside the one that takes shapes and seeds."""

from __future__ import annotations

import asyncio

from sim.house import House

from bot.model import Capability
from bot.provider import CapabilitySpec, OptionSpec, Style
from bot.testing.clock import FakeClock
from bot.testing.provider import FakeProvider

PAINTER = CapabilitySpec(
    capability=Capability.TEXT_TO_IMAGE,
    model="painter-1",
    title="Painter",
    options=(OptionSpec(name="style"), OptionSpec(name="style_strength", low=0.1, high=2.0)),
)


class Atelier(FakeProvider):
    """`known` holds its styles, or what is raised instead; None: it never says them."""

    def __init__(self, clock: FakeClock, *known: Style) -> None:
        super().__init__(clock, name="atelier", spec=PAINTER)
        self.known: tuple[Style, ...] | Exception | None = known

    async def styles(self) -> tuple[Style, ...]:
        if isinstance(self.known, Exception):
            raise self.known
        if self.known is None:
            await asyncio.Event().wait()
        return self.known or ()


def with_atelier(*known: Style) -> tuple[House, Atelier]:
    """Fake One takes shapes and seeds, Painter takes styles."""
    clock = FakeClock()
    atelier = Atelier(clock, *known)
    return House(clock=clock, others={atelier.name: atelier}), atelier
