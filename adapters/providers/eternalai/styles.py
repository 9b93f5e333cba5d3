"""The LoRA styles: the vendor's own list where it can be had, else the names in its documentation."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from adapters.providers._http import Api
from adapters.providers.eternalai.listing import LONGEST, Entry, Listing, entries_of, text_in, title_of
from bot import safety
from bot.clock import Clock

STYLES = "/creative-ai/generate-image/effects"
FRESH_S = 600.0
MOST_STYLES = 200


@dataclass(frozen=True, slots=True)
class Lora:
    """`key` is the vendor's name in `lora_config`, `trigger` what the words must hold for it to show."""

    key: str
    title: str
    trigger: str = ""


# As the documentation has them; a trigger is what its example for that style has before it comes to the picture.
DOCUMENTED = (
    Lora("Art_style_Impressionist", "Art style Impressionist"),
    Lora("FLUX-daubrez-DB4RZ", "Daubrez Painterly Style", "DB4RZ Daubrez style painting of"),
    Lora("psycho_art", "Anime Art-Style", "Psycho_4rt"),
    Lora("Flux_1_MechanicalBloom", "Flux.1_Mechanical Bloom · Surreal Anime-style Portrait", "CynthiaPortrait:"),
    Lora("RM_Artistify_v1_0M", "RandomMaxx Artistify"),
)
_DOCUMENTED = {lora.key: lora for lora in DOCUMENTED}

# Neither the shape of the list nor the names in it are documented: these are the usual ones, likeliest first.
_KEYS = ("lora_config", "lora_key", "lora_name", "lora", "key", "effect_id", "slug", "value", "id", "name")
_TRIGGERS = ("trigger_words", "trigger_word", "triggers", "trigger", "activation_text", "trained_words")
_ROW = re.compile(r"\d+|[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)  # of a database


class Loras:
    """The list, read again after ten minutes; never raises."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._list = Listing(self._read, clock, what="styles", fresh_s=FRESH_S, known=DOCUMENTED)

    async def known(self) -> tuple[Lora, ...]:
        """Every style that may be offered."""
        return await self._list.known()

    async def worded(self, prompt: str, key: str) -> str:
        """The words with the trigger of a style in front, where it is missing."""
        lora = next((lora for lora in await self.known() if lora.key == key), _DOCUMENTED.get(key))
        if lora is None or not lora.trigger or _holds(prompt, lora.trigger):
            return prompt
        return f"{lora.trigger} {prompt}"

    async def close(self) -> None:
        """End a reading that is under way."""
        await self._list.close()

    async def _read(self) -> tuple[Lora, ...]:
        reply = await self._api.ask(STYLES)
        return await asyncio.to_thread(read, await reply.json())


def read(said: Any) -> tuple[Lora, ...]:
    """The styles in any answer: unusable entries and what is never drawn are left out."""
    entries = entries_of(said)
    keys = (*_telling(entries), *_KEYS)
    found: dict[str, Lora] = {}
    for name, item in entries:
        lora = _lora(name, item, keys)
        if lora is not None and lora.key.casefold() not in found and _fits(lora):
            found[lora.key.casefold()] = lora
        if len(found) == MOST_STYLES:
            break
    return tuple(found.values())


def _telling(entries: list[Entry]) -> Iterator[str]:
    """The fields in which a documented key stands: there the other keys stand too."""
    for _, item in entries:
        if isinstance(item, dict):
            yield from (field for field, value in item.items() if isinstance(value, str) and value in _DOCUMENTED)


def _lora(name: str, item: Any, keys: Iterable[str]) -> Lora | None:
    if isinstance(item, str):
        name, item = item, {}
    elif not isinstance(item, dict):
        item = {}
    key = name.strip() or _key(item, keys)
    if not key or len(key) > LONGEST or not key.isprintable():
        return None
    ours = _DOCUMENTED.get(key)
    title = title_of(item) or (ours.title if ours else key)
    return Lora(key, title, text_in(item, _TRIGGERS) or (ours.trigger if ours else ""))


def _key(item: dict[str, Any], fields: Iterable[str]) -> str:
    """The name that `lora_config` takes."""
    for field in fields:
        value = item.get(field)
        value = next(iter(value), None) if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip() and not _ROW.fullmatch(value.strip()):
            return value.strip()
    return ""


def _fits(lora: Lora) -> bool:
    return safety.fits_anybody(lora.key, lora.title, lora.trigger)


def _holds(prompt: str, trigger: str) -> bool:
    words = re.escape(trigger.rstrip(":,"))
    return re.search(rf"(?<!\w){words}(?!\w)", prompt, re.IGNORECASE) is not None
