"""EternalAI's provider before the simulated vendor, and what is asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from sim.vendors.eternalai import EternalAI
from sim.vendors.transport import SimTransport

from adapters.providers._http import Api
from adapters.providers.eternalai.provider import EternalAIProvider, NewerProvider
from bot.errors import BotError, ProviderError
from bot.model import Capability, CharacterSource, GenerationRequest, PictureSource
from bot.provider import Finished, Pending
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import PNG

PICTURE = PictureSource(file="A.png", media_type="image/png", size_bytes=len(PNG))
ASTRID = CharacterSource(character_id="01K", provider="eternalai", reference="6870")
LOOKS, EVERY_S = 8, 30.0

EDIT = GenerationRequest(capability=Capability.EDIT_IMAGE, prompt="a hat", model="edit", source=PICTURE)
VIDEO = replace(EDIT, capability=Capability.IMAGE_TO_VIDEO, model="video", duration_s=3)
HUG = replace(VIDEO, capability=Capability.APPLY_EFFECT, model="effect-video", effect="hug", audio=False)


class Scene:
    """The vendor, a provider, and the time."""

    def __init__(self, *, newer: bool = False, pictures: bytes = PNG, **options: Any) -> None:
        self.clock = FakeClock()
        self.vendor = EternalAI(self.clock, key="sk_simulated" if newer else "simulated", draw=lambda *_: PNG)
        headers = {"Authorization": f"Bearer {self.vendor.key}"} if newer else {"x-api-key": self.vendor.key}
        transport = SimTransport(self.vendor, self.clock)
        api = Api(self.vendor.origin, title="EternalAI", headers=headers, transport=transport)

        async def read(_: PictureSource) -> bytes:
            return pictures

        self.provider: Any = (
            NewerProvider(api, pictures=read, slots=5, deadline_s=None)
            if newer
            else EternalAIProvider(api, clock=self.clock, pictures=read, **options)
        )

    async def made(self, request: GenerationRequest) -> Finished:
        """What becomes of a request at last; looks that fail are looks that bring nothing."""
        said = await self.submitted(request)
        failure: BotError | None = None
        for _ in range(LOOKS):
            if isinstance(said, Finished):
                return said
            await self.clock.advance(EVERY_S)
            try:
                said = await self._in_time(self.provider.poll(said.handle))
                failure = None
            except ProviderError as error:
                failure = error
        raise failure or TimeoutError

    async def submitted(self, request: GenerationRequest) -> Pending | Finished:
        model = request.model or self.provider.specs[0].model
        said: Pending | Finished = await self._in_time(self.provider.submit(request, model=model, key="JOB1"))
        return said

    async def _in_time(self, call: Any) -> Any:
        task = asyncio.ensure_future(call)
        await settle()
        while not task.done():
            await self.clock.advance(5)
        return await task


@asynccontextmanager
async def before_the_vendor(**options: Any) -> AsyncIterator[Scene]:
    scene = Scene(**options)
    yield scene
    await scene.provider.close()
    assert scene.vendor.violations == []
