"""Port: a place where cards are shown. The first show belongs to the chat adapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.model import Card, Message, MessageRef


@dataclass(frozen=True, kw_only=True, slots=True)
class SurfaceLimits:
    """How often a surface may be edited; data, so that the presenter knows no platform.

    `gaps_s`: seconds between progress edits of one message, the last one repeats.
    `step_points`: percent points that must have moved. `burst` edits per `window_s`
    seconds go to one bucket (None: no limit); progress leaves `spare` of them for finals.
    """

    gaps_s: tuple[float, ...] = (3, 4, 5, 6, 8, 10, 12, 15)
    step_points: int = 5
    burst: int | None = 5
    window_s: float = 5.0
    spare: int = 1


@dataclass(frozen=True, slots=True)
class Delivered:
    """The message shows the card; `ref` is where it is shown from now on, None: where it was.

    `withheld`: the stored files on the card of which this chat can show nothing, not even a smaller copy or a link.
    """

    ref: MessageRef | None = None
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """No chat takes this message any more; `reason` is for logs.

    `ref` is what is worth keeping of where it was, None: all of it.
    """

    reason: str
    ref: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """The platform asked to wait; nothing was shown.

    `lasting`: until the operator does something, probably past the end of this process.
    """

    retry_after_s: float
    lasting: bool = False


class Surface(Protocol):
    """Edits messages that the bot owns. Both calls may be repeated without harm."""

    platform: str
    limits: SurfaceLimits

    def bucket(self, ref: MessageRef) -> str:
        """The rate-limit bucket that an edit of `ref` counts against; no I/O.

        Announcements at start count against the bucket that is named as the message's chat.
        """
        ...

    async def edit(self, ref: MessageRef, card: Card) -> Delivered | Undeliverable | Paused:
        """Show `card` in place of what the message showed; its media are stored files."""
        ...

    async def announce(self, message: Message, card: Card) -> MessageRef | None:
        """At start: show or find the first card of an accepted message; None: it cannot be.

        `message.provisional` is what the platform knew of its place when it was accepted.
        """
        ...

    async def remove(self, ref: MessageRef, message_id: str) -> None:
        """Take the message away, as far as the platform can."""
        ...


class Spelling(Protocol):
    """How people write commands on a platform. Pure."""

    def flags(self, flags: str) -> str:
        """Names of options, given as `--style, --seed`."""
        ...

    def line(self, command: str, words: str, options: Mapping[str, str | float]) -> str:
        """A whole command, as somebody would send it; `words` may be empty."""
        ...


@runtime_checkable
class Spells(Protocol):
    """A surface on which people write options in another way than `--style ink`."""

    spelling: Spelling


@runtime_checkable
class Metered(Protocol):
    """A surface that is told by its platform how many edits a bucket still takes."""

    def wait_s(self, ref: MessageRef, *, keep: int) -> float:
        """Seconds until an edit of `ref` may go that leaves `keep` more; 0 for now. No I/O."""
        ...


@runtime_checkable
class Ages(Protocol):
    """A surface that has something else to say of an open message from some moment on."""

    def stale_at(self, ref: MessageRef) -> float | None:
        """When to show an open message once more, though nothing else changed, UTC epoch seconds; None: never.

        The same for the same `ref`. No I/O.
        """
        ...


@runtime_checkable
class Notifies(Protocol):
    """A surface that can tell a person, once, that something is there."""

    async def notify(self, ref: MessageRef, account: str, card: Card) -> None:
        """One short reply to the message that pings `account`; nothing where only they see it.

        `card` is what the message shows: its last card.
        """
        ...


class Chat(Protocol):
    """A chat platform: takes commands in, and owns the surface that shows their cards.

    Built by a factory `create(context: ChatContext) -> Chat | None` (None: switched off).
    """

    surface: Surface

    @property
    def address(self) -> str | None:
        """Where people find it, for the operator's terminal; None: nothing to open."""
        ...

    async def start(self) -> None:
        """Connect and take commands; returns once commands are taken. Raises `StartError`."""
        ...

    async def stop_intake(self) -> None:
        """Take no new commands; what is shown can still be edited."""
        ...

    async def close(self) -> None:
        """Disconnect and give everything back."""
        ...

    def ready(self) -> bool:
        """True while the platform is connected."""
        ...
