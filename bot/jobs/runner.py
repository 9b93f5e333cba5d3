"""One job from wherever its row stands to its end: linear, re-entrant, one task per job."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.clock import Clock
from bot.errors import StoreUnavailable
from bot.jobs.closing import Closing
from bot.jobs.endings import Ending, Ends, unserved
from bot.jobs.handover import HandOver
from bot.jobs.health import Health
from bot.jobs.looks import Looks
from bot.jobs.records import Overtaken, Records
from bot.jobs.slots import FairSlots, TurnedAway
from bot.jobs.usual import Durations
from bot.model import Failure, Job, JobState, Rest
from bot.policy import Offer, takes
from bot.provider import Provider

log = logging.getLogger(__name__)


class Runner:
    """Carries jobs through provider, media and surface; keeps nothing that the row does not."""

    def __init__(
        self,
        *,
        providers: Mapping[str, Provider],
        slots: Mapping[str, FairSlots],
        health: Mapping[str, Health],
        durations: Durations,
        clock: Clock,
        handover: HandOver,
        looks: Looks,
        records: Records,
        closing: Closing,
        rests: Callable[[], Awaitable[Mapping[str, Rest]]],
    ) -> None:
        self._providers = providers
        self._slots = slots
        self._health = health
        self._durations = durations
        self._clock = clock
        self._handover = handover
        self._looks = looks
        self._records = records
        self._closing = closing
        self._rests = rests

    async def run(self, job: Job) -> None:
        """Continue a job from its row's state; may be called again after any interruption.

        The slot is taken before the intent is committed and ends with the last byte fetched.
        """
        try:
            try:
                if job.state is JobState.SUBMITTING:
                    await self._closing.end(job, unserved("fail.lost", self._title(job), JobState.LOST))
                if job.state in (JobState.QUEUED, JobState.RUNNING):
                    provider, offer = self._serving(job)
                    hint_s, fresh, since = None, job.state is JobState.QUEUED, self._clock.monotonic()
                    if fresh:  # a recovered job has the slot that it uses already
                        await self._take_slot(job, offer, since)
                    try:
                        if fresh:
                            await self._check_on(job, offer)
                            job, hint_s = await self._handover.submit(job, provider, offer, since=since)
                        if job.state is JobState.RUNNING:
                            job = await self._looks.result(job, provider, offer, hint_s=hint_s, fresh=fresh)
                    finally:
                        self._slots[job.provider].give_back()
                if job.state is JobState.DELIVERING:
                    await self._closing.deliver(job)
            except Ends as end:
                await self._closing.end(end.job, end.ending)
        except Overtaken:
            log.debug("job %s was moved by somebody else", job.id)
        except Exception:
            log.exception("a job broke", extra={"job": job.id})
            await self._break(job.id)

    def _serving(self, job: Job) -> tuple[Provider, Offer]:
        provider, offer = self._providers.get(job.provider), self._durations.offer(job)
        if provider is not None and offer is not None:
            return provider, offer
        if provider is not None and job.state is JobState.RUNNING:  # a recovered job, whose slot is counted
            self._slots[job.provider].give_back()
        raise Ends(job, unserved("fail.provider_gone", job.provider))

    async def _take_slot(self, job: Job, offer: Offer, since: float) -> None:
        try:
            await self._slots[job.provider].take(job.id, job.person_id, since)
        except TurnedAway:
            raise Ends(job, self._health[job.provider].ending(offer.provider_title)) from None

    async def _check_on(self, job: Job, offer: Offer) -> None:
        """The operator may have switched the provider off while the job waited, or keep people's pictures from it."""
        if not takes(offer, job.request.source):
            raise Ends(job, unserved("fail.provider_off", offer.provider_title))
        try:
            rest = (await self._rests()).get(job.provider)
        except StoreUnavailable:  # the intent is written next, and waits for the store
            return
        if rest is not None and rest.off:
            raise Ends(job, unserved("fail.provider_off", offer.provider_title))

    async def _break(self, job_id: str) -> None:
        """End a job that our own fault stopped: nobody pays for it."""
        job = await self._records.row(job_id)
        if job is not None and not job.state.terminal:
            state = JobState.LOST if job.state is JobState.SUBMITTING else JobState.FAILED
            await self._closing.end(job, Ending(state, Failure("fail.internal", {"code": job_id[-6:]})))

    def _title(self, job: Job) -> str:
        offer = self._durations.offer(job)
        return offer.provider_title if offer else job.provider
