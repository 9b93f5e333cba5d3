"""What must be known of a message to show something in it, as the opaque token of its `MessageRef`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from bot.model import MessageRef

PLATFORM = "telegram"
MOST_COPIES = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot; `picture`: its words, if any, are a caption."""

    chat: int
    message: int
    picture: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Ref:
    """A message of the bot, or the place where one is to be (`message` None).

    `thread` is the topic, `reply_to` the message that it answers. `photo`: it shows a picture, so its words
    are a caption. `album` are the messages with its pictures where it has several. `sending` is set before
    something is sent that must not be sent twice, and stays set where nobody knows what became of it.
    `account` is who asked in a group. `quiet`: progress is forbidden here. `copies` are other messages with
    its pictures, which go when it goes.
    """

    chat: int
    message: int | None = None
    thread: int | None = None
    reply_to: int | None = None
    photo: bool = False
    album: tuple[int, ...] = ()
    sending: bool = False
    account: int | None = None
    quiet: bool = False
    copies: tuple[Shown, ...] = ()

    @classmethod
    def read(cls, ref: MessageRef | None) -> Ref | None:
        """None for what this adapter did not write."""
        if ref is None or ref.platform != PLATFORM:
            return None
        try:
            return _JSON.validate_json(ref.token)
        except ValidationError:
            return None

    @property
    def messages(self) -> Iterator[Shown]:
        """All that stands in chats."""
        if self.message is not None:
            yield Shown(self.chat, self.message, self.photo)
        yield from (Shown(self.chat, message, picture=True) for message in self.album)
        yield from self.copies

    def copied(self, messages: Iterator[Shown]) -> Ref:
        """With more copies; beyond 100 the oldest are forgotten."""
        return replace(self, copies=(*self.copies, *messages)[-MOST_COPIES:])

    def write(self) -> MessageRef:
        return MessageRef(PLATFORM, _JSON.dump_json(self, exclude_defaults=True).decode())


_JSON = TypeAdapter(Ref)
