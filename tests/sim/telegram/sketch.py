"""The real python-telegram-bot in front of a simulation, with which the simulation is tried."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import telegram
from PIL import Image
from sim.telegram.simulation import Simulation, simulated
from sim.telegram.state import Chat, Person
from telegram.request import HTTPXRequest

from bot.clock import Clock
from bot.testing.clock import FakeClock

MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
PLAIN = {"verify": False}  # there is no TLS on the loopback, and to load all certificates takes long


def picture(width: int = 64, height: int = 64, colour: str = "red") -> bytes:
    """A PNG file; sizes in pixels."""
    with io.BytesIO() as written:
        Image.new("RGB", (width, height), colour).save(written, "PNG")
        return written.getvalue()


def jpeg(width: int = 64, height: int = 64) -> bytes:
    """A JPEG file; sizes in pixels."""
    with io.BytesIO() as written:
        Image.new("RGB", (width, height), "red").save(written, "JPEG")
        return written.getvalue()


def somewhere(simulation: Simulation) -> tuple[Person, Chat]:
    """A person and a group."""
    return simulation.person("ada"), simulation.supergroup("Meadow")


def button(label: str, data: str) -> telegram.InlineKeyboardMarkup:
    """One button under a message."""
    return telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton(label, callback_data=data)]])


def shown(told: object) -> telegram.Message:
    """The message that an edit answers with, as it does for all but inline messages."""
    assert isinstance(told, telegram.Message)
    return told


@asynccontextmanager
async def client(clock: Clock | None = None) -> AsyncIterator[tuple[Simulation, telegram.Bot]]:
    """A simulation in which nothing is limited, and the library that speaks to it."""
    async with simulated(clock or FakeClock()) as simulation:
        simulation.limits.lift()
        calls, polls = (HTTPXRequest(httpx_kwargs=PLAIN) for _ in range(2))
        bot, files = f"{simulation.origin}/bot", f"{simulation.origin}/file/bot"
        async with telegram.Bot(simulation.token, bot, files, calls, polls) as found:
            yield simulation, found
