"""What an operator asks about the bot on Discord: how to invite it, and what is amiss."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import discord
from discord.http import Route

from adapters.chat.discord.asked import PERMISSIONS
from adapters.chat.discord.commands import payload
from adapters.chat.discord.desk import OUT_OF_REACH
from adapters.chat.discord.sync import in_sync
from bot.commands import MenuEntry
from bot.config import EXIT_SETTINGS, DiscordSettings, Settings
from bot.errors import StartError
from bot.setup import Check, Link, Status

NEEDED = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
AUTHORIZE = "https://discord.com/oauth2/authorize"
TO_SERVER, TO_PERSON = 0, 1
MOST_SERVERS = 200
NOT_LET_IN = "Discord does not take the token in BOT_DISCORD__TOKEN."
MEND = "make a new token in the Developer Portal (Bot, Reset Token), or check the way to BOT_DISCORD__API_BASE"


class DiscordSetup:
    """`bot.setup.Setup`: asks Discord with the bot's own token."""

    def __init__(self, settings: Settings) -> None:
        self._discord = settings.discord
        self._locale = settings.locale

    async def checks(self, menu: Sequence[MenuEntry]) -> list[Check]:
        try:
            async with _logged_in(self._discord) as client:
                return [check async for check in self._asked(client, menu)]
        except StartError as error:
            return [Check("discord", Status.FAILED, str(error), MEND)]

    async def links(self) -> list[Link]:
        async with _logged_in(self._discord) as client:
            bot = {"client_id": client.application_id}
        to_server = {"integration_type": TO_SERVER, "scope": "bot applications.commands", "permissions": NEEDED.value}
        to_person = {"integration_type": TO_PERSON, "scope": "applications.commands"}
        return [
            Link("a Discord server", f"{AUTHORIZE}?{urlencode(bot | to_server)}"),
            Link("your own Discord account, to use it anywhere", f"{AUTHORIZE}?{urlencode(bot | to_person)}"),
        ]

    async def _asked(self, client: discord.Client, menu: Sequence[MenuEntry]) -> AsyncIterator[Check]:
        assert client.user is not None
        assert client.application is not None
        yield Check("discord", Status.OK, f"the token is that of {client.user.name}")
        if in_sync(payload(menu, self._locale), await client.http.get_global_commands(client.application.id)):
            yield Check("discord commands", Status.OK, "Discord knows them all")
        else:
            fix = "start the bot, which registers them"
            yield Check("discord commands", Status.WARNING, "Discord has others", fix)
        if switched := _privileged(client.application.flags):
            detail = f"{', '.join(switched)}: on, and needed for nothing"
            fix = "switch them off in the Developer Portal (Bot, Privileged Gateway Intents)"
            yield Check("discord intents", Status.WARNING, detail, fix)
        for server in await client.http.get_guilds(MOST_SERVERS):
            if withheld := _withheld(int(server["permissions"])):
                detail = f"{server['name']} withholds {', '.join(withheld)}"
                fix = "`python -m bot invite` prints a link that grants them"
                yield Check("discord permissions", Status.WARNING, detail, fix)


@asynccontextmanager
async def _logged_in(settings: DiscordSettings) -> AsyncIterator[discord.Client]:
    """A client that only asks; whatever goes wrong inside is a sentence."""
    assert settings.token is not None  # or Discord is switched off
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
