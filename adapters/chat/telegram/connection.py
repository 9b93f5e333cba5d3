"""What keeps updates coming: begun again with patience, whatever ends it, and told to the operator in sentences."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from adapters.chat.telegram.limiter import retry_after_s
from adapters.errands import happens_within
from bot.clock import Clock
from bot.errors import StoreError

log = logging.getLogger(__name__)

START_S = 15.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
LONGEST_HOPELESS_S = 600.0
HEALTHY_S = 300.0
SENTENCE_CHARS = 200
NOT_LET_IN = (
    "Telegram does not take the token in BOT_TELEGRAM__TOKEN: ask @BotFather for the current one (/token), set it and "
    "start again. Everything but Telegram goes on."
)
TAKEN = (
    "Another program takes what people write to this bot on Telegram (%s): stop that one, or ask @BotFather for a new "
    "token (/revoke), set it here and start again. Trying again now and then; everything else goes on."
)


class Connection:
    """Owns the task in which `listen` runs, again and again; `listen` calls `up` whenever updates are coming."""

    def __init__(
        self, listen: Callable[[Connection], Awaitable[None]], *, clock: Clock, random: Callable[[], float]
    ) -> None:
        self._listen = listen
        self._clock = clock
        self._random = random
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._told: type[Exception] | None = None
        self._failures = 0
        self._up_at: float | None = None

    @property
    def is_up(self) -> bool:
        return self._up_at is not None

    async def start(self) -> None:
        """Return once updates are coming, or it is known that they cannot for now, or after 15 s."""
        self._task = asyncio.create_task(self._keep())
        await happens_within(self._clock, START_S, self._news)

    async def stop(self) -> None:
        """Take no more; what was not kept comes again."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        self._up_at = None

    def up(self) -> None:
        """Updates are coming."""
        if self._up_at is None:
            log.info("connected to Telegram")
            self._up_at = self._clock.monotonic()
            self._told = None
            self._news.set()

    async def _keep(self) -> None:
        while True:
            try:
                await self._listen(self)
            except Exception as error:  # noqa: BLE001 - the library raises whatever an odd answer runs into
                pause_s = self._down(error)
                self._news.set()
                await self._clock.sleep(pause_s)

    def _down(self, error: Exception) -> float:
        """Tell what happened, unless it was told already, and return for how long to leave Telegram alone."""
        healthy = self._up_at is not None and self._clock.monotonic() - self._up_at >= HEALTHY_S
        self._up_at = None
        self._failures = 1 if healthy else self._failures + 1
        if self._told is not type(error):
            self._told = type(error)
            _tell(error)
        longest_s = LONGEST_HOPELESS_S if isinstance(error, Conflict | InvalidToken) else LONGEST_PAUSE_S
        pause_s: float = min(longest_s, FIRST_PAUSE_S * 2 ** min(self._failures, 10)) * (0.5 + self._random() / 2)
        return max(pause_s, retry_after_s(error)) if isinstance(error, RetryAfter) else pause_s


def _tell(error: Exception) -> None:
    if isinstance(error, InvalidToken):
        log.error(NOT_LET_IN)
    elif isinstance(error, Conflict):
        log.error(TAKEN, error.message)
    elif isinstance(error, TelegramError | StoreError):
        log.warning("nothing comes from Telegram for now: %s", str(error)[:SENTENCE_CHARS])
    else:
        log.error("nothing comes from Telegram for now", exc_info=error)
