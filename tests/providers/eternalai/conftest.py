"""A wire that stands for the vendor, and providers that are closed after the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from providers.eternalai.service import KEY, Make

from adapters.providers.eternalai import EternalAIProvider, create
from bot.config import EternalAISettings
from bot.provider import ProviderContext
from bot.testing.clock import FakeClock
from bot.testing.wire import Wire


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


@pytest.fixture
async def make(wire: Wire, clock: FakeClock) -> AsyncIterator[Make]:
    made: list[EternalAIProvider] = []

    def make(**settings: Any) -> EternalAIProvider:
        known = EternalAISettings.model_validate({"key": KEY, "base_url": wire.origin} | settings)
        provider = create(ProviderContext(name="eternalai", settings=known, clock=clock))
        assert isinstance(provider, EternalAIProvider)
        made.append(provider)
        return provider

    yield make
    for provider in made:
        await provider.close()
