"""Which model serves a job, and how long such jobs usually take."""

from __future__ import annotations

from collections.abc import Sequence

from bot.jobs.pacing import REMEMBERED, Usual
from bot.model import Capability, Job
from bot.policy import Offer
from bot.store import Store

UsualKey = tuple[str, str, Capability]
"""Provider, model and capability."""


class Durations:
    """The last successes per (provider, model, capability), read once from the store."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        self._offers: dict[UsualKey, Offer] = {
            (offer.provider, offer.spec.model, offer.spec.capability): offer for offer in offers
        }
        self._usual = {key: Usual.of(offer.spec.usual_s) for key, offer in self._offers.items()}

    async def load(self, store: Store) -> None:
        """Learn what earlier runs of the process saw; what was found after its deadline says nothing."""
        for key, offer in self._offers.items():
            seen = await store.durations(*key, limit=REMEMBERED)
            self._usual[key] = Usual.of(offer.spec.usual_s, tuple(s for s in seen if s <= offer.spec.deadline_s))

    def offer(self, job: Job) -> Offer | None:
        """The model that serves the job; None when it is no longer offered."""
        return self._offers.get(_key(job))

    def usual(self, job: Job) -> Usual:
        return self._usual.get(_key(job)) or Usual.of(UNKNOWN_S)

    def learn(self, job: Job, duration_s: float) -> None:
        """Remember how long a success took the provider; beyond the deadline it was the clock that jumped."""
        usual, offer = self._usual.get(_key(job)), self.offer(job)
        if usual and offer and job.submitted_at is not None and duration_s <= offer.spec.deadline_s:
            usual.add(duration_s, (job.submitted_at, job.id))


UNKNOWN_S = 50.0


def _key(job: Job) -> UsualKey:
    return job.provider, job.model, job.request.capability
