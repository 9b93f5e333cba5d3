"""What lies outside of the media folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sim.outside import Outside

from bot.testing.wire import Wire


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    outside = Outside(tmp_path / "media")
    yield outside
    await outside.close()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with asyncio.timeout(30), Wire() as wire:
        yield wire
