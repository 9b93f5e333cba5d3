"""The bot itself: who it is, which commands it has, where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.discord import payloads, rules_forms
from sim.discord.calls import Call, Handler
from sim.discord.refusals import Breach, Refusal
from sim.discord.state import Guild
from sim.discord.world import World

COMMANDS = "/applications/{application_id}/commands"
GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
CHAT_INPUT = 1


class Application:
    def __init__(self, world: World, gateway: Callable[[], Any]) -> None:
        self._world = world
        self._gateway = gateway

    def routes(self) -> dict[str, Handler]:
        return {
            "GET /users/@me": lambda _: self._me(),
            "GET /users/@me/guilds": lambda _: self._guilds(),
            "GET /users/{user_id}": self._user,
            "GET /oauth2/applications/@me": lambda _: self._application(),
            "GET /applications/@me": lambda _: self._application(),
            "GET /gateway/bot": lambda _: self._gateway(),
            f"GET {COMMANDS}": lambda _: self._listed(None),
            f"PUT {COMMANDS}": lambda call: self._overwrite(call, None),
            f"GET {GUILD_COMMANDS}": lambda call: self._listed(self._guild(call)),
            f"PUT {GUILD_COMMANDS}": lambda call: self._overwrite(call, self._guild(call)),
            "GET /guilds/{guild_id}": lambda call: payloads.guild(self._guild(call), self._world.owner),
            "GET /guilds/{guild_id}/members/{user_id}": self._member,
        }

    def _guild(self, call: Call) -> Guild:
        guild = self._world.guilds.get(call.id("guild_id"))
        if guild is None:
            raise Refusal(10004)
        if not guild.bot_present:
            raise Refusal(50001)
        return guild

    def _member(self, call: Call) -> Any:
        guild, person = self._guild(call), self._world.people.get(call.id("user_id"))
        if person not in guild.members:
            raise Refusal(10007)
        return payloads.member(person)

    def _user(self, call: Call) -> Any:
        person = self._world.people.get(call.id("user_id"))
        if person is None:
            raise Refusal(10013)
        return payloads.user(person)

    def _me(self) -> Any:
        return payloads.user(self._world.bot) | {"mfa_enabled": True, "locale": "en-US"}

    def _guilds(self) -> Any:
        unset: dict[str, Any] = {"icon": None, "banner": None, "owner": False, "features": []}
        here = [place for place in self._world.guilds.values() if place.bot_present]
        return [{"id": str(one.id), "name": one.name, "permissions": str(int(one.allowed)), **unset} for one in here]

    def _application(self) -> Any:
        unset = ("icon", "type", "interactions_endpoint_url", "role_connections_verification_url", "team")
        counts = ("guild_count", "user_install_count", "user_authorization_count")
        return {
            **dict.fromkeys(unset),
            **{f"approximate_{name}": len(self._world.guilds) for name in counts},
            "id": str(self._world.bot.id),
            "name": self._world.bot.name,
            "description": "",
            "verify_key": "0" * 64,
            "flags": self._world.application_flags,
            "flags_new": str(self._world.application_flags),
            "redirect_uris": [],
            "owner": payloads.user(self._world.owner),
            "bot": payloads.user(self._world.bot),
            "bot_public": True,
            "bot_require_code_grant": False,
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": [],
        }

    def _listed(self, guild: Guild | None) -> Any:
        return self._world.commands.get(guild.id if guild else None, [])

    def _overwrite(self, call: Call, guild: Guild | None) -> Any:
        known = {(command["type"], command["name"]): command["id"] for command in self._listed(guild)}
        if problems := list(rules_forms.commands(call.body or [])):
            raise Breach(*problems)
        commands = [self._stored(command, guild, known) for command in call.body or []]
        self._world.commands[guild.id if guild else None] = commands
        return commands

    def _stored(self, sent: dict[str, Any], guild: Guild | None, known: dict[Any, str]) -> dict[str, Any]:
        """A command as Discord keeps it: a name that stays keeps its id."""
        kind, permissions = sent.get("type") or CHAT_INPUT, sent.get("default_member_permissions")
        stored = {key: value for key, value in sent.items() if value is not None} | {
            "id": known.get((kind, sent["name"])) or str(self._world.new_id()),
            "application_id": str(self._world.bot.id),
            "version": str(self._world.new_id()),
            "type": kind,
            "description": sent.get("description") or "",
            "default_member_permissions": None if permissions is None else str(permissions),
        }
        return stored | ({"guild_id": str(guild.id)} if guild else {})
