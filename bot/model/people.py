"""Who asks, from where, and what is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.jobs import MessageRef


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a command came from.

    `update_id` is unique per platform: the same id twice makes one accept. `account` is
    the person's id on the platform, `chat` the room it was said in. `moderator` says that
    the platform let this person remove others' messages in that room at this very moment, `hidden` that
    nobody else there sees the answer.
    `provisional` is where the answer is about to be shown, where that is known beforehand.
    """

    platform: str
    update_id: str
    account: str
    chat: str
    moderator: bool = False
    hidden: bool = False
    provisional: MessageRef | None = None

    @property
    def place(self) -> str:
        """Where the answer is seen: the room, or a corner of it that is this person's alone."""
        return f"{self.chat} {self.account}" if self.hidden else self.chat


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """What a person has set once for all commands; None: nothing.

    `style` and `shape` are used where a command names none, `model` where it serves the
    command, `character` (an id) where a command that needs a source names none. `ping`: whether to
    be told of a picture that took long.
    """

    style: str | None = None
    model: str | None = None
    shape: str | None = None
    character: str | None = None
    ping: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """Why a provider takes no new jobs, by the operator's word, since when (UTC epoch seconds).

    Jobs that it has are finished; those that still wait for it are too, unless it is `off`.
    """

    reason: str
    since: float
    off: bool = False
