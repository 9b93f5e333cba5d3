"""A provider whose answers change with the time, and a crowd that wants pictures of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from sim.house import House

from bot.errors import ProviderRefused, ProviderUnavailable, RateLimited
from bot.model import Job, JobState
from bot.policy import Rules
from bot.surface import SurfaceLimits
from bot.testing.clock import FakeClock
from bot.testing.provider import FakeProvider

ROOMY = SurfaceLimits(burst=None)
CROWD = Rules(open_jobs_per_chat=10_000, open_jobs=10_000)
BUSY = RateLimited("429")
REFUSED = ProviderUnavailable("connection refused", not_sent=True)
GONE = ProviderUnavailable("502")
KEY = ProviderRefused("401")

Weather = Callable[[float], Exception | None]


def between(start: float, end: float, error: Exception) -> Weather:
    """Only `error` from `start` until `end`, in seconds of the clock."""
    return lambda at: error if start <= at < end else None


def house_in(
    weather: Weather, *, slots: int = 4, duration_s: float = 30.0, submit_s: float = 0.0, poll_s: float = 0.0
) -> House:
    """A house whose provider answers by the weather at the time of the answer."""
    clock = FakeClock()
    provider = FakeProvider(
        clock,
        slots=slots,
        duration_s=duration_s,
        submit_s=submit_s,
        poll_s=poll_s,
        on_submit=lambda _: weather(clock.monotonic()),
        on_poll=lambda _: weather(clock.monotonic()),
    )
    return House(provider=provider, clock=clock, rules=CROWD, limits=ROOMY, random=Random(7).random)


async def crowd(house: House, number: int) -> list[Job]:
    return [await house.imagine(account=f"person {n}") for n in range(number)]


async def states(house: House, jobs: Sequence[Job]) -> set[JobState]:
    return {await house.state(job) for job in jobs}


def asked_between(house: House, start: float, end: float) -> list[float]:
    return [asked.at for asked in house.provider.asked if start <= asked.at < end]
