"""How many edits the platforms still take: our own count, and their word where they give one."""

from __future__ import annotations

from bot.clock import Clock
from bot.model import MessageRef
from bot.surface import Metered, Surface, SurfaceLimits

FEW_BUCKETS = 64
LEAST_WAIT_S = 0.1
LONGEST_WAIT_S = 60.0


class Bucket:
    """The edits that one rate-limit bucket still takes: `burst` per `window_s`, sliding."""

    __slots__ = ("_limits", "_paused_until", "_sent", "replies")

    def __init__(self, limits: SurfaceLimits) -> None:
        self._limits = limits
        self._sent: tuple[float, ...] = ()  # smaller than a deque, and there is a bucket per message
        self._paused_until = float("-inf")
        self.replies = 0  # that wait for room, before which no progress goes

    def pause(self, until: float) -> None:
        self._paused_until = max(self._paused_until, until)

    def wait_s(self, now: float, *, keep: int) -> float:
        """Seconds until one edit may be sent that leaves `keep` more; 0 for now."""
        waits = [self._paused_until - now]
        if self._limits.burst is not None:
            self._forget(now)
            excess = len(self._sent) + keep + 1 - self._limits.burst
            if excess > 0 and self._sent:
                waits.append(self._sent[min(excess, len(self._sent)) - 1] + self._limits.window_s - now)
        return max(0.0, *waits)

    def spend(self, now: float) -> None:
        if self._limits.burst is not None:
            self._sent += (now,)

    def idle(self, now: float) -> bool:
        self._forget(now)
        return not self._sent and self._paused_until <= now and not self.replies

    def _forget(self, now: float) -> None:
        if self._sent and self._sent[0] <= now - self._limits.window_s:
            self._sent = tuple(at for at in self._sent if at > now - self._limits.window_s)


class Buckets:
    """The buckets of all surfaces; they come with messages, and go when they are idle."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept = FEW_BUCKETS
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._meters: dict[str, Metered | None] = {}  # looking for one takes longer than all the rest of an answer

    def __len__(self) -> int:
        return len(self._buckets)

    def of(self, surface: Surface, ref: MessageRef) -> Bucket:
        """The bucket that edits of `ref` count against."""
        return self.named(surface, surface.bucket(ref))

    def named(self, surface: Surface, name: str) -> Bucket:
        key = (surface.platform, name)
        if key not in self._buckets:
            self._forget_idle()
            self._buckets[key] = Bucket(surface.limits)
        return self._buckets[key]

    def progress_wait_s(self, surface: Surface, ref: MessageRef) -> float:
        """As `wait_s`, for an edit that leaves room for final cards and lets replies go first."""
        wait_s = self.wait_s(surface, ref, keep=surface.limits.spare)
        return max(LEAST_WAIT_S, wait_s) if self.of(surface, ref).replies else wait_s

    def wait_s(self, surface: Surface, ref: MessageRef, *, keep: int) -> float:
        """Seconds until an edit of `ref` may go that leaves `keep` more; 0 for now.

        After 60 s at most it is worth asking again.
        """
        wait_s = self.of(surface, ref).wait_s(self._clock.monotonic(), keep=keep)
        if (meter := self._meter(surface)) is not None:
            wait_s = max(wait_s, meter.wait_s(ref, keep=keep))
        # A meter may answer next to nothing again and again: whoever waits for it must not spin.
        return min(LONGEST_WAIT_S, max(LEAST_WAIT_S, wait_s)) if wait_s > 0 else 0.0

    def _meter(self, surface: Surface) -> Metered | None:
        if surface.platform not in self._meters:
            self._meters[surface.platform] = surface if isinstance(surface, Metered) else None
        return self._meters[surface.platform]

    def _forget_idle(self) -> None:
        """Forget the idle ones whenever the number of all has doubled."""
        if len(self._buckets) >= 2 * self._kept:
            now = self._clock.monotonic()
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if not bucket.idle(now)}
            self._kept = max(FEW_BUCKETS, len(self._buckets))
