"""How many edits a job costs at a surface with Discord's limits, the final one included."""

from __future__ import annotations

from sim.house import House

from bot.surface import SurfaceLimits
from bot.testing.clock import FakeClock
from bot.testing.provider import FakeProvider

DISCORD = SurfaceLimits(gaps_s=(3, 4, 5, 6, 8, 10, 12, 15), step_points=5, burst=5, window_s=5.0, spare=1)


async def edits(duration_s: float) -> int:
    """Edits after the first card of one job of `duration_s` seconds, on a fake clock."""
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, duration_s=duration_s), clock=clock, limits=DISCORD)
    job = await house.imagine()
    await clock.advance(duration_s + 10)
    return len(house.cards(job))


async def main() -> dict[str, float]:
    return {f"edits of a {seconds}-s job": float(await edits(seconds)) for seconds in (30, 48)}
