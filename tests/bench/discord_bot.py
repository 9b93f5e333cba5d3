"""The bot with the real discord.py by the machine's clock, here or in a process of its own.

    python tests/bench/discord_bot.py http://127.0.0.1:1234/api/v10

It draws pictures of 2 MB, tells its resident memory in KB for each line it is sent, and stops when its input ends.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

TESTS = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(TESTS.parent), str(TESTS)]

from bench.bench_jobs import resident_kb  # noqa: E402 - the paths come first
from bench.stand import RULES  # noqa: E402 - the paths come first
from chat.discord.stage import Bot  # noqa: E402 - the paths come first
from pydantic import SecretStr  # noqa: E402 - the paths come first
from sim.discord.library import speaking_to  # noqa: E402 - the paths come first
from sim.discord.simulation import Simulation, simulated  # noqa: E402 - the paths come first
from sim.discord.state import Channel, Person  # noqa: E402 - the paths come first
from sim.discord.world import TOKEN  # noqa: E402 - the paths come first
from ulid import ULID  # noqa: E402 - the paths come first

from adapters.chat.discord.chat import DiscordChat  # noqa: E402 - the paths come first
from adapters.media.fetching import Fetcher  # noqa: E402 - the paths come first
from adapters.media.files import FileMedia  # noqa: E402 - the paths come first
from bot.clock import SystemClock  # noqa: E402 - the paths come first
from bot.config import DiscordSettings, Settings  # noqa: E402 - the paths come first
from bot.model import Artifact  # noqa: E402 - the paths come first
from bot.provider import Finished, Provider  # noqa: E402 - the paths come first
from bot.store import Store  # noqa: E402 - the paths come first
from bot.testing.provider import PNG, FakeProvider  # noqa: E402 - the paths come first
from storage.sqlite import open_store  # noqa: E402 - the paths come first

PICTURE_BYTES, END_BYTES = 2_000_000, 12
CLOCK = SystemClock()
Watch = Callable[[Store], Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Town:
    """A server with channels and people, and the bot that they talk to."""

    sim: Simulation
    channels: list[Channel]
    people: list[Person]
    bot: Bot


@asynccontextmanager
async def town(
    provider: Provider, *, people: int, channels: int, watch: Watch = lambda store: store
) -> AsyncIterator[Town]:
    """Simulator and bot in this process, on one loop."""
    async with simulated(CLOCK) as sim:
        meadow = sim.guild("Meadow")
        places = [sim.channel(meadow, f"art-{number}") for number in range(channels)]
        members = [sim.person(f"person-{number}") for number in range(people)]
        with speaking_to(sim):
            async with bot_at(sim.api_base, provider, watch) as bot:
                yield Town(sim=sim, channels=places, people=members, bot=bot)


@asynccontextmanager
async def bot_at(api_base: str, provider: Provider, watch: Watch = lambda store: store) -> AsyncIterator[Bot]:
    """A bot that is connected, on a database and files of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(Path(folder) / "bench.db")
        files = FileMedia(
            Path(folder) / "media", clock=CLOCK, fetcher=Fetcher(), links=Fetcher(), keep_days=1, max_bytes=10**11
        )
        parts = SimpleNamespace(
            settings=Settings(discord=DiscordSettings(token=SecretStr(TOKEN), api_base=api_base)),
            make_chat=lambda context: DiscordChat(context, TOKEN),
            originals=None,
            store=watch(store),
            shelf=files,
            provider=provider,
            clock=CLOCK,
            rules=replace(RULES, commands_per_minute=10_000),
            new_id=lambda: str(ULID()),
        )
        bot = Bot(cast("Any", parts))
        try:
            await bot.start()
            yield bot
        finally:
            await bot.stop()
            await files.close()
            await store.close()


@asynccontextmanager
async def bot_apart(api_base: str) -> AsyncIterator[Callable[[], Any]]:
    """The same in a process of its own; gives a function that awaits its resident KB."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, __file__, api_base, stdin=pipe, stdout=pipe)
    told, heard = process.stdin, process.stdout
    assert told is not None
    assert heard is not None

    async def memory_kb() -> float:
        told.write(b"\n")
        return float(await heard.readline())

    try:
        await memory_kb()  # it is connected when it answers
        yield memory_kb
    finally:
        told.close()
        await process.wait()


async def main(api_base: str) -> None:
    picture = Artifact(PNG[:-END_BYTES] + bytes(PICTURE_BYTES - len(PNG)) + PNG[-END_BYTES:], "image/png")
    provider = FakeProvider(CLOCK, slots=100, on_poll=lambda _: Finished(picture))
    async with bot_at(api_base, provider):
        while await asyncio.to_thread(sys.stdin.readline):
            print(resident_kb(), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
