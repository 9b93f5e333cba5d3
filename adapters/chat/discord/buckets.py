"""How many edits Discord still takes, by its own headers: seen as they arrive, before discord.py has looked at them."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp

from bot.clock import Clock

FEW = 64
SAME_WINDOW_S = 1.0
_EDIT = re.compile(r"/(?:webhooks/\d+/(?P<token>[^/]+)|channels/(?P<channel>\d+))/messages/[^/]+$")


def of_token(token: str) -> str:
    """The bucket of edits by an interaction's token; does not tell the token."""
    return f"token:{hashlib.blake2b(token.encode(), digest_size=8).hexdigest()}"


def of_channel(channel: int | str) -> str:
    """The bucket of edits by the bot's own token."""
    return f"channel:{channel}"


def seconds(told: object, otherwise: float = 1.0) -> float:
    """A number of a header or a body; `otherwise` where it is none, or none that can be meant."""
    try:
        number = float(str(told))
    except ValueError:
        return otherwise
    return number if 0 <= number < math.inf else otherwise


@dataclass(slots=True)
class Window:
    """What the last answer said, and how many requests are without one."""

    left: int = 0
    resets_at: float = float("-inf")
    open: int = 0

    def learn(self, left: int, resets_at: float) -> None:
        """Answers of one window may come in any order."""
        same = resets_at < self.resets_at + SAME_WINDOW_S
        self.left, self.resets_at = min(left, self.left) if same else left, resets_at


class Buckets:
    """Reads every request of a client that is made with `http_trace=buckets.trace()`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, Window] = {}
        self._kept = FEW
        self._closed_until = float("-inf")

    def trace(self) -> aiohttp.TraceConfig:
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._started)
        trace.on_request_end.append(self._answered)
        trace.on_request_exception.append(self._broke)
        return trace

    def wait_s(self, name: str, *, keep: int) -> float:
        """Seconds until an edit may go that leaves `keep` more; 0 for now, also where nothing is known."""
        now, window = self._clock.monotonic(), self._windows.get(name)
        wait_s = self._closed_until - now
        if window is not None and window.left - window.open <= keep:
            wait_s = max(wait_s, window.resets_at - now)
        return max(0.0, wait_s)

    async def _started(
        self, _: aiohttp.ClientSession, request: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        request.bucket = _bucket(params.method, params.url.path)
        if request.bucket:
            self._window(request.bucket).open += 1

    async def _answered(
        self, _: aiohttp.ClientSession, request: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        headers, now = params.response.headers, self._clock.monotonic()
        if request.bucket:
            window = self._window(request.bucket)
            window.open -= 1
            if "X-RateLimit-Remaining" in headers:
                reset_s = seconds(headers.get("X-RateLimit-Reset-After"), 0.0)
                window.learn(int(seconds(headers["X-RateLimit-Remaining"], 0.0)), now + reset_s)
        if params.response.status == HTTPStatus.TOO_MANY_REQUESTS and "X-RateLimit-Remaining" not in headers:
            # A limit of all buckets, or a ban of this address.
            self._closed_until = max(self._closed_until, now + seconds(headers.get("Retry-After")))

    async def _broke(
        self, _: aiohttp.ClientSession, request: SimpleNamespace, __: aiohttp.TraceRequestExceptionParams
    ) -> None:
        if request.bucket:
            self._window(request.bucket).open -= 1

    def _window(self, name: str) -> Window:
        if name not in self._windows:
            self._forget_idle()
            self._windows[name] = Window()
        return self._windows[name]

    def _forget_idle(self) -> None:
        """Buckets come with messages; forget the idle ones whenever their number has doubled."""
        if len(self._windows) >= 2 * self._kept:
            now = self._clock.monotonic()
            self._windows = {name: one for name, one in self._windows.items() if one.open or one.resets_at > now}
            self._kept = max(FEW, len(self._windows))


def _bucket(method: str, path: str) -> str | None:
    """The bucket of an edit; of other requests none is asked for."""
    match = _EDIT.search(path) if method == "PATCH" else None
    if match is None:
        return None
    return of_token(match["token"]) if match["token"] else of_channel(match["channel"])
