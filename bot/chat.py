"""What a chat adapter is given to start with; the port that it implements is in `bot.surface`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.clock import Clock
from bot.commands import Commands
from bot.config import Settings
from bot.media import Media

Health = Callable[[], Mapping[str, bool]]
"""Every chat platform that is set up, and whether it is connected; no I/O."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatContext:
    """What a factory `create(context) -> Chat | None` is given (None: switched off)."""

    settings: Settings
    commands: Commands
    media: Media
    clock: Clock
    health: Health
