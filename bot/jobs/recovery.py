"""At start: every message that an earlier process left, brought to its end."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from typing import Any

from bot.clock import Clock
from bot.jobs.closing import Closing
from bot.jobs.live import LiveMessage, LiveMessages
from bot.jobs.presenter import Presenter
from bot.jobs.records import Records
from bot.jobs.slots import FairSlots
from bot.model import Job, JobState, Message, MessageRef
from bot.store import Store

log = logging.getLogger(__name__)

ANNOUNCE_PAUSES_S = (2.0, 8.0, 30.0)


class Recovery:
    """Announces what was accepted and never shown, or gives it up; carries on with everything else.

    A row found in `submitting` ends as `lost`, a running one is polled again, a
    delivering one is shown again from its file, an ended one gets its final card.
    """

    def __init__(
        self,
        *,
        store: Store,
        records: Records,
        clock: Clock,
        lives: LiveMessages,
        slots: Mapping[str, FairSlots],
        presenter: Presenter,
        closing: Closing,
        announced: Callable[[str, MessageRef], Awaitable[object]],
        spawn: Callable[[Job], None],
    ) -> None:
        self._store = store
        self._records = records
        self._clock = clock
        self._lives = lives
        self._slots = slots
        self._presenter = presenter
        self._closing = closing
        self._announced = announced
        self._spawn = spawn
        self._left: tuple[Message, ...] = ()

    async def prepare(self) -> None:
        """Read what was left, and count the slots that it uses before anybody else takes them."""
        self._left = await self._store.unfinished()
        for job in self._using_slots(self._left):
            self._slots[job.provider].occupy()

    def chores(self) -> Iterator[Coroutine[Any, Any, None]]:
        """One piece of work per message that was left; to be taken once."""
        left, self._left = self._left, ()
        return (self._recover(message) for message in left)

    async def _recover(self, left: Message) -> None:
        live = await self._follow(left)
        if live is None:
            return
        if live.message.ref is not None:
            await self._carry_on(live)
            return
        ref = None if live.ended else await self._announce(live)
        if ref is None:
            await self._closing.give_up(live)
        else:
            await self._announced(live.message.id, ref)

    async def _follow(self, left: Message) -> LiveMessage | None:
        """What has become of a message since `prepare`; None: it has ended and is shown."""
        message = await self._records.message(left.id)
        now = {job.id: job.state for job in message.jobs} if message else {}
        for job in self._using_slots((left,)):
            if now.get(job.id) is not JobState.RUNNING:
                self._slots[job.provider].give_back()
        if message is None or message.final_shown:
            return None
        return self._lives.add(message)

    async def _announce(self, live: LiveMessage) -> MessageRef | None:
        """Show or find the first card; None: it cannot be."""
        for pause_s in ANNOUNCE_PAUSES_S:
            try:
                return await self._presenter.announce(live)
            except Exception:
                log.exception("an announcement broke", extra={"platform": live.message.platform})
                await self._clock.sleep(pause_s)
        return None

    async def _carry_on(self, live: LiveMessage) -> None:
        """Run every job that has not ended, or show the final card of a message whose jobs have."""
        for job in live.message.jobs:
            if not job.state.terminal:
                self._spawn(job)
        await self._closing.conclude(live)

    def _using_slots(self, messages: Iterable[Message]) -> list[Job]:
        jobs = [job for message in messages for job in message.jobs]
        return [job for job in jobs if job.state is JobState.RUNNING and job.provider in self._slots]
