"""One job from wherever its row stands to its end: linear, re-entrant, one task per job."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from bot.errors import ProviderError, RateLimited, Unavailable, UserError
from bot.jobs.endings import Ending, TryLater, after_submit, back_off_s, bad_result, final_word, lost
from bot.jobs.live import LiveMessage, LiveMessages
from bot.jobs.pacing import EVERY_S, PollBudget, next_look_s
from bot.jobs.presenter import Presenter
from bot.jobs.records import Overtaken, Records
from bot.jobs.slots import FairSlots
from bot.jobs.usual import Durations
from bot.jobs.view import View
from bot.media import Media
from bot.messages import spoken
from bot.model import Failure, Job, JobState, StoredFile
from bot.policy import Offer
from bot.provider import Cancels, Finished, Pending, Provider

log = logging.getLogger(__name__)

FETCH_TRIES = 3
POLL_LIMIT_S = 60.0


class _Ends(Exception):
    """The way out of the linear course, not an error."""

    def __init__(self, job: Job, ending: Ending) -> None:
        super().__init__(ending.state)
        self.job = job
        self.ending = ending


class Runner:
    """Carries jobs through provider, media and surface; keeps nothing that the row does not."""

    def __init__(
        self,
        *,
        providers: Mapping[str, Provider],
        slots: Mapping[str, FairSlots],
        durations: Durations,
        media: Media,
        clock: Clock,
        random: Callable[[], float],
        lives: LiveMessages,
        view: View,
        presenter: Presenter,
        records: Records,
        locale: str,
    ) -> None:
        self._providers = providers
        self._slots = slots
        self._durations = durations
        self._media = media
        self._clock = clock
        self._random = random
        self._lives = lives
        self._view = view
        self._presenter = presenter
        self._records = records
        self._locale = locale
        self._budget = PollBudget()
        self._handing_over: dict[str, bool] = {}  # jobs whose submit is open: is a cancel wished?
        self.submits: set[asyncio.Task[tuple[Job, float | None]]] = set()  # never canceled, never repeated

    async def run(self, job: Job) -> None:
        """Continue a job from its row's state; may be called again after any interruption.

        The slot is taken before the intent is committed and ends with the last byte fetched.
        """
        try:
            if job.state is JobState.SUBMITTING:
                await self.end(job, lost(self._title(job)))
            if job.state in (JobState.QUEUED, JobState.RUNNING):
                provider, offer = self._serving(job)
                await self._take_slot(job)
                try:
                    hint_s: float | None = EVERY_S * self._random()  # a crowd that recovers must not look at once
                    if job.state is JobState.QUEUED:
                        job, hint_s = await self._submit(job, provider, offer)
                    if job.state is JobState.RUNNING:
                        job = await self._await_result(job, provider, offer, hint_s)
                finally:
                    self._slots[job.provider].give_back()
            if job.state is JobState.DELIVERING:
                await self._deliver(job)
        except _Ends as end:
            await self.end(end.job, end.ending)
        except Overtaken:
            log.debug("job %s was moved by somebody else", job.id)
        except Exception:
            log.exception("a job broke", extra={"job": job.id})
            await self._break(job.id)

    async def end(self, job: Job, ending: Ending) -> None:
        """Commit an end without a result, then show it; raises `Overtaken`."""
        live = await self.commit_end(job, ending)
        if live is not None:
            await self.conclude(live)

    async def commit_end(self, job: Job, ending: Ending) -> LiveMessage | None:
        """Commit an end without a result; not while another picture of the message is being shown.

        That card does not know of this end, and its own commit says that all is shown.
        """
        live = self._lives.of_job(job.id)
        async with live.final_order if live else nullcontext():
            await self._records.end(job, ending.state, ending.failure, at=self._clock.now())
        level = logging.WARNING if ending.state is JobState.LOST else logging.INFO  # the operator may have paid
        if live is not None:
            self._presenter.touch(live)
        log.log(level, "job ended", extra={"job": job.id, "state": ending.state, "provider": job.provider})
        return live

    def wish_cancel(self, job_id: str) -> bool:
        """Cancel a job as soon as the provider gave a handle; False: its submit is not open."""
        if job_id not in self._handing_over:
            return False
        self._handing_over[job_id] = True
        return True

    async def conclude(self, live: LiveMessage) -> None:
        """Show the last card of a message whose jobs have all ended, once, and remember that it is shown."""
        async with live.final_order:
            if not live.ended or live.message.ref is None or self._lives.get(live.message.id) is not live:
                return  # the first card is still to come, or somebody else has shown the last one
            await self._presenter.final(live)
            await self._records.final_shown(live.message.id)
            self._lives.drop(live)

    def _serving(self, job: Job) -> tuple[Provider, Offer]:
        provider, offer = self._providers.get(job.provider), self._durations.offer(job)
        if provider is None or offer is None:
            raise _Ends(job, Ending(JobState.FAILED, Failure("fail.provider_gone", {"provider": job.provider})))
        return provider, offer

    async def _take_slot(self, job: Job) -> None:
        """Wait in line; a recovered job has the slot that it uses already."""
        if job.state is JobState.QUEUED:
            await self._slots[job.provider].take(job.id, job.person_id)

    async def _break(self, job_id: str) -> None:
        """End a job that our own fault stopped: nobody pays for it."""
        job = await self._records.row(job_id)
        if job is not None and not job.state.terminal:
            state = JobState.LOST if job.state is JobState.SUBMITTING else JobState.FAILED
            await self.end(job, Ending(state, Failure("fail.internal", {"code": job_id[-6:]})))

    async def _submit(self, job: Job, provider: Provider, offer: Offer) -> tuple[Job, float | None]:
        """Hand the job over, again only on proof that nothing was accepted; and when to look first."""
        tries, paused_s = 0, 0.0
        while True:
            tries += 1
            task = asyncio.create_task(self._hand_over(job, provider, offer, tries=tries, paused_s=paused_s))
            self.submits.add(task)
            task.add_done_callback(self.submits.discard)
            while not await self._answered(task, offer.spec.deadline_s):
                row = await self._records.row(job.id)
                if row is not None and row.state is JobState.SUBMITTING:  # else even the intent still waits for room
                    raise _Ends(row, lost(offer.provider_title))
            job, wait_s = task.result()
            if job.state is not JobState.QUEUED:
                return job, wait_s
            assert wait_s is not None
            paused_s += wait_s
            await self._clock.sleep(wait_s)

    async def _answered(self, submit: asyncio.Task[Any], deadline_s: float) -> bool:
        """Wait for a submit without ever canceling it; False: its deadline came first."""
        deadline = asyncio.ensure_future(self._clock.sleep(deadline_s))
        try:
            await asyncio.wait({submit, deadline}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            deadline.cancel()
        return submit.done()

    async def _hand_over(
        self, job: Job, provider: Provider, offer: Offer, *, tries: int, paused_s: float
    ) -> tuple[Job, float | None]:
        """The intent, the one submit and the commit of its answer; runs to its end even while the bot stops.

        Answers with the job and the seconds until its next submit or first look.
        """
        self._handing_over[job.id] = False
        try:
            job = await self._records.intend(job, offer.spec.deadline_s)
            try:
                answer = await provider.submit(job.request, model=job.model, key=job.id)
                inline = await self._media.keep(job.id, answer.artifact) if isinstance(answer, Finished) else None
            except Exception as error:  # noqa: BLE001 - whatever it was, the row must leave `submitting`
                return await self._failed_submit(job, error, tries=tries, paused_s=paused_s)
            if isinstance(answer, Pending):
                job = await self._records.move(job, JobState.RUNNING, handle=answer.handle)
                return await self._granted(job, answer, provider), answer.poll_after_s
            assert inline is not None
            if self._handing_over[job.id]:
                await self._media.remove(inline.name)
                return await self._canceled(job), None
            return await self._delivering(job, inline), None
        except Overtaken:
            return replace(job, state=JobState.CANCELED), None
        finally:
            del self._handing_over[job.id]

    async def _failed_submit(
        self, job: Job, error: Exception, *, tries: int, paused_s: float
    ) -> tuple[Job, float | None]:
        _log_failure("submit", job, error)
        meaning = after_submit(error, self._title(job), tries=tries, paused_s=paused_s, jitter=self._random())
        if isinstance(meaning, TryLater):
            if not self._handing_over[job.id]:
                job = await self._records.move(job, JobState.QUEUED, submitted_at=None, deadline_at=None)
            if not self._handing_over[job.id]:
                return job, meaning.wait_s
            meaning = Ending(JobState.CANCELED, None)
        await self.end(job, meaning)
        return replace(job, state=meaning.state), None

    async def _granted(self, job: Job, answer: Pending, provider: Provider) -> Job:
        """The provider has it: show the bar, or grant a cancel that was wished meanwhile."""
        self._read(job, answer)
        if not self._handing_over[job.id] or not isinstance(provider, Cancels):
            return job
        assert job.handle is not None
        try:
            async with asyncio.timeout(POLL_LIMIT_S):
                await provider.cancel(job.handle)
        except (ProviderError, TimeoutError) as error:  # the person was told that nothing will be charged
            _log_failure("cancel", job, error)
        return await self._canceled(job)

    async def _canceled(self, job: Job) -> Job:
        await self.end(job, Ending(JobState.CANCELED, None))
        return replace(job, state=JobState.CANCELED)

    async def _await_result(self, job: Job, provider: Provider, offer: Offer, hint_s: float | None) -> Job:
        """Look until the provider's final word or the deadline; nothing is written meanwhile."""
        assert job.handle is not None
        assert job.deadline_at is not None
        until = self._clock.monotonic() + min(offer.spec.deadline_s, max(0.0, job.deadline_at - self._clock.now()))
        looks = Looks(job, offer, self._durations, self._clock)
        delay_s = looks.next_s(hint_s)
        self._budget.live += 1
        try:
            while True:
                left_s = max(0.0, until - self._clock.monotonic())
                await self._clock.sleep(min(left_s, self._budget.stretch(delay_s)))
                last = self._clock.monotonic() >= until
                answer = await self._look(job, provider, looks)
                if isinstance(answer, Job):
                    return answer
                if last:
                    waited = spoken(offer.spec.deadline_s, self._locale)
                    raise _Ends(job, Ending(JobState.FAILED, Failure("fail.deadline", {"time": waited})))
                delay_s = answer
        finally:
            self._budget.live -= 1

    async def _look(self, job: Job, provider: Provider, looks: Looks) -> Job | float:
        """One poll: the delivering job, or the seconds until the next look. Raises `_Ends`."""
        assert job.handle is not None
        try:
            async with asyncio.timeout(POLL_LIMIT_S):
                answer = await provider.poll(job.handle)
            if isinstance(answer, Finished):
                return await self._delivering(job, await self._media.keep(job.id, answer.artifact))
        except Overtaken:
            raise
        except Exception as error:  # a look that breaks is no news; the deadline ends the job
            _log_failure("poll", job, error)
            ending = looks.failed(error, self._title(job))
            if ending is not None:
                raise _Ends(job, ending) from error
            return looks.after_failure_s(error, self._random())
        looks.failures = 0
        self._read(job, answer)
        return looks.next_s(answer.poll_after_s)

    def _read(self, job: Job, answer: Pending) -> None:
        live = self._lives.of_job(job.id)
        if live is not None:
            self._view.read(live, job, answer.progress)
            self._presenter.touch(live)

    async def _delivering(self, job: Job, file: StoredFile) -> Job:
        return await self._records.move(job, JobState.DELIVERING, file=file.name, media_type=file.media_type)

    async def _deliver(self, job: Job) -> None:
        """Show the result, then settle; a kill in between shows it again, which is harmless."""
        live = self._lives.of_job(job.id)
        assert live is not None
        async with live.final_order:
            now = self._clock.now()
            live.put(replace(job, state=JobState.SUCCEEDED, ended_at=now, failure=None))
            await self._presenter.final(live)
            ended = await self._records.end(job, JobState.SUCCEEDED, at=now, shown=True)
            self._durations.learn(ended)
            if live.ended:
                self._lives.drop(live)
        self._presenter.touch(live)
        log.info("job ended", extra={"job": job.id, "state": ended.state, "provider": job.provider})

    def _title(self, job: Job) -> str:
        offer = self._durations.offer(job)
        return offer.provider_title if offer else job.provider


