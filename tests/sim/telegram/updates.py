"""Updates: kept for a day until they are confirmed, told to whoever polls, or brought to a webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sim.telegram import schema
from sim.telegram.refusals import Refusal
from sim.telegram.state import JSON
from sim.telegram.world import World

KEPT_S = 86400.0
LONGEST_POLL_S = 50
MOST_AT_ONCE = 100
FUTURE = 10  # numbers ahead of the next one
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


class Updates:
    """All that happened, and who wants to hear of it; times by the clock of the world.

    `listener` is called when there is something to bring.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._next_id = 700_000_001
        self.webhook = ""
        self.allowed: list[str] = []
        self.pending: list[Update] = []
        self.ever: list[Update] = []
        self.listener: Callable[[], None] = lambda: None
        self._waiting: asyncio.Future[Refusal | None] | None = None

    @property
    def is_polled(self) -> bool:
        """Whether somebody waits for news."""
        return self._waiting is not None

    def tell(self, kind: str, body: JSON, *, line: int) -> None:
        """Something happened; the bot hears of it if it wants to hear such things."""
        if kind not in self.allowed and (self.allowed or kind in NOT_BY_DEFAULT):
            return
        problems = schema.update_problems({"update_id": self._next_id, kind: body})
        self.world.journal.violated(f"update {kind}", *problems, body=body)
        self.inject({kind: body}, line=line)

    def inject(self, body: JSON, *, line: int = 0) -> int:
        """Bring any JSON as an update, whether it can be understood or not; the number of the update."""
        update = Update(self._next_id, {"update_id": self._next_id, **body}, line, self.world.clock.now())
        self._next_id += 1
        self.ever.append(update)
        self._bring(update)
        return update.id

    def again(self, *numbers: int) -> None:
        """Bring updates a second time although they were confirmed, as Telegram may."""
        self._bring(*(one for one in self.ever if one.id in numbers))

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

    def hand_over(self, refusal: Refusal | None = None) -> None:
        """Answer whoever waits, with what there is or with a refusal."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(refusal)
        self.world.journal.tell()

    async def poll(self, offset: int, limit: int, timeout_s: int) -> list[JSON]:
        if self.webhook:
            raise Refusal(409, ACTIVE)
        self.hand_over(Refusal(409, RIVAL))
        self._confirm_before(offset)
        if not self._unconfirmed() and timeout_s > 0:
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
                self.hand_over()
        if waiting.done() and (refusal := waiting.result()):
            raise refusal

    def _bring(self, *updates: Update) -> None:
        self.pending = sorted({one.id: one for one in (*self.pending, *updates)}.values(), key=lambda one: one.id)
        self.hand_over()
        self.listener()

    def _confirm_before(self, offset: int) -> None:
        """A negative offset forgets all but the last ones; one from the far future says nothing."""
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset <= self._next_id + FUTURE:
            self.pending = [one for one in self.pending if one.id >= offset]

    def _unconfirmed(self) -> list[Update]:
        since = self.world.clock.now() - KEPT_S
        self.pending = [one for one in self.pending if one.at > since]
        return self.pending
