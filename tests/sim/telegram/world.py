"""Everything that exists in the simulated Telegram, and how to make more of it."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

from sim.journal import Journal
from sim.telegram.journal import Request
from sim.telegram.state import JSON, Chat, ChatKind, Media, Member, Message, Person, Query, Status, Version

from bot.clock import Clock

TOKEN = "7000000001:a-bot-token-of-nobody"
USERNAME = "limner_bot"
FIRST_GROUP = -4_000_000_000
FIRST_SUPERGROUP = -1_002_000_000_000
QUERIES_LIVE_S = 15.0


class World:
    """One bot, and all people, chats and messages.

    The verbs that make things are for tests. A person is a member of every group and channel that
    is made before or after; chats are made with the bot in them.

    `privacy`: the bot sees only what is meant for it in groups where it is no administrator.
    `knows_time`: `<tg-time>` is read. `queries_live_s`: how long a press can be answered.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.token = TOKEN
        self.privacy = True
        self.knows_time = True
        self.queries_live_s = QUERIES_LIVE_S
        self.journal = Journal[Request]()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Media] = {}
        self.queries: dict[str, Query] = {}
        self.all_messages: dict[tuple[int, int], Message] = {}
        self._numbers = itertools.count(1)
        self._message_ids: dict[int, itertools.count[int]] = {}
        self.bot = Person(int(TOKEN.split(":", maxsplit=1)[0]), "Limner", USERNAME, bot=True)
        self.people[self.bot.id] = self.bot
        self.anonymous = self.person("Group", username="GroupAnonymousBot", bot=True)

    def person(self, name: str, **more: Any) -> Person:
        person = Person(5_000_000_000 + next(self._numbers), name, **more)
        self.people[person.id] = person
        for chat in self.chats.values():
            if chat.kind is not ChatKind.PRIVATE and not person.bot:
                chat.members[person] = Member()
        return person

    def private(self, person: Person) -> Chat:
        """The one conversation of the bot and this person."""
        found = self.chats.get(person.id)
        return found or self._place(person.id, ChatKind.PRIVATE, person=person)

    def group(self, title: str) -> Chat:
        """A small group, which may become a supergroup one day."""
        return self._place(FIRST_GROUP - next(self._numbers), ChatKind.GROUP, title=title)

    def supergroup(self, title: str, *, forum: bool = False) -> Chat:
        return self._place(FIRST_SUPERGROUP - next(self._numbers), ChatKind.SUPERGROUP, title=title, forum=forum)

    def channel(self, title: str) -> Chat:
        return self._place(FIRST_SUPERGROUP - next(self._numbers), ChatKind.CHANNEL, title=title)

    def topic(self, chat: Chat, name: str) -> int:
        """A topic of a forum; its number is that of the message that began it."""
        told = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        first = self.add(chat, self.bot, Version(self.clock.now()), service=told)
        first.topic = first.id
        chat.topics[first.id] = first
        return first.id

    def add(self, chat: Chat, author: Person, version: Version, **more: Any) -> Message:
        message = Message(self._message_id(chat), chat, author, [version], **more)
        self.all_messages[chat.id, message.id] = message
        return message

    def messages(self, chat: Chat) -> list[Message]:
        """What people see in a chat, in order, without what Telegram itself tells."""
        standing = (message for message in self.all_messages.values() if message.chat is chat and not message.deleted)
        return [message for message in standing if not message.service]

    def message(self, chat: Chat, number: int) -> Message | None:
        found = self.all_messages.get((chat.id, number))
        return found if found and not found.deleted else None

    def set_member(self, chat: Chat, person: Person, status: Status, *rights: str) -> None:
        """Change what somebody is in a chat, unheard; `People` has the verbs of which the bot hears."""
        chat.members[person] = Member(status, frozenset(rights))

    def unique(self, kind: str) -> str:
        """A text that was never given out before, in the manner of Telegram's ids."""
        digest = hashlib.sha256(f"{kind} {next(self._numbers)}".encode()).hexdigest()
        return f"{kind}_{digest[:40]}"

    def _message_id(self, chat: Chat) -> int:
        """Supergroups and channels count for themselves, everything else together."""
        key = chat.id if chat.kind in (ChatKind.SUPERGROUP, ChatKind.CHANNEL) else 0
        return next(self._message_ids.setdefault(key, itertools.count(1)))

    def _place(self, number: int, kind: ChatKind, **more: Any) -> Chat:
        chat = Chat(number, kind, **more)
        if kind is not ChatKind.PRIVATE:
            chat.members = {person: Member() for person in self.people.values() if not person.bot}
            rights = {"can_post_messages", "can_edit_messages", "can_delete_messages"}
            mine = Member(Status.ADMINISTRATOR, frozenset(rights)) if kind is ChatKind.CHANNEL else Member()
            chat.members[self.bot] = mine
        self.chats[number] = chat
        return chat


def described(told: JSON) -> JSON:
    """Without the fields that hold nothing, as Telegram leaves them out."""
    return {key: value for key, value in told.items() if value not in (None, "", [], (), False)}
