"""Messages that the bot changes or takes away."""

from __future__ import annotations

from dataclasses import replace

from sim.telegram import payloads, posting
from sim.telegram.calls import Call, Handler
from sim.telegram.entities import Entity
from sim.telegram.keyboards import keyboard
from sim.telegram.places import Places
from sim.telegram.refusals import NOT_MODIFIED, Breach, Refusal
from sim.telegram.state import JSON, ChatKind, Media, Message
from sim.telegram.world import World

DELETABLE_S = 48 * 3600.0
MOST_DELETED = 100


class Edits:
    def __init__(self, world: World) -> None:
        self._world = world
        self._places = Places(world)

    def handlers(self) -> dict[str, Handler]:
        return {
            "editMessageText": self._text,
            "editMessageCaption": self._caption,
            "editMessageMedia": self._media,
            "editMessageReplyMarkup": self._markup,
            "deleteMessage": self._delete,
            "deleteMessages": self._delete_many,
        }

    def _text(self, call: Call) -> JSON:
        words = posting.text(self._world, call.args)
        message = self._mine(call)
        if message.now.media is not None:
            raise Refusal(400, "there is no text in the message to edit")
        return self._show(message, call, *words)

    def _caption(self, call: Call) -> JSON:
        words = posting.caption(self._world, call.args)
        message = self._mine(call)
        if message.now.media is None:
            raise Refusal(400, "there is no caption in the message to edit")
        return self._show(message, call, *words)

    def _media(self, call: Call) -> JSON:
        message = self._mine(call)
        media, (text, entities) = posting.media(self._world, call, call.args["media"])
        if message.album and message.now.media and message.now.media.kind != media.kind:
            raise Refusal(400, "can't use the media of the specified type in the album")
        return self._show(message, call, text, entities, media=media)

    def _markup(self, call: Call) -> JSON:
        message = self._mine(call)
        return self._show(message, call, message.text, message.now.entities)

    def _mine(self, call: Call) -> Message:
        """A message that the bot may edit. What stood in a group before it was upgraded cannot be edited any more."""
        if "chat_id" not in call.args or "message_id" not in call.args:
            raise Breach("message identifier is not specified")
        place = self._places.editable(call.args["chat_id"])
        message = self._places.message(place, call.args["message_id"], "message to edit")
        if message.author is not self._world.bot or message.origin or message.asks_reply or place.upgraded_to:
            raise Refusal(400, "message can't be edited")
        if place.person is not None and place.person.blocks_bot:
            raise Refusal(403, "bot was blocked by the user")
        return message

    def _show(
        self, message: Message, call: Call, text: str, entities: tuple[Entity, ...], media: Media | None = None
    ) -> JSON:
        """Buttons go unless they are sent again."""
        rows = keyboard(call.args.get("reply_markup"))
        shown = media or message.now.media
        version = replace(message.now, text=text, entities=entities, media=shown, keyboard=rows)
        if version == message.now:
            raise Refusal(400, NOT_MODIFIED)
        message.history.append(replace(version, at=self._world.clock.now()))
        self._world.journal.tell()
        return payloads.message(message)

    def _delete(self, call: Call) -> bool:
        place = self._places.writable(call.args["chat_id"])
        message = self._places.message(place, call.args["message_id"], "message to delete")
        if not self._deletable(message):
            raise Refusal(400, "message can't be deleted")
        message.deleted = True
        self._world.journal.tell()
        return True

    def _delete_many(self, call: Call) -> bool:
        """What is not there, or may not go, is left out without a word."""
        place = self._places.writable(call.args["chat_id"])
        if not 1 <= len(call.args["message_ids"]) <= MOST_DELETED:
            raise Breach("too many message identifiers specified")
        for number in call.args["message_ids"]:
            message = self._world.message(place, number)
            if message is not None and self._deletable(message):
                message.deleted = True
        self._world.journal.tell()
        return True

    def _deletable(self, message: Message) -> bool:
        if message.chat.member(self._world.bot).may("can_delete_messages"):
            return True
        young = self._world.clock.now() - message.history[0].at < DELETABLE_S
        return young and (message.author is self._world.bot or message.chat.kind is ChatKind.PRIVATE)
