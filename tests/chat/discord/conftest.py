"""A stage, and a stage with a bot on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chat.discord.stage import Stage, staged
from sim.cast import Cast


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """With a bot that is connected."""
    async with staged(tmp_path) as stage, stage.bot():
        yield stage


@pytest.fixture
async def empty_stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Without a bot; tests start their own."""
    async with staged(tmp_path) as stage:
        yield stage


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Stage]:
    """With a bot that can do everything."""
    async with staged(tmp_path) as stage:
        stage.provider = Cast(stage.clock)
        async with stage.bot():
            yield stage
