"""What is shown when: one edit in flight per message, the newest state wins, finals go first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from typing import Any

from bot.clock import Clock
from bot.jobs.live import LiveMessage
from bot.jobs.view import View
from bot.model import Job, Progress
from bot.surface import Delivered, Paused, Surface, SurfaceLimits, Undeliverable

log = logging.getLogger(__name__)

FIRST_BACK_OFF_S = 2.0
LONGEST_BACK_OFF_S = 60.0
FEW_BUCKETS = 64
CLOSE_S = 5.0


class Bucket:
    """The edits that one rate-limit bucket still takes: `burst` per `window_s`, sliding."""

    __slots__ = ("_limits", "_paused_until", "_sent")

    def __init__(self, limits: SurfaceLimits) -> None:
        self._limits = limits
        self._sent: tuple[float, ...] = ()  # smaller than a deque, and there is a bucket per message
        self._paused_until = float("-inf")

    def pause(self, until: float) -> None:
        self._paused_until = max(self._paused_until, until)

    def wait_s(self, now: float, *, keep: int) -> float:
        """Seconds until one edit may be sent that leaves `keep` more; 0 for now."""
        waits = [self._paused_until - now]
        if self._limits.burst is not None:
            self._forget(now)
            excess = len(self._sent) + keep + 1 - self._limits.burst
            if excess > 0:
                waits.append(self._sent[min(excess, len(self._sent)) - 1] + self._limits.window_s - now)
        return max(0.0, *waits)

    def spend(self, now: float) -> None:
        if self._limits.burst is not None:
            self._sent += (now,)

    def idle(self, now: float) -> bool:
        self._forget(now)
        return not self._sent and self._paused_until <= now

    def _forget(self, now: float) -> None:
        if self._sent and self._sent[0] <= now - self._limits.window_s:
            self._sent = tuple(at for at in self._sent if at > now - self._limits.window_s)


class Presenter:
    """Turns changes of live messages into edits, within each surface's limits.

    Cards are drawn at the moment of sending.
    """

    def __init__(self, surfaces: Mapping[str, Surface], clock: Clock, view: View) -> None:
        self._surfaces = surfaces
        self._clock = clock
        self._view = view
        self._kept = FEW_BUCKETS
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._edits: set[asyncio.Task[None]] = set()
        self._sleepers: set[asyncio.Task[None]] = set()

    def touch(self, live: LiveMessage) -> None:
        """Something changed: show it now or when its gap has passed, whichever state is the newest then."""
        surface = self._surface(live)
        if surface is None or live.gone or live.ended:
            return
        if live.busy is not None or live.finishing:
            live.dirty = True
            return
        wait_s = self._wait_s(live, surface)
        if wait_s == 0:
            live.busy = _own(self._edits, self._edit(live, surface))
        elif wait_s is not None and live.wake is None:
            live.wake = _own(self._sleepers, self._touch_later(live, wait_s))

    def news(self, job: Job, progress: Progress | None) -> None:
        """A provider said how far a job is."""
        live = self._view.read(job, progress)
        if live is not None:
            self.touch(live)

    def drift(self, job: Job) -> None:
        """A provider says nothing of a job, whose bar is to move all the same."""
        live = self._view.drift(job)
        if live is not None:
            self.touch(live)

    async def final(self, live: LiveMessage) -> Delivered | Undeliverable:
        """Show the card, however long the surface is away."""
        surface = self._surface(live)
        broken = 0
        while surface is not None and not live.gone:
            if live.busy is not None:
                await asyncio.wait({live.busy})
                continue
            if wait_s := self._bucket(live, surface).wait_s(self._clock.monotonic(), keep=0):
                await self._clock.sleep(wait_s)
                continue
            result = await self._send(live, surface)
            if isinstance(result, Delivered | Undeliverable):
                return result
            if result is None:
                await self._clock.sleep(min(LONGEST_BACK_OFF_S, FIRST_BACK_OFF_S * 2 ** min(broken, 10)))
                broken += 1
        return Undeliverable("no surface shows this message")

    def shown(self, live: LiveMessage) -> None:
        """The chat adapter has just shown the first card."""
        self._note(live)

    async def close(self) -> None:
        """Let the edits in flight end, but not for long."""
        for sleeper in self._sleepers:
            sleeper.cancel()
        if self._edits:
            await asyncio.wait(self._edits, timeout=CLOSE_S)

    def _surface(self, live: LiveMessage) -> Surface | None:
        ref = live.message.ref
        return self._surfaces.get(ref.platform) if ref else None

    def _wait_s(self, live: LiveMessage, surface: Surface) -> float | None:
        """Seconds until the change may be shown; None: nothing worth an edit has changed.

        A new state at once, a moved bar after its gap; both leave room for a final card.
        """
        now, limits, look, shown = self._clock.monotonic(), surface.limits, self._view.look(live), live.shown
        room_s = self._bucket(live, surface).wait_s(now, keep=limits.spare)
        if shown is None or look.turned(shown):
            return room_s
        if not look.differs(shown, limits.step_points):
            return None
        gap_s = limits.gaps_s[min(live.shown_gaps, len(limits.gaps_s) - 1)]
        return max(0.0, room_s, live.shown_at + gap_s - now)

    async def _touch_later(self, live: LiveMessage, wait_s: float) -> None:
        try:
            await self._clock.sleep(wait_s)
        finally:
            live.wake = None
        self.touch(live)

    async def _edit(self, live: LiveMessage, surface: Surface) -> None:
        try:
            live.dirty = False
            # A final card may be on its way since, or others may have spent the bucket: progress gives way.
            room = not self._bucket(live, surface).wait_s(self._clock.monotonic(), keep=surface.limits.spare)
            if room and not live.ended and not live.finishing:
                await self._send(live, surface)
        finally:
            live.busy = None
        if live.dirty:
            self.touch(live)

    async def _send(self, live: LiveMessage, surface: Surface) -> Delivered | Undeliverable | Paused | None:
        """One edit with the newest card; None when the surface broke."""
        ref = live.message.ref
        assert ref is not None
        bucket = self._bucket(live, surface)
        bucket.spend(self._clock.monotonic())
        self._note(live)
        try:
            result = await surface.edit(ref, self._view.card(live))
        except Exception:
            log.exception("an edit broke", extra={"platform": ref.platform})
            live.shown = None
            return None
        if not isinstance(result, Delivered):
            live.shown = None  # whatever comes next is worth an edit
        if isinstance(result, Paused):
            bucket.pause(self._clock.monotonic() + result.retry_after_s)
        live.gone = live.gone or isinstance(result, Undeliverable)
        return result

    def _note(self, live: LiveMessage) -> None:
        look = self._view.look(live)
        same_state = live.shown is not None and live.shown.state == look.state
        live.shown_gaps = live.shown_gaps + 1 if same_state else 0
        live.shown, live.shown_at = look, self._clock.monotonic()

    def _bucket(self, live: LiveMessage, surface: Surface) -> Bucket:
        assert live.message.ref is not None
        name = (surface.platform, surface.bucket(live.message.ref))
        if name not in self._buckets:
            self._forget_idle()
            self._buckets[name] = Bucket(surface.limits)
        return self._buckets[name]

    def _forget_idle(self) -> None:
        """Buckets come with messages; forget the idle ones whenever their number has doubled."""
        if len(self._buckets) >= 2 * self._kept:
            now = self._clock.monotonic()
            self._buckets = {name: bucket for name, bucket in self._buckets.items() if not bucket.idle(now)}
            self._kept = max(FEW_BUCKETS, len(self._buckets))


def _own(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task