class Looks:
    """When one job is looked at, and how many looks in a row brought nothing."""

    __slots__ = ("_clock", "_durations", "_job", "_offer", "bad_results", "failures")

    def __init__(self, job: Job, offer: Offer, durations: Durations, clock: Clock) -> None:
        self._job = job
        self._offer = offer
        self._durations = durations
        self._clock = clock
        self.failures = 0
        self.bad_results = 0

    def next_s(self, hint_s: float | None) -> float:
        elapsed_s = max(0.0, self._clock.now() - (self._job.submitted_at or 0.0))
        return next_look_s(elapsed_s, hint_s, self._durations.usual(self._job), self._offer.spec)

    def failed(self, error: Exception, provider_title: str) -> Ending | None:
        """The end that a failed look means; None: no news, look again."""
        self.failures += 1
        ending = final_word(error, provider_title)
        if isinstance(error, Unavailable):  # our own disk is full: the result waits at the provider
            return None
        if ending == bad_result(provider_title):
            self.bad_results += 1
            return ending if self.bad_results >= FETCH_TRIES else None
        return ending

    def after_failure_s(self, error: Exception, jitter: float) -> float:
        hint_s = error.retry_after_s if isinstance(error, RateLimited) else None
        return max(EVERY_S, back_off_s(self.failures, hint_s, jitter))


def _log_failure(what: str, job: Job, error: BaseException) -> None:
    known = isinstance(error, ProviderError | UserError | TimeoutError)
    log.warning(
        "%s failed: %s",
        what,
        str(error) or type(error).__name__,
        extra={"job": job.id, "provider": job.provider, "error": type(error).__name__},
        exc_info=None if known else error,
    )
