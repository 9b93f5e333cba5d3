"""Whether a provider may be asked now, as its own answers tell; in memory, a restart forgives."""

from __future__ import annotations

import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

from bot.clock import Clock
from bot.errors import OutcomeUnknown, ProviderRefused, ProviderUnavailable, RateLimited
from bot.jobs.endings import Ending, back_off_s, is_sane, unserved

log = logging.getLogger(__name__)

MANY_MISSES = 30
FEW_MISSES = 3
LASTING_S = 30.0
PROBE_EVERY_S = 30.0
REFUSED_S = 60.0
LOOKS_FIRST_S = 2.0
RECHECK_S = 2.0
VERDICT_S = 65.0  # longer than any look takes
LONGEST_WAIT_S = 600.0

_MISSES = (ProviderUnavailable, TimeoutError, RateLimited, OutcomeUnknown)


class Health:
    """What one provider's answers say of all its jobs; every submit and look asks for leave here.

    - Asked to wait, it lets nobody go for as long as it was asked to, or for a doubling time;
      no submits only, where looks have been answered all the same.
    - After 30 misses in a row it lets one request go every 30 seconds.
    - Two submits in a row that find the operator's key or balance refused stop the submits for a minute.

    When such a time is over, one request goes to find out, and the others wait for its verdict.
    `turn_away` is called with a monotonic time: who has waited since then waits in vain.
    """

    def __init__(
        self, provider: str, clock: Clock, random: Callable[[], float], turn_away: Callable[[float], None]
    ) -> None:
        self._provider = provider
        self._clock = clock
        self._random = random
        self._turn_away = turn_away
        self._shut: _Shut | None = None
        self._no_submits: _Shut | None = None
        self._since = 0.0  # when it shut
        self._misses = 0  # in a row
        self._missing_since = 0.0  # the first of them
        self._refused_looks = 0  # in a row
        self._pauses = 0  # in a row
        self._limited = 0  # submits in a row that were asked to wait
        self._refusals = 0  # submits in a row that were refused
        self._looked = False  # whether a look was answered since the last of them
        self._busy = False  # whether the last miss was to wait
        self._told = False

    def request(self, *, submit: bool = False) -> Request | None:
        """Leave for one request now; None while it has to wait."""
        if self.wait_s(submit=submit) > 0:
            return None
        request = Request(self, self._shut, self._no_submits if submit else None, submit=submit)
        for shut in request.probes:
            shut.probe(request, self._clock.monotonic())
        return request

    def wait_s(self, *, submit: bool = False) -> float:
        """Seconds until it is worth asking for leave again; 0 for now."""
        now = self._clock.monotonic()
        if not submit:
            return self._shut.wait_s(now) if self._shut else 0.0
        # Looks find out first, if there are any: a submit that fails may have been accepted.
        wait_s = self._shut.wait_s(now - LOOKS_FIRST_S) if self._shut else 0.0
        return max(wait_s, self._no_submits.wait_s(now) if self._no_submits else 0.0)

    @property
    def down(self) -> bool:
        """Whether nobody has had an answer for long; unknown again once nobody has asked for ten minutes."""
        shut = self._shut
        return self._brings_nothing and shut is not None and self._clock.monotonic() < shut.opens_at + LONGEST_WAIT_S

    @property
    def refusing(self) -> bool:
        """Whether submits are refused without asking."""
        shut = self._no_submits
        return shut is not None and shut.refused and self._clock.monotonic() < shut.opens_at

    @property
    def _brings_nothing(self) -> bool:
        return self._misses >= MANY_MISSES

    @property
    def holding(self) -> str | None:
        """What keeps new jobs waiting, for all that is known: "busy" or "down"; None: nothing."""
        if not (self._shut or self._no_submits or self._misses >= FEW_MISSES) or self.refusing:
            return None
        return "busy" if self._busy else "down"

    def out_for_s(self, since: float) -> float:
        """Seconds that somebody who came at the monotonic time `since` has waited for it by now."""
        return self._clock.monotonic() - max(since, self._since) if self._shut else 0.0

    def ending(self, provider_title: str) -> Ending:
        """The end of a job that cannot wait any longer."""
        busy_or_down = "fail.provider_busy" if self._busy else "fail.provider_down"
        return unserved("fail.provider_auth" if self.refusing else busy_or_down, provider_title)

    def heard(self, request: Request, error: Exception | None) -> None:
        """How a request ended: None for an answer, else what was raised."""
        late = self._shut not in (None, request.shut)
        late |= request.submit and self._no_submits not in (None, request.no_submits)
        refused = request.submit and isinstance(error, ProviderRefused)
        if refused and error:
            self._refused(error)
        if late:
            self._heard_late(error)
        elif isinstance(error, _MISSES):
            self._missed(error, submit=request.submit)
        else:  # a look that is refused, too: jobs of an earlier key must not keep those of the new one waiting
            self._answered(taken=request.submit and not refused)
            self._hear_of_looks(request, error)

    def _missed(self, error: Exception, *, submit: bool) -> None:
        if not self._misses:
            self._missing_since = self._clock.monotonic()
        self._misses += 1
        self._busy = isinstance(error, RateLimited)
        wait_s = 0.0
        if not isinstance(error, RateLimited):
            self._pauses = 0
        elif submit and self._only_submits(error):
            return
        else:
            self._pauses += 1
            wait_s = self._pause_s(self._pauses, error.retry_after_s)
        if self._brings_nothing:
            wait_s = max(wait_s, self._pause_s(1, PROBE_EVERY_S))
        self._shut_for(wait_s, error)

    def _only_submits(self, error: RateLimited) -> bool:
        """Shut to submits alone, if these are asked to wait again and again while looks are answered."""
        self._limited, looked, self._looked = self._limited + 1, self._looked, False
        if self._limited == 1 or not looked:
            return False
        self._no_submits = _Shut(self._clock.monotonic() + self._pause_s(self._limited, error.retry_after_s))
        return True

    def _shut_for(self, wait_s: float, error: Exception) -> None:
        """Shut after a miss, or with 0 seconds open again until there are more of them."""
        now = self._clock.monotonic()
        if self._shut is None:
            self._since = now
        self._shut = _Shut(now + wait_s) if wait_s else None
        # One short pause is everyday life, and so is one failure; few jobs alone take long to make thirty of them.
        lasting = self._misses >= FEW_MISSES and now - self._missing_since >= LASTING_S
        if not self._told and (self._brings_nothing or self._pauses > 1 or lasting):
            self._told = True
            self._tell(logging.WARNING, "%s is not to be had: %s", str(error) or type(error).__name__)
        if self.out_for_s(0.0) >= LONGEST_WAIT_S:
            self._turn_away(now - LONGEST_WAIT_S)

    def _refused(self, error: Exception) -> None:
        self._refusals += 1
        if self._refusals == 1:  # it may be about this job alone, whose model or style the provider does not have
            self._tell(logging.ERROR, "%s refuses the operator's key or balance, and its jobs end unserved: %s", error)
            return
        now = self._clock.monotonic()
        self._no_submits = _Shut(now + REFUSED_S, refused=True)
        self._turn_away(now)

    def _answered(self, *, taken: bool) -> None:
        if self._told:
            self._tell(logging.INFO, "%s is back after %.0f s", self._clock.monotonic() - self._missing_since)
        self._shut, self._told, self._misses, self._pauses = None, False, 0, 0
        if not taken:
            self._looked = True
            return
        if self._refusals:
            self._tell(logging.INFO, "%s takes jobs again")
        self._no_submits, self._limited, self._refusals = None, 0, 0

    def _hear_of_looks(self, request: Request, error: Exception | None) -> None:
        if request.submit:
            return
        self._refused_looks = self._refused_looks + 1 if isinstance(error, ProviderRefused) else 0
        if self._refused_looks == FEW_MISSES:  # not at each look of one odd job, between the answers of others
            self._tell(logging.ERROR, "%s refuses the operator's key for jobs that it has: %s", error)

    def _heard_late(self, error: Exception | None) -> None:
        """It was asked before it shut: nothing new, but for a longer wait."""
        if isinstance(error, RateLimited) and is_sane(error.retry_after_s) and self._shut:
            self._shut.opens_at = max(self._shut.opens_at, self._clock.monotonic() + error.retry_after_s)

    def _pause_s(self, times: int, hint_s: float | None) -> float:
        return back_off_s(times, hint_s, self._random())

    def _tell(self, level: int, text: str, *details: object) -> None:
        log.log(level, text, self._provider, *details, extra={"provider": self._provider})


