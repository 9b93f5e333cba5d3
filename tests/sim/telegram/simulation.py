"""A simulated Telegram on the loopback: the Bot API, its files, webhooks, and people.

async with simulated(clock) as telegram, Bot(telegram.token, f"{telegram.origin}/bot") as bot:
    ada, meadow = telegram.person("ada"), telegram.supergroup("Meadow")
    telegram.says(ada, meadow, "/imagine a fox")
    ... the bot polls and answers ...
    await telegram.until(lambda: telegram.messages(meadow)[1:])
    assert "a fox" in telegram.messages(meadow)[-1].text
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from sim.journal import Watched
from sim.telegram.api import Api
from sim.telegram.calls import MOST_BYTES
from sim.telegram.faults import Faults
from sim.telegram.limits import Limits
from sim.telegram.people import People
from sim.telegram.refusals import Refusal
from sim.telegram.rest_bot import Application
from sim.telegram.rest_chats import Chats
from sim.telegram.rest_edits import Edits
from sim.telegram.rest_messages import Messages
from sim.telegram.webhooks import Webhooks

from bot.clock import Clock, SystemClock


class Simulation(Watched, People):
    """Everything that a test needs of a Telegram; `World` makes people and places, `People` act.

    Everything is timed by `clock`: limits, polls, ages of updates, messages and presses, outages.
    Only late answers take the time of `machine`, since an HTTP client has no other clock.
    """

    def __init__(self, clock: Clock, machine: Clock) -> None:
        super().__init__(clock)
        self.api = Api(self, machine)
        self.webhooks = Webhooks(self.updates)
        self.application = Application(self, self.updates, self.webhooks)
        self.origin = ""

    @property
    def faults(self) -> Faults:
        return self.api.faults

    @property
    def limits(self) -> Limits:
        return self.api.limits

    def server(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BYTES)
        for handlers in (self.application, Messages(self), Edits(self), Chats(self)):
            self.api.add(handlers.handlers())
        self.api.mount(app)
        return app


@asynccontextmanager
async def simulated(clock: Clock, machine: Clock | None = None) -> AsyncIterator[Simulation]:
    """A simulation that listens; at the end, any violation that was not taken is an error."""
    simulation = Simulation(clock, machine or SystemClock())
    runner = web.AppRunner(simulation.server(), access_log=None, shutdown_timeout=1.0, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        simulation.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield simulation
    finally:
        simulation.updates.hand_over(Refusal(500, "restart"))
        await simulation.webhooks.close()
        await runner.cleanup()
    simulation.journal.assert_clean()
