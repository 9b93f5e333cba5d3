"""The messages that still change, as the process knows them between two looks at the store."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from bot.jobs.pacing import Meter
from bot.model import Bar, Job, JobState, Message, MessageRef, PictureSource

_NONE = frozenset[str]()  # one for all: there are many messages


class Look(NamedTuple):
    """What makes two cards of a message look different: a place in line falls, a percent rises, time passes.

    `held` says what keeps the provider from taking it. `minutes` have passed since the submit;
    `late`: so has the expected end; `stale`: the surface has something else to say by now.
    """

    state: JobState
    done: int
    stoppable: bool
    ahead: int | None = None
    percent: int | None = None
    slow: bool = False
    late: bool = False
    minutes: int = 0
    stale: bool = False
    held: str | None = None

    def turned(self, shown: Look) -> bool:
        """Whether it is another state, or other buttons."""
        return (self.state, self.done, self.stoppable) != (shown.state, shown.done, shown.stoppable)

    def differs(self, shown: Look, step_points: int) -> bool:
        """Whether the change is worth an edit."""
        if self._replace(percent=shown.percent) != shown:
            return True
        return (self.percent or 0) - (shown.percent or 0) >= step_points


class LiveMessage:
    """One message with its newest jobs and bars, and what the presenter knows of it.

    `old` says that its pictures were there before it was followed, as after a restart.
    """

    __slots__ = (
        "_holding",
        "broken",
        "busy",
        "dirty",
        "given_up",
        "gone",
        "high",
        "message",
        "meters",
        "old",
        "order",
        "seen",
        "shown",
        "shown_at",
        "shown_gaps",
        "stale_at",
        "stale_of",
        "unsettled",
        "wake_at",
        "withheld",
    )

    def __init__(self, message: Message) -> None:
        self.message = message
        self.old = all(job.state.terminal or job.state is JobState.DELIVERING for job in message.jobs)
        self.given_up = False  # the first card could not be shown, so nothing runs
        self.meters: tuple[Meter | None, ...] = (None,) * len(message.jobs)  # a dict would be five times as large
        self.order: asyncio.Lock | None = None  # of final cards
        self.seen: frozenset[str] = _NONE  # jobs whose results were on such a card
        self.withheld: frozenset[str] = _NONE  # files that the chat could not show there
        self.unsettled: frozenset[str] = _NONE  # jobs with a result that is not committed yet
        self._holding: asyncio.Future[None] | None = None
        self.busy: asyncio.Task[None] | None = None  # the progress edit in flight
        self.dirty = False
        self.gone = False  # no chat shows it any more
        self.high = 0  # the highest percent that was shown
        self.broken = 0  # progress edits in a row that raised
        self.wake_at = math.inf  # when to show what comes by time alone, or came too early for its gap
        self.stale_at = math.inf  # when the surface has something else to say, UTC epoch seconds
        self.stale_of: MessageRef | None = None  # the place of which that is known
        self.shown_at = -math.inf
        self.shown_gaps = 0
        self.shown: Look | None = None

    def put(self, job: Job) -> None:
        """Replace one job by its newer self."""
        jobs = tuple(job if old.id == job.id else old for old in self.message.jobs)
        self.message = replace(self.message, jobs=jobs)

    def job(self, job_id: str) -> Job:
        return next(job for job in self.message.jobs if job.id == job_id)

    def bar(self, job_id: str) -> Bar | None:
        """What the bar of a job showed last."""
        meter = self.meters[self.job(job_id).position]
        return meter.bar if meter else None

    def eta_at(self, jobs: Iterable[Job]) -> float | None:
        """When the last of some jobs should be ready, UTC epoch seconds; None where nothing says."""
        bars = (self.bar(job.id) for job in jobs)
        return max((bar.eta_at for bar in bars if bar and bar.eta_at is not None), default=None)

    def ahead(self, job_id: str) -> int:
        """How many jobs the provider said that it does before this one."""
        meter = self.meters[self.job(job_id).position]
        return meter.ahead if meter else 0

    def meter(self, job_id: str) -> Meter:
        at = self.job(job_id).position
        meter = self.meters[at] or Meter()
        self.meters = (*self.meters[:at], meter, *self.meters[at + 1 :])
        return meter

    @property
    def ended(self) -> bool:
        return all(job.state.terminal for job in self.message.jobs)

    async def hold(self, moment: Awaitable[None]) -> None:
        """Wait for a moment, unless something hurries."""
        self._holding = asyncio.ensure_future(moment)
        try:
            await asyncio.wait({self._holding})
        finally:
            self._holding.cancel()
            self._holding = None

    def hurry(self) -> None:
        """End such a wait."""
        if self._holding is not None:
            self._holding.cancel()

    @property
    def finishing(self) -> bool:
        """Whether a job is ending or a final card is on its way."""
        return self.order is not None and self.order.locked()

    @property
    def final_order(self) -> asyncio.Lock:
        """Held while a job ends or a final card is on its way, so that each builds on the one before."""
        if self.order is None:
            self.order = asyncio.Lock()
        return self.order


class LiveMessages:
    """Every message that still changes, by its own id and by the ids of its jobs."""

    def __init__(self) -> None:
        self._messages: dict[str, LiveMessage] = {}
        self._by_job: dict[str, LiveMessage] = {}

    def add(self, message: Message) -> LiveMessage:
        """Follow a message; one that is followed already stays as it is."""
        if message.id not in self._messages:
            live = self._messages[message.id] = LiveMessage(message)
            self._by_job.update((job.id, live) for job in message.jobs)
        return self._messages[message.id]

    def drop(self, live: LiveMessage) -> None:
        """Follow a message no longer."""
        self._messages.pop(live.message.id, None)
        for job in live.message.jobs:
            self._by_job.pop(job.id, None)

    def get(self, message_id: str) -> LiveMessage | None:
        return self._messages.get(message_id)

    def of_job(self, job_id: str) -> LiveMessage | None:
        return self._by_job.get(job_id)

    def sources(self) -> set[str]:
        """The files that open jobs are made from."""
        jobs = (job for live in self._messages.values() for job in live.message.jobs if not job.state.terminal)
        return {job.request.source.file for job in jobs if isinstance(job.request.source, PictureSource)}

    def of_jobs(self, job_ids: Iterable[str]) -> Iterator[LiveMessage]:
        for job_id in job_ids:
            live = self._by_job.get(job_id)
            if live is not None:
                yield live
