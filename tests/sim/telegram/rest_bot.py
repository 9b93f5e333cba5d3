"""The bot itself: its names, its menus, and how it hears of updates."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable
from typing import Any

from sim.telegram import payloads
from sim.telegram.calls import Call, Handler
from sim.telegram.refusals import Breach, Refusal
from sim.telegram.state import JSON
from sim.telegram.updates import Updates
from sim.telegram.webhooks import Webhooks
from sim.telegram.world import World, described

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100
MOST_WORDS = 256
DESCRIPTIONS = {
    "Name": ("name", 64),
    "Description": ("description", 512),
    "ShortDescription": ("short_description", 120),
}
DEFAULT: JSON = {"type": "default"}

Menus = dict[tuple[str, str], list[JSON]]


class Application:
    """`menus` are the commands by scope (as sorted JSON) and language; `described` the texts by name and language."""

    def __init__(self, world: World, updates: Updates, webhooks: Webhooks) -> None:
        self.menus: Menus = {}
        self.described: dict[tuple[str, str], str] = {("Name", ""): world.bot.name}
        self._world = world
        self._updates = updates
        self._webhooks = webhooks

    def handlers(self) -> dict[str, Handler]:
        found: dict[str, Handler] = {
            "getMe": lambda _: payloads.me(self._world),
            "getUpdates": self._get_updates,
            "setWebhook": self._webhooks.set,
            "deleteWebhook": self._webhooks.delete,
            "getWebhookInfo": lambda _: self._webhooks.info(),
            "setMyCommands": self._set_commands,
            "deleteMyCommands": lambda call: self.menus.pop(_key(call), []) is not None,
            "getMyCommands": lambda call: self.menus.get(_key(call), []),
        }
        for name in DESCRIPTIONS:
            found |= {f"setMy{name}": self._describe, f"getMy{name}": self._description}
        return found

    def menu(self, scope: str, language: str = "") -> dict[str, str]:
        """Descriptions by command, as `menu("all_private_chats")`."""
        commands = self.menus.get((json.dumps({"type": scope}), language), [])
        return {one["command"]: one["description"] for one in commands}

    def _get_updates(self, call: Call) -> Awaitable[list[JSON]]:
        self._updates.want(call.args.get("allowed_updates"))
        offset, limit = call.args.get("offset", 0), call.args.get("limit", 100)
        return self._updates.poll(offset, limit, call.args.get("timeout", 0))

    def _set_commands(self, call: Call) -> bool:
        commands = call.args["commands"]
        if len(commands) > MOST_COMMANDS:
            raise Breach("BOT_COMMANDS_TOO_MUCH")
        for one in commands:
            if not COMMAND.fullmatch(one["command"]):
                raise Breach("BOT_COMMAND_INVALID", f"{one['command']!r} is no command")
            if not 1 <= len(one["description"]) <= MOST_WORDS:
                raise Breach("BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[_key(call)] = commands
        return True

    def _describe(self, call: Call) -> bool:
        name = call.method.removeprefix("setMy")
        field, most = DESCRIPTIONS[name]
        words = call.args.get(field, "")
        if len(words) > most:
            raise Refusal(400, f"{field} is too long")
        self.described[name, call.args.get("language_code", "")] = words
        return True

    def _description(self, call: Call) -> Any:
        name = call.method.removeprefix("getMy")
        field, _ = DESCRIPTIONS[name]
        fallback = self.described.get((name, ""), "")
        return {field: self.described.get((name, call.args.get("language_code", "")), fallback)}


def _key(call: Call) -> tuple[str, str]:
    scope = described(call.args.get("scope") or DEFAULT)
    return json.dumps(scope, sort_keys=True), call.args.get("language_code", "")
