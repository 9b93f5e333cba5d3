"""Updates: kept for a day until they are confirmed, told to whoever polls, or brought to a webhook."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from sim.telegram import schema
from sim.telegram.refusals import Refusal
from sim.telegram.state import JSON
from sim.telegram.world import World

KEPT_S = 86400.0
LONGEST_POLL_S = 50
MOST_AT_ONCE = 100
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
RIVAL = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(slots=True)
class Update:
    """`line` keeps the order of updates that belong together; `at` in seconds since the epoch."""

    id: int
    body: JSON
    line: int
    at: float


@dataclass
class Updates:
    """All that happened, and who wants to hear of it; times by the clock of the world."""

    world: World
    allowed: list[str] = field(default_factory=list)
    webhook: str = ""
    pending: list[Update] = field(default_factory=list)
    ever: list[Update] = field(default_factory=list)
    listener: Callable[[], None] = lambda: None
    _waiting: asyncio.Future[Refusal | None] | None = None
    _next_id: int = 700_000_001

    @property
    def is_polled(self) -> bool:
        """Whether somebody waits for news."""
        return self._waiting is not None

    def tell(self, kind: str, body: JSON, *, line: int = 0) -> int | None:
        """Something happened; the number of its update, none if the bot does not want to hear such things."""
        if kind not in self.allowed and (self.allowed or kind in NOT_BY_DEFAULT):
            return None
        problems = schema.update_problems({"update_id": self._next_id, kind: body})
        self.world.journal.violated(f"update {kind}", *problems, body=body)
        return self.inject({kind: body}, line=line)

    def inject(self, body: JSON, *, line: int = 0) -> int:
        """Bring any JSON as an update, whether it can be understood or not."""
        update = Update(self._next_id, {"update_id": self._next_id, **body}, line, self.world.clock.now())
        self._next_id += 1
        self.ever.append(update)
        self.bring(update)
        return update.id

    def bring(self, *updates: Update) -> None:
        """Bring updates, for the first time or again."""
        self.pending = sorted({one.id: one for one in (*self.pending, *updates)}.values(), key=lambda one: one.id)
        self._wake(None)
        self.listener()

    def again(self, *numbers: int) -> None:
        """Bring updates a second time although they were confirmed, as Telegram may."""
        self.bring(*(one for one in self.ever if one.id in numbers))

    def want(self, kinds: list[str] | None) -> None:
        """Hear of these kinds from now on; an empty list stands for the usual ones, None for no change."""
        if kinds is not None:
            self.allowed = kinds

    def first(self, line: int) -> Update | None:
        """What is to be brought next of those that belong together."""
        return next((update for update in self._unconfirmed() if update.line == line), None)

    def confirm(self, update: Update) -> None:
        self.pending = [one for one in self.pending if one is not update]
        self.world.journal.tell()

    def hand_over(self, refusal: Refusal | None) -> None:
        """End the poll that waits."""
        self._wake(refusal)

    async def poll(self, offset: int, limit: int, timeout_s: int) -> list[JSON]:
        if self.webhook:
            raise Refusal(409, ACTIVE)
        self._wake(Refusal(409, RIVAL))
        self._confirm(offset)
        if not self.pending and timeout_s > 0:
            await self._wait(min(timeout_s, LONGEST_POLL_S))
        found = self._unconfirmed()[: max(1, min(limit, MOST_AT_ONCE))]
        return [update.body for update in found]

    async def _wait(self, timeout_s: float) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        self.world.journal.tell()
        timer = asyncio.ensure_future(self.world.clock.sleep(timeout_s))
        try:
            await asyncio.wait({waiting, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            if self._waiting is waiting:
                self._waiting = None
            self.world.journal.tell()
        if waiting.done() and (refusal := waiting.result()):
            raise refusal

    def _wake(self, refusal: Refusal | None) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(refusal)
        self.world.journal.tell()

    def _confirm(self, offset: int) -> None:
        """A negative offset forgets all but the last ones."""
        if offset < 0:
            self.pending = self.pending[offset:]
        self.pending = [one for one in self._unconfirmed() if one.id >= (offset if offset > 0 else -math.inf)]

    def _unconfirmed(self) -> list[Update]:
        since = self.world.clock.now() - KEPT_S
        self.pending = [one for one in self.pending if one.at > since]
        return self.pending
