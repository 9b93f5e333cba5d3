"""What people do: write, reply, press, forward, block, join, and lead groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sim.telegram import payloads, pictures
from sim.telegram.entities import Entity, cut, settle
from sim.telegram.state import LEFT, Chat, ChatKind, Media, Member, Message, Person, Query, Status, Upload, Version
from sim.telegram.updates import Updates
from sim.telegram.world import USERNAME, World

from bot.clock import Clock

MODERATOR = ("can_delete_messages", "can_restrict_members", "can_invite_users")


class Impossible(Exception):
    """Telegram's client would not let a person do this."""


class People(World):
    """Every verb tells the bot what Telegram would tell it, if the bot may hear it.

    Impossible is raised for what Telegram's client would not let this person do: write where she
    is no member, press a button that is not there, edit what another one wrote.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.updates = Updates(self)

    def says(self, person: Person, chat: Chat, text: str, **more: Any) -> Message:
        """Write a message; `reply_to` a message, `topic` of a forum, `anonymous` as the group itself."""
        shown, entities = settle(text, ())
        return self._post(person, chat, Version(self.clock.now(), shown, entities), **more)

    def replies(self, person: Person, message: Message, text: str) -> Message:
        return self.says(person, message.chat, text, reply_to=message)

    def sends_photo(self, person: Person, chat: Chat, data: bytes, caption: str = "", **more: Any) -> Message:
        return self._send_file(person, chat, pictures.photo(self, Upload("photo.jpg", data)), caption, more)

    def sends_document(
        self, person: Person, chat: Chat, name: str, data: bytes, caption: str = "", **more: Any
    ) -> Message:
        return self._send_file(person, chat, pictures.document(self, Upload(name, data)), caption, more)

    def sends_album(self, person: Person, chat: Chat, photos: Sequence[bytes], caption: str = "") -> list[Message]:
        """Several photos at once, with words under the first: a message and an update for each."""
        album = self.unique("album")
        captions = [caption, *[""] * (len(photos) - 1)]
        return [self.sends_photo(person, chat, *one, album=album) for one in zip(photos, captions, strict=True)]

    def edits(self, person: Person, message: Message, text: str) -> None:
        if message.author is not person or message.origin or message.deleted:
            raise Impossible(f"{person.name} cannot edit this message")
        shown, entities = settle(text, ())
        message.history.append(replace(message.now, at=self.clock.now(), text=shown, entities=entities))
        if self._hears(message):
            self._tell("edited_channel_post" if message.chat.kind is ChatKind.CHANNEL else "edited_message", message)

    def forwards(self, person: Person, message: Message, chat: Chat) -> Message:
        version = replace(message.now, at=self.clock.now(), keyboard=())
        return self._post(person, chat, version, origin=message.origin or message)

    def deletes(self, person: Person, message: Message) -> None:
        """Take a message away; no bot hears of it."""
        private = message.chat.kind is ChatKind.PRIVATE
        if message.author is not person and not private and not message.chat.member(person).may("can_delete_messages"):
            raise Impossible(f"{person.name} cannot delete this message")
        message.deleted = True

    def press(self, person: Person, message: Message, data: str) -> Query:
        """Press the button with this data."""
        self._check_inside(person, message.chat)
        if message.deleted or data not in message.buttons:
            raise Impossible(f"there is no button {data}, only {list(message.buttons)}")
        return self._ask(Query(self.unique("query"), person, message, data, self.clock.now()))

    def press_again(self, query: Query) -> Query:
        """A press that was on its way while its message was deleted or changed."""
        return self._ask(Query(self.unique("query"), query.person, query.message, query.data, self.clock.now()))

    def starts(self, person: Person, payload: str = "") -> Message:
        """Open the bot and press Start, perhaps by a deep link with a payload."""
        person.blocks_bot = False
        return self.says(person, self.private(person), f"/start {payload}".strip())

    def follows(self, person: Person, message: Message, label: str) -> Message:
        """Press a button that is a deep link to the bot."""
        shown = [button for row in message.now.keyboard for button in row if button["text"] == label]
        address = urlsplit(shown[0].get("url", "")) if shown else urlsplit("")
        if address.netloc != "t.me" or address.path != f"/{USERNAME}":
            raise Impossible(f"{label} is no link to the bot, only {message.labels}")
        return self.starts(person, parse_qs(address.query).get("start", [""])[0])

    def blocks(self, person: Person) -> None:
        self._block(person, blocked=True)

    def unblocks(self, person: Person) -> None:
        self._block(person, blocked=False)

    def joins(self, person: Person, chat: Chat) -> None:
        chat.members[person] = Member()
        self._told_by_telegram(chat, person, new_chat_members=[payloads.user(person)])

    def leaves(self, person: Person, chat: Chat) -> None:
        self._check_inside(person, chat)
        chat.members[person] = LEFT
        self._told_by_telegram(chat, person, left_chat_member=payloads.user(person))

    def promotes(self, chat: Chat, person: Person, *rights: str) -> None:
        """Make somebody, perhaps the bot, an administrator; without rights those of a moderator."""
        self._become(chat, person, Member(Status.ADMINISTRATOR, frozenset(rights or MODERATOR)))

    def adds_bot(self, person: Person, chat: Chat) -> None:
        self._check_inside(person, chat)
        self._become(chat, self.bot, Member(), by=person)
        self._told_by_telegram(chat, person, new_chat_members=[payloads.user(self.bot)])

    def kicks_bot(self, person: Person, chat: Chat) -> None:
        self._check_inside(person, chat)
        self._become(chat, self.bot, Member(Status.KICKED), by=person)

    def upgrade(self, person: Person, group: Chat) -> Chat:
        """Make a supergroup of a group: a new chat, in which nothing of the old one can be edited."""
        if group.kind is not ChatKind.GROUP or group.upgraded_to is not None:
            raise Impossible("only a group can become a supergroup, and once")
        new = group.upgraded_to = self.supergroup(group.title)
        new.members = dict(group.members)
        self._told_by_telegram(group, person, migrate_to_chat_id=new.id)
        self._told_by_telegram(new, person, migrate_from_chat_id=group.id)
        return new

    def _ask(self, query: Query) -> Query:
        self.queries[query.id] = query
        self.updates.tell("callback_query", payloads.callback(query), line=query.message.chat.id)
        return query

    def _send_file(self, person: Person, chat: Chat, media: Media, caption: str, more: dict[str, Any]) -> Message:
        shown, entities = settle(caption, ())
        return self._post(person, chat, Version(self.clock.now(), shown, entities, media=media), **more)

    def _post(self, person: Person, chat: Chat, version: Version, *, anonymous: bool = False, **more: Any) -> Message:
        self._check_inside(person, chat)
        if chat.person is not None:
            if person.blocks_bot:
                raise Impossible(f"{person.name} has blocked the bot")
            person.started = True
        author, seen_as = (self.anonymous, chat) if anonymous else (person, None)
        message = self.add(chat, author, version, sender_chat=seen_as, **more)
        if chat.kind is ChatKind.CHANNEL:
            message.sender_chat = chat
        if self._hears(message):
            self._tell("channel_post" if chat.kind is ChatKind.CHANNEL else "message", message)
        return message

    def _tell(self, kind: str, message: Message) -> None:
        self.updates.tell(kind, payloads.message(message), line=message.chat.id)

    def _check_inside(self, person: Person, chat: Chat) -> None:
        inside = chat.person is person if chat.person else chat.member(person).inside
        if not inside or chat.upgraded_to is not None:
            raise Impossible(f"{person.name} cannot do that in this chat")

    def _hears(self, message: Message) -> bool:
        """What privacy mode lets through: what is meant for the bot. It never hears other bots."""
        chat, mine = message.chat, message.chat.member(self.bot)
        if message.author.bot and not message.sender_chat:
            return False
        if chat.person is not None:
            return True
        if not mine.inside or not self.privacy or mine.status is not Status.MEMBER:
            return mine.inside
        replied = message.reply_to is not None and message.reply_to.author is self.bot
        return replied or (message.now.media is None and any(self._calls(message, one) for one in message.now.entities))

    def _calls(self, message: Message, entity: Entity) -> bool:
        """A command without a name is for the bot unless another one spoke last."""
        if entity["type"] != "bot_command" or entity["offset"] != 0:
            return False
        _, _, name = cut(message.text, entity).partition("@")
        return name.lower() == USERNAME if name else not self._other_bot_spoke_last(message)

    def _other_bot_spoke_last(self, message: Message) -> bool:
        bots = [
            one.author for one in self.messages(message.chat) if one.author.bot and one.author is not self.anonymous
        ]
        return bool(bots) and bots[-1] is not self.bot

    def _told_by_telegram(self, chat: Chat, person: Person, **service: Any) -> None:
        message = self.add(chat, person, Version(self.clock.now()), service=service)
        if chat.member(self.bot).inside:
            self._tell("message", message)

    def _become(self, chat: Chat, person: Person, member: Member, by: Person | None = None) -> None:
        before, chat.members[person] = chat.member(person), member
        self._membership(chat, by or person, person, before, member)

    def _block(self, person: Person, *, blocked: bool) -> None:
        person.blocks_bot = blocked
        states = (Member(), Member(Status.KICKED))
        before, after = states if blocked else states[::-1]
        self._membership(self.private(person), person, self.bot, before, after)

    def _membership(self, chat: Chat, by: Person, person: Person, before: Member, after: Member) -> None:
        told = {
            "chat": payloads.chat(chat),
            "from": payloads.user(by),
            "date": int(self.clock.now()),
            "old_chat_member": payloads.member(person, before),
            "new_chat_member": payloads.member(person, after),
        }
        kind = "my_chat_member" if person is self.bot else "chat_member"
        self.updates.tell(kind, told, line=chat.id)
