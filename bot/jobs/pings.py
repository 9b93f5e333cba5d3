"""One short reply that pings the person whose picture took long, if they want that."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from bot.cards import state_of, took_s
from bot.jobs.live import LiveMessage
from bot.jobs.presenter import Presenter
from bot.model import JobState, Message
from bot.store import Store

log = logging.getLogger(__name__)

PING_AFTER_S = 60.0


class Pings:
    """Sent once, after the final card; nothing waits for a ping, and nothing fails with it."""

    def __init__(self, store: Store, presenter: Presenter, do: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        self._store = store
        self._presenter = presenter
        self._do = do

    def concluded(self, live: LiveMessage) -> None:
        """A message shows its final card."""
        jobs = live.message.jobs
        if state_of(jobs) is JobState.SUCCEEDED and took_s(jobs) > PING_AFTER_S and not live.old and not live.gone:
            self._do(self._ping(live.message))

    async def _ping(self, message: Message) -> None:
        try:
            if (await self._store.preferences(message.platform, message.account)).ping:
                await self._presenter.reply(message)
        except Exception:
            log.exception("a ping broke", extra={"platform": message.platform})
