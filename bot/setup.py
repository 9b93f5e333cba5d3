"""Port: a chat platform as its operator sets it up: what is amiss there, and how the bot gets into chats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.commands import MenuEntry


class Status(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `fix` says what to do about it."""

    name: str
    status: Status
    detail: str
    fix: str = ""

    def text(self) -> str:
        line = f"{self.status:<8} {self.name}: {self.detail}"
        return f"{line}\n         fix: {self.fix}" if self.fix else line


@dataclass(frozen=True, slots=True)
class Link:
    """An address that adds the bot to a chat; `purpose` completes "For …"."""

    purpose: str
    url: str


class Setup(Protocol):
    """One platform, asked from the command line while the bot runs or not; neither call changes anything.

    Built by a factory `create(settings: Settings) -> Setup | None` (None: switched off).
    """

    async def checks(self, menu: Sequence[MenuEntry]) -> Sequence[Check]:
        """What was looked at; `menu` is what the platform should know. A platform that cannot be asked is a check."""
        ...

    async def links(self) -> Sequence[Link]:
        """The links that people open to add the bot. Raises `StartError`."""
        ...
