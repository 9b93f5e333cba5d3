"""New messages: texts, pictures, documents, albums, forwards."""

from __future__ import annotations

from typing import Any

from sim.telegram import payloads, posting
from sim.telegram.calls import Call, Handler
from sim.telegram.keyboards import keyboard
from sim.telegram.places import Places
from sim.telegram.posting import Words
from sim.telegram.refusals import Breach, Refusal
from sim.telegram.state import JSON, Chat, Media, Message, Version
from sim.telegram.world import World

ALBUM = range(2, 11)
ACTIONS = frozenset(
    {"typing", "choose_sticker", "find_location"}
    | {f"upload_{kind}" for kind in ("photo", "video", "voice", "document", "video_note")}
    | {f"record_{kind}" for kind in ("video", "voice", "video_note")}
)


class Messages:
    def __init__(self, world: World) -> None:
        self._world = world
        self._places = Places(world)

    def handlers(self) -> dict[str, Handler]:
        return {
            "sendMessage": self._text,
            "sendPhoto": lambda call: self._send_file(call, "photo"),
            "sendVideo": lambda call: self._send_file(call, "video"),
            "sendDocument": lambda call: self._send_file(call, "document"),
            "sendMediaGroup": self._album,
            "forwardMessage": self._forward,
            "copyMessage": self._copy,
            "sendChatAction": self._action,
        }

    def _text(self, call: Call) -> JSON:
        return self._send(call, posting.text(self._world, call.args))

    def _send_file(self, call: Call, kind: str) -> JSON:
        words = posting.caption(self._world, call.args)
        self._places.writable(call.args["chat_id"])
        return self._send(call, words, posting.file(self._world, call, kind, call.args[kind], call.args))

    def _send(self, call: Call, words: Words, media: Media | None = None) -> JSON:
        markup = call.args.get("reply_markup") or {}
        buttons = keyboard(markup) if "inline_keyboard" in markup else ()
        place, more = self._where(call)
        text, entities = words
        version = Version(self._world.clock.now(), text, entities, buttons, media)
        asks = {} if "inline_keyboard" in markup else markup
        return self._add(place, version, asks_reply=asks, **more)

    def _album(self, call: Call) -> list[JSON]:
        if len(call.args["media"]) not in ALBUM:
            raise Breach("wrong number of items in the album")
        place, more = self._where(call)
        made = [posting.media(self._world, call, item) for item in call.args["media"]]
        kinds = {media.kind for media, _ in made}
        if "document" in kinds and len(kinds) > 1:
            raise Breach("documents can't be mixed with other media types")
        album, now = self._world.unique("album"), self._world.clock.now()
        versions = [Version(now, *words, media=media) for media, words in made]
        return [self._add(place, version, album=album, **more) for version in versions]

    def _forward(self, call: Call) -> JSON:
        source = self._source(call, "message to forward")
        place = self._places.writable(call.args["chat_id"])
        version = Version(self._world.clock.now(), source.text, source.now.entities, media=source.now.media)
        return self._add(place, version, origin=source.origin or source, topic=self._places.topic(place, call))

    def _copy(self, call: Call) -> JSON:
        source = self._source(call, "message to copy")
        words = (source.text, source.now.entities)
        if "caption" in call.args:
            words = posting.caption(self._world, call.args)
        return {"message_id": self._send(call, words, source.now.media)["message_id"]}

    def _source(self, call: Call, named: str) -> Message:
        return self._places.message(self._places.readable(call.args["from_chat_id"]), call.args["message_id"], named)

    def _action(self, call: Call) -> bool:
        self._places.topic(self._places.writable(call.args["chat_id"]), call)
        if call.args["action"] not in ACTIONS:
            raise Refusal(400, "wrong parameter action in request")
        return True

    def _where(self, call: Call) -> tuple[Chat, JSON]:
        place = self._places.writable(call.args["chat_id"])
        topic, replied = self._places.topic(place, call), self._places.replied(place, call)
        inherited = replied.topic if replied and replied.chat is place else None
        return place, {"topic": topic or inherited, "reply_to": replied}

    def _add(self, place: Chat, version: Version, **more: Any) -> JSON:
        sent = self._world.add(place, self._world.bot, version, **more)
        self._world.journal.tell()
        return payloads.message(sent)
