"""Rate limits: a bucket per route and top-level resource, one for the whole bot, and the ban."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from bot.clock import Clock

PROXY = {"Via": "1.1 google"}  # by this discord.py tells Discord's own 429 from one of its shield


@dataclass(frozen=True, slots=True)
class Limit:
    """`count` requests in each window of `per_s` seconds; a window begins with its first request."""

    count: int
    per_s: float


@dataclass(slots=True)
class _Window:
    began_at: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Spent:
    """One request counted: headers for its answer, and whether it was one too many."""

    too_many: bool
    retry_after_s: float
    headers: dict[str, str] = field(default_factory=dict)


class Buckets:
    """Counts requests by the machine's clock, because discord.py waits by it.

    `messages` holds for routes that make, edit, read or delete messages, unless `by_route` says
    otherwise; every other route has `others`. Discord's figures are secret: these are met commonly.
    """

    def __init__(self, machine: Clock) -> None:
        self.messages = Limit(5, 5.0)
        self.others = Limit(50, 1.0)
        self.everything = Limit(50, 1.0)
        self.by_route: dict[str, Limit] = {}
        self._machine = machine
        self._windows: dict[tuple[str, str], _Window] = {}

    def spend(self, route: str, resource: str) -> Spent:
        """Count one request to a route for one channel, server, or webhook with its token."""
        limit = self.by_route.get(route) or (
            self.messages if "/webhooks/" in route or "/messages" in route else self.others
        )
        remaining, reset_after_s = self._count((route, resource), limit)
        headers = {
            "X-RateLimit-Limit": str(limit.count),
            "X-RateLimit-Remaining": str(max(0, remaining)),
            "X-RateLimit-Reset": f"{self._machine.now() + reset_after_s:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after_s:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
        }
        more = {"X-RateLimit-Scope": "user"} if remaining < 0 else {}
        return Spent(remaining < 0, reset_after_s, headers | more)

    def spend_global(self) -> Spent:
        """Count one request against the limit of the whole bot."""
        remaining, reset_after_s = self._count(("", ""), self.everything)
        return Spent(remaining < 0, reset_after_s, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"})

    def _count(self, key: tuple[str, str], limit: Limit) -> tuple[int, float]:
        now = self._machine.monotonic()
        window = self._windows.get(key)
        if window is None or now >= window.began_at + limit.per_s:
            window = self._windows[key] = _Window(now)
        window.used += 1
        return limit.count - window.used, window.began_at + limit.per_s - now


class Shield:
    """Bans an address that makes too many invalid requests (401, 403, 429)."""

    INVALID = frozenset({401, 403, 429})

    def __init__(self, machine: Clock) -> None:
        self.limit = Limit(10_000, 600.0)
        self.invalid = 0
        self._machine = machine
        self._window = _Window(machine.monotonic())

    @property
    def closed_for_s(self) -> float:
        """How long nobody gets through; zero: the door is open."""
        left_s = self._window.began_at + self.limit.per_s - self._machine.monotonic()
        return max(0.0, left_s) if self._window.used >= self.limit.count else 0.0

    def count(self, status: int) -> None:
        if status not in self.INVALID:
            return
        self.invalid += 1
        now = self._machine.monotonic()
        if now >= self._window.began_at + self.limit.per_s:
            self._window = _Window(now)
        self._window.used += 1
