"""What Discord has registered, compared with what it should have, and put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.chat.discord.commands import JSON


async def sync(client: discord.Client, wanted: Sequence[JSON]) -> bool:
    """Register the commands if Discord has others; whether it had. An equal list costs one reading call."""
    assert client.application_id is not None
    registered = await client.http.get_global_commands(client.application_id)
    if in_sync(wanted, registered):
        return False
    await client.http.bulk_upsert_global_commands(client.application_id, list(wanted))
    return True


def in_sync(wanted: Sequence[JSON], registered: Sequence[Mapping[str, Any]]) -> bool:
    """Whether Discord has just these commands; what it adds to them of its own does not count."""
    known = {(command.get("type", 1), command["name"]): command for command in registered}
    return len(known) == len(wanted) and all(
        _holds(known.get((command["type"], command["name"])), command) for command in wanted
    )


def _holds(told: Any, wanted: Any) -> bool:
    """Whether `told` says all that `wanted` says; what is empty may be left out."""
    if isinstance(wanted, dict):
        return isinstance(told, Mapping) and all(_holds(told.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        told = told or []
        return len(told) == len(wanted) and all(map(_holds, told, wanted))
    return bool(told == wanted)
