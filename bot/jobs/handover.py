"""How a job is handed to its provider: leave to ask, the intent, one submit, and its answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from bot.errors import BadResult, ProviderError, UserError
from bot.jobs.closing import Closing
from bot.jobs.endings import Ending, Ends, Misses, TryLater, after_submit, back_off_s, unserved
from bot.jobs.health import LONGEST_WAIT_S, Health, Request
from bot.jobs.made import kept
from bot.jobs.pacing import Pace
from bot.jobs.presenter import Presenter
from bot.jobs.records import Overtaken, Records
from bot.jobs.slots import FairSlots
from bot.media import Media
from bot.model import Artifact, Job, JobState
from bot.policy import Offer
from bot.provider import Cancels, Finished, Funded, Pending, Provider

log = logging.getLogger(__name__)

CANCEL_LIMIT_S = 60.0

Handed = tuple[Job, float | None]
"""A job after a submit, and the seconds until its next submit (queued) or first look (running)."""


class HandOver:
    """Submits jobs: never twice, but on proof that nothing was accepted, and never while the provider asks to wait."""

    def __init__(
        self,
        *,
        slots: Mapping[str, FairSlots],
        health: Mapping[str, Health],
        media: Media,
        clock: Clock,
        random: Callable[[], float],
        presenter: Presenter,
        records: Records,
        closing: Closing,
        pace: Pace,
    ) -> None:
        self._slots = slots
        self._health = health
        self._media = media
        self._clock = clock
        self._random = random
        self._presenter = presenter
        self._records = records
        self._closing = closing
        self._pace = pace
        self._wishes: dict[str, bool] = {}  # jobs whose submit is open: is a cancel wished?
        self.open: set[asyncio.Task[Handed]] = set()  # never canceled, never repeated

    def wish_cancel(self, job_id: str) -> bool:
        """Cancel a job as soon as the provider gave a handle; False: its submit is not open."""
        if job_id not in self._wishes:
            return False
        self._wishes[job_id] = True
        return True

    async def submit(self, job: Job, provider: Provider, offer: Offer, *, since: float) -> Handed:
        """Hand over a queued job that has its slot; raises `Ends`.

        `since` is the monotonic time from which on it has waited for the provider.
        """
        tries, waited_s, retry_s = 1, self._health[job.provider].out_for_s(since), 0.0
        while True:
            request, waited_s = await self._leave(job, offer, waited_s, retry_s)
            task = asyncio.create_task(self._hand_over(job, provider, offer, request, tries))
            self.open.add(task)
            task.add_done_callback(self.open.discard)
            while not await self._answered(task, offer.spec.deadline_s):
                row = await self._records.row(job.id)
                if row is not None and row.state is JobState.SUBMITTING:  # else even the intent still waits for room
                    raise Ends(row, unserved("fail.lost", offer.provider_title, JobState.LOST))
            job, wait_s = task.result()
            if job.state is not JobState.QUEUED:
                return job, wait_s
            retry_s = wait_s or 0.0
            tries += retry_s > 0

    async def _leave(self, job: Job, offer: Offer, waited_s: float, wait_s: float) -> tuple[Request, float]:
        """Leave to submit after `wait_s` seconds or more at the head of the line; and the seconds waited in all."""
        health = self._health[job.provider]
        request = None if wait_s else health.request(submit=True)
        if request is not None:
            return request, waited_s
        with self._slots[job.provider].at_the_front(job.id):
            while request is None:
                wait_s = max(wait_s, health.wait_s(submit=True) + self._pace.every_s * self._random())
                if health.refusing or waited_s + wait_s > LONGEST_WAIT_S:
                    raise Ends(job, health.ending(offer.provider_title))
                await self._clock.sleep(wait_s)
                waited_s, wait_s = waited_s + wait_s, 0.0
                request = health.request(submit=True)
        return request, waited_s

    async def _answered(self, submit: asyncio.Task[Any], deadline_s: float) -> bool:
        """Wait for a submit without ever canceling it; False: its deadline came first."""
        deadline = asyncio.ensure_future(self._clock.sleep(deadline_s))
        try:
            await asyncio.wait({submit, deadline}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            deadline.cancel()
        return submit.done()

    async def _hand_over(self, job: Job, provider: Provider, offer: Offer, request: Request, tries: int) -> Handed:
        """The intent, the one submit and the commit of its answer; runs to its end even while the bot stops."""
        self._wishes[job.id] = False
        try:
            job = await self._records.intend(job, offer.spec.deadline_s)
            try:
                with request:
                    answer = await provider.submit(job.request, model=job.model, key=job.id)
            except Exception as error:  # noqa: BLE001 - whatever it was, the row must leave `submitting`
                return await self._failed(job, offer, error, tries)
            _tell_balance(provider)
            if not isinstance(answer, Pending):
                return await self._inline(job, offer, answer), None
            job = await self._records.move(job, JobState.RUNNING, handle=answer.handle)
            self._presenter.news(job, answer.progress)
            return await self._granted(job, provider), answer.poll_after_s
        except Overtaken:
            return replace(job, state=JobState.CANCELED), None
        finally:
            request.drop()
            del self._wishes[job.id]

    async def _failed(self, job: Job, offer: Offer, error: Exception, tries: int) -> Handed:
        down, jitter = self._health[job.provider].down, self._random()
        meaning = after_submit(error, offer.provider_title, tries=tries, down=down, jitter=jitter)
        log_failure("submit", job, error, final=isinstance(meaning, Ending))
        if isinstance(meaning, TryLater):
            if not self._wishes[job.id]:
                job = await self._records.move(job, JobState.QUEUED, submitted_at=None, deadline_at=None)
            if not self._wishes[job.id]:
                return job, meaning.wait_s
            meaning = Ending(JobState.CANCELED, None)
        await self._closing.end(job, meaning)
        return replace(job, state=meaning.state), None

    async def _granted(self, job: Job, provider: Provider) -> Job:
        """The provider has it: grant a cancel that was wished meanwhile."""
        if not self._wishes[job.id] or not isinstance(provider, Cancels):
            return job
        assert job.handle is not None
        try:
            async with asyncio.timeout(CANCEL_LIMIT_S):
                await provider.cancel(job.handle)
        except (ProviderError, UserError, TimeoutError) as error:  # the person was told that nothing will be charged
            log_failure("cancel", job, error)
        return await self._canceled(job)

    async def _inline(self, job: Job, offer: Offer, answer: Finished) -> Job:
        """Keep what the submit was answered with: it is paid for, and there is no handle to ask for it again."""
        assert job.deadline_at is not None
        misses, at = Misses(offer.provider_title), self._clock.now()
        until = self._clock.monotonic() + job.deadline_at - at
        while True:
            outcome = await self._keep(job, answer, misses, until, at)
            if self._wishes[job.id]:
                if isinstance(outcome, dict):
                    await self._media.remove(outcome["file"])
                return await self._canceled(job)
            if isinstance(outcome, dict):
                return await self._records.move(job, JobState.DELIVERING, **outcome)
            if isinstance(outcome, Ending):
                await self._closing.end(job, outcome)
                return replace(job, state=outcome.state)
            await self._clock.sleep(outcome)

    async def _keep(
        self, job: Job, answer: Finished, misses: Misses, until: float, at: float
    ) -> dict[str, Any] | Ending | float:
        """One try: what changes with the stored file, the end, or the seconds until the next try."""
        try:
            return await kept(self._media, job, answer, at=at)
        except Exception as error:  # noqa: BLE001 - whatever it was, the row must leave `submitting`
            ending = misses.count(error, age_s=0.0, now=self._clock.monotonic())
            wait_s = back_off_s(misses.in_a_row, None, self._random())
            inline = isinstance(answer.artifact, Artifact)  # its bytes stay what they are
            hopeless = inline and isinstance(error, BadResult)
            if ending is None and (hopeless or self._clock.monotonic() + wait_s >= until):
                ending = misses.too_many(error)
            log_failure("fetch", job, error, final=ending is not None)
            return ending or wait_s

    async def _canceled(self, job: Job) -> Job:
        await self._closing.end(job, Ending(JobState.CANCELED, None))
        return replace(job, state=JobState.CANCELED)


def _tell_balance(provider: Provider) -> None:
    if isinstance(provider, Funded) and provider.balance is not None:
        log.info("%s: %g of the operator's credits are left", provider.title, provider.balance)


def log_failure(what: str, job: Job, error: BaseException, *, final: bool = False) -> None:
    """One line, with a traceback where the failure is ours; a provider's is for the operator once it ends the job."""
    known = isinstance(error, ProviderError | UserError | TimeoutError)
    log.log(
        logging.DEBUG if known and not final else logging.WARNING,
        "%s failed: %s",
        what,
        str(error) or type(error).__name__,
        extra={"job": job.id, "provider": job.provider, "error": type(error).__name__},
        exc_info=None if known else error,
    )