class Request:
    """Leave for one request: a context manager that learns from how the request ends.

    Leave that is not used must be dropped, or the others wait for its verdict.
    """

    __slots__ = ("_health", "no_submits", "shut", "submit")

    def __init__(self, health: Health, shut: _Shut | None, no_submits: _Shut | None, *, submit: bool) -> None:
        self._health = health
        self.shut = shut
        self.no_submits = no_submits
        self.submit = submit

    @property
    def probes(self) -> list[_Shut]:
        """What this request is to find out about."""
        return [shut for shut in (self.shut, self.no_submits) if shut]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        if error is None or isinstance(error, Exception):
            self._health.heard(self, error)
        self.drop()

    def drop(self) -> None:
        """Let another one find out; harmless after the verdict."""
        for shut in self.probes:
            shut.release(self)


class _Shut:
    """Shut until a time, then open to one request at a time until there is a verdict."""

    __slots__ = ("_probe", "_verdict_by", "opens_at", "refused")

    def __init__(self, opens_at: float, *, refused: bool = False) -> None:
        self.opens_at = opens_at
        self.refused = refused
        self._probe: Request | None = None
        self._verdict_by = 0.0

    def wait_s(self, now: float) -> float:
        if now < self.opens_at:
            return self.opens_at - now
        return RECHECK_S if self._probe and now < self._verdict_by else 0.0

    def probe(self, request: Request, now: float) -> None:
        self._probe, self._verdict_by = request, now + VERDICT_S

    def release(self, request: Request) -> None:
        if self._probe is request:
            self._probe = None
