"""What is shown when: one edit in flight per message, the newest state wins, finals go first."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.clock import Clock
from bot.jobs.alarms import Alarms
from bot.jobs.buckets import LEAST_WAIT_S, Buckets
from bot.jobs.live import LiveMessage, Look
from bot.jobs.view import View
from bot.model import Job, Message, MessageRef, Progress
from bot.surface import Ages, Delivered, Notifies, Paused, Surface, Undeliverable

log = logging.getLogger(__name__)

FIRST_BACK_OFF_S = 2.0
LONGEST_BACK_OFF_S = 60.0
CLOSE_S = 5.0


class Presenter:
    """Turns changes of live messages into edits, within each surface's limits.

    Cards are drawn at the moment of sending. Where an edit moves a message, `moved` is
    told its new place and awaited before anything else is shown there.
    """

    def __init__(
        self,
        surfaces: Mapping[str, Surface],
        clock: Clock,
        view: View,
        moved: Callable[[str, MessageRef], Awaitable[None]],
    ) -> None:
        self._surfaces = surfaces
        self._clock = clock
        self._view = view
        self._moved = moved
        self._buckets = Buckets(clock)
        self._away: set[str] = set()  # platforms whose last edit raised
        self._edits: set[asyncio.Task[None]] = set()
        self._alarms = Alarms(clock, self._woken)

    def touch(self, live: LiveMessage) -> None:
        """Something changed: show it now or when its gap has passed, whichever state is the newest then.

        What changes by time alone is shown without another call.
        """
        surface = self._surface(live)
        if surface is None or live.gone or live.ended:
            return
        if live.busy is not None or live.finishing:
            live.dirty = True
            return
        wait_s = self._wait_s(live, surface)
        if wait_s == 0:
            live.busy = asyncio.get_running_loop().create_task(self._edit(live, surface))
            self._edits.add(live.busy)
            live.busy.add_done_callback(self._edits.discard)
        elif wait_s < math.inf:
            self._wake(live, wait_s)

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

    async def final(self, live: LiveMessage, *, patient: bool = True) -> Delivered | Undeliverable | Paused:
        """Show the card, however long the surface is away; unless `patient`, it is not waited for if that lasts."""
        surface = self._surface(live)
        broken = 0
        while surface is not None and not live.gone:
            if live.busy is not None:
                await asyncio.wait({live.busy})
                continue
            if wait_s := self._buckets.wait_s(surface, _ref(live), keep=0):
                await self._clock.sleep(wait_s)
                continue
            result = await self._send(live, surface)
            if isinstance(result, Delivered | Undeliverable) or (result and result.lasting and not patient):
                return result
            if result is None:
                broken += 1
                await self._clock.sleep(_back_off_s(broken))
        return Undeliverable("no surface shows this message")

    async def announce(self, live: LiveMessage) -> MessageRef | None:
        """At start: show or find the first card; None: it cannot be. Raises what the surface raises."""
        message = live.message
        surface = self._surfaces.get(message.platform)
        if surface is None:
            return None
        bucket = self._buckets.named(surface, message.chat)
        while wait_s := bucket.wait_s(self._clock.monotonic(), keep=surface.limits.spare):
            await self._clock.sleep(wait_s)
        bucket.spend(self._clock.monotonic())
        self._note(live)
        return await surface.announce(message, self._view.card(live))

    async def reply(self, message: Message) -> None:
        """Ping the message's person, after final cards and before progress, where the surface can."""
        ref = message.ref
        surface = self._surfaces.get(ref.platform) if ref else None
        if ref is None or surface is None or not isinstance(surface, Notifies):
            return
        bucket = self._buckets.of(surface, ref)
        bucket.replies += 1
        try:
            while wait_s := self._buckets.wait_s(surface, ref, keep=surface.limits.spare):
                await self._clock.sleep(wait_s)
            bucket.spend(self._clock.monotonic())
        finally:
            bucket.replies -= 1
        await surface.notify(ref, message.account, self._view.card_of(message))

    def shown(self, live: LiveMessage) -> None:
        """The chat adapter has just shown the first card, or is about to."""
        self._note(live)
        self.touch(live)

    async def close(self) -> None:
        """Let the edits in flight end, but not for long."""
        self._alarms.close()
        if self._edits:
            await asyncio.wait(self._edits, timeout=CLOSE_S)

    def _surface(self, live: LiveMessage) -> Surface | None:
        ref = live.message.ref
        return self._surfaces.get(ref.platform) if ref else None

    def _wait_s(self, live: LiveMessage, surface: Surface) -> float:
        """Seconds until a change may be shown, or until one comes by time alone; infinite where none does.

        A new state at once, a moved bar after its gap, both as soon as there is room for progress.
        """
        limits, look, shown = surface.limits, self._look(live, surface), live.shown
        turned = shown is None or look.turned(shown)
        if shown is not None and not turned and not look.differs(shown, limits.step_points):
            return self._still_s(live)  # the usual case, once per look: nothing else is worth its time
        room_s = self._buckets.progress_wait_s(surface, _ref(live))
        if live.broken:
            room_s = max(room_s, live.shown_at + _back_off_s(live.broken) - self._clock.monotonic())
        if turned:
            return room_s
        gap_s = limits.gaps_s[min(live.shown_gaps, len(limits.gaps_s) - 1)]
        return max(0.0, room_s, live.shown_at + gap_s - self._clock.monotonic())

    def _look(self, live: LiveMessage, surface: Surface) -> Look:
        """What the card would be judged by, the surface's own words included."""
        look, ref = self._view.look(live), _ref(live)
        if live.stale_of is not ref:
            at = surface.stale_at(ref) if isinstance(surface, Ages) else None
            live.stale_of, live.stale_at = ref, math.inf if at is None else at
        return look._replace(stale=True) if live.stale_at <= self._clock.now() else look

    def _still_s(self, live: LiveMessage) -> float:
        """Seconds until time alone makes a change."""
        stale_s = live.stale_at - self._clock.now()
        return min(self._view.still_s(live), stale_s if stale_s > 0 else math.inf)

    def _wake(self, live: LiveMessage, wait_s: float) -> None:
        at = self._clock.monotonic() + wait_s
        if at < live.wake_at:
            live.wake_at = at
            self._alarms.set(at, live)

    def _woken(self, live: LiveMessage) -> None:
        if live.wake_at <= self._clock.monotonic():  # or an earlier alarm has rung for it
            live.wake_at = math.inf
            self.touch(live)

    async def _edit(self, live: LiveMessage, surface: Surface) -> None:
        try:
            live.dirty = False
            # A final card may be on its way since, or others may have spent the bucket: progress gives way.
            if live.ended or live.finishing:
                return
            if wait_s := self._buckets.progress_wait_s(surface, _ref(live)):
                self._wake(live, wait_s)
                return
            live.broken = live.broken + 1 if await self._send(live, surface) is None else 0
        finally:
            live.busy = None
        self.touch(live)

    async def _send(self, live: LiveMessage, surface: Surface) -> Delivered | Undeliverable | Paused | None:
        """One edit with the newest card; None when the surface broke."""
        ref = _ref(live)
        bucket = self._buckets.of(surface, ref)
        bucket.spend(self._clock.monotonic())
        self._note(live)
        try:
            result = await surface.edit(ref, self._view.card(live))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next edit may go through
            self._broke(ref.platform, error)
            live.shown = None
            return None
        self._away.discard(ref.platform)
        if not isinstance(result, Delivered):
            live.shown = None  # whatever comes next is worth an edit
        if isinstance(result, Paused):
            bucket.pause(self._clock.monotonic() + max(LEAST_WAIT_S, result.retry_after_s))
        live.gone = live.gone or isinstance(result, Undeliverable)
        if not isinstance(result, Paused) and result.ref not in (None, ref):
            await self._follow(live, result.ref)
        return result

    def _broke(self, platform: str, error: Exception) -> None:
        """Log an edit that raised: whole at first, then in a line each until one gets through."""
        if platform in self._away:
            log.warning("an edit broke again: %s: %s", type(error).__name__, error, extra={"platform": platform})
        else:
            self._away.add(platform)
            log.error("an edit broke", exc_info=error, extra={"platform": platform})

    async def _follow(self, live: LiveMessage, ref: MessageRef) -> None:
        live.message = replace(live.message, ref=ref)
        await self._moved(live.message.id, ref)

    def _note(self, live: LiveMessage) -> None:
        surface = self._surface(live)
        look = self._look(live, surface) if surface else self._view.look(live)
        same_state = live.shown is not None and live.shown.state == look.state
        live.shown_gaps = live.shown_gaps + 1 if same_state else 0
        live.shown, live.shown_at = look, self._clock.monotonic()


def _back_off_s(broken: int) -> float:
    """Seconds to wait after so many edits in a row that raised."""
    return min(LONGEST_BACK_OFF_S, FIRST_BACK_OFF_S * 2.0 ** min(broken - 1, 10))


def _ref(live: LiveMessage) -> MessageRef:
    assert live.message.ref is not None  # it was announced, or nobody would show it
    return live.message.ref
