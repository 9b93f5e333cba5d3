"""How much a bot may send, as Telegram's documentation says it, and what was left at every call."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import takewhile

from bot.clock import Clock

MINUTE_S = 60.0
LONGEST_PENALTY_S = 3600
SLACK_S = 0.05  # what two clocks of one process may differ
COUNTED = frozenset(
    {
        "sendMessage",
        "sendPhoto",
        "sendVideo",
        "sendDocument",
        "sendMediaGroup",
        "sendChatAction",
        "forwardMessage",
        "copyMessage",
        "editMessageText",
        "editMessageMedia",
        "editMessageCaption",
        "editMessageReplyMarkup",
    }
)


@dataclass(frozen=True, slots=True)
class Spent:
    """A call that counts: when, how much, and how many calls the documented limits left before it.

    `at` in seconds by the steady clock; `retry_after_s` is what it was told to wait, zero if it went through.
    """

    at: float
    method: str
    chat_id: int
    cost: int
    left: float
    retry_after_s: int = 0


@dataclass(slots=True)
class _Penalty:
    """A chat that is closed; `told`: the bot knows."""

    until: float
    length_s: int
    told: bool = True


class Limits:
    """One message a second in a chat with short bursts, 20 a minute in a group, 30 a second in all.

    Edits count like messages, an album as many as it has pictures. Whoever calls on while it was
    told to wait waits twice as long. All times are those of the clock that it is given.
    """

    def __init__(self, clock: Clock) -> None:
        self.burst = 3
        self.chat_per_s = 1.0
        self.group_per_minute = 20.0
        self.all_per_s = 30.0
        self.calls: list[Spent] = []
        self._clock = clock
        self._penalties: dict[int, _Penalty] = {}

    def lift(self) -> None:
        """From now on everything may be sent."""
        self.burst, self.chat_per_s, self.group_per_minute, self.all_per_s = 10**9, math.inf, math.inf, math.inf

    def flood(self, chat_id: int, for_s: int) -> None:
        """Let a chat wait, for Telegram's own reasons."""
        self._penalties[chat_id] = _Penalty(self._clock.monotonic() + for_s, for_s, told=False)

    @property
    def beyond(self) -> list[Spent]:
        """The calls that were sent while the documented limits left nothing."""
        return [call for call in self.calls if call.left < 1]

    def spend(self, method: str, chat_id: int, cost: int) -> int:
        """Count a call; zero if it may go through, else for how many seconds it must wait."""
        now = self._clock.monotonic()
        left = self._left(now, chat_id)
        retry_after_s = self._wait(now, chat_id)
        self.calls.append(Spent(now, method, chat_id, cost, left, retry_after_s))
        return retry_after_s

    def _wait(self, now: float, chat_id: int) -> int:
        penalty = self._penalty(now, chat_id)
        if penalty is not None and penalty.told:
            return self._close(now, chat_id, min(2 * penalty.length_s, LONGEST_PENALTY_S))
        wait_s = penalty.until - now if penalty else self._too_soon(now, chat_id)
        return self._close(now, chat_id, math.ceil(wait_s)) if wait_s > 0 else 0

    def _close(self, now: float, chat_id: int, length_s: int) -> int:
        self._penalties[chat_id] = _Penalty(now + length_s, length_s)
        return length_s

    def _penalty(self, now: float, chat_id: int) -> _Penalty | None:
        found = self._penalties.get(chat_id)
        return found if found and now < found.until - SLACK_S else None

    def _left(self, now: float, chat_id: int) -> float:
        """By the documentation, without the bursts that it tolerates."""
        penalty = self._penalty(now, chat_id)
        if penalty is not None and penalty.told:
            return 0.0
        left = min(self.chat_per_s - self._sent(now, 1.0, chat_id), self.all_per_s - self._sent(now, 1.0))
        return left if chat_id > 0 else min(left, self.group_per_minute - self._sent(now, MINUTE_S, chat_id))

    def _too_soon(self, now: float, chat_id: int) -> float:
        """How long until there is room; zero or less: there is."""
        waits_s = [self._until(now, 1.0, self.all_per_s)]
        waits_s.append(self._until(now, self.burst, self.burst * self.chat_per_s, chat_id))
        if chat_id < 0:
            waits_s.append(self._until(now, MINUTE_S, self.group_per_minute, chat_id))
        return max(waits_s)

    def _until(self, now: float, window_s: float, most: float, chat_id: int | None = None) -> float:
        """When the oldest call leaves a window that is full."""
        sent = self._within(now, window_s, chat_id)
        return sent[0].at + window_s - now if sum(call.cost for call in sent) >= most else 0.0

    def _sent(self, now: float, window_s: float, chat_id: int | None = None) -> int:
        return sum(call.cost for call in self._within(now, window_s, chat_id))

    def _within(self, now: float, window_s: float, chat_id: int | None) -> list[Spent]:
        """The calls of the last seconds that went through, the oldest first."""
        since = now - window_s + SLACK_S
        recent = takewhile(lambda call: call.at > since, reversed(self.calls))
        return [call for call in recent if chat_id in (None, call.chat_id) and not call.retry_after_s][::-1]
