"""A surface that keeps every card that it was told to show."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from bot.clock import Clock
from bot.model import Card, Message, MessageRef
from bot.surface import Delivered, Paused, SurfaceLimits, Undeliverable


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit as the surface saw it; `at` is the clock's monotonic time."""

    at: float
    ref: MessageRef
    card: Card


class FakeSurface:
    """Shows everything at once, unless `answers` holds other answers for the next edits."""

    def __init__(self, clock: Clock, platform: str = "test", limits: SurfaceLimits | None = None) -> None:
        self.platform = platform
        self.limits = limits or SurfaceLimits()
        self.edits: list[Edit] = []
        self.announced: list[Message] = []
        self.removed: list[str] = []
        self.answers: deque[Delivered | Undeliverable | Paused | Exception] = deque()
        self.can_announce = True
        self._clock = clock

    def bucket(self, ref: MessageRef) -> str:
        return ref.token.partition("/")[0]

    async def edit(self, ref: MessageRef, card: Card) -> Delivered | Undeliverable | Paused:
        answer = self.answers.popleft() if self.answers else Delivered()
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Delivered):
            self.edits.append(Edit(self._clock.monotonic(), ref, card))
        return answer

    async def announce(self, message: Message, card: Card) -> MessageRef | None:
        if not self.can_announce:
            return None
        self.announced.append(message)
        return MessageRef(self.platform, f"{message.chat}/{message.id}")

    async def remove(self, ref: MessageRef, message_id: str) -> None:
        self.removed.append(message_id)

    def cards(self, message_id: str) -> list[Card]:
        """Every card that one message showed, in order."""
        return [edit.card for edit in self.edits if edit.card.message_id == message_id]
