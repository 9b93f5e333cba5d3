"""People, chats and messages as the Bot API tells of them."""

from __future__ import annotations

import hashlib
from typing import Any

from sim.telegram.state import JSON, Chat, ChatKind, Media, Member, Message, Person, Query, Size, Status
from sim.telegram.world import World, described

ADMINISTRATOR = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def user(person: Person) -> JSON:
    told = {"id": person.id, "is_bot": person.bot, "first_name": person.name}
    return told | described({"username": person.username, "language_code": "" if person.bot else person.language})


def me(world: World) -> JSON:
    more = {"can_join_groups": True, "can_read_all_group_messages": not world.privacy, "supports_inline_queries": False}
    return user(world.bot) | more


def chat(place: Chat) -> JSON:
    told: JSON = {"id": place.id, "type": place.kind.value}
    if place.person is not None:
        return told | described({"first_name": place.person.name, "username": place.person.username})
    return told | described({"title": place.title, "is_forum": place.forum})


def full_chat(place: Chat) -> JSON:
    more: JSON = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(GIFTS, False)}
    return chat(place) | more


def member(person: Person, found: Member) -> JSON:
    told: JSON = {"status": found.status.value, "user": user(person)}
    if found.status is Status.OWNER:
        return told | {"is_anonymous": False}
    if found.status is Status.ADMINISTRATOR:
        rights = {right: right in found.rights for right in {*ADMINISTRATOR, *found.rights}}
        return told | rights | {"can_manage_chat": True, "can_be_edited": False, "is_anonymous": False}
    return told | ({"until_date": 0} if found.status is Status.KICKED else {})


def message(found: Message, *, nested: bool = False) -> JSON:
    """A message; what it replies to is told without what that replies to."""
    now = found.now
    told: JSON = {
        "message_id": found.id,
        "from": user(found.author),
        "chat": chat(found.chat),
        "date": int(found.history[0].at),
        "edit_date": int(now.at) if len(found.history) > 1 else None,
        "media_group_id": found.album,
        "reply_markup": {"inline_keyboard": [list(row) for row in now.keyboard]} if now.keyboard else None,
        "sender_chat": chat(found.sender_chat) if found.sender_chat else None,
        "forward_origin": _origin(found.origin) if found.origin else None,
        **_place_in_talk(found, nested=nested),
        **_words(found),
        **found.service,
    }
    if found.chat.kind is ChatKind.CHANNEL:
        del told["from"]
    return described(told)


def callback(query: Query) -> JSON:
    shown: JSON = {"chat": chat(query.message.chat), "message_id": query.message.id, "date": 0}
    instance = hashlib.sha256(str(query.message.chat.id).encode()).hexdigest()[:16]
    return {
        "id": query.id,
        "from": user(query.person),
        "message": shown if query.message.deleted else message(query.message),
        "chat_instance": instance,
        "data": query.data,
    }


def _place_in_talk(found: Message, *, nested: bool) -> JSON:
    """In a topic whatever replies to nothing is told as a reply to the topic's first message."""
    root = found.chat.topics.get(found.topic) if found.topic else None
    replied = found.reply_to or (root if root is not found else None)
    thread = found.topic or (_thread(found) if found.chat.kind is ChatKind.SUPERGROUP else None)
    return {
        "message_thread_id": thread,
        "is_topic_message": root is not None,
        "reply_to_message": message(replied, nested=True) if replied and not replied.deleted and not nested else None,
    }


def _thread(found: Message) -> int | None:
    """Outside of forums a talk of replies has the number of the message that began it."""
    if found.reply_to is None:
        return None
    return _thread(found.reply_to) or found.reply_to.id


def _words(found: Message) -> JSON:
    now = found.now
    if now.media is None:
        return {"text": now.text, "entities": list(now.entities)}
    return {"caption": now.text, "caption_entities": list(now.entities), **_media(now.media)}


def _media(media: Media) -> JSON:
    if media.kind == "photo":
        return {"photo": [_size(one) for one in media.sizes]}
    told: JSON = {"file_id": media.file_id, "file_unique_id": media.unique_id, "file_size": len(media.data)}
    told |= described({"file_name": media.name, "mime_type": media.media_type})
    if media.film is not None:
        film = media.film
        told |= {"width": film.width, "height": film.height, "duration": film.duration_s}
        told |= {"thumbnail": _size(film.poster)} if film.poster else {}
    return {media.kind: told}


def _size(size: Size) -> JSON:
    told: JSON = {"file_id": size.file_id, "file_unique_id": size.unique_id, "file_size": len(size.data)}
    return told | {"width": size.width, "height": size.height}


def _origin(found: Message) -> Any:
    date = int(found.history[0].at)
    if found.sender_chat is not None:
        return {"type": "chat", "date": date, "sender_chat": chat(found.sender_chat)}
    return {"type": "user", "date": date, "sender_user": user(found.author)}
