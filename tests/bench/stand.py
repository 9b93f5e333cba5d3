"""The whole core on a real store, for benchmarks: a surface that takes everything, people who ask."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ulid import ULID

from bot.clock import Clock, SystemClock
from bot.jobs.manager import JobManager, Outside
from bot.jobs.pacing import Pace
from bot.media import Media
from bot.model import Card, GenerationRequest, Job, JobState, Message, MessageRef, Origin
from bot.policy import Rules, utc_day
from bot.provider import Provider
from bot.store import Draft, Store
from bot.surface import Delivered, SurfaceLimits
from bot.testing.media import FakeMedia
from storage.sqlite import open_store

JOBS = 20_000
CREDITS = 10**6
RULES = Rules(daily_credits=CREDITS, open_jobs_per_user=JOBS, open_jobs_per_chat=JOBS, open_jobs=JOBS)


class QuietSurface:
    """Takes every edit and keeps none; `seen` is told each card."""

    platform = "bench"
    limits = SurfaceLimits()

    def __init__(self, seen: Callable[[Card], None] = lambda _: None) -> None:
        self._seen = seen

    def bucket(self, ref: MessageRef) -> str:
        return ref.token

    async def edit(self, ref: MessageRef, card: Card) -> Delivered:
        self._seen(card)
        return Delivered()

    async def announce(self, message: Message, card: Card) -> None:
        return None

    async def remove(self, ref: MessageRef, message_id: str) -> None:
        pass


@asynccontextmanager
async def stand(
    folder: Path,
    provider: Provider,
    *,
    seen: Callable[[Card], None] = lambda _: None,
    clock: Clock | None = None,
    media: Media | None = None,
    pace: Pace | None = None,
    watch: Callable[[Store], Any] = lambda store: store,
    durations: tuple[float, ...] = (),
) -> AsyncIterator[JobManager]:
    """A manager that was started on a database of its own, where jobs have taken `durations` seconds before."""
    store, surface = await open_store(folder / "bench.db"), QuietSurface(seen)
    outside = Outside(
        store=watch(store),
        media=media or FakeMedia(),
        providers={provider.name: provider},
        surfaces={surface.platform: surface},
        clock=clock or SystemClock(),
        random=secrets.SystemRandom().random,
        new_id=lambda: str(ULID()),
    )
    manager = JobManager(outside, RULES, pace=pace or Pace())
    try:
        for duration_s in durations:
            await _past(store, provider, duration_s)
        await manager.prepare()
        yield manager
    finally:
        await manager.stop()
        await store.close()
        await provider.close()


async def ask(manager: JobManager, number: int, prompt: str, *, people: int = 500) -> Job:
    """One command of one of so many people in one of fifty chats, shown and announced."""
    origin = Origin(platform="bench", update_id=f"u{number}", account=f"p{number % people}", chat=f"c{number % 50}")
    accepted = await manager.accept(origin, GenerationRequest(prompt=prompt))
    await manager.announced(accepted.message.id, MessageRef("bench", accepted.message.id))
    return accepted.message.jobs[0]


async def until(done: Callable[[], bool], limit_s: float = 300.0) -> None:
    """Wait until something holds that no event tells of."""
    async with asyncio.timeout(limit_s):
        while not done():  # noqa: ASYNC110 - so it is in the name
            await asyncio.sleep(0.02)


async def _past(store: Store, provider: Provider, duration_s: float) -> None:
    """A job that an earlier process finished."""
    now, [spec, *_] = time.time() - 3600, provider.specs
    job = Job(
        id=str(ULID()),
        message_id=str(ULID()),
        person_id="",
        position=0,
        state=JobState.QUEUED,
        request=GenerationRequest(prompt="an earlier one"),
        provider=provider.name,
        model=spec.model,
        price=1,
        created_at=now,
    )
    message = Message(
        id=job.message_id, person_id="", platform="bench", account="p", chat="c", created_at=now, jobs=(job,)
    )
    origin, today = Origin(platform="bench", update_id=job.id, account="p", chat="c"), utc_day(now)
    accepted = await store.accept(
        Draft(origin=origin, message=message, new_person_id="P", today=today, allowance=CREDITS), lambda _: None
    )
    [job] = accepted.message.jobs
    began = replace(job, state=JobState.DELIVERING, submitted_at=now, deadline_at=now + 600)
    await store.advance(JobState.QUEUED, began)
    ended = replace(began, state=JobState.SUCCEEDED, ended_at=now + duration_s)
    await store.finish(JobState.DELIVERING, ended, today=today, shown=True)
