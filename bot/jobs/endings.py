"""Pure: what an error of a provider means for a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard

from bot.errors import (
    BadResult,
    ContentRefused,
    GenerationFailed,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
    Unavailable,
    UnknownHandle,
    UserError,
)
from bot.model import Failure, Job, JobState

MOST_TRIES = 3
YOUNG_S = 30.0
LAGGING_S = 20.0
LONGEST_HINT_S = 600.0
FIRST_BACK_OFF_S = 2.0
LONGEST_BACK_OFF_S = 60.0
LEAST_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Ending:
    """The state a job ends in, and why."""

    state: JobState
    failure: Failure | None

    @property
    def perhaps_paid(self) -> bool:
        """Whether the operator may have paid for nothing."""
        paid = ("fail.bad_result", "fail.deadline")
        return self.state is JobState.LOST or (self.failure is not None and self.failure.key in paid)


@dataclass(frozen=True, slots=True)
class TryLater:
    """Nothing was accepted: hand it over again after `wait_s` seconds, once the provider may be asked."""

    wait_s: float = 0.0


class Ends(Exception):
    """The way out of a job's linear course, not an error."""

    def __init__(self, job: Job, ending: Ending) -> None:
        super().__init__(ending.state)
        self.job = job
        self.ending = ending


def after_submit(error: Exception, provider_title: str, *, tries: int, down: bool, jitter: float) -> Ending | TryLater:
    """What a failed submit means; whatever is not proof that nothing was accepted is `lost`.

    `tries` counts the submits of this job that did not reach the provider, `jitter` is 0..1.
    `down` says that nobody reaches it: that is not this job's fault, and it waits.
    """
    match error:
        case RateLimited():
            return TryLater()
        case ProviderUnavailable(not_sent=True):
            if down:
                return TryLater()
            if tries < MOST_TRIES:
                return TryLater(back_off_s(tries, None, jitter))
            return unserved("fail.provider_down", provider_title)
    return final_word(error, provider_title) or unserved("fail.lost", provider_title, JobState.LOST)


def final_word(error: Exception, provider_title: str) -> Ending | None:
    """The end that an error means in any phase; None when it decides nothing."""
    match error:
        case ContentRefused():
            return Ending(JobState.REFUSED, Failure(error.key, dict(error.params)))
        case UserError():
            return Ending(JobState.FAILED, Failure(error.key, dict(error.params)))
        case ProviderRefused():
            return unserved("fail.provider_auth", provider_title)
        case GenerationFailed():
            return unserved("fail.generation", provider_title)
        case BadResult():
            return unserved("fail.bad_result", provider_title)
    return None


def unserved(key: str, provider_title: str, state: JobState = JobState.FAILED) -> Ending:
    """An end for which the provider's name is all that there is to say."""
    return Ending(state, Failure(key, {"provider": provider_title}))


class Misses:
    """Looks of one job that brought nothing, and what they come to mean."""

    __slots__ = ("_bad_results", "_bad_since", "_title", "_unknown", "_unknown_since", "in_a_row")

    def __init__(self, provider_title: str) -> None:
        self._title = provider_title
        self._bad_results = 0
        self._bad_since = 0.0
        self._unknown = 0
        self._unknown_since = 0.0
        self.in_a_row = 0

    def over(self) -> None:
        """A look brought news."""
        self.in_a_row = self._unknown = 0

    def count(self, error: Exception, *, age_s: float, now: float) -> Ending | None:
        """The end that one more miss means; None: no news, look again.

        `age_s` is seconds since the submit, `now` is monotonic.
        """
        self.in_a_row += 1
        if not isinstance(error, UnknownHandle):
            self._unknown = 0
        match error:
            case UnknownHandle():
                return self._not_known(age_s, now)
            case BadResult():
                return self._no_picture(error, now)
            # Our own disk is full, or the operator's key was refused: the job was accepted and will be
            # charged, so its result waits at the provider until that is mended, or the deadline comes.
            case Unavailable() | ProviderRefused():
                return None
        return final_word(error, self._title)

    def _no_picture(self, error: BadResult, now: float) -> Ending | None:
        """Some services say that they are done before the file lies where they say, and it is paid for."""
        self._bad_results += 1
        if self._bad_results == 1:
            self._bad_since = now
        tried = self._bad_results >= MOST_TRIES and now - self._bad_since >= LAGGING_S
        return final_word(error, self._title) if tried else None

    def too_many(self, error: Exception) -> Ending:
        """The end where no look can follow any more."""
        return final_word(error, self._title) or unserved("fail.bad_result", self._title)

    def _not_known(self, age_s: float, now: float) -> Ending | None:
        if age_s < YOUNG_S:  # some services need a moment before they know their own jobs
            return None
        self._unknown += 1
        if self._unknown == 1:
            self._unknown_since = now
        if self._unknown < MOST_TRIES or now - self._unknown_since < YOUNG_S:
            return None
        return unserved("fail.unknown_handle", self._title, JobState.LOST)


def back_off_s(tries: int, hint_s: float | None, jitter: float) -> float:
    """Seconds to wait: the provider's own hint where it is sane, else doubling; plus up to a quarter."""
    if not is_sane(hint_s):
        hint_s = min(LONGEST_BACK_OFF_S, FIRST_BACK_OFF_S * 2 ** min(tries - 1, 10))
    return hint_s * (1 + max(LEAST_JITTER, jitter) / 4)


def is_sane(hint_s: float | None) -> TypeGuard[float]:
    """Whether a provider's wish to wait can be meant."""
    return hint_s is not None and 0 < hint_s <= LONGEST_HINT_S
