"""What a message shows, before any platform's markup."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.jobs import JobState


class Act(StrEnum):
    """What a button does; part of its id `j1:<act>:<id>`.

    The id is that of a job, of a picture that somebody brought, or of a character.
    """

    CANCEL = "cancel"
    AGAIN = "again"
    RETRY = "retry"
    WORDS = "words"
    LOOK = "look"
    MORE = "more"
    DETAILS = "details"
    ORIGINAL = "original"
    DELETE = "delete"
    PICK = "pick"
    STOP = "stop"
    EDIT = "edit"
    ANIMATE = "animate"
    EFFECT = "effect"
    USE = "use"
    SHOW = "show"
    BROWSE = "browse"
    RENAME = "rename"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Button:
    """One press: an act on some jobs of the card, or on what else the ids name (`Act`)."""

    act: Act
    jobs: tuple[str, ...]
    label: str

    @property
    def id(self) -> str:
        """The stateless button id (36 bytes at most: ids are ULIDs)."""
        return f"j1:{self.act}:{self.jobs[0]}"


def parse_button_id(button_id: str) -> tuple[Act, str] | None:
    """The act, and the id of what it is done to, that the id of a button names; None: it is no such id."""
    known = re.fullmatch(rf"j1:({'|'.join(Act)}):([0-9A-HJKMNP-TV-Z]{{26}})", button_id)
    return (Act(known[1]), known[2]) if known else None


@dataclass(frozen=True, slots=True)
class Bar:
    """A progress bar: shown percent 0..99, or None when nothing can be said.

    `approximate` marks an estimate from usual durations; `eta_at` is UTC epoch seconds.
    """

    percent: int | None
    approximate: bool = False
    eta_at: float | None = None


@dataclass(frozen=True, slots=True)
class CardMedia:
    """A stored file on a card and the words that describe it."""

    file: str
    media_type: str
    alt: str

    @property
    def is_video(self) -> bool:
        return self.media_type.startswith("video/")


@dataclass(frozen=True, slots=True)
class CardLink:
    """Words that lead outside the chat; whoever has the address can open it."""

    label: str
    url: str = field(repr=False)


class Tone(StrEnum):
    """The mood of a card; renderers turn it into a colour."""

    NEUTRAL = "neutral"
    ACTIVE = "active"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


ANSWER = "answer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What a message shows, before any platform's markup.

    All text is plain: renderers escape it. `state` is a job state, or `ANSWER` for a
    command that was answered at once. `command` is the line that would ask for the
    same again, None where there is none. `tag` is the short name people see ("#K7F3").
    `portrait`: its one picture stands small beside the words.
    """

    state: str
    title: str
    emoji: str = ""
    tone: Tone = Tone.NEUTRAL
    message_id: str | None = None
    job_id: str | None = None
    tag: str | None = None
    created_at: float | None = None
    prompt: str | None = None
    command: str | None = None
    chips: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    bar: Bar | None = None
    media: tuple[CardMedia, ...] = ()
    links: tuple[CardLink, ...] = ()
    buttons: tuple[Button, ...] = ()
    portrait: bool = False
    footer: str | None = None

    @property
    def final(self) -> bool:
        """Whether nothing in it changes by itself any more."""
        return self.state not in (JobState.QUEUED, JobState.RUNNING)
