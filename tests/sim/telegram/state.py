"""The nouns of the simulated Telegram: people, chats, messages, files, callback queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

JSON = dict[str, Any]
MIB = 1024 * 1024


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Status(StrEnum):
    OWNER = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


INSIDE = frozenset({Status.OWNER, Status.ADMINISTRATOR, Status.MEMBER})


class _Brief:
    """These know each other; a test that fails wants to read a line, not all of them."""

    def __repr__(self) -> str:
        shown = (getattr(self, key) for key in ("name", "title", "text", "id") if getattr(self, key, None))
        return f"<{type(self).__name__} {next(shown, '')!r}>"


@dataclass(eq=False, repr=False)
class Person(_Brief):
    """An account. `started`: the bot may write first; `blocks_bot` and `deactivated` end that."""

    id: int
    name: str
    username: str = ""
    language: str = "en"
    bot: bool = False
    started: bool = False
    blocks_bot: bool = False
    deactivated: bool = False


@dataclass(frozen=True)
class Member:
    """What somebody is in a chat; `rights` are those of an administrator, by their names in the Bot API."""

    status: Status = Status.MEMBER
    rights: frozenset[str] = frozenset()

    @property
    def inside(self) -> bool:
        return self.status in INSIDE

    def may(self, right: str) -> bool:
        return self.status is Status.OWNER or (self.status is Status.ADMINISTRATOR and right in self.rights)


LEFT = Member(Status.LEFT)


@dataclass(eq=False, repr=False)
class Chat(_Brief):
    """Where messages stand; `person` is the other side of a private chat, `topics` hold their first message."""

    id: int
    kind: ChatKind
    title: str = ""
    person: Person | None = None
    forum: bool = False
    members: dict[Person, Member] = field(default_factory=dict)
    topics: dict[int, Message] = field(default_factory=dict)
    upgraded_to: Chat | None = None

    def member(self, person: Person) -> Member:
        return self.members.get(person, LEFT)

    @property
    def is_group(self) -> bool:
        return self.kind in (ChatKind.GROUP, ChatKind.SUPERGROUP)


@dataclass(frozen=True)
class Upload:
    """A file as a request carried it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Size:
    """One rendering of a photo, as JPEG; in pixels."""

    file_id: str
    unique_id: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True)
class Film:
    """What was said of a video when it was sent, in pixels and seconds; `poster` is shown until it plays."""

    width: int
    height: int
    duration_s: int
    streams: bool
    poster: Size | None


@dataclass(frozen=True, eq=False, repr=False)
class Media(_Brief):
    """A photo, a video or a document as it was sent.

    `data` are the sender's bytes, `sizes` those of a photo, the smallest first.
    """

    kind: str
    data: bytes
    file_id: str
    unique_id: str
    name: str = ""
    media_type: str = ""
    sizes: tuple[Size, ...] = ()
    film: Film | None = None


@dataclass(frozen=True)
class Version:
    """One state of a message; `at` in seconds since the epoch, `keyboard` holds its inline buttons by row."""

    at: float
    text: str = ""
    entities: tuple[JSON, ...] = ()
    keyboard: tuple[tuple[JSON, ...], ...] = ()
    media: Media | None = None


@dataclass(eq=False, repr=False)
class Message(_Brief):
    """A message and everything that it ever showed, the newest version last.

    `origin` is the message that this one forwards, `service` what Telegram itself tells here, and
    `asks_reply` is a reply markup other than inline buttons, after which a message is never edited.
    """

    id: int
    chat: Chat
    author: Person
    history: list[Version]
    topic: int | None = None
    reply_to: Message | None = None
    origin: Message | None = None
    album: str | None = None
    sender_chat: Chat | None = None
    service: JSON = field(default_factory=dict)
    asks_reply: JSON = field(default_factory=dict)
    deleted: bool = False

    @property
    def now(self) -> Version:
        return self.history[-1]

    @property
    def text(self) -> str:
        """The text, or the caption under a picture."""
        return self.now.text

    @property
    def photo(self) -> Media | None:
        return self._shown("photo")

    @property
    def video(self) -> Media | None:
        return self._shown("video")

    @property
    def document(self) -> Media | None:
        return self._shown("document")

    @property
    def buttons(self) -> dict[str, JSON]:
        """The buttons that ask the bot, by their data."""
        shown = (button for row in self.now.keyboard for button in row)
        return {button["callback_data"]: button for button in shown if "callback_data" in button}

    @property
    def labels(self) -> list[list[str]]:
        """What can be read on all buttons, by row."""
        return [[button["text"] for button in row] for row in self.now.keyboard]

    def _shown(self, kind: str) -> Media | None:
        return self.now.media if self.now.media and self.now.media.kind == kind else None


@dataclass(eq=False, repr=False)
class Query(_Brief):
    """A press on a button; `answers` are what the bot said to it, `at` in seconds since the epoch."""

    id: str
    person: Person
    message: Message
    data: str
    at: float
    answers: list[JSON] = field(default_factory=list)
