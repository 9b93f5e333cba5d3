"""discord.py, the real one, and what must be set so that it speaks to a simulation.

| what | where discord.py has it |
|---|---|
| REST, webhooks and interaction answers too | `discord.http.Route.BASE`, read whenever a route is made |
| gateway of a plain `Client`, and of every client after an invalid session | `DiscordWebSocket.DEFAULT_GATEWAY` |
| gateway of an `AutoShardedClient` at its start | asked of `GET /gateway/bot`, so it follows from the first |
| gateway for a resume | told in READY, so it follows too |
| files | full addresses in the answers; only avatars would come from `discord.Asset.BASE` |
| rate-limit headers before a call returns | `Client(http_trace=…)`, which needs no address |
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import yarl
from sim.discord.simulation import Simulation

with warnings.catch_warnings():
    # discord.py needs it for voice, which no text bot uses; a package replaces it from Python 3.13 on.
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

__all__ = ["discord", "speaking_to"]


@contextmanager
def speaking_to(simulation: Simulation) -> Iterator[None]:
    """Inside, every client of discord.py in this process speaks to the simulation."""
    usual = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = simulation.api_base, yarl.URL(simulation.gateway.url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = usual
