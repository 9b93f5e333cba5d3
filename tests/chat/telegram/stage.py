"""The whole bot behind the real python-telegram-bot, before the simulated Telegram. All clocks are one fake clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from chat import stage
from pydantic import SecretStr
from sim.house import GENEROUS
from sim.telegram.simulation import Simulation, simulated
from sim.telegram.state import Chat, Message, Person

from adapters.chat.telegram import create
from adapters.chat.telegram.chat import TelegramChat
from bot.chat import ChatContext
from bot.commands import MenuEntry
from bot.config import Settings, TelegramSettings, WebSettings
from bot.policy import Rules
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import FakeProvider

BREATH_S = 0.002  # what goes through sockets needs some of the machine's time


class Stage(stage.Stage[TelegramChat]):
    """`ada` and `bob` with a supergroup that both are in, each alone with the bot, and the bot."""

    platform = "telegram"

    def __init__(self, sim: Simulation, clock: FakeClock, folder: Path, rules: Rules, provider: FakeProvider) -> None:
        super().__init__(clock, folder, rules, provider)
        self.sim = sim
        self.token = sim.token
        self.mode: Any = "polling"
        self.public_url: str | None = None
        self.door: Any = None
        self.ada, self.bob = sim.person("ada"), sim.person("bob")
        self.meadow = sim.supergroup("Meadow")
        self.home, self.bobs = sim.private(self.ada), sim.private(self.bob)

    @property
    def settings(self) -> Settings:
        telegram = TelegramSettings(token=SecretStr(self.token), base_url=self.sim.origin, mode=self.mode)
        return Settings(telegram=telegram, web=WebSettings(public_url=self.public_url))

    @property
    def menu(self) -> tuple[MenuEntry, ...]:
        """What Telegram should offer."""
        return stage.Bot(self).commands.menu()

    def make_chat(self, context: ChatContext) -> TelegramChat:
        chat = create(context)
        assert isinstance(chat, TelegramChat)
        return chat

    async def ask(self, text: str, *, by: Person | None = None, at: Chat | None = None, **more: Any) -> Message:
        """Write to the bot, and wait for its next message in that chat."""
        chat = at or self.home
        return await self.answer_to(lambda: self.sim.says(by or self.ada, chat, text, **more), at=chat)

    async def answer_to(self, act: Callable[[], object], *, at: Chat | None = None) -> Message:
        """Let somebody do something, and wait for the bot's next message in that chat."""
        chat = at or self.home
        before = self.by_bot(chat)
        act()
        answers: list[Message] = await self.passes(
            lambda: [one for one in self.by_bot(chat) if one not in before], step_s=0.25
        )
        return answers[0]

    async def done(self, act: Callable[[], object], *, at: Chat | None = None) -> Message:
        """The same, once every job has ended."""
        message = await self.answer_to(act, at=at)
        await self.ended()
        return message

    async def imagine(self, words: str = "a red fox", **more: Any) -> Message:
        """A picture that somebody asked for and that is there; where it is one message, that message."""
        message = await self.ask(f"/imagine {words}", **more)
        await self.ended()
        return message

    async def press(self, message: Message, act: str, *, by: Person | None = None) -> Any:
        """Press a button by what it does, and wait for the answer to the press."""
        data = next(one for one in message.buttons if one.split(":")[1] == act)
        query = self.sim.press(by or self.ada, message, data)
        await self.passes(lambda: query.answers, step_s=0.25)
        return query

    def by_bot(self, chat: Chat) -> list[Message]:
        return [message for message in self.sim.messages(chat) if message.author is self.sim.bot]

    async def ended(self, *, most_s: int = 180) -> None:
        """Let time pass until every message has its final card."""
        for _ in range(most_s):
            if not await self.store.unfinished():
                return
            await self.clock.advance(1)
            await asyncio.sleep(BREATH_S)
        raise AssertionError("something does not end")

    async def passes(self, happened: Callable[[], Any], *, most_s: float = 180, step_s: float = 1) -> Any:
        """Let time pass until something has happened."""
        for _ in range(int(most_s / step_s)):
            for _ in range(5):
                if result := happened():
                    return result
                await settle()
                await asyncio.sleep(BREATH_S)
            await self.clock.advance(step_s)
        raise AssertionError(f"it did not happen; {self.sim.journal.told[-8:]}, {self.sim.violations}")


@asynccontextmanager
async def staged(folder: Path, rules: Rules = GENEROUS, **provider: Any) -> AsyncIterator[Stage]:
    clock = FakeClock()
    async with simulated(clock) as sim:
        yield Stage(sim, clock, folder, rules, FakeProvider(clock, **provider))
    await settle()
