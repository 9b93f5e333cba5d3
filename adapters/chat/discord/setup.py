"""What an operator asks about the bot on Discord: how to invite it, and what is amiss."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import discord
from discord.http import Route

from adapters.chat.discord.asked import PERMISSIONS
from adapters.chat.discord.commands import payload
from adapters.chat.discord.desk import OUT_OF_REACH
from adapters.chat.discord.sync import in_sync
from bot.commands import MenuEntry
from bot.config import EXIT_SETTINGS, DiscordSettings
from bot.errors import StartError

NEEDED = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
AUTHORIZE = "https://discord.com/oauth2/authorize"
TO_SERVER, TO_PERSON = 0, 1
MOST_SERVERS = 200
OFF = "Discord is off: set BOT_DISCORD__TOKEN first; README.md says where the token comes from."
NOT_LET_IN = "Discord does not take the token in BOT_DISCORD__TOKEN."


@dataclass(frozen=True, slots=True)
class DiscordReport:
    """What Discord says of the bot; `withheld` are servers with the permissions that they do not give it."""

    name: str
    privileged_intents: tuple[str, ...]
    in_sync: bool
    withheld: tuple[tuple[str, tuple[str, ...]], ...]


async def invite(settings: DiscordSettings) -> tuple[str, str]:
    """The links that add the bot to a server and to a person's account; raises `StartError`."""
    async with _logged_in(settings) as client:
        bot = {"client_id": client.application_id}
    to_server = {"integration_type": TO_SERVER, "scope": "bot applications.commands", "permissions": NEEDED.value}
    to_person = {"integration_type": TO_PERSON, "scope": "applications.commands"}
    return f"{AUTHORIZE}?{urlencode(bot | to_server)}", f"{AUTHORIZE}?{urlencode(bot | to_person)}"


async def inspect(settings: DiscordSettings, menu: Iterable[MenuEntry], locale: str) -> DiscordReport:
    """Asks Discord and changes nothing; raises `StartError`."""
    async with _logged_in(settings) as client:
        assert client.user is not None
        assert client.application is not None
        registered = await client.http.get_global_commands(client.application.id)
        servers = await client.http.get_guilds(MOST_SERVERS)
        withheld = [(server["name"], _withheld(int(server["permissions"]))) for server in servers]
        return DiscordReport(
            name=client.user.name,
            privileged_intents=_privileged(client.application.flags),
            in_sync=in_sync(payload(menu, locale), registered),
            withheld=tuple((name, permissions) for name, permissions in withheld if permissions),
        )


@asynccontextmanager
async def _logged_in(settings: DiscordSettings) -> AsyncIterator[discord.Client]:
    """A client that only asks; whatever goes wrong inside is a sentence."""
    if settings.token is None:
        raise StartError(OFF, EXIT_SETTINGS)
    Route.BASE = settings.api_base
    try:
        async with discord.Client(intents=discord.Intents(guilds=True)) as client:
            await client.login(settings.token.get_secret_value())
            yield client
    except discord.LoginFailure:
        raise StartError(NOT_LET_IN, EXIT_SETTINGS) from None
    except OUT_OF_REACH as error:
        raise StartError(f"Discord cannot be asked: {error}.") from error


def _withheld(granted: int) -> tuple[str, ...]:
    """What a server withholds from the bot."""
    has = discord.Permissions(granted)
    return () if has.administrator else tuple(title for name, title in PERMISSIONS.items() if not getattr(has, name))


def _privileged(flags: discord.ApplicationFlags) -> tuple[str, ...]:
    """Switched-on intents, as the Developer Portal calls them."""
    switched: dict[str, Any] = {
        "Presence": flags.gateway_presence or flags.gateway_presence_limited,
        "Server Members": flags.gateway_guild_members or flags.gateway_guild_members_limited,
        "Message Content": flags.gateway_message_content or flags.gateway_message_content_limited,
    }
    return tuple(name for name, on in switched.items() if on)
