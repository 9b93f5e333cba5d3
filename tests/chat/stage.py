"""The whole bot before a simulated platform. All clocks are one fake clock."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

from sim.house import ids
from sim.inline_store import inline_store

from bot.chat import ChatContext
from bot.commands import Commands
from bot.config import Settings
from bot.jobs.manager import JobManager, Outside
from bot.model import JobState
from bot.originals import Originals
from bot.policy import Rules
from bot.surface import Chat
from bot.testing.clock import FakeClock
from bot.testing.media import FakeMedia
from bot.testing.provider import FakeProvider

C = TypeVar("C", bound=Chat)


class Shelf(FakeMedia):
    """Media whose files can be opened."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._shelf = folder

    def path(self, file: str) -> Path:
        super().path(file)
        path = self._shelf / file
        path.write_bytes(self.files[file])
        return path


class Bot(Generic[C]):
    """One process: what it remembers is in the store that it is given."""

    def __init__(self, stage: Stage[C]) -> None:
        surfaces: dict[str, Any] = {}
        outside = Outside(
            store=stage.store,
            media=stage.shelf,
            providers={stage.provider.name: stage.provider},
            surfaces=surfaces,
            clock=stage.clock,
            random=lambda: 0.5,
            new_id=stage.new_id,
        )
        self.provider = stage.provider
        self.manager = JobManager(outside, stage.rules)
        self.commands = Commands(self.manager, outside, stage.rules)
        self.context = ChatContext(
            settings=stage.settings,
            commands=self.commands,
            media=stage.shelf,
            inbox=stage.store,
            clock=stage.clock,
            health=dict,
            originals=stage.originals,
        )
        self.chat = stage.make_chat(self.context)
        surfaces[self.chat.surface.platform] = self.chat.surface

    async def start(self) -> None:
        await self.manager.prepare()
        await self.chat.start()
        await self.manager.resume()

    async def stop(self) -> None:
        await self.chat.stop_intake()
        await self.manager.stop()
        await self.chat.close()


class Stage(ABC, Generic[C]):
    """What a bot needs but a platform; it is started with `bot`."""

    platform: str

    def __init__(self, clock: FakeClock, folder: Path, rules: Rules, provider: FakeProvider) -> None:
        self.clock = clock
        self.shelf = Shelf(folder)
        self.store: Any = inline_store()
        self.rules = rules
        self.provider = provider
        self.new_id = ids()
        self.originals: Originals | None = None
        self.bots = list[Bot[C]]()

    @property
    @abstractmethod
    def settings(self) -> Settings: ...

    @abstractmethod
    def make_chat(self, context: ChatContext) -> C: ...

    @abstractmethod
    async def passes(self, happened: Callable[[], Any], *, most_s: float = 180, step_s: float = 1) -> Any:
        """Let time pass until something has happened."""

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot[C]]:
        bot = Bot(self)
        self.bots.append(bot)
        try:
            await self.while_time_passes(bot.start())
            yield bot
        finally:
            await self.while_time_passes(bot.stop())

    async def while_time_passes(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        await self.passes(task.done, step_s=0.25)
        await task

    async def credits(self, person: Any) -> int:
        person_id = await self.store.person(self.platform, str(person.id))
        found: int = await self.store.balance(person_id or "", today="2026-09-21", allowance=self.rules.daily_credits)
        return found

    async def states(self, person: Any) -> list[JobState]:
        """The states of a person's jobs, newest first."""
        person_id = await self.store.person(self.platform, str(person.id))
        messages = await self.store.messages(person_id, limit=100) if person_id else ()
        return [job.state for message in messages for job in message.jobs]
