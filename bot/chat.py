"""What a chat adapter is given to start with; the port that it implements is in `bot.surface`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.commands import Commands
from bot.config import Settings
from bot.media import Media
from bot.originals import Originals
from bot.store import Inbox

Health = Callable[[], Mapping[str, bool]]
"""Every chat platform that is set up, and whether it is connected; no I/O."""

Hook = Callable[[bytes, Mapping[str, str]], Awaitable[int]]
"""Answers a platform's own call: its body and its headers (names in any case) in, an HTTP status out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatContext:
    """What a factory `create(context) -> Chat | None` is given (None: switched off).

    A platform that calls from outside leaves its hook under its name in `hooks`: the web page's server takes
    POSTs to /hooks/<name> for it. `originals` are links for pictures that a chat cannot show as they are; None:
    the page has no public address.
    """

    settings: Settings
    commands: Commands
    media: Media
    inbox: Inbox
    clock: Clock
    health: Health
    originals: Originals | None = None
    hooks: dict[str, Hook] = field(default_factory=dict)
