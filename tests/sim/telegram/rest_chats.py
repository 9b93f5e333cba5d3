"""Chats, who is in them, presses, and files."""

from __future__ import annotations

from sim.telegram import payloads, pictures
from sim.telegram.calls import Call, Handler
from sim.telegram.entities import units
from sim.telegram.places import Places
from sim.telegram.refusals import Breach, Refusal
from sim.telegram.state import JSON, LEFT, MIB, Chat, Status
from sim.telegram.world import World

MOST_TOAST = 200
MOST_DOWNLOAD_BYTES = 20 * MIB
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Chats:
    def __init__(self, world: World) -> None:
        self._world = world
        self._places = Places(world)

    def handlers(self) -> dict[str, Handler]:
        return {
            "getChat": lambda call: payloads.full_chat(self._place(call)),
            "getChatMember": self._member,
            "getChatAdministrators": self._administrators,
            "leaveChat": self._leave,
            "answerCallbackQuery": self._answer,
            "getFile": self._file,
        }

    def _place(self, call: Call) -> Chat:
        return self._places.readable(call.args["chat_id"])

    def _member(self, call: Call) -> JSON:
        place = self._places.editable(call.args["chat_id"])
        person = self._world.people.get(call.args["user_id"])
        if person is None:
            raise Refusal(400, "PARTICIPANT_ID_INVALID")
        return payloads.member(person, place.member(person))

    def _administrators(self, call: Call) -> list[JSON]:
        place = self._places.editable(call.args["chat_id"])
        if place.person is not None:
            raise Refusal(400, "there are no administrators in the private chat")
        leading = {Status.OWNER, Status.ADMINISTRATOR}
        found = [(person, one) for person, one in place.members.items() if one.status in leading]
        return [payloads.member(*one) for one in found if not one[0].bot]

    def _leave(self, call: Call) -> bool:
        self._places.editable(call.args["chat_id"]).members[self._world.bot] = LEFT
        return True

    def _answer(self, call: Call) -> bool:
        if units(call.args.get("text", "")) > MOST_TOAST:
            raise Breach("MESSAGE_TOO_LONG")
        query = self._world.queries.get(call.args["callback_query_id"])
        if query is None or self._world.clock.now() - query.at > self._world.queries_live_s:
            raise Refusal(400, TOO_OLD)
        query.answers.append({key: value for key, value in call.args.items() if key != "callback_query_id"})
        self._world.journal.tell()
        return True

    def _file(self, call: Call) -> JSON:
        file_id = call.args["file_id"]
        media = self._world.files.get(file_id)
        if media is None:
            raise Refusal(400, "invalid file_id")
        if len(media.data) > MOST_DOWNLOAD_BYTES:
            raise Refusal(400, "file is too big")
        unique = next((size.unique_id for size in media.sizes if size.file_id == file_id), media.unique_id)
        told = {"file_id": file_id, "file_unique_id": unique, "file_path": f"{media.kind}s/{file_id}"}
        return told | {"file_size": len(pictures.download(media, file_id))}
