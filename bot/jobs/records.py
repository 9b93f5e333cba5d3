"""Writes of running jobs: kept in memory and repeated while the store has no room."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.clock import Clock
from bot.errors import StoreUnavailable
from bot.jobs.balances import Balances
from bot.jobs.live import LiveMessages
from bot.jobs.presenter import Presenter
from bot.jobs.states import moved
from bot.model import Failure, Job, JobState, Message, MessageRef
from bot.policy import utc_day
from bot.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0


class Overtaken(Exception):
    """The row is no longer in the state that this move starts from: somebody else moved it, and that stands."""


class Records:
    """Moves jobs in the store, by compare-and-set, and in their live messages."""

    def __init__(
        self, store: Store, clock: Clock, lives: LiveMessages, presenter: Presenter, balances: Balances
    ) -> None:
        self._store = store
        self._clock = clock
        self._lives = lives
        self._presenter = presenter
        self._balances = balances

    async def move(self, job: Job, to: JobState, **changes: Any) -> Job:
        """Commit a move that does not end the job; raises `Overtaken`."""
        new = moved(job, to, **changes)
        if not await self._insist(lambda: self._store.advance(job.state, new)):
            raise Overtaken
        self._put(new)
        return new

    async def keep(self, job: Job) -> Job:
        """Commit what changed in a job that stays in its state; raises `Overtaken`."""
        if not await self._insist(lambda: self._store.advance(job.state, job)):
            raise Overtaken
        self._put(job)
        return job

    async def intend(self, job: Job, deadline_s: float) -> Job:
        """Commit the intent to submit, timed when it is written and not when it was wished; raises `Overtaken`."""

        async def write() -> Job | None:
            now = self._clock.now()
            new = moved(job, JobState.SUBMITTING, submitted_at=now, deadline_at=now + deadline_s)
            return new if await self._store.advance(job.state, new) else None

        intent = await self._insist(write)
        if intent is None:
            raise Overtaken
        self._put(intent)
        return intent

    async def end(
        self, job: Job, to: JobState, failure: Failure | None = None, *, at: float, shown: bool = False
    ) -> Job:
        """Commit the end of a job with its settle or refund; raises `Overtaken`."""
        new = moved(job, to, ended_at=at, failure=failure)
        today = utc_day(self._clock.now())
        left = await self._insist(lambda: self._store.finish(job.state, new, today=today, shown=shown))
        if left is None:
            raise Overtaken
        self._balances.note(job.person_id, left)
        self._put(new)
        return new

    async def announced(self, message_id: str, ref: MessageRef) -> None:
        """Commit where a message is shown from now on."""
        await self._insist(lambda: self._store.announced(message_id, ref))

    async def row(self, job_id: str) -> Job | None:
        """The job as the store has it."""
        return await self._insist(lambda: self._store.job(job_id))

    async def message(self, message_id: str) -> Message | None:
        """The message as the store has it."""
        return await self._insist(lambda: self._store.message(message_id))

    async def final_shown(self, message_id: str) -> None:
        await self._insist(lambda: self._store.final_shown(message_id))

    def _put(self, job: Job) -> None:
        live = self._lives.of_job(job.id)
        if live is not None:
            live.put(job)
            self._presenter.touch(live)

    async def _insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        wait_s = FIRST_WAIT_S
        while True:
            try:
                return await ask()
            except StoreUnavailable:
                log.exception("the store does not answer; trying again in %.0f s", wait_s)
                await self._clock.sleep(wait_s)
                wait_s = min(LONGEST_WAIT_S, 2 * wait_s)
