"""The nouns of Limner: what is asked for, what becomes of it, and what a person sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType

Params = dict[str, str | int]
Value = str | int | float | bool
"""What an option of a model may be."""

_NO_OPTIONS: Mapping[str, Value] = MappingProxyType({})  # one for all: there are many requests


class Capability(StrEnum):
    """What a provider can do for a person."""

    TEXT_TO_IMAGE = "text_to_image"
    EDIT_IMAGE = "edit_image"
    IMAGE_TO_VIDEO = "image_to_video"
    APPLY_EFFECT = "apply_effect"
    CREATE_CHARACTER = "create_character"


class JobState(StrEnum):
    """Where a job stands; the legal moves are the table in `bot.jobs.states`."""

    QUEUED = "queued"  # accepted and paid for, waits for a slot
    SUBMITTING = "submitting"  # the intent is committed; the provider may have the job
    RUNNING = "running"  # the provider has it and gave a handle
    DELIVERING = "delivering"  # the file is ours; the chat does not show it yet
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELED = "canceled"
    LOST = "lost"  # the outcome of the submit is unknown

    @property
    def terminal(self) -> bool:
        return self in _TERMINAL


_TERMINAL = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.REFUSED, JobState.CANCELED, JobState.LOST})


class SourceKind(StrEnum):
    """What a picture or a video can be made from."""

    PICTURE = "picture"
    CHARACTER = "character"


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureSource:
    """A stored file, checked and of a known type; `uploaded` by a person, or else a result of ours."""

    file: str
    media_type: str
    size_bytes: int
    uploaded: bool = False
    kind: SourceKind = field(default=SourceKind.PICTURE, init=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class CharacterSource:
    """A character that lives at one provider, by its `reference` there."""

    character_id: str
    provider: str
    reference: str
    kind: SourceKind = field(default=SourceKind.CHARACTER, init=False)


Source = PictureSource | CharacterSource


class Quality(StrEnum):
    """How good a picture is to be; high costs more."""

    STANDARD = "standard"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True, slots=True)
class GenerationRequest:
    """What a person asked for; holds no object of a platform or a provider.

    `source` is what is edited, animated or changed, `effect` the key of an effect.
    `width` and `height` are pixels, `seed` is 0..4294967295, `count` is 1..4,
    `style_strength` 0.1..2.0, `guidance` 0..20, `duration_s` whole seconds of video.
    `extra` are options that only some models know, by the name in their specs.
    None means: not asked for. `unserved` is what the person usually wants and nothing could
    serve together with the rest, by option; it is told, and changes nothing of what is asked for.
    """

    capability: Capability = Capability.TEXT_TO_IMAGE
    prompt: str
    negative_prompt: str | None = None
    style: str | None = None
    style_strength: float | None = None
    width: int | None = None
    height: int | None = None
    seed: int | None = None
    guidance: float | None = None
    count: int = 1
    model: str | None = None
    source: Source | None = None
    effect: str | None = None
    quality: Quality | None = None
    duration_s: int | None = None
    audio: bool | None = None
    extra: Mapping[str, Value] = field(default_factory=lambda: _NO_OPTIONS)
    unserved: Mapping[str, str] = field(default_factory=dict, compare=False)

    def value(self, option: str) -> Value | None:
        """What was asked for by the name of an `OptionSpec`."""
        return self.extra.get(option) if option not in _NAMED else getattr(self, option)


_NAMED = frozenset(field.name for field in fields(GenerationRequest)) - {"extra", "unserved"}


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A shown message: the platform and an opaque token that still works after a restart."""

    platform: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job ended without a result: a key in `bot.messages` and its parameters."""

    key: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One picture that somebody asked for; times are UTC epoch seconds.

    `position` is its place in the message (0..3). `handle` is the provider's opaque
    text, `file` the stored file's name, None again once it is no longer stored.
    """

    id: str
    message_id: str
    person_id: str
    position: int
    state: JobState
    request: GenerationRequest
    provider: str
    model: str
    price: int
    created_at: float
    submitted_at: float | None = None
    deadline_at: float | None = None
    ended_at: float | None = None
    handle: str | None = None
    file: str | None = None
    media_type: str | None = None
    failure: Failure | None = None

    @property
    def credits(self) -> int:
        """What the job holds or has taken: nothing once it ended without a result."""
        return 0 if self.state.terminal and self.state is not JobState.SUCCEEDED else self.price


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What a person sees for one command: 1-4 jobs in one shown message.

    `account` is the person's id on the platform, `chat` the room it was said in.
    `ref` is None until the message was announced; until then `provisional` is where it is
    about to be shown, if the platform knew that beforehand. `final_shown` is true once the last
    card of an ended message is known to be shown. `deleted` hides it for good.
    """

    id: str
    person_id: str
    platform: str
    account: str
    chat: str
    created_at: float
    jobs: tuple[Job, ...]
    ref: MessageRef | None = None
    provisional: MessageRef | None = None
    final_shown: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running job is; never stored, never a reason to end a job.

    `fraction` is 0..1, `queue_position` counts the jobs ahead, `eta_s` is seconds.
    """

    fraction: float | None = None
    queue_position: int | None = None
    eta_s: float | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """A result as a provider hands it over: its bytes and what it claims to be."""

    data: bytes = field(repr=False)
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteArtifact:
    """A result that lies at an address outside; whoever knows the address may have it."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A checked local file under our own name; `media_type` was read from its content."""

    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Character:
    """A person made of words at one provider; `age` in years, None when unknown."""

    id: str
    person_id: str
    provider: str
    reference: str
    name: str
    age: int | None = None
    created_at: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a command came from.

    `update_id` is unique per platform: the same id twice makes one accept. `account` is
    the person's id on the platform, `chat` the room it was said in. `moderator` says that
    the platform let this person remove others' messages in that room at this very moment.
    `provisional` is where the answer is about to be shown, where that is known beforehand.
    """

    platform: str
    update_id: str
    account: str
    chat: str
    moderator: bool = False
    provisional: MessageRef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """What a person has set once for all commands; None: nothing.

    `style` and `shape` are used where a command names none, `model` where it serves the
    command. `ping`: whether to be told of a picture that took long.
    """

    style: str | None = None
    model: str | None = None
    shape: str | None = None
    ping: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """Why a provider takes no new jobs, by the operator's word, since when (UTC epoch seconds).

    Jobs that it has are finished; those that still wait for it are too, unless it is `off`.
    """

    reason: str
    since: float
    off: bool = False


class Act(StrEnum):
    """What a button does; part of its id `j1:<act>:<job>`."""

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


@dataclass(frozen=True, slots=True)
class Button:
    """One press: an act on one or more jobs of the card."""

    act: Act
    jobs: tuple[str, ...]
    label: str

    @property
    def id(self) -> str:
        """The stateless button id (36 bytes at most with a ULID job id)."""
        return f"j1:{self.act}:{self.jobs[0]}"


def parse_button_id(button_id: str) -> tuple[Act, str] | None:
    """The act and the job that the id of a button names; None: it is no such id."""
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
    same again. `tag` is the short name people see ("#K7F3").
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
    footer: str | None = None

    @property
    def final(self) -> bool:
        """Whether nothing in it changes by itself any more."""
        return self.state not in (JobState.QUEUED, JobState.RUNNING)
