"""The whole bot behind the real discord.py, in front of the simulated Discord. All clocks are one fake clock."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yarl
from chat import stage
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.http import Route
from pydantic import SecretStr
from sim.discord.library import speaking_to
from sim.discord.simulation import Simulation, simulated
from sim.discord.state import Answer, Channel, Interaction, Message, Person
from sim.discord.world import TOKEN
from sim.house import GENEROUS
from sim.inline_store import inline_store

from adapters.chat.discord.chat import DiscordChat
from bot.chat import ChatContext
from bot.config import DiscordSettings, Settings
from bot.errors import StoreUnavailable
from bot.model import JobState
from bot.policy import Rules
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import FakeProvider

CALLBACK = "POST /interactions/*"
NOWHERE = "ws://127.0.0.1:1/"


class SlowStore:
    """The real store, which accepts and finds nothing while `gate` is shut; `waiting` is set when something came."""

    def __init__(self) -> None:
        self._store = inline_store()
        self.gate, self.waiting = asyncio.Event(), asyncio.Event()
        self.gate.set()
        self.broken = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def accept(self, *arguments: Any) -> Any:
        await self._pass()
        return await self._store.accept(*arguments)

    async def job(self, job_id: str) -> Any:
        await self._pass()
        return await self._store.job(job_id)

    async def messages(self, *arguments: Any, **more: Any) -> Any:
        if self.broken:
            raise StoreUnavailable("locked")
        await self._pass()
        return await self._store.messages(*arguments, **more)

    async def is_settled(self, job_id: str) -> bool:
        """Whether everything has ended that belongs to a job's message."""
        job = await self._store.job(job_id)
        message = await self._store.message(job.message_id) if job else None
        return message is not None and message.final_shown

    async def _pass(self) -> None:
        self.waiting.set()
        await self.gate.wait()


Bot = stage.Bot[DiscordChat]


class Stage(stage.Stage[DiscordChat]):
    """A server with a channel, `ada` and `bob` in it, and the bot that they talk to."""

    platform = "discord"

    def __init__(self, sim: Simulation, clock: FakeClock, folder: Path, rules: Rules, provider: FakeProvider) -> None:
        super().__init__(clock, folder, rules, provider)
        self.sim = sim
        self.store = SlowStore()
        self.token = TOKEN
        self.meadow = sim.guild("Meadow")
        self.art = sim.channel(self.meadow, "art")
        self.ada, self.bob = sim.person("ada"), sim.person("bob")

    @property
    def settings(self) -> Settings:
        return Settings(discord=DiscordSettings(token=SecretStr(self.token), api_base=self.sim.api_base))

    def make_chat(self, context: ChatContext) -> DiscordChat:
        return DiscordChat(context, self.token)

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        async with super().bot() as bot:
            yield bot
        assert still_beating() == []

    async def send(
        self, name: str, /, *, by: Person | None = None, at: Channel | None = None, **options: Any
    ) -> Interaction:
        return await self.sim.command(by or self.ada, at or self.art, name, **options)

    async def ask(self, name: str, /, **more: Any) -> Interaction:
        """Send a command, and wait for its answer."""
        return await self.told(await self.send(name, **more))

    async def press(self, message: Message, act: str, *, by: Person | None = None) -> Interaction:
        """Press a button by what it does, and wait for the answer."""
        custom_id = next(one for one in message.buttons if one.split(":")[1] == act)
        return await self.told(await self.sim.press(by or self.ada, message, custom_id))

    async def answered(self, asked: Interaction) -> Interaction:
        await self.sim.until(lambda: asked.answer)
        return asked

    async def told(self, asked: Interaction) -> Interaction:
        """Wait until it is answered and the bot thinks no more."""
        await self.sim.until(lambda: asked.answer and not (asked.original and asked.original.loading))
        return asked

    async def imagine(self, **more: Any) -> Message:
        """A picture that somebody asked for and that is there."""
        return await self.picture(await self.ask("imagine", **{"prompt": "a red fox", **more}))

    async def picture(self, asked: Interaction) -> Message:
        message = asked.original
        assert message is not None
        await self.passes(lambda: message.pictures)
        for _ in range(100):
            if await self.store.is_settled(job_of(message)):
                return message
            await self.clock.advance(1)
            await asyncio.sleep(0.002)
        raise AssertionError("it was shown, and did not end")

    async def stalled(self) -> None:
        """Shut the gate before the store, wait until something waits there, and let a second pass."""
        await self.store.waiting.wait()
        await self.clock.advance(1)

    async def passes(self, happened: Callable[[], Any], *, most_s: float = 180, step_s: float = 1) -> Any:
        """Let time pass until something has happened."""
        for _ in range(int(most_s / step_s)):
            if result := happened():
                return result
            await self.clock.advance(step_s)
            await asyncio.sleep(0.002)  # what goes through sockets needs some of the machine's time
        raise AssertionError("it did not happen")

    async def become(self, *states: JobState) -> None:
        """Wait until ada's jobs, newest first, are in these states; no time passes."""
        for _ in range(1000):
            if await self.states(self.ada) == list(states):
                return
            await asyncio.sleep(0.002)
        raise AssertionError(await self.states(self.ada))


def still_beating() -> list[str]:
    """Threads of discord.py that go on."""
    threads = [thread for thread in threading.enumerate() if isinstance(thread, KeepAliveHandler)]
    for thread in threads:
        thread.join(0.2)
    return [thread.name for thread in threads if thread.is_alive()]


def job_of(message: Message) -> str:
    """A job whose buttons the message has."""
    return next(iter(message.buttons)).split(":")[2]


def said(asked: Interaction) -> str:
    """What the person was told in answer."""
    assert asked.original is not None
    return asked.original.text


def private(asked: Interaction) -> bool:
    """Whether the answer is for the person alone."""
    new = asked.answer in (Answer.MESSAGE, Answer.DEFER)
    return new and asked.original is not None and asked.original.only_for is asked.person


@asynccontextmanager
async def staged(folder: Path, rules: Rules = GENEROUS, **provider: Any) -> AsyncIterator[Stage]:
    clock = FakeClock()
    async with simulated(clock, clock) as sim:
        with speaking_to(sim):
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = NOWHERE, yarl.URL(NOWHERE)  # the bot must find them itself
            yield Stage(sim, clock, folder, rules, FakeProvider(clock, **provider))
    await settle()
