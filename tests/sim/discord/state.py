"""The nouns of the simulated Discord: people, servers, channels, messages, interactions."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

from sim.discord import components as parts

from bot.clock import Clock

EPOCH_MS = 1_420_070_400_000  # the first second of 2015, from which Discord counts
MIB = 1024 * 1024
MAX_UPLOAD_BYTES = 10 * MIB
ANSWER_WITHIN_S = 3.0
TOKEN_LIVES_S = 900.0


class Permission(IntFlag):
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


USUAL = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EXTERNAL_APPS
)


class ChannelKind(IntEnum):
    TEXT = 0
    DM = 1
    GROUP_DM = 3
    THREAD = 11


class Flag(IntFlag):
    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SILENT = 1 << 12
    COMPONENTS_V2 = 1 << 15


NO_FLAGS = Flag(0)
NOTHING = Permission(0)


class Asked(IntEnum):
    """What kind of interaction a person started."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answer(IntEnum):
    """How the bot answered an interaction."""

    MESSAGE = 4
    DEFER = 5
    DEFER_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class Snowflakes:
    """Ids that are unique and tell their time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = itertools.count(1)

    def new(self) -> int:
        return (int(self._clock.now() * 1000) - EPOCH_MS) << 22 | next(self._count)


class _Brief:
    """These know each other; a test that fails wants to read a line, not all of them."""

    def __repr__(self) -> str:
        shown = (getattr(self, key) for key in ("name", "filename", "text", "id") if hasattr(self, key))
        return f"<{type(self).__name__} {next(shown)!r}>"


@dataclass(eq=False, repr=False)
class Person(_Brief):
    """An account. `installed`: this person added the bot to the account; `dms_open`: it may write to them."""

    id: int
    name: str
    locale: str = "en-US"
    bot: bool = False
    dms_open: bool = True
    installed: bool = False
    max_upload_bytes: int = 0


@dataclass(eq=False, repr=False)
class Guild(_Brief):
    """A server. `bot_present` turns false when the bot is kicked; `allowed` is what its role may do in general."""

    id: int
    name: str
    locale: str = "en-US"
    bot_present: bool = True
    allowed: Permission = USUAL
    max_upload_bytes: int = MAX_UPLOAD_BYTES
    members: dict[Person, Permission] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class Channel(_Brief):
    """Where messages stand. `allowed` is what the bot may do here."""

    id: int
    kind: ChannelKind
    name: str
    guild: Guild | None = None
    parent: Channel | None = None
    recipients: tuple[Person, ...] = ()
    allowed: Permission = USUAL
    archived: bool = False
    locked: bool = False
    deleted: bool = False

    @property
    def max_upload_bytes(self) -> int:
        return self.guild.max_upload_bytes if self.guild else MAX_UPLOAD_BYTES


@dataclass(frozen=True, eq=False, repr=False)
class Attachment(_Brief):
    """A stored file; `owner_id` is the channel under whose address it stands, `told_bytes` the size that is said."""

    id: int
    owner_id: int
    filename: str
    data: bytes
    media_type: str
    description: str | None = None
    told_bytes: int | None = None


@dataclass(frozen=True)
class Version:
    """One state of a message; `at` in seconds since the epoch."""

    at: float
    content: str = ""
    embeds: tuple[dict[str, Any], ...] = ()
    components: tuple[parts.Component, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    flags: Flag = NO_FLAGS

    @property
    def text(self) -> str:
        """All that can be read, line by line."""
        return "\n".join(filter(None, [self.content, *parts.text(list(self.components))]))


@dataclass(eq=False, repr=False)
class Message(_Brief):
    """A message and everything that it ever showed, the newest version last."""

    id: int
    channel: Channel
    author: Person
    history: list[Version]
    only_for: Person | None = None
    interaction: Interaction | None = None
    reply_to: Message | None = None
    nonce: str | None = None
    deleted: bool = False
    edits_when_old: list[float] = field(default_factory=list)

    @property
    def now(self) -> Version:
        return self.history[-1]

    @property
    def text(self) -> str:
        return self.now.text

    @property
    def loading(self) -> bool:
        """Shows "… is thinking"."""
        return Flag.LOADING in self.now.flags

    @property
    def buttons(self) -> dict[str, parts.Component]:
        """The buttons by their custom id."""
        found = (part for part in parts.walk(list(self.now.components)) if part["type"] == parts.Kind.BUTTON)
        return {button["custom_id"]: button for button in found if "custom_id" in button}

    @property
    def pictures(self) -> list[Attachment]:
        """The files that can be seen: with Components V2 only those that a component shows."""
        if Flag.COMPONENTS_V2 not in self.now.flags:
            return list(self.now.attachments)
        shown = {media.get("attachment_id") for media in parts.media(list(self.now.components))}
        return [attachment for attachment in self.now.attachments if str(attachment.id) in shown]


@dataclass(eq=False, repr=False)
class Interaction(_Brief):
    """Something that a person asked of the bot, and how it was answered; times in seconds since the epoch.

    `source` is the message whose component was used, `cause` the interaction that opened a modal.
    """

    id: int
    token: str
    kind: Asked
    person: Person
    channel: Channel
    data: dict[str, Any]
    created_at: float
    owners: dict[str, str]
    max_upload_bytes: int
    source: Message | None = None
    cause: Interaction | None = None
    answer: Answer | None = None
    answered_at: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[dict[str, Any]] = field(default_factory=list)
    modal: dict[str, Any] = field(default_factory=dict)

    def can_be_answered(self, now: float) -> bool:
        return now - self.created_at <= ANSWER_WITHIN_S

    def token_lives(self, now: float) -> bool:
        return now - self.created_at < TOKEN_LIVES_S

    @property
    def by_installation_of_a_person_alone(self) -> bool:
        return "0" not in self.owners

    @property
    def forced_private(self) -> bool:
        """Discord hides what a personal app says where the member may not use external apps."""
        guild = self.channel.guild
        may = guild is None or Permission.USE_EXTERNAL_APPS in guild.members[self.person]
        return self.by_installation_of_a_person_alone and not may
