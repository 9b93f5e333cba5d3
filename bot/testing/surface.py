"""A surface that keeps every card that it was told to show."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.model import Card, Message, MessageRef
from bot.surface import Delivered, Paused, SurfaceLimits, Undeliverable


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit as the surface saw it; `at` is the clock's monotonic time when it began."""

    at: float
    ref: MessageRef
    card: Card


@dataclass(frozen=True, slots=True)
class Ping:
    """One ping; `at` is the clock's monotonic time when it was asked for."""

    at: float
    ref: MessageRef
    account: str
    card: Card


class FakeSurface:
    """Shows everything, unless `answers` holds other answers for the next edits.

    An edit takes `latency_s`; two at once of one message are counted in `overlaps`. `asked_for`
    are the provisional places of the messages that it was asked to announce.
    """

    def __init__(
        self, clock: Clock, platform: str = "test", limits: SurfaceLimits | None = None, latency_s: float = 0.0
    ) -> None:
        self.platform = platform
        self.limits = limits or SurfaceLimits()
        self.latency_s = latency_s
        self.attempts = 0
        self.overlaps = 0
        self._in_flight: set[MessageRef] = set()
        self.edits: list[Edit] = []
        self.announced: list[Message] = []
        self.asked_for: list[MessageRef | None] = []
        self.removed: list[str] = []
        self.answers: deque[Delivered | Undeliverable | Paused | Exception] = deque()
        self.can_announce = True
        self.broken_announcements = 0
        self._clock = clock

    def bucket(self, ref: MessageRef) -> str:
        return ref.token.partition("/")[0]

    async def edit(self, ref: MessageRef, card: Card) -> Delivered | Undeliverable | Paused:
        began, self.attempts = self._clock.monotonic(), self.attempts + 1
        answer = self.answers.popleft() if self.answers else Delivered()
        self.overlaps += ref in self._in_flight
        self._in_flight.add(ref)
        try:
            if self.latency_s:
                await self._clock.sleep(self.latency_s)
        finally:
            self._in_flight.discard(ref)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Delivered):
            self.edits.append(Edit(began, ref, card))
        return answer

    async def announce(self, message: Message, card: Card) -> MessageRef | None:
        self.asked_for.append(message.provisional)
        if self.latency_s:
            await self._clock.sleep(self.latency_s)
        if self.broken_announcements:
            self.broken_announcements -= 1
            raise OSError("not there")
        if not self.can_announce:
            return None
        self.announced.append(message)
        return MessageRef(self.platform, f"{message.chat}/{message.id}")

    async def remove(self, ref: MessageRef, message_id: str) -> None:
        self.removed.append(message_id)

    def cards(self, message_id: str) -> list[Card]:
        """Every card that one message showed, in order."""
        return [edit.card for edit in self.edits if edit.card.message_id == message_id]


class FakeChatSurface(FakeSurface):
    """One that also knows its platform's meter (`meter`, asked `asked` times), pings people, and ages at `old_at`."""

    def __init__(self, clock: Clock, platform: str = "test", limits: SurfaceLimits | None = None) -> None:
        super().__init__(clock, platform, limits)
        self.old_at: float | None = None
        self.meter: Callable[[int], float] = lambda _keep: 0.0
        self.asked = 0
        self.pings: list[Ping] = []
        self.broken_pings = False

    def wait_s(self, ref: MessageRef, *, keep: int) -> float:
        self.asked += 1
        return self.meter(keep)

    def stale_at(self, ref: MessageRef) -> float | None:
        return self.old_at

    async def notify(self, ref: MessageRef, account: str, card: Card) -> None:
        self.pings.append(Ping(self._clock.monotonic(), ref, account, card))
        if self.broken_pings:
            raise OSError("not there")
