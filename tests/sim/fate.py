"""A wire across every port of a house, which strikes at one event: it dies there, it fails, it is stopped."""

from __future__ import annotations

import asyncio
from typing import Any

from sim.house import House
from sim.tripwire import Tripwire

from bot.errors import ProviderUnavailable, StoreUnavailable


class Died(BaseException):
    """The process is gone: nothing that it would still have done happens."""


class Fate:
    """Counts the events at the ports, and strikes at one of them."""

    def __init__(self, strike_at: int | None, kind: str = "dies") -> None:
        self.events: list[str] = []
        self.strike_at = strike_at
        self.kind = kind
        self.dead = False
        self.house: House | None = None
        self.stop: asyncio.Task[None] | None = None

    def wrap(self, name: str, port: Any) -> Tripwire:
        return Tripwire(name, port, self.trip)

    def trip(self, event: str) -> None:
        if self.dead:
            raise Died
        self.events.append(event)
        if len(self.events) - 1 == self.strike_at:
            getattr(self, self.kind)(event)

    def dies(self, _: str) -> None:
        self.dead = True
        raise Died

    def fails(self, event: str) -> None:
        if event.startswith("before store."):
            raise StoreUnavailable("disk full")
        if event.startswith("before provider."):
            raise ProviderUnavailable("502")
        if event.startswith("before "):
            raise OSError("broken")

    def is_stopped(self, _: str) -> None:
        assert self.house is not None
        self.stop = asyncio.create_task(self.house.manager.stop())
