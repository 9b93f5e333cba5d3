"""The ready-made characters: the service lists those of its customers among them, which are nobody's business."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.providers._http import Api
from adapters.providers._http.said import id_in
from adapters.providers.eternalai.characters import card_of
from adapters.providers.eternalai.listing import Entry, Listing, entries_of
from bot import safety
from bot.clock import Clock
from bot.provider import CharacterCard

LIST = "/v2/characters"
PAGE = 50  # the most that one page holds
MOST_PAGES = 20
FRESH_S = 3600.0


class ReadyMade:
    """Those that the service offers to everybody and that fit anybody, read again after an hour; never raises."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._list = Listing(self._read, clock, what="characters", fresh_s=FRESH_S)

    async def known(self) -> tuple[CharacterCard, ...]:
        """Each of them once, of whatever age."""
        return await self._list.known()

    async def close(self) -> None:
        """End a reading that is under way."""
        await self._list.close()

    async def _read(self) -> tuple[CharacterCard, ...]:
        """Page by page until one is not full, or the same again: how many there are, nobody says."""
        found: dict[str, CharacterCard] = {}
        last: list[Entry] = []
        for page in range(1, MOST_PAGES + 1):
            reply = await self._api.ask(LIST, params={"page": str(page), "limit": str(PAGE)})
            entries = entries_of(await reply.json())
            for card in _offered(entries):
                found.setdefault(card.reference, card)
            if len(entries) < PAGE or entries == last:
                break
            last = entries
        return tuple(found.values())


def _offered(entries: list[Entry]) -> Iterator[CharacterCard]:
    for _, item in entries:
        reference = id_in([item], ("id",)) if isinstance(item, dict) else None
        if reference and _is_offered(item):
            card = card_of(item, reference)
            if safety.fits_anybody(card.name, card.description):
                yield card


def _is_offered(item: dict[str, Any]) -> bool:
    return item.get("category") == "default" and item.get("status") in (None, "approved")
