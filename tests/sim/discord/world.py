"""Everything that exists in the simulated Discord, and how to make more of it."""

from __future__ import annotations

import mimetypes
from typing import Any

from sim.discord.cdn import Cdn
from sim.discord.journal import Request
from sim.discord.state import (
    NOTHING,
    USUAL,
    Attachment,
    Channel,
    ChannelKind,
    Guild,
    Interaction,
    Message,
    Person,
    Snowflakes,
    Version,
)
from sim.journal import Journal

from bot.clock import Clock

Commands = list[dict[str, Any]]
TOKEN = "a-bot-token"


class World:
    """One bot, one application, and all people, places and messages by their ids.

    The verbs that make things are for tests. `person` makes an account that is a member of every
    server; servers and channels are made with the bot in them.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.token = TOKEN
        self.application_flags = 0
        self.journal = Journal[Request]()
        self.new_id = Snowflakes(clock).new
        self.cdn = Cdn(clock, self.journal)
        self.people: dict[int, Person] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.all_messages: dict[int, Message] = {}
        self.interactions: dict[int, Interaction] = {}
        self.commands: dict[int | None, Commands] = {}
        self.bot = self.person("limner")
        self.bot.bot = True
        self.owner = self.person("owner")

    def person(self, name: str, **more: Any) -> Person:
        person = Person(self.new_id(), name, **more)
        self.people[person.id] = person
        for guild in self.guilds.values():
            guild.members[person] = USUAL
        return person

    def guild(self, name: str, **more: Any) -> Guild:
        guild = Guild(self.new_id(), name, **more)
        guild.members = dict.fromkeys(self.people.values(), USUAL)
        self.guilds[guild.id] = guild
        return guild

    def channel(self, guild: Guild, name: str) -> Channel:
        return self._place(ChannelKind.TEXT, name, guild=guild)

    def thread(self, parent: Channel, name: str) -> Channel:
        return self._place(ChannelKind.THREAD, name, guild=parent.guild, parent=parent)

    def dm(self, person: Person) -> Channel:
        """The one conversation of the bot and this person."""
        known = (place for place in self.channels.values() if place.kind is ChannelKind.DM)
        found = next((place for place in known if place.recipients == (person,)), None)
        return found or self._place(ChannelKind.DM, person.name, recipients=(person,))

    def group_dm(self, *people: Person) -> Channel:
        """A conversation of people to which the bot does not belong."""
        return self._place(ChannelKind.GROUP_DM, "friends", recipients=people, allowed=NOTHING)

    def attachment(
        self,
        channel: Channel,
        filename: str,
        data: bytes,
        media_type: str | None = None,
        *,
        description: str | None = None,
        told_bytes: int | None = None,
    ) -> Attachment:
        guessed = media_type or mimetypes.guess_type(filename)[0] or "application/octet-stream"
        attachment = Attachment(self.new_id(), channel.id, filename, data, guessed, description, told_bytes)
        self.cdn.keep(attachment)
        return attachment

    def add(self, channel: Channel, author: Person, version: Version, **more: Any) -> Message:
        message = Message(self.new_id(), channel, author, [version], **more)
        self.all_messages[message.id] = message
        return message

    def messages(self, channel: Channel) -> list[Message]:
        """What everybody sees in a channel, in order."""
        return [message for message in self._standing(channel) if message.only_for is None]

    def sees(self, person: Person, channel: Channel) -> list[Message]:
        """What this person sees in a channel: the same, and what only she can see."""
        return [message for message in self._standing(channel) if message.only_for in (None, person)]

    def commands_in(self, channel: Channel) -> Commands:
        """The bot's commands that are registered for a place."""
        own = self.commands.get(channel.guild.id, []) if channel.guild else []
        return [*own, *self.commands.get(None, [])]

    def _standing(self, channel: Channel) -> list[Message]:
        return [message for message in self.all_messages.values() if message.channel is channel and not message.deleted]

    def _place(self, kind: ChannelKind, name: str, **more: Any) -> Channel:
        channel = Channel(self.new_id(), kind, name, **more)
        self.channels[channel.id] = channel
        return channel
