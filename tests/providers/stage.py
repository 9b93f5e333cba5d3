"""One job from /imagine to its end: the whole core, an adapter, and a simulated vendor, on a clock that is not real."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sim.fetching import Fetching
from sim.house import House
from sim.vendors.transport import SimTransport
from sim.vendors.vendor import Vendor

from bot.errors import WrongState
from bot.model import GenerationRequest, JobState
from bot.provider import Provider
from bot.testing.clock import FakeClock
from bot.testing.provider import PNG

STEP_S = 30.0
LIMIT_S = 3600.0

Bring = Callable[[SimTransport, str, str], Provider]
"""From a transport, the vendor's address and its key to a provider."""


@dataclass(frozen=True, slots=True)
class End:
    """What became of a job: its state, the sentence, the credits that it took, and what arrived at the vendor."""

    state: JobState
    key: str | None
    credits: int
    submissions: int
    charges: int
    violations: tuple[str, ...] = ()


SUCCEEDED = End(JobState.SUCCEEDED, None, 1, 1, 1)


def unpaid(state: JobState, key: str, submissions: int = 1, charges: int = 0) -> End:
    return End(state, key, 0, submissions, charges)


def meeting(*groups: tuple[End | str, ...]) -> dict[str, End]:
    """Each mark of the groups to the end that its group begins with."""
    return {str(mark): end for end, *marks in groups if isinstance(end, End) for mark in marks}


async def end_of(
    words: str,
    vendor: type[Vendor[Any]],
    bring: Bring,
    *,
    patience_s: float = 30.0,
    down: bool = False,
    cancel_after_s: float | None = None,
    request: GenerationRequest | None = None,
) -> End:
    """Ask for a picture in these words, perhaps cancel it after a while, and wait for its last card.

    `request` asks for something else than a picture, in the same words.
    """
    clock = FakeClock()
    there = vendor(clock, draw=lambda *_: PNG)
    there.weather.down = down
    provider: Any = bring(SimTransport(there, clock, patience_s=patience_s), there.origin, there.key)
    house = House(
        provider=provider, clock=clock, wrap=lambda name, port: Fetching(port, there) if name == "media" else port
    )
    if request is None:
        job = await house.imagine(f"/imagine {words}")
    else:
        await house.give(request.source)
        accepted = await house.manager.accept(house.origin(), replace(request, prompt=words))
        await house.announce(accepted.message)
        (job,) = accepted.message.jobs
    if cancel_after_s is not None:
        await clock.advance(cancel_after_s)
        pressed = asyncio.create_task(house.commands.cancel(house.origin(), job.id))
        await clock.advance(patience_s)
        with suppress(WrongState):
            await pressed
    while not (await house.message(job)).final_shown and clock.monotonic() < LIMIT_S:
        await clock.advance(STEP_S)
    job = await house.job(job)
    await provider.close()
    return End(
        state=job.state,
        key=job.failure.key if job.failure else None,
        credits=house.rules.daily_credits - await house.left(),
        submissions=there.count().submissions,
        charges=there.count().charges,
        violations=tuple(there.violations),
    )
