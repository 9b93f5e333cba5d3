"""What people do: type commands, press buttons, fill in modals."""

from __future__ import annotations

import base64
from typing import Any

from sim.discord import forms, payloads
from sim.discord.components import Kind, walk
from sim.discord.forms import Impossible, Picture, Resolved
from sim.discord.gateway import Gateway
from sim.discord.state import Answer, Asked, Channel, ChannelKind, Interaction, Message, Person, Version
from sim.discord.world import World

from bot.clock import Clock

JSON = dict[str, Any]
CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3
GUILD_INSTALL, USER_INSTALL = 0, 1


class People(World):
    """Every verb sends the bot what Discord would send, and returns the interaction to look at later.

    Impossible is raised for what Discord's client would not let this person do: a command that is
    not registered here, an option out of its range, a button that is not there or is disabled.
    """

    def __init__(self, clock: Clock, machine: Clock) -> None:
        super().__init__(clock)
        self.gateway = Gateway(self, machine)

    async def command(self, person: Person, channel: Channel, name: str, /, **options: Any) -> Interaction:
        """`name` may hold subcommands: `character new`. Options are plain values, Person, Channel or Picture."""
        return await self._typed(Asked.COMMAND, person, channel, name, options)

    async def autocomplete(
        self, person: Person, channel: Channel, name: str, option: str, typed: str, /, **others: Any
    ) -> Interaction:
        """Look for suggestions for `option`; they stand in `Interaction.choices` once answered."""
        given = {**others, option: typed}
        return await self._typed(Asked.AUTOCOMPLETE, person, channel, name, given, focused=option)

    async def message_menu(self, person: Person, message: Message, name: str) -> Interaction:
        command = self._find(person, message.channel, name, MESSAGE_MENU)
        resolved = Resolved(self, message.channel)
        target = resolved.message(message)
        return await self._menu(person, message.channel, command, target, resolved)

    async def user_menu(self, person: Person, channel: Channel, target: Person, name: str) -> Interaction:
        command = self._find(person, channel, name, USER_MENU)
        resolved = Resolved(self, channel)
        return await self._menu(person, channel, command, resolved.person(target), resolved)

    async def press(self, person: Person, message: Message, custom_id: str) -> Interaction:
        return await self._use(person, message, custom_id, {})

    async def choose(self, person: Person, message: Message, custom_id: str, *values: str) -> Interaction:
        """Choose in a select."""
        return await self._use(person, message, custom_id, {"values": list(values)})

    async def submit(self, opened: Interaction, /, **fields: Any) -> Interaction:
        """Send the modal that `opened` was answered with; fields by custom id, a list for several values."""
        if opened.answer is not Answer.MODAL:
            raise Impossible("no modal is open")
        data = forms.submission(opened.modal, fields, Resolved(self, opened.channel))
        asked = self._new(Asked.MODAL, opened.person, opened.channel, data, opened.owners)
        asked.source, asked.cause = opened.source, opened
        return await self._send(asked)

    def post(self, person: Person, channel: Channel, content: str = "", *pictures: Picture) -> Message:
        """Write an own message; the bot does not hear of it, which would take an intent."""
        files = tuple(one.kept(self, channel) for one in pictures)
        return self.add(channel, person, Version(self.clock.now(), content, attachments=files))

    def post_link(self, person: Person, channel: Channel, url: str, picture: Picture) -> Message:
        """Write an own message with the address of a picture outside, which Discord shows below it."""
        embed = payloads.embed(picture.kept(self, channel), self, url)
        return self.add(channel, person, Version(self.clock.now(), url, embeds=(embed,)))

    async def _typed(
        self, kind: Asked, person: Person, channel: Channel, name: str, given: JSON, *, focused: str = ""
    ) -> Interaction:
        first, *words = name.split()
        command = self._find(person, channel, first, CHAT_INPUT)
        resolved = Resolved(self, channel)
        filled = forms.options(command, words, given, resolved, focused)
        data = _named(command) | _if_any(options=filled, resolved=resolved.told)
        return await self._send(self._new(kind, person, channel, data, self._owners(person, channel, command)))

    async def _menu(
        self, person: Person, channel: Channel, command: JSON, target: str, resolved: Resolved
    ) -> Interaction:
        data = _named(command) | {"target_id": target, "resolved": resolved.told}
        owners = self._owners(person, channel, command)
        return await self._send(self._new(Asked.COMMAND, person, channel, data, owners))

    async def _use(self, person: Person, message: Message, custom_id: str, more: JSON) -> Interaction:
        if message not in self.sees(person, message.channel):
            raise Impossible(f"{person.name} does not see this message")
        everything = walk(list(message.now.components))
        part = next((part for part in everything if part.get("custom_id") == custom_id), None)
        if part is None or part.get("disabled") or (part["type"] == Kind.BUTTON) == bool(more):
            raise Impossible(f"{custom_id} cannot be used like this")
        if "values" in more:
            forms.check_choice(part, more["values"])
        data = {"custom_id": custom_id, "component_type": part["type"], "id": part["id"], **more}
        owners = message.interaction.owners if message.interaction else self._owners(person, message.channel, None)
        asked = self._new(Asked.COMPONENT, person, message.channel, data, owners)
        asked.source = message
        return await self._send(asked)

    def _find(self, person: Person, channel: Channel, name: str, kind: int) -> JSON:
        known = self.commands_in(channel)
        command = next((one for one in known if (one["name"], one["type"]) == (name, kind)), None)
        if command is None:
            raise Impossible(f"there is no {name} here, only {[one['name'] for one in known]}")
        if payloads.context(channel) not in _contexts(command):
            raise Impossible(f"{name} is not offered in such a place")
        if not self._owners(person, channel, command):
            raise Impossible(f"{person.name} has not installed the bot, and it is not here")
        needed = int(command["default_member_permissions"] or 0)
        if channel.guild is not None and needed & ~channel.guild.members[person]:
            raise Impossible(f"{person.name} may not use {name}")
        return command

    def _owners(self, person: Person, channel: Channel, command: JSON | None) -> dict[str, str]:
        """Who let the bot come here: the server, the conversation with it, the person."""
        types = (command or {}).get("integration_types", [GUILD_INSTALL])
        owners = {}
        here = channel.kind is ChannelKind.DM or (channel.guild is not None and channel.guild.bot_present)
        if here and GUILD_INSTALL in types:
            owners["0"] = str(channel.guild.id) if channel.guild else "0"
        if person.installed and USER_INSTALL in types:
            owners["1"] = str(person.id)
        return owners

    def _new(self, kind: Asked, person: Person, channel: Channel, data: JSON, owners: dict[str, str]) -> Interaction:
        number, now = self.new_id(), self.clock.now()
        token = base64.urlsafe_b64encode(f"interaction:{number}:{'x' * 120}".encode()).decode().rstrip("=")
        most = max(channel.max_upload_bytes, person.max_upload_bytes)
        interaction = Interaction(number, token, kind, person, channel, data, now, owners, most)
        self.interactions[number] = interaction
        return interaction

    async def _send(self, asked: Interaction) -> Interaction:
        guild = asked.channel.guild
        told = payloads.interaction(asked, self)
        await self.gateway.dispatch("INTERACTION_CREATE", told, guild_id=guild.id if guild else None)
        return asked


def _if_any(**parts: Any) -> JSON:
    return {name: part for name, part in parts.items() if part}


def _contexts(command: JSON) -> list[int]:
    """Where a command is offered; `dm_permission` is the older word for it."""
    found: list[int] = command.get("contexts") or ([0, 1, 2] if command.get("dm_permission", True) else [0])
    return found


def _named(command: JSON) -> JSON:
    told = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return told | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})
