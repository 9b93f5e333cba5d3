"""What a message or a press says of who asked, where, and what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from telegram import CallbackQuery, Message, Update

from adapters.chat.telegram.refs import PLATFORM, Ref
from bot.model import Origin

_COMMAND = re.compile(r"/([^\s@/]+)(?:@(\S+))?(?:\s+|$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Something that a person said or pressed; `place` is where its answer goes."""

    origin: Origin
    place: Ref
    name: str

    @property
    def in_group(self) -> bool:
        return self.place.chat < 0

    def privately(self) -> Asked:
        """The same, as if it had been said in the private chat."""
        place = Ref(chat=int(self.origin.account))
        origin = replace(self.origin, chat=self.origin.account, provisional=place.write())
        return replace(self, origin=origin, place=place)


@dataclass(frozen=True, slots=True)
class Line:
    """A command as it was typed: its name, the bot that it is for (""  any), and the rest."""

    name: str
    bot: str
    rest: str

    @property
    def text(self) -> str:
        return f"/{self.name} {self.rest}"


def read(text: str) -> Line | None:
    """The command that a text is; None: it is none."""
    found = _COMMAND.match(text)
    return Line(found[1].lower(), (found[2] or "").lower(), text[found.end() :]) if found else None


def said(update: Update, message: Message) -> Asked:
    """Who said a message that is known to be a person's."""
    assert message.from_user is not None
    place = Ref(
        chat=message.chat_id,
        thread=message.message_thread_id if message.is_topic_message else None,
        reply_to=message.message_id if message.chat_id < 0 else None,
    )
    return _asked(place, str(update.update_id), str(message.from_user.id), message.from_user.first_name)


def pressed(update: Update, query: CallbackQuery) -> Asked | None:
    """Who pressed a button on a message; None: on none that a bot may see."""
    if query.message is None:
        return None
    message, thread = query.message, None
    if isinstance(message, Message) and message.is_topic_message:
        thread = message.message_thread_id
    place = Ref(chat=message.chat.id, thread=thread, reply_to=message.message_id)
    return _asked(place, str(update.update_id), str(query.from_user.id), query.from_user.first_name)


def _asked(place: Ref, update_id: str, account: str, name: str) -> Asked:
    if place.chat < 0:
        place = replace(place, account=int(account))
    origin = Origin(
        platform=PLATFORM,
        update_id=update_id,
        account=account,
        chat=str(place.chat),
        provisional=place.write(),
    )
    return Asked(origin=origin, place=place, name=name)
