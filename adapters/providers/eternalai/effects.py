"""The visual effects: the vendor's catalogue changes and holds what nobody wants, so only what the operator named."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from adapters.providers._http import Api
from adapters.providers.eternalai.listing import Listing, entries_of, title_of
from bot.clock import Clock
from bot.provider import Effect

EFFECTS = "/uncensored-ai/effects"
KINDS = {"image": False, "video": True}
FRESH_S = 3600.0
MOST_PAGES = 20

_KEYS = ("effect_id", "effect_key", "id", "_id", "key", "slug", "value", "code", "tag", "name")


class AllowedEffects:
    """Those of the catalogue that the operator allows, read again after an hour; never raises."""

    def __init__(self, api: Api, clock: Clock, allowed: tuple[str, ...]) -> None:
        self._api = api
        self._allowed = frozenset(allowed)
        self._list = Listing(self._read, clock, what="effects", fresh_s=FRESH_S)

    def __contains__(self, key: object) -> bool:
        return key in self._allowed

    async def known(self) -> tuple[Effect, ...]:
        """Each allowed effect that the catalogue has; without any allowed nobody is asked."""
        return await self._list.known() if self._allowed else ()

    async def close(self) -> None:
        """End a reading that is under way."""
        await self._list.close()

    async def _read(self) -> tuple[Effect, ...]:
        found: dict[str, Effect] = {}
        for kind in KINDS:
            await self._find(kind, found)
        return tuple(found.values())

    async def _find(self, kind: str, found: dict[str, Effect]) -> None:
        """Page by page until all are found, or one is empty or the same again: how many there are, nobody says."""
        last = None
        for page in range(1, MOST_PAGES + 1):
            reply = await self._api.ask(EFFECTS, params={"effect_type": kind, "page": str(page)})
            said = await reply.json()
            for effect in await asyncio.to_thread(read, said, kind, self._allowed):
                found.setdefault(effect.key, effect)
            if said == last or not entries_of(said) or found.keys() == self._allowed:
                return
            last = said


def read(said: Any, kind: str, allowed: frozenset[str]) -> tuple[Effect, ...]:
    """The allowed effects in any answer; `kind` was asked for, and holds for an effect that does not say its own."""
    found: dict[str, Effect] = {}
    for name, item in entries_of(said):
        key = next((key for key in _keys(name, item) if key in allowed), None)
        if key is not None:
            found.setdefault(key, Effect(key, title_of(item) or key, KINDS[_kind(item) or kind]))
    return tuple(found.values())


def _keys(name: str, item: Any) -> Iterator[str]:
    """Whatever the operator may have taken for the name that the service knows it by."""
    values = [name, *(map(item.get, _KEYS) if isinstance(item, dict) else [item])]
    yield from (str(value).strip() for value in values if isinstance(value, str | int))


def _kind(item: Any) -> str | None:
    said = (item.get("effect_type"), item.get("type")) if isinstance(item, dict) else ()
    return next((kind for kind in said if isinstance(kind, str) and kind in KINDS), None)
