"""Channels and their messages, by the bot's own token."""

from __future__ import annotations

from typing import Any

from sim.discord import payloads, posting
from sim.discord.calls import Call, Handler
from sim.discord.refusals import Breach, Refusal
from sim.discord.state import NOTHING, Channel, ChannelKind, Flag, Message, Permission
from sim.discord.world import World

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
OLD_AFTER_S = 3600.0
NONCE_HOLDS_S = 300.0


class Channels:
    """`old_edits`: how often in an hour a message older than one hour may be edited; the true figure is secret."""

    def __init__(self, world: World) -> None:
        self.old_edits = 10
        self._world = world

    def routes(self) -> dict[str, Handler]:
        return {
            "GET /channels/{channel_id}": lambda call: payloads.channel(self._place(call), self._world.bot),
            f"GET {MESSAGES}": self._list,
            f"POST {MESSAGES}": self._create,
            f"GET {MESSAGE}": lambda call: self._told(self._message(call)),
            f"PATCH {MESSAGE}": self._edit,
            f"DELETE {MESSAGE}": self._delete,
            "POST /channels/{channel_id}/typing": self._typing,
            "POST /users/@me/channels": self._open_dm,
        }

    def _place(self, call: Call, needed: Permission = Permission.VIEW_CHANNEL) -> Channel:
        place = self._world.channels.get(call.id("channel_id"))
        if place is None or place.deleted:
            raise Refusal(10003)
        outside = place.kind is ChannelKind.GROUP_DM or (place.guild is not None and not place.guild.bot_present)
        if outside or Permission.VIEW_CHANNEL not in place.allowed:
            raise Refusal(50001)
        if needed & ~place.allowed:
            raise Refusal(50013)
        return place

    def _writable(self, call: Call, needed: Permission = NOTHING) -> Channel:
        place = self._place(call)
        thread = place.kind is ChannelKind.THREAD
        speaking = Permission.SEND_MESSAGES_IN_THREADS if thread else Permission.SEND_MESSAGES
        return self._place(call, needed | speaking)

    def _typing(self, call: Call) -> None:
        self._writable(call)

    def _message(self, call: Call) -> Message:
        place = self._place(call)
        message = self._world.all_messages.get(call.id("message_id"))
        if message is None or message.deleted or message.channel is not place or message.only_for is not None:
            raise Refusal(10008)
        return message

    def _list(self, call: Call) -> list[Any]:
        place = self._place(call, Permission.READ_MESSAGE_HISTORY)
        if call.query.keys() & {"after", "around"}:
            raise Breach("the simulator lists messages from the newest only")
        most, before = int(call.query.get("limit", 50)), float(call.query.get("before", "inf"))
        newest = [message for message in reversed(self._world.messages(place)) if message.id < before]
        return [self._told(message) for message in newest[:most]]

    def _create(self, call: Call) -> Any:
        place = self._writable(call, Permission.ATTACH_FILES if call.files else NOTHING)
        if Flag.EPHEMERAL & int(call.body.get("flags") or 0):
            raise Breach("flags: EPHEMERAL is only for answers to interactions")
        if not all(person.dms_open for person in place.recipients):
            raise Refusal(50007)
        if place.locked:
            raise Refusal(50083)
        nonce = call.body.get("nonce")
        known = self._known(place, nonce) if call.body.get("enforce_nonce") else None
        if known is None:
            version = posting.compose(self._world, place, call.body, call.files, max_bytes=place.max_upload_bytes)
            known = self._world.add(place, self._world.bot, version, nonce=nonce, reply_to=self._answered(call))
        place.archived = False  # Discord opens a thread again for whoever writes
        return self._told(known)

    def _answered(self, call: Call) -> Message | None:
        reference = call.body.get("message_reference") or {}
        return self._world.all_messages.get(int(reference.get("message_id") or 0))

    def _known(self, place: Channel, nonce: str | None) -> Message | None:
        since = self._world.clock.now() - NONCE_HOLDS_S
        mine = (message for message in self._world.messages(place) if message.author is self._world.bot)
        return next((one for one in mine if nonce and one.nonce == nonce and one.history[0].at >= since), None)

    def _edit(self, call: Call) -> Any:
        place, message = self._place(call), self._message(call)
        if message.author is not self._world.bot:
            raise Refusal(50005)
        if place.archived:
            raise Refusal(50083)
        if call.files and Permission.ATTACH_FILES not in place.allowed:
            raise Refusal(50013)
        self._spend_old_edit(message)
        shown = posting.compose(
            self._world, place, call.body, call.files, max_bytes=place.max_upload_bytes, before=message.now
        )
        message.history.append(shown)
        return self._told(message)

    def _spend_old_edit(self, message: Message) -> None:
        now = self._world.clock.now()
        if now - message.history[0].at < OLD_AFTER_S:
            return
        message.edits_when_old = [at for at in message.edits_when_old if now - at < OLD_AFTER_S]
        if len(message.edits_when_old) >= self.old_edits:
            again_in_s = message.edits_when_old[0] + OLD_AFTER_S - now if message.edits_when_old else OLD_AFTER_S
            raise Refusal(30046, retry_after=again_in_s, **{"global": False})
        message.edits_when_old.append(now)

    def _delete(self, call: Call) -> None:
        message = self._message(call)
        if message.author is not self._world.bot and Permission.MANAGE_MESSAGES not in message.channel.allowed:
            raise Refusal(50013)
        message.deleted = True

    def _open_dm(self, call: Call) -> Any:
        person = self._world.people.get(int(call.body.get("recipient_id") or 0))
        if person is None:
            raise Refusal(10013)
        return payloads.channel(self._world.dm(person), self._world.bot)

    def _told(self, message: Message) -> Any:
        return payloads.message(message, self._world)
