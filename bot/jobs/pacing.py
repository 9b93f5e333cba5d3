"""When to look at a running job, how far it seems, and when it should be ready."""

from __future__ import annotations

import math
from bisect import insort
from dataclasses import dataclass, replace

from bot.model import Bar, Progress
from bot.provider import CapabilitySpec, ProgressKind

SILENT_S = 5.0
SLOW_FACTOR = 2.0
REMEMBERED = 50
LEARNED_FROM = 5
ETA_SHIFT = 0.2
LONGEST_ETA_S = 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How often running jobs are looked at; seconds, and looks per second of the whole process.

    A provider's own hints count between `shortest_s` and `longest_s`, and whatever was
    learned, nothing longer passes between looks. The first comes `early_s` after the submit,
    for refusals. `sparse_share` is the share of the usual duration between looks for news,
    `every_s` passes between looks for the result.
    """

    looks_per_s: float = 500.0
    shortest_s: float = 0.05
    longest_s: float = 60.0
    early_s: float = 3.0
    every_s: float = 2.0
    sparse_share: float = 0.15

    def sparse_s(self, usual: Usual) -> float:
        """Seconds between two looks, or moves of a bar, while hardly any job can be done."""
        return min(self.longest_s, max(self.every_s, self.sparse_share * usual.median_s))


@dataclass(slots=True)
class Usual:
    """How long jobs of one (provider, model, capability) take, from the last that succeeded.

    The last are those that were submitted last: of many jobs at once, those that end last are the slow ones.
    """

    expected_s: float  # until something was seen
    seen: list[tuple[float, str, float]]
    ordered: list[float]

    @classmethod
    def of(cls, expected_s: float, newest_first: tuple[float, ...] = ()) -> Usual:
        usual = cls(expected_s, [], [])
        for age, duration_s in enumerate(newest_first):
            usual.add(duration_s, (-age, ""))
        return usual

    def add(self, duration_s: float, submitted: tuple[float, str]) -> None:
        """Remember one more success, by the time of its submit and its job's id; the oldest is forgotten."""
        insort(self.seen, (*submitted, duration_s))
        insort(self.ordered, duration_s)
        if len(self.seen) > REMEMBERED:
            self.ordered.remove(self.seen.pop(0)[2])

    @property
    def median_s(self) -> float:
        return self.ordered[len(self.ordered) // 2] if self.ordered else self.expected_s

    @property
    def learned(self) -> bool:
        return len(self.ordered) >= LEARNED_FROM

    @property
    def early_s(self) -> float:
        """The learned 5th percentile: hardly any job is done before."""
        return self.ordered[len(self.ordered) // 20]


def next_look_s(elapsed_s: float, hint_s: float | None, usual: Usual, spec: CapabilitySpec, pace: Pace) -> float:
    """Seconds until the next poll; the provider's own hint wins where it is a duration at all.

    Learned: one early look, then sparse looks where the provider has news to tell, else
    none until hardly any job would be done. Unlearned, and from then on: every two seconds.
    """
    if hint_s is not None and hint_s >= 0:
        return min(max(pace.shortest_s, hint_s), pace.longest_s)
    if not usual.learned or elapsed_s >= usual.early_s:
        return pace.every_s
    if elapsed_s < pace.early_s:
        return min(pace.early_s, usual.early_s) - elapsed_s
    until_early_s = min(max(pace.shortest_s, usual.early_s - elapsed_s), pace.longest_s)
    return until_early_s if spec.progress is ProgressKind.NONE else min(until_early_s, pace.sparse_s(usual))


class PollBudget:
    """Looks per second of the whole process: with too many jobs, intervals stretch."""

    def __init__(self, per_s: float) -> None:
        self._per_s = per_s
        self.live = 0

    def stretch(self, interval_s: float) -> float:
        """The interval, or the longer one that keeps all live jobs within the budget."""
        return max(interval_s, self.live / self._per_s)


class Meter:
    """What the bar of one job shows: never back, never 100 before the final word.

    `ahead` counts the jobs before it in the provider's own line; 0 once it is at work.
    The time in that line is no time at work: it moves no bar, and no end is reckoned by it.
    """

    __slots__ = ("_began_s", "_waits", "ahead", "bar")

    def __init__(self) -> None:
        self.bar = Bar(None)
        self.ahead = 0
        self._waits = False
        self._began_s = 0.0

    def read(
        self, progress: Progress | None, *, elapsed_s: float, now: float, usual: Usual, spec: CapabilitySpec
    ) -> Bar:
        """The bar at `elapsed_s` seconds after the submit; `now` is UTC epoch seconds."""
        reported, place = _reported(progress), progress.queue_position if progress else None
        self.ahead = max(0, place or 0)
        self._waits = place is not None and not reported
        if self._waits:
            self._began_s = elapsed_s
        if reported:
            self._raise(reported, approximate=False)
        elif elapsed_s - self._began_s >= SILENT_S or spec.progress is ProgressKind.NONE:
            self.drift(elapsed_s, usual)
        left_s = _told_s(progress)
        if left_s is None and not self._waits:
            left_s = _left_s(reported, elapsed_s - self._began_s, usual.median_s)
        if left_s is not None:
            self._aim(now + left_s, now)
        return self.bar

    def drift(self, elapsed_s: float, usual: Usual) -> None:
        """Move the bar by what is usual; not while the job waits in the provider's own line."""
        if not self._waits:
            self._raise(estimate(elapsed_s - self._began_s, usual.median_s), approximate=True)

    def _raise(self, percent: int, *, approximate: bool) -> None:
        if self.bar.percent is None or percent >= self.bar.percent:
            self.bar = replace(self.bar, percent=min(99, percent), approximate=approximate)

    def _aim(self, eta_at: float, now: float) -> None:
        """Keep the shown end unless it is off by more than a fifth of what is left."""
        told = self.bar.eta_at
        if told is None or abs(eta_at - told) > max(1.0, ETA_SHIFT * max(0.0, eta_at - now)):
            self.bar = replace(self.bar, eta_at=eta_at)


def estimate(elapsed_s: float, usual_s: float) -> int:
    """An honest guess in percent where the provider says nothing."""
    return int(95 * (1 - math.exp(-1.6 * elapsed_s / max(1.0, usual_s))))


def _reported(progress: Progress | None) -> int:
    """The provider's own percent; 0 where it says none."""
    if progress is None or progress.fraction is None or not math.isfinite(progress.fraction):
        return 0
    return int(100 * min(1.0, max(0.0, progress.fraction)))


def _told_s(progress: Progress | None) -> float | None:
    """The seconds that the provider says are left, where that can be true."""
    told_s = progress.eta_s if progress else None
    return told_s if told_s is not None and 0 <= told_s <= LONGEST_ETA_S else None


def _left_s(reported: int, elapsed_s: float, usual_s: float) -> float:
    by_bar_s = elapsed_s * (100 - reported) / reported if reported >= 10 else None  # noqa: PLR2004 - below, noise
    return by_bar_s if by_bar_s is not None else max(0.0, usual_s - elapsed_s)


def slow_after_s(usual: Usual) -> float:
    """How long a job may take before that is much longer than usual."""
    return SLOW_FACTOR * usual.median_s
