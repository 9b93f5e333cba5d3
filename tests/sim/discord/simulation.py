"""A simulated Discord on the loopback: the gateway, the REST API, the CDN, and people.

async with simulated(clock) as discord, ...:
    art = discord.channel(discord.guild("Meadow"), "art")
    ada = discord.person("ada")
    asked = await discord.command(ada, art, "imagine", prompt="a fox")
    await discord.until(lambda: asked.answer)
    assert "a fox" in discord.messages(art)[0].text
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from sim.discord.api import Api
from sim.discord.buckets import Buckets
from sim.discord.calls import MOST_BYTES
from sim.discord.faults import Faults
from sim.discord.people import People
from sim.discord.rest_application import Application
from sim.discord.rest_channels import Channels
from sim.discord.rest_interactions import Interactions
from sim.discord.state import Guild
from sim.journal import Watched

from bot.clock import Clock, SystemClock

API = "/api/v10"
CDN = "/cdn"
FILE = "/attachments/{owner_id}/{attachment_id}/{filename}"


class Simulation(Watched, People):
    """Everything that a test needs of a Discord; `World` makes people and places, `People` act.

    What lasts minutes (the 3 s to answer, tokens, ages of messages, addresses of files) is timed by
    `clock`. What discord.py itself waits for (rate limits, outages, late answers) is timed by
    `machine`, since discord.py has no other clock.
    """

    def __init__(self, clock: Clock, machine: Clock) -> None:
        super().__init__(clock, machine)
        self.api = Api(self, machine)
        self.channels_api = Channels(self)
        self.api_base = ""

    @property
    def faults(self) -> Faults:
        return self.api.faults

    @property
    def buckets(self) -> Buckets:
        return self.api.buckets

    async def kick(self, guild: Guild) -> None:
        """A moderator removes the bot from a server."""
        guild.bot_present = False
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id)

    def application(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_get("/gateway", self.api.guarding("GATEWAY", self.gateway.serve))
        app.router.add_get(CDN + FILE, self.api.guarding("CDN", self.cdn.serve))
        for handlers in (Application(self, self.gateway.told), self.channels_api, Interactions(self)):
            self.api.add(handlers.routes())
        self.api.mount(app, API)
        return app


@asynccontextmanager
async def simulated(clock: Clock, machine: Clock | None = None) -> AsyncIterator[Simulation]:
    """A simulation that listens; at the end, any violation that was not taken is an error."""
    simulation = Simulation(clock, machine or SystemClock())
    runner = web.AppRunner(simulation.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        origin = f"127.0.0.1:{runner.addresses[0][1]}"
        simulation.api_base, simulation.cdn.base = f"http://{origin}{API}", f"http://{origin}{CDN}"
        simulation.gateway.url = f"ws://{origin}/gateway"
        yield simulation
    finally:
        await simulation.gateway.close(1001)
        await runner.cleanup()
    simulation.journal.assert_clean()
