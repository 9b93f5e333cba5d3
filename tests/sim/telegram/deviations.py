"""Where Telegram's documentation, or the real python-telegram-bot, is right and the document is not.

Each entry holds a body that was captured. Five is the most that may stand here: more would mean
that the document is no measure any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Deviation:
    """`fields` are added to the methods and types in `where`; `captured` are bodies by their method."""

    reason: str
    where: tuple[str, ...]
    fields: tuple[JSON, ...]
    captured: dict[str, JSON]


DEVIATIONS: tuple[Deviation, ...] = ()
