"""Live messages as cards, with what only the process knows: places in line, bars, usual durations."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from bot import cards
from bot.clock import Clock
from bot.jobs.balances import Balances
from bot.jobs.health import Health
from bot.jobs.live import LiveMessage, LiveMessages, Look
from bot.jobs.pacing import slow_after_s
from bot.jobs.slots import FairSlots
from bot.jobs.usual import Durations
from bot.model import Card, Job, JobState, Message, Progress
from bot.policy import Offer, able
from bot.surface import Spelling

MINUTE_S = 60.0
LEAST_STILL_S = 0.1


class View:
    """Draws cards; the only place where rows and the process's own knowledge meet."""

    def __init__(
        self,
        *,
        offers: Sequence[Offer],
        slots: Mapping[str, FairSlots],
        health: Mapping[str, Health],
        durations: Durations,
        lives: LiveMessages,
        clock: Clock,
        locale: str,
        keep_days: int,
        spelling: Callable[[str], Spelling],
        balances: Balances,
    ) -> None:
        self._offers = offers
        self._titles = {(offer.provider, offer.spec.model): offer.spec.title for offer in offers}
        self.stoppable = frozenset((offer.provider, offer.spec.model) for offer in offers if offer.spec.cancel)
        self._provider_titles = {offer.provider: offer.provider_title for offer in offers}
        self._slots = slots
        self._health = health
        self._durations = durations
        self._lives = lives
        self._clock = clock
        self._locale = locale
        self._keep_days = keep_days
        self.spelling = spelling
        self._balances = balances

    def card(self, live: LiveMessage) -> Card:
        return self._draw(live.message, live)

    def card_of(self, message: Message, *, platform: str | None = None) -> Card:
        """The card of any message; a live one with its newest state.

        `platform` is where somebody looks at it, where that may be another than the message's own.
        """
        live = self._lives.get(message.id)
        return self._draw(live.message if live else message, live, platform)

    def look(self, live: LiveMessage) -> Look:
        """What the card would be judged by, without drawing it."""
        jobs = live.message.jobs
        state = cards.state_of(jobs)
        done = sum(job.state is JobState.SUCCEEDED for job in jobs)
        stoppable = any(cards.can_cancel(job, self.stoppable) for job in jobs)
        if state is JobState.QUEUED:
            return Look(state, done, stoppable, ahead=self._ahead(live, *jobs), held=self._held(jobs[0]))
        bars = [meter.bar.percent for meter in live.meters if meter and meter.bar.percent is not None]
        running = [job for job in jobs if job.state is JobState.RUNNING]
        return Look(
            state,
            done,
            stoppable,
            ahead=min((live.ahead(job.id) for job in running), default=0),
            percent=sum(bars) // len(jobs) if bars else None,
            slow=any(map(self._is_slow, running)),
            late=(eta_at := live.eta_at(running)) is not None and eta_at <= self._clock.now(),
            minutes=int(cards.elapsed_s(jobs, self._clock.now()) // MINUTE_S),
        )

    def still_s(self, live: LiveMessage) -> float:
        """Seconds until the card looks different by time alone; infinite while nothing was submitted."""
        now, jobs = self._clock.now(), live.message.jobs
        if all(job.submitted_at is None for job in jobs):
            return math.inf
        running = [job for job in jobs if job.state is JobState.RUNNING]
        eta_at = live.eta_at(running)
        changes_s = [
            MINUTE_S - cards.elapsed_s(jobs, now) % MINUTE_S,
            *(slow_after_s(self._durations.usual(job)) - self._elapsed_s(job) for job in running),
            *([] if eta_at is None else [eta_at - now]),
        ]
        return max(LEAST_STILL_S, min(change_s for change_s in changes_s if change_s >= 0))

    def title(self, job: Job) -> str:
        """What people call the model of a job."""
        return self._titles.get((job.provider, job.model), job.model)

    def provider_title(self, provider: str) -> str:
        """What people call a provider."""
        return self._provider_titles.get(provider, provider)

    def percent(self, job: Job) -> int | None:
        """What the bar of one job shows; 100 only for a success."""
        if job.state is JobState.SUCCEEDED:
            return 100
        live = self._lives.of_job(job.id)
        bar = live.bar(job.id) if live else None
        return bar.percent if bar else None

    def read(self, job: Job, progress: Progress | None) -> LiveMessage | None:
        """Take a provider's progress into the job's bar; the message whose card it changes."""
        live, offer = self._lives.of_job(job.id), self._durations.offer(job)
        if live is not None and offer is not None:
            live.meter(job.id).read(
                progress,
                elapsed_s=self._elapsed_s(job),
                now=self._clock.now(),
                usual=self._durations.usual(job),
                spec=offer.spec,
            )
        return live

    def drift(self, job: Job) -> LiveMessage | None:
        """Let the bar of a job move without news; the message whose card it changes."""
        live = self._lives.of_job(job.id)
        if live is not None:
            live.meter(job.id).drift(self._elapsed_s(job), self._durations.usual(job))
        return live

    def _draw(self, message: Message, live: LiveMessage | None, platform: str | None = None) -> Card:
        facts = cards.Facts(
            now=self._clock.now(),
            locale=self._locale,
            keep_days=self._keep_days,
            titles=self._titles,
            stoppable=self.stoppable,
            standings={job.id: self._standing(job, live) for job in message.jobs if not job.state.terminal},
            spelling=self.spelling(platform or message.platform),
            able=partial(able, self._offers),
            left=self._balances.of(message.person_id) if live else None,
        )
        card = cards.draw(message, facts)
        if live is None or card.bar is None or card.bar.percent is None:
            return card
        live.high = max(live.high, card.bar.percent)  # a picture that fails must not pull the others' bar back
        return replace(card, bar=replace(card.bar, percent=live.high))

    def _standing(self, job: Job, live: LiveMessage | None) -> cards.Standing:
        if job.state is JobState.QUEUED:
            held, title = self._held(job), self._provider_titles.get(job.provider, job.provider)
            return cards.Standing(ahead=self._ahead(live, job), held=(held, title) if held else None)
        slow = self._is_slow(job)
        return (
            cards.Standing(ahead=live.ahead(job.id), bar=live.bar(job.id), slow=slow)
            if live
            else cards.Standing(slow=slow)
        )

    def _is_slow(self, job: Job) -> bool:
        return self._elapsed_s(job) > slow_after_s(self._durations.usual(job))

    def _elapsed_s(self, job: Job) -> float:
        return max(0.0, self._clock.now() - job.submitted_at) if job.submitted_at else 0.0

    def _ahead(self, live: LiveMessage | None, *jobs: Job) -> int | None:
        """The place in line of the first of these jobs of one message; None when none of them waits.

        Before its place is known to the platform it is in no line yet: then the place that it will have.
        """
        slots = self._slots.get(jobs[0].provider)
        if slots is None:
            return None
        if live is not None and live.message.ref is None:
            return slots.ahead_of_next(jobs[0].person_id)
        return slots.ahead(*(job.id for job in jobs if job.state is JobState.QUEUED))

    def _held(self, job: Job) -> str | None:
        health = self._health.get(job.provider)
        return health.holding if health else None
