"""A surface on the real discord.py, logged in at a simulated Discord,, and messages on it. Without a gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from chat.cards import queued
from sim.discord.library import discord, speaking_to
from sim.discord.raw import Raw, raw
from sim.discord.simulation import Simulation, simulated
from sim.discord.state import Channel, Interaction, Message, Person
from sim.discord.world import TOKEN

from adapters.chat.discord.admission import Admission
from adapters.chat.discord.buckets import Buckets
from adapters.chat.discord.refs import Ref
from adapters.chat.discord.render import draw, payload
from adapters.chat.discord.surface import DiscordSurface
from bot.errors import NotFound
from bot.model import Card, MessageRef
from bot.originals import Originals
from bot.surface import Delivered
from bot.testing.clock import FakeClock
from bot.testing.media import FakeMedia

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
EVERYWHERE = {"integration_types": [0, 1], "contexts": [0, 1, 2]}
IMAGINE = {"name": "imagine", "description": "Draw", "type": 1, **EVERYWHERE}


class Shelf(FakeMedia):
    """Stored files in a folder; `smallest_bytes`: no smaller copy can be made of any."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.smallest_bytes = 1000

    def put(self, file: str, data: bytes = PNG) -> str:
        (self.folder / file).write_bytes(data)
        return file

    def path(self, file: str) -> Path:
        if "/" in file:
            raise NotFound("err.not_found")
        return self.folder / file

    async def preview(self, file: str, *, max_bytes: int, max_side_px: int | None = None) -> Path | None:
        if max_bytes < self.smallest_bytes:
            return None
        path = self.folder / f"{file}.jpg"
        path.write_bytes(bytes(self.smallest_bytes))
        return path


class Stage:
    """`surface` speaks to `discord`; both go by `clock`, so nothing here waits. `called` are all addresses so far."""

    def __init__(
        self,
        sim: Simulation,
        client: discord.Client,
        rest: Raw,
        clock: FakeClock,
        media: Shelf,
        *,
        originals: Originals | None,
    ) -> None:
        self.sim = sim
        self.client = client
        self.rest = rest
        self.clock = clock
        self.media = media
        self.buckets = Buckets(clock)
        self.called = list[str]()
        client.http.http_trace = self.buckets.trace()
        client.http.http_trace.on_request_start.append(self._note)
        self.surface = DiscordSurface(
            client, Admission(), media=media, originals=originals, clock=clock, buckets=self.buckets
        )
        self.ada = sim.person("ada")
        self.art = sim.channel(sim.guild("Meadow"), "art")

    async def _note(self, _: object, __: object, started: aiohttp.TraceRequestStartParams) -> None:
        self.called.append(str(started.url))

    async def shown(
        self, place: Channel | None = None, person: Person | None = None, *, hidden: bool = False
    ) -> tuple[Message, Ref]:
        """A queued card that answers a command, and where it is."""
        asked = await self.sim.command(person or self.ada, place or self.art, "imagine")
        body = payload(draw(queued(), now=self.clock.now()))
        answer = await self.rest.answer(asked, 4, **{**body, "flags": body["flags"] | (64 if hidden else 0)})
        assert answer.status == 204, answer
        assert asked.original is not None
        return asked.original, self.ref_of(asked, asked.original)

    def ref_of(self, asked: Interaction, message: Message) -> Ref:
        hidden = message.only_for is not None
        return Ref(
            application=self.sim.bot.id,
            channel=message.channel.id,
            message=message.id,
            account=asked.person.id,
            by_channel=not hidden and "0" in asked.owners,
            ephemeral=hidden,
            max_file_bytes=asked.max_upload_bytes,
            token=asked.token,
            expires_at=asked.created_at + 900,
        )

    async def edit(self, ref: Ref | MessageRef, card: Card) -> MessageRef:
        """Where the message is after an edit that must succeed."""
        where = ref if isinstance(ref, MessageRef) else ref.write()
        result = await self.surface.edit(where, card)
        assert isinstance(result, Delivered), result
        return result.ref or where


@asynccontextmanager
async def stage(
    folder: Path, clock: FakeClock | None = None, originals: Originals | None = None
) -> AsyncIterator[Stage]:
    clock = clock or FakeClock()
    async with simulated(clock, clock) as sim, raw(sim) as rest:
        with speaking_to(sim):
            client = discord.Client(intents=discord.Intents.none())
            show = Stage(sim, client, rest, clock, Shelf(folder), originals=originals)
            async with client:
                await client.login(TOKEN)
                commands = await rest("PUT", f"/applications/{sim.bot.id}/commands", [IMAGINE])
                assert commands.status == 200
                yield show
