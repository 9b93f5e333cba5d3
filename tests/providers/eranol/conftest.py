"""A wire that stands for the service, and providers that are closed after the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from adapters.providers.eranol import EranolProvider, create
from bot.config import EranolSettings
from bot.provider import ProviderContext
from bot.testing.clock import FakeClock
from bot.testing.wire import Wire

Make = Callable[..., EranolProvider]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


@pytest.fixture
async def make(wire: Wire) -> AsyncIterator[Make]:
    made: list[EranolProvider] = []

    def make(**settings: Any) -> EranolProvider:
        known = EranolSettings.model_validate({"key": "a-key-of-a-test", "base_url": wire.origin} | settings)
        provider = create(ProviderContext(name="eranol", settings=known, clock=FakeClock()))
        assert provider is not None
        made.append(provider)
        return provider

    yield make
    for provider in made:
        await provider.close()
