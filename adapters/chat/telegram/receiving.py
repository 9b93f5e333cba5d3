"""Updates from Telegram: kept before they are confirmed, each handled once, in the order of its person."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine
from functools import partial
from typing import Any, NamedTuple, TypeVar

import telegram
from telegram.error import TelegramError

from adapters.chat.telegram.refs import PLATFORM
from adapters.errands import Errands
from bot.clock import Clock
from bot.store import Inbox, Received

log = logging.getLogger(__name__)

MOST_OPEN = 1000
SETTLE_S = 5.0
T = TypeVar("T")
Answers = Collection[asyncio.Task[None]]
"""What is still being said; an update is kept until all of it is."""
Take = Callable[[telegram.Update], Awaitable[Answers]]
"""Handles one update; returns, when what it does is stored, the answers that are being given."""


class Read(NamedTuple):
    """An update as it came, and as the library reads it; None: it cannot."""

    received: Received
    update: telegram.Update | None


class Receiving:
    """Keeps updates in the inbox and hands each to `take`; only a person's own updates wait for each other."""

    def __init__(self, bot: telegram.Bot, inbox: Inbox, take: Take, clock: Clock) -> None:
        self._bot = bot
        self._inbox = inbox
        self._take = take
        self._clock = clock
        self._errands = Errands()
        self._open = set[asyncio.Task[None]]()
        self._last = dict[int, asyncio.Task[None]]()

    @property
    def full(self) -> bool:
        """Whether too many updates are being handled to take more."""
        return len(self._open) >= MOST_OPEN

    async def room(self) -> None:
        """Return when it is not full."""
        while self.full:
            await asyncio.wait(self._open, return_when=asyncio.FIRST_COMPLETED)

    async def catch_up(self) -> None:
        """Handle what an earlier process kept and did not finish."""
        for received in await self._inbox.unhandled(PLATFORM):
            assert received.body is not None  # or it could not be handled
            self._hand_over(self._read(received.id, json.loads(received.body)))

    async def keep(self, batch: Any) -> int | None:
        """Commit a batch as it came, begin to handle what is new, and return the offset that confirms all of it.

        Raises `StoreError` when nothing was kept, `TelegramError` when there is nothing in it to go by.
        """
        raws = {str(raw["update_id"]): raw for raw in batch if _has_id(raw)} if isinstance(batch, list) else {}
        if not raws and batch != []:
            raise TelegramError("updates without ids")
        read = {update_id: self._read(update_id, raw) for update_id, raw in raws.items()}
        now, came = self._clock.now(), [one.received for one in read.values()]
        for received in await self._inbox.receive(PLATFORM, came, now=now) if came else ():
            self._hand_over(read[received.id])
        return max(map(int, raws), default=-1) + 1 or None

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Work that goes on to its end, whatever becomes of who waits for it."""
        return self._errands.start(work)

    async def settle(self) -> None:
        """Return when all that was begun is handled, or after 5 s."""
        await self._errands.settle(self._clock, SETTLE_S)

    async def close(self) -> None:
        """What is not handled by now is at the next start."""
        await self._errands.close()

    def _read(self, update_id: str, raw: Any) -> Read:
        body = json.dumps(raw)
        try:
            return Read(Received(update_id, body), telegram.Update.de_json(raw, self._bot))
        except Exception as error:  # noqa: BLE001 - the library raises whatever an odd value runs into
            return Read(Received(update_id, None, f"{type(error).__name__} in {_kind(raw)}"), None)

    def _hand_over(self, read: Read) -> None:
        if read.update is None:
            log.warning("update %s cannot be read and is passed over: %s", read.received.id, read.received.reason)
            return
        person = _person(read.update)
        task = self.start(self._handle(read.received.id, read.update, self._last.get(person)))
        self._open.add(task)
        self._last[person] = task
        task.add_done_callback(partial(self._ended, person))

    async def _handle(self, update_id: str, update: telegram.Update, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        answers: Answers = ()
        try:
            answers = await self._take(update)
        except Exception:
            log.exception("update %s could not be handled", update_id)
        if answers:  # for which the person's next update does not wait
            self.start(self._answered(update_id, answers))
        else:
            await self._inbox.handled(PLATFORM, update_id)

    async def _answered(self, update_id: str, answers: Answers) -> None:
        await asyncio.wait(answers)
        if not any(answer.cancelled() for answer in answers):
            await self._inbox.handled(PLATFORM, update_id)

    def _ended(self, person: int, task: asyncio.Task[None]) -> None:
        self._open.discard(task)
        if self._last.get(person) is task:
            del self._last[person]


def _has_id(raw: Any) -> bool:
    return isinstance(raw, dict) and type(raw.get("update_id")) is int


def _kind(raw: dict[str, Any]) -> str:
    """What sort of update it is; nothing that people wrote."""
    return next((name for name in sorted(raw) if name != "update_id"), "nothing")[:40]


def _person(update: telegram.Update) -> int:
    """Whose updates stay in order: the person's, else the chat's."""
    who = update.effective_user or update.effective_chat
    return who.id if who else 0
