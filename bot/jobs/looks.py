"""Looking at a running job until its end; nothing is written meanwhile."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.clock import Clock
from bot.errors import RateLimited, UnknownHandle
from bot.jobs.endings import Ending, Ends, Misses, back_off_s
from bot.jobs.handover import log_failure
from bot.jobs.health import Health
from bot.jobs.made import kept
from bot.jobs.pacing import Pace, PollBudget, Usual, next_look_s
from bot.jobs.presenter import Presenter
from bot.jobs.records import Records
from bot.jobs.usual import Durations
from bot.media import Media
from bot.messages import spoken
from bot.model import Failure, Job, JobState
from bot.policy import Offer
from bot.provider import Finished, Pending, ProgressKind, Provider

log = logging.getLogger(__name__)

LOOK_LIMIT_S = 60.0
LEAST_FETCH_S = 30.0  # a result that is there at the deadline is worth a little more
UNKNOWN_EVERY_S = 5.0
LEAST_STILL_S = 1.0


class Looks:
    """Polls jobs when a result or news may be there, and fetches what is found."""

    def __init__(
        self,
        *,
        health: Mapping[str, Health],
        durations: Durations,
        media: Media,
        clock: Clock,
        random: Callable[[], float],
        presenter: Presenter,
        records: Records,
        locale: str,
        pace: Pace,
    ) -> None:
        self._health = health
        self._durations = durations
        self._media = media
        self._clock = clock
        self._random = random
        self._presenter = presenter
        self._records = records
        self._locale = locale
        self._pace = pace
        self._budget = PollBudget(pace.looks_per_s)

    async def result(self, job: Job, provider: Provider, offer: Offer, *, hint_s: float | None, fresh: bool) -> Job:
        """The delivering job; raises `Ends` at the provider's final word or the deadline.

        `hint_s` is the seconds until the first look, where the provider said so; `fresh`
        says that the job was submitted just now.
        """
        assert job.deadline_at is not None
        until = self._clock.monotonic() + min(offer.spec.deadline_s, max(0.0, job.deadline_at - self._clock.now()))
        watch = _Watch(job, offer, self._durations.usual(job), until, pending_s=0.0 if fresh else None)
        delay_s = self._next_s(watch, hint_s) if fresh else self._spread_s()
        self._budget.live += 1
        try:
            look_at = min(until, self._clock.monotonic() + self._budget.stretch(delay_s))
            while True:
                left_s, still_s = look_at - self._clock.monotonic(), self._still_s(watch)
                await self._clock.sleep(min(left_s, still_s))
                if still_s < left_s:
                    self._presenter.drift(watch.job)
                    continue
                last = self._clock.monotonic() >= until
                answer = await self._look(watch, provider)
                if isinstance(answer, Job):
                    return answer
                if last:
                    raise Ends(watch.job, self._too_late(watch))
                look_at = min(until, self._clock.monotonic() + self._budget.stretch(answer))
        finally:
            self._budget.live -= 1

    async def _look(self, watch: _Watch, provider: Provider) -> Job | float:
        """One poll: the delivering job, or the seconds until the next look. Raises `Ends`."""
        assert watch.job.handle is not None
        request = self._health[watch.job.provider].request()
        if request is None:
            watch.pending_s = None
            return self._leave_s(watch)
        try:
            with request:
                async with asyncio.timeout(LOOK_LIMIT_S):
                    answer = await provider.poll(watch.job.handle)
        except Exception as error:  # noqa: BLE001 - a look that breaks is no news; the deadline ends the job
            return self._missed(watch, error)
        if isinstance(answer, Pending):
            return await self._pending(watch, answer)
        return await self._finished(watch, answer)

    async def _pending(self, watch: _Watch, answer: Pending) -> float:
        watch.misses.over()
        watch.pending_s = self._elapsed_s(watch)
        self._presenter.news(watch.job, answer.progress)
        if answer.handle != watch.job.handle:
            await self._follow(watch, answer.handle)
        return self._next_s(watch, answer.poll_after_s)

    async def _follow(self, watch: _Watch, handle: str) -> None:
        """Ask by another handle from now on; it is written down once, lest every look becomes a write."""
        job = replace(watch.job, handle=handle)
        watch.job = job if watch.followed else await self._records.keep(job)
        watch.followed = True

    async def _finished(self, watch: _Watch, answer: Finished) -> Job | float:
        at, elapsed_s = self._clock.now(), self._elapsed_s(watch)
        try:
            async with asyncio.timeout(max(LEAST_FETCH_S, watch.until - self._clock.monotonic())):
                changes = await kept(self._media, watch.job, answer, at=at)
        except Exception as error:  # noqa: BLE001 - the next look brings a fresh artifact
            return self._missed(watch, error)
        if watch.pending_s is not None:  # it was done at some moment since it was last seen at work
            self._durations.learn(watch.job, elapsed_s - min((elapsed_s - watch.pending_s) / 2, elapsed_s / 4))
        if isinstance(changes, Ending):
            raise Ends(watch.job, changes)
        return await self._records.move(watch.job, JobState.DELIVERING, **changes)

    def _missed(self, watch: _Watch, error: Exception) -> float:
        """The seconds until the next look after one that brought nothing; raises `Ends`."""
        watch.pending_s = None
        ending = watch.misses.count(error, age_s=self._elapsed_s(watch), now=self._clock.monotonic())
        problem = f"{type(error).__name__}: {error}"
        if problem != watch.problem or ending is not None:
            watch.problem = problem
            log_failure("look", watch.job, error, final=ending is not None)
        if ending is not None:
            raise Ends(watch.job, ending) from error
        if isinstance(error, RateLimited):  # all jobs wait for that, and this one no longer than they do
            return self._leave_s(watch)
        if isinstance(error, UnknownHandle):  # a few looks decide about the job, so they must not lie far apart
            return UNKNOWN_EVERY_S
        return max(self._pace.every_s, back_off_s(watch.misses.in_a_row, None, self._random()))

    def _leave_s(self, watch: _Watch) -> float:
        """The seconds until a look may be allowed; never all at once."""
        return self._health[watch.job.provider].wait_s() + self._spread_s()

    def _next_s(self, watch: _Watch, hint_s: float | None) -> float:
        return next_look_s(self._elapsed_s(watch), hint_s, watch.usual, watch.offer.spec, self._pace)

    def _still_s(self, watch: _Watch) -> float:
        """How long the bar may stand still: news moves it where there are any, else what is usual."""
        if watch.offer.spec.progress is not ProgressKind.NONE:
            return math.inf
        return self._budget.stretch(max(LEAST_STILL_S, self._pace.sparse_s(watch.usual)))

    def _spread_s(self) -> float:
        return self._random() * self._budget.stretch(self._pace.every_s)

    def _elapsed_s(self, watch: _Watch) -> float:
        return max(0.0, self._clock.now() - (watch.job.submitted_at or 0.0))

    def _too_late(self, watch: _Watch) -> Ending:
        if watch.misses.in_a_row:
            extra = {"job": watch.job.id, "provider": watch.job.provider}
            log.warning("given up at its deadline, last look: %s", watch.problem, extra=extra)
        waited = spoken(watch.offer.spec.deadline_s, self._locale)
        return Ending(JobState.FAILED, Failure("fail.deadline", {"time": waited}))


class _Watch:
    """What the process knows of one running job; `pending_s` is when it was last seen at work, if without a gap.

    `until` is the deadline in monotonic time.
    """

    __slots__ = ("followed", "job", "misses", "offer", "pending_s", "problem", "until", "usual")

    def __init__(self, job: Job, offer: Offer, usual: Usual, until: float, *, pending_s: float | None) -> None:
        self.job = job
        self.offer = offer
        self.usual = usual
        self.until = until
        self.misses = Misses(offer.provider_title)
        self.pending_s = pending_s
        self.problem = ""
        self.followed = False
