"""Which chat a call means, and whether the bot may do there what it asks."""

from __future__ import annotations

from sim.telegram.calls import Call
from sim.telegram.refusals import Refusal
from sim.telegram.state import Chat, ChatKind, Message, Person, Status
from sim.telegram.world import World

UPGRADED = "group chat was upgraded to a supergroup chat"


class Places:
    def __init__(self, world: World) -> None:
        self._world = world

    def readable(self, chat_id: int | str) -> Chat:
        found = self._world.chats.get(chat_id) if isinstance(chat_id, int) else None
        if found is None and chat_id in self._world.people and chat_id != self._world.bot.id:
            raise Refusal(403, "bot can't initiate conversation with a user")
        if found is None:
            raise Refusal(400, "chat not found")
        return found

    def editable(self, chat_id: int | str) -> Chat:
        """Where the bot still belongs."""
        place = self.readable(chat_id)
        if place.person is not None and place.person.deactivated:
            raise Refusal(403, "user is deactivated")
        mine = place.member(self._world.bot)
        if place.person is None and not mine.inside:
            name = f"the {place.kind} chat"
            kicked = mine.status is Status.KICKED
            raise Refusal(403, f"bot was kicked from {name}" if kicked else f"bot is not a member of {name}")
        return place

    def writable(self, chat_id: int | str) -> Chat:
        """Where the bot may send something now."""
        place = self.readable(chat_id)
        if place.upgraded_to is not None:
            raise Refusal(400, UPGRADED, migrate_to_chat_id=place.upgraded_to.id)
        place = self.editable(chat_id)
        if place.person is not None:
            self._may_write_to(place.person)
        if place.kind is ChatKind.CHANNEL and not place.member(self._world.bot).may("can_post_messages"):
            raise Refusal(400, "need administrator rights in the channel chat")
        return place

    def message(self, place: Chat, number: int, named: str) -> Message:
        found = self._world.message(place, number)
        if found is None:
            raise Refusal(400, f"{named} not found")
        return found

    def topic(self, place: Chat, call: Call) -> int | None:
        """Outside of forums a thread is not looked at."""
        asked: int | None = call.args.get("message_thread_id")
        if asked is None or not (place.forum or place.kind is ChatKind.PRIVATE):
            return None
        if asked not in place.topics:
            raise Refusal(400, "message thread not found")
        return asked

    def replied(self, place: Chat, call: Call) -> Message | None:
        asked = call.args.get("reply_parameters")
        if asked is None:
            return None
        found = self._world.message(self.readable(asked.get("chat_id", place.id)), asked["message_id"])
        if found is None and not asked.get("allow_sending_without_reply"):
            raise Refusal(400, "message to be replied not found")
        return found

    def _may_write_to(self, person: Person) -> None:
        if person.blocks_bot:
            raise Refusal(403, "bot was blocked by the user")
        if not person.started:
            raise Refusal(403, "bot can't initiate conversation with a user")
