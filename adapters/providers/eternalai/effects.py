"""The visual effects: the vendor's catalogue changes and holds what nobody wants, so only what the operator named."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from adapters.providers._http import Api
from adapters.providers.eternalai.listing import Listing, entries_of, title_of
from bot import safety
from bot.clock import Clock
from bot.provider import Effect

EFFECTS = "/uncensored-ai/effects"
KINDS = {"image": False, "video": True}
FRESH_S = 3600.0
MOST_PAGES = 20

_KEYS = ("effect_id", "effect_key", "id", "_id", "key", "slug", "value", "code", "tag", "name")


class AllowedEffects:
    """Those of the catalogue that the operator allows and that fit anybody, read again after an hour; never raises."""

    def __init__(self, api: Api, clock: Clock, allowed: tuple[str, ...]) -> None:
        self._api = api
        self._allowed = tuple(key for key in dict.fromkeys(allowed) if safety.fits_anybody(key))
        self._reported: dict[str, Effect] | None = None  # not known before the catalogue was read
        self._list = Listing(self._read, clock, what="effects", fresh_s=FRESH_S)

    def __contains__(self, key: object) -> bool:
        return key in (self._allowed if self._reported is None else self._reported)

    async def known(self) -> tuple[Effect, ...]:
        """Each allowed effect that the catalogue has; without any allowed nobody is asked."""
        if self._allowed:
            await self._list.known()
        return tuple((self._reported or {}).values())

    def keys(self, *, video: bool) -> tuple[str, ...]:
        """The keys of those that make a video, or a picture; all of them while the catalogue was never read."""
        if self._reported is None:
            return self._allowed
        return tuple(effect.key for effect in self._reported.values() if effect.video is video)

    async def close(self) -> None:
        """End a reading that is under way."""
        await self._list.close()

    async def _read(self) -> tuple[Effect, ...]:
        found: dict[str, Effect] = {}
        for kind in KINDS:
            await self._find(kind, found)
        self._reported = {key: effect for key, effect in found.items() if safety.fits_anybody(effect.title)}
        return tuple(self._reported.values())

    async def _find(self, kind: str, found: dict[str, Effect]) -> None:
        """Page by page until all are found, or one is empty or the same again: how many there are, nobody says."""
        allowed, last = frozenset(self._allowed), None
        for page in range(1, MOST_PAGES + 1):
            reply = await self._api.ask(EFFECTS, params={"effect_type": kind, "page": str(page)})
            said = await reply.json()
            for effect in await asyncio.to_thread(read, said, kind, allowed):
                found.setdefault(effect.key, effect)
            if said == last or not entries_of(said) or found.keys() == allowed:
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
