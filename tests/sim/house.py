"""The whole core in one hand: real store in memory, fake clock, provider, surface and media."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim.inline_store import inline_store

from bot.commands import Attached, Commands
from bot.jobs.manager import JobManager, Outside
from bot.model import (
    Card,
    Character,
    CharacterSource,
    Job,
    JobState,
    Message,
    MessageRef,
    Origin,
    PictureSource,
    Source,
    StoredFile,
)
from bot.policy import Rules
from bot.provider import Provider
from bot.store import Accepted
from bot.surface import SurfaceLimits
from bot.testing.clock import FakeClock, settle
from bot.testing.media import FakeMedia
from bot.testing.provider import FakeProvider
from bot.testing.surface import FakeSurface

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GENEROUS = Rules(open_jobs_per_user=50, open_jobs_per_chat=100, commands_per_minute=1000)


def ids() -> Callable[[], str]:
    """ULID-shaped ids, in order."""
    numbers = itertools.count(1)

    def new_id() -> str:
        number, digits = next(numbers), []
        for _ in range(26):
            number, digit = divmod(number, 32)
            digits.append(ALPHABET[digit])
        return "".join(reversed(digits))

    return new_id


class House:
    """A started bot. `restart` gives it a new process's memory on the same store and outside."""

    def __init__(
        self,
        *,
        provider: FakeProvider | None = None,
        others: Mapping[str, Provider] | None = None,
        limits: SurfaceLimits | None = None,
        surface: FakeSurface | None = None,
        rules: Rules = GENEROUS,
        clock: FakeClock | None = None,
        latency_s: float = 0.0,
        wrap: Callable[[str, Any], Any] = lambda _, port: port,
        random: Callable[[], float] = lambda: 0.5,
        media: FakeMedia | None = None,
    ) -> None:
        self.clock = clock or FakeClock()
        self.store = inline_store()
        self.media = media or FakeMedia()
        self.provider = provider or FakeProvider(self.clock)
        self.surface = surface or FakeSurface(self.clock, limits=limits, latency_s=latency_s)
        self.providers: dict[str, Provider] = {self.provider.name: self.provider, **(others or {})}
        self.rules = rules
        self.new_id = ids()
        self.updates = itertools.count()
        self.wrap = wrap
        self.random = random
        self._build()

    def _build(self) -> None:
        outside = Outside(
            store=self.wrap("store", self.store),
            media=self.wrap("media", self.media),
            providers={name: self.wrap("provider", provider) for name, provider in self.providers.items()},
            surfaces={self.surface.platform: self.wrap("surface", self.surface)},
            clock=self.clock,
            random=self.random,
            new_id=self.new_id,
        )
        self.manager = JobManager(outside, self.rules)
        self.commands = Commands(self.manager, outside, self.rules)

    async def restart(self, wrap: Callable[[str, Any], Any] = lambda _, port: port) -> None:
        """Start again on what the store remembers."""
        self.wrap = wrap
        self._build()
        await self.manager.prepare()
        await self.manager.resume()
        await settle()

    def origin(self, account: str = "ann", update_id: str | None = None, chat: str = "room", **more: Any) -> Origin:
        return Origin(
            platform=self.surface.platform,
            update_id=update_id or f"u{next(self.updates)}",
            account=account,
            chat=chat,
            **more,
        )

    async def give(self, source: Source | None, account: str = "ann") -> None:
        """Make a source somebody's own."""
        if isinstance(source, PictureSource):
            file = StoredFile(source.file, source.media_type, source.size_bytes)
            await self.store.add_upload(self.origin(account), file, now=self.clock.now(), new_person_id=self.new_id())
        elif isinstance(source, CharacterSource):
            one = Character(
                id=source.character_id,
                person_id="",
                provider=source.provider,
                reference=source.reference,
                name="A",
                age=30,
            )
            await self.store.adopt(self.origin(account), one, new_person_id=self.new_id())

    async def say(
        self, text: str, account: str = "ann", attached: Sequence[Attached] = (), **origin: Any
    ) -> Accepted | Card:
        """Say a line, as a chat adapter does: accept, show, announce."""
        answer = await self.commands.say(self.origin(account, **origin), text, attached=attached)
        if isinstance(answer, Accepted):
            await self.announce(answer.message)
        return answer

    async def announce(self, message: Message) -> Card:
        ref = MessageRef(self.surface.platform, f"{message.chat}/{message.id}")
        card = await self.commands.announced(message.id, ref)
        await settle()
        return card

    async def imagine(self, text: str = "/imagine a red fox", account: str = "ann", **origin: Any) -> Job:
        """Say a line that makes a message, and answer with its first job."""
        answer = await self.say(text, account, **origin)
        assert isinstance(answer, Accepted)
        return answer.message.jobs[0]

    async def job(self, job: Job) -> Job:
        found = await self.store.job(job.id)
        assert found is not None
        return found

    async def state(self, job: Job) -> JobState:
        return (await self.job(job)).state

    async def message(self, job: Job) -> Message:
        found = await self.store.message(job.message_id)
        assert found is not None
        return found

    async def left(self, account: str = "ann") -> int:
        return (await self.commands.purse(self.origin(account))).left

    def cards(self, job: Job) -> list[Card]:
        return self.surface.cards(job.message_id)
