"""Providers and chat adapters by entry point; the built-in ones come through the same door."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from bot.chat import ChatContext
from bot.clock import Clock
from bot.config import EXIT_SETTINGS, Settings
from bot.errors import StartError
from bot.model import GenerationRequest
from bot.parsing import ALL, FLAGS
from bot.provider import OptionKind, Pictures, Provider, ProviderContext, no_pictures
from bot.setup import Setup
from bot.surface import Chat

PROVIDERS = "limner.providers"
CHATS = "limner.chats"
SETUPS = "limner.setups"
DEMO = "demo"
OWN_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
TAKEN = {*ALL, *(field.name for field in fields(GenerationRequest)), "hidden", "image", "description", "search"}


def provider_names() -> tuple[str, ...]:
    """The providers that are installed, switched on or not."""
    return tuple(sorted(_installed(PROVIDERS)))


def load_providers(settings: Settings, clock: Clock, pictures: Pictures = no_pictures) -> list[Provider]:
    """Every provider that is switched on; the demo only while no other one is, unless the settings say."""

    def build(name: str) -> Provider | None:
        context = ProviderContext(name=name, settings=settings.providers.named(name), clock=clock, pictures=pictures)
        provider: Provider | None = _build(points[name], context)
        return provider

    points = _installed(PROVIDERS)
    providers = [provider for name in sorted(points.keys() - {DEMO}) if (provider := build(name)) is not None]
    wanted = settings.providers.demo.enabled
    if DEMO in points and (not providers if wanted is None else wanted):
        providers += [demo] if (demo := build(DEMO)) is not None else []
    if not providers:
        raise StartError("No provider is switched on: set BOT_PROVIDERS__DEMO__ENABLED=true.", EXIT_SETTINGS)
    check_own_options(providers)
    return providers


def load_chats(context: ChatContext) -> list[Chat]:
    """Every chat platform that is switched on."""
    chats: list[Chat | None] = [_build(point, context) for point in _installed(CHATS).values()]
    return [chat for chat in chats if chat is not None]


def load_setups(settings: Settings) -> list[Setup]:
    """Every chat platform that is switched on and that its operator can ask about."""
    setups: list[Setup | None] = [_build(point, settings) for point in _installed(SETUPS).values()]
    return [setup for setup in setups if setup is not None]


def check_own_options(providers: Iterable[Provider]) -> None:
    """Options that only some models know must be such that people can write them, and chat platforms take them."""
    kinds = dict[str, OptionKind]()
    for provider in providers:
        for option in (one for spec in provider.specs for one in spec.options if one.name not in (*FLAGS, "effect")):
            bounded = option.low is not None and option.high is not None
            if not OWN_NAME.fullmatch(option.name) or option.name in TAKEN:
                wrong = "must have another name"
            elif option.kind in (OptionKind.WHOLE, OptionKind.NUMBER) and not bounded:
                wrong = "must say its lowest and its highest value"
            elif kinds.setdefault(option.name, option.kind) is not option.kind:
                wrong = f"is a {kinds[option.name]} elsewhere, and must be one here"
            else:
                continue
            raise StartError(f"The option {option.name!r} of the provider {provider.name} {wrong}.")


def _installed(group: str) -> dict[str, EntryPoint]:
    points: dict[str, EntryPoint] = {}
    for point in entry_points(group=group):
        if (other := points.get(point.name)) is not None:
            raise StartError(f"{_where(other)} and {_where(point)} are both called {point.name!r}: remove one.")
        points[point.name] = point
    return points


def _build(point: EntryPoint, given: ProviderContext | ChatContext | Settings) -> Any:
    try:
        return point.load()(given)
    except StartError:
        raise
    except Exception as error:
        raise StartError(f"{_where(point)} cannot be loaded: {type(error).__name__}: {error}.") from error


def _where(point: EntryPoint) -> str:
    origin = f" of {point.dist.name}" if point.dist is not None else ""
    return f"The plug-in {point.value}{origin}"
