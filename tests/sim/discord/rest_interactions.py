"""Answers to interactions, and the messages that their tokens may change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sim.discord import payloads, posting, rules_forms
from sim.discord.calls import Call, Handler
from sim.discord.refusals import Breach, Refusal
from sim.discord.state import Answer, Asked, Flag, Interaction, Message, Version
from sim.discord.world import World

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = WEBHOOK + "/messages/@original"
MESSAGE = WEBHOOK + "/messages/{message_id}"
MOST_FOLLOWUPS_OF_A_PERSONAL_APP = 5

NEW_MESSAGE = {Answer.MESSAGE, Answer.DEFER}
OF_THE_SOURCE = {Answer.DEFER_UPDATE, Answer.UPDATE}
ALLOWED = {
    Asked.COMMAND: NEW_MESSAGE | {Answer.MODAL},
    Asked.COMPONENT: NEW_MESSAGE | OF_THE_SOURCE | {Answer.MODAL},
    Asked.AUTOCOMPLETE: {Answer.CHOICES},
    Asked.MODAL: NEW_MESSAGE | OF_THE_SOURCE,
}


class Interactions:
    """The 3 s to answer, the 15 min of the token, and which message is whose."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> dict[str, Handler]:
        return {
            CALLBACK: self._callback,
            f"POST {WEBHOOK}": self._follow_up,
            f"GET {ORIGINAL}": lambda call: self._told(self._original(call)),
            f"PATCH {ORIGINAL}": lambda call: self._edit(call, self._original(call)),
            f"DELETE {ORIGINAL}": lambda call: self._delete(self._original(call)),
            f"GET {MESSAGE}": lambda call: self._told(self._mine(call)),
            f"PATCH {MESSAGE}": lambda call: self._edit(call, self._mine(call)),
            f"DELETE {MESSAGE}": lambda call: self._delete(self._mine(call)),
        }

    def _callback(self, call: Call) -> Any:
        now = self._world.clock.now()
        interaction = self._world.interactions.get(call.id("interaction_id"))
        if interaction is None or interaction.token != call.path["interaction_token"]:
            raise Refusal(10062)
        if interaction.answer is not None:
            raise Refusal(40060)
        if not interaction.can_be_answered(now):
            raise Refusal(10062)
        answer = _fitting(interaction, int(call.body["type"]))
        self._carry_out(call, interaction, answer)
        interaction.answer, interaction.answered_at = answer, now
        return self._callback_told(interaction) if call.asked("with_response") else None

    def _carry_out(self, call: Call, interaction: Interaction, answer: Answer) -> None:
        data = call.body.get("data") or {}
        if answer is Answer.MESSAGE:
            interaction.original = self._new(call, interaction, data)
        elif answer is Answer.DEFER:
            interaction.original = self._loading(interaction, data)
        elif answer in OF_THE_SOURCE:
            interaction.original = interaction.source
            if answer is Answer.UPDATE:
                self._change(call, interaction, interaction.source, data)
        elif answer is Answer.CHOICES:
            interaction.choices = data.get("choices") or []
        elif problems := list(rules_forms.modal(data)):
            raise Breach(*problems)
        else:
            interaction.modal = data

    def _callback_told(self, interaction: Interaction) -> Any:
        assert interaction.answer is not None
        told: dict[str, Any] = {"id": str(interaction.id), "type": int(interaction.kind)}
        resource: dict[str, Any] = {"type": int(interaction.answer)}
        if (message := interaction.original) is not None:
            told["response_message_id"] = str(message.id)
            told["response_message_loading"] = message.loading
            told["response_message_ephemeral"] = message.only_for is not None
            if interaction.answer in {Answer.MESSAGE, Answer.UPDATE}:
                resource["message"] = self._told(message)
        return {"interaction": told} | ({"resource": resource} if "message" in resource else {})

    def _alive(self, call: Call) -> Interaction:
        """An unanswered token is unknown, a dead or foreign one invalid."""
        token = call.path["webhook_token"]
        interaction = next((one for one in self._world.interactions.values() if one.token == token), None)
        if interaction is None or not interaction.token_lives(self._world.clock.now()):
            raise Refusal(50027)
        if interaction.answer is None or call.id("webhook_id") != self._world.bot.id:
            raise Refusal(10015)
        return interaction

    def _original(self, call: Call) -> Message:
        message = self._alive(call).original
        if message is None or message.deleted:
            raise Refusal(10008)
        return message

    def _mine(self, call: Call) -> Message:
        interaction, wanted = self._alive(call), call.id("message_id")
        mine = [*interaction.followups, *filter(None, [interaction.original])]
        found = next((message for message in mine if message.id == wanted and not message.deleted), None)
        if found is None:
            raise Refusal(10008)
        return found

    def _follow_up(self, call: Call) -> Any:
        interaction = self._alive(call)
        if interaction.answer is Answer.DEFER and interaction.original and interaction.original.loading:
            return self._edit(call, interaction.original)  # as Discord does, for old bots
        limited = interaction.by_installation_of_a_person_alone
        if limited and len(interaction.followups) >= MOST_FOLLOWUPS_OF_A_PERSONAL_APP:
            raise Refusal(40094)
        message = self._new(call, interaction, call.body)
        interaction.followups.append(message)
        return self._told(message)

    def _new(self, call: Call, interaction: Interaction, data: dict[str, Any]) -> Message:
        limit = interaction.max_upload_bytes
        shown = posting.compose(self._world, interaction.channel, data, call.files, max_bytes=limit)
        return self._add(interaction, shown)

    def _loading(self, interaction: Interaction, data: dict[str, Any]) -> Message:
        flags = Flag(int(data.get("flags") or 0))
        if flags & ~Flag.EPHEMERAL:
            raise Breach("flags: only EPHEMERAL may stand beside a deferred message")
        return self._add(interaction, Version(at=self._world.clock.now(), flags=flags | Flag.LOADING))

    def _add(self, interaction: Interaction, shown: Version) -> Message:
        hidden = Flag.EPHEMERAL in shown.flags or interaction.forced_private
        if hidden:
            shown = replace(shown, flags=shown.flags | Flag.EPHEMERAL)
        person = interaction.person if hidden else None
        return self._world.add(interaction.channel, self._world.bot, shown, only_for=person, interaction=interaction)

    def _edit(self, call: Call, message: Message) -> Any:
        self._change(call, self._alive(call), message, call.body)
        return self._told(message)

    def _change(self, call: Call, interaction: Interaction, message: Message | None, data: dict[str, Any]) -> None:
        assert message is not None  # `_fitting` lets only those update who came from a message
        if message.channel.archived:
            raise Refusal(50083)
        limit = interaction.max_upload_bytes
        message.history.append(
            posting.compose(self._world, message.channel, data, call.files, max_bytes=limit, before=message.now)
        )

    def _delete(self, message: Message) -> None:
        message.deleted = True

    def _told(self, message: Message) -> Any:
        return payloads.message(message, self._world)


def _fitting(interaction: Interaction, asked: int) -> Answer:
    allowed = ALLOWED[interaction.kind] - (set() if interaction.source else OF_THE_SOURCE)
    if asked not in allowed:
        raise Breach(f"type: {interaction.kind.name} cannot be answered with {asked}")
    return Answer(asked)
