"""Pure: what an error of a provider means for a job."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import (
    BadResult,
    ContentRefused,
    GenerationFailed,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
    UserError,
)
from bot.model import Failure, JobState

MOST_TRIES = 3
LONGEST_PAUSE_S = 600.0
FIRST_BACK_OFF_S = 2.0
LONGEST_BACK_OFF_S = 60.0


@dataclass(frozen=True, slots=True)
class Ending:
    """The state a job ends in, and why."""

    state: JobState
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class TryLater:
    """Nothing was accepted: hand it over again after `wait_s` seconds."""

    wait_s: float


def after_submit(
    error: Exception, provider_title: str, *, tries: int, paused_s: float, jitter: float
) -> Ending | TryLater:
    """What a failed submit means; whatever is not proof that nothing was accepted is `lost`.

    `tries` counts the submits of this job so far, `paused_s` the seconds it has waited
    for the provider, `jitter` is 0..1.
    """
    match error:
        case RateLimited():
            wait_s = back_off_s(tries, error.retry_after_s, jitter)
            if paused_s + wait_s <= LONGEST_PAUSE_S:
                return TryLater(wait_s)
            return Ending(JobState.FAILED, Failure("fail.provider_busy", {"provider": provider_title}))
        case ProviderUnavailable(not_sent=True):
            if tries < MOST_TRIES:
                return TryLater(back_off_s(tries, None, jitter))
            return Ending(JobState.FAILED, Failure("fail.provider_down", {"provider": provider_title}))
    return final_word(error, provider_title) or lost(provider_title)


def final_word(error: Exception, provider_title: str) -> Ending | None:
    """The end that an error means in any phase; None when it decides nothing."""
    provider = {"provider": provider_title}
    match error:
        case ContentRefused():
            return Ending(JobState.REFUSED, Failure(error.key, dict(error.params)))
        case UserError():
            return Ending(JobState.FAILED, Failure(error.key, dict(error.params)))
        case ProviderRefused():
            return Ending(JobState.FAILED, Failure("fail.provider_auth", {**provider}))
        case GenerationFailed():
            return Ending(JobState.FAILED, Failure("fail.generation", {**provider}))
        case BadResult():
            return bad_result(provider_title)
    return None


def lost(provider_title: str) -> Ending:
    return Ending(JobState.LOST, Failure("fail.lost", {"provider": provider_title}))


def bad_result(provider_title: str) -> Ending:
    return Ending(JobState.FAILED, Failure("fail.bad_result", {"provider": provider_title}))


def back_off_s(tries: int, hint_s: float | None, jitter: float) -> float:
    """Seconds to wait: the provider's own hint where it is sane, else doubling; plus up to a quarter."""
    if hint_s is None or not 0 < hint_s <= LONGEST_PAUSE_S:
        hint_s = min(LONGEST_BACK_OFF_S, FIRST_BACK_OFF_S * 2 ** min(tries - 1, 10))
    return hint_s * (1 + jitter / 4)
