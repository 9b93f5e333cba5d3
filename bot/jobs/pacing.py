"""When to look at a running job, how far it seems, and when it should be ready."""

from __future__ import annotations

import math
from bisect import insort
from collections import deque
from dataclasses import dataclass, replace

from bot.model import Bar, Capability, Progress
from bot.provider import CapabilitySpec, ProgressKind

EARLY_LOOK_S = 3.0
EVERY_S = 2.0
SPARSE_SHARE = 0.15
SILENT_S = 5.0
SLOW_FACTOR = 2.0
REMEMBERED = 50
LEARNED_FROM = 5
ETA_SHIFT = 0.2


@dataclass(slots=True)
class Usual:
    """How long jobs of one (provider, model, capability) take, from their last successes."""

    expected_s: float  # until something was seen
    seen: deque[float]
    ordered: list[float]

    @classmethod
    def of(cls, expected_s: float, newest_first: tuple[float, ...] = ()) -> Usual:
        usual = cls(expected_s, deque(maxlen=REMEMBERED), [])
        for duration_s in reversed(newest_first):
            usual.add(duration_s)
        return usual

    def add(self, duration_s: float) -> None:
        """Remember one more success; the oldest is forgotten."""
        if len(self.seen) == self.seen.maxlen:
            self.ordered.remove(self.seen[0])
        self.seen.append(duration_s)
        insort(self.ordered, duration_s)

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


def next_look_s(elapsed_s: float, hint_s: float | None, usual: Usual, spec: CapabilitySpec) -> float:
    """Seconds until the next poll; the provider's own hint wins.

    Learned: one early look for refusals, then sparse looks while the provider reports
    percent, else none until hardly any job would be done. Unlearned: every two seconds.
    """
    if hint_s is not None:
        return max(0.05, hint_s)
    if not usual.learned or elapsed_s >= usual.early_s:
        return EVERY_S
    if elapsed_s < EARLY_LOOK_S:
        return min(EARLY_LOOK_S, usual.early_s) - elapsed_s if usual.early_s > elapsed_s else EVERY_S
    until_early_s = max(0.05, usual.early_s - elapsed_s)
    if spec.progress is ProgressKind.PERCENT:
        return min(until_early_s, max(EVERY_S, SPARSE_SHARE * usual.median_s))
    return until_early_s


class PollBudget:
    """Looks per second of the whole process: with too many jobs, intervals stretch."""

    def __init__(self, per_s: float = 500.0) -> None:
        self._per_s = per_s
        self.live = 0

    def stretch(self, interval_s: float) -> float:
        """The interval, or the longer one that keeps all live jobs within the budget."""
        return max(interval_s, self.live / self._per_s)


class Meter:
    """What the bar of one job shows: never back, never 100 before the final word."""

    __slots__ = ("bar",)

    def __init__(self) -> None:
        self.bar = Bar(None)

    def read(
        self, progress: Progress | None, *, elapsed_s: float, now: float, usual: Usual, spec: CapabilitySpec
    ) -> Bar:
        """The bar at `elapsed_s` seconds after the submit; `now` is UTC epoch seconds."""
        reported = _reported(progress)
        if reported:
            self._raise(reported, approximate=False)
        elif elapsed_s >= SILENT_S or spec.progress is ProgressKind.NONE:
            self._raise(estimate(elapsed_s, usual.median_s), approximate=True)
        self._aim(now + _left_s(progress, reported, elapsed_s, usual.median_s), now)
        return self.bar

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
    return int(95 * (1 - math.exp(-1.6 * elapsed_s / usual_s)))


def _reported(progress: Progress | None) -> int:
    """The provider's own percent; 0 where it says none."""
    if progress is None or progress.fraction is None or not math.isfinite(progress.fraction):
        return 0
    return int(100 * min(1.0, max(0.0, progress.fraction)))


def _left_s(progress: Progress | None, reported: int, elapsed_s: float, usual_s: float) -> float:
    if progress is not None and progress.eta_s is not None:
        return max(0.0, progress.eta_s)
    by_bar_s = elapsed_s * (100 - reported) / reported if reported >= 10 else None  # noqa: PLR2004 - below, noise
    return by_bar_s if by_bar_s is not None else max(0.0, usual_s - elapsed_s)


def is_slow(elapsed_s: float, usual: Usual) -> bool:
    """Whether a job takes much longer than usual."""
    return elapsed_s > SLOW_FACTOR * usual.median_s


UsualKey = tuple[str, str, Capability]
