"""Every store runs the same contract tests: another one is another parameter here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sim.inline_store import inline_store

from bot.store import Store
from storage.sqlite import open_store


@pytest.fixture(params=["inline", "threaded"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    opened = inline_store() if request.param == "inline" else await open_store(tmp_path / "limner.db")
    yield opened
    await opened.close()
