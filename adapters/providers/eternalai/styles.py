"""The LoRA styles: the vendor's own list where it can be had, else the names in its documentation."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from adapters.providers._http import Api
from bot import safety
from bot.clock import Clock
from bot.errors import BotError, ContentRefused
from bot.model import GenerationRequest

log = logging.getLogger(__name__)

EFFECTS = "/creative-ai/generate-image/effects"
FRESH_S = 600.0
RETRY_S = 60.0
PATIENCE_S = 3.0
MOST_STYLES = 200
MOST_READ = 2000
LONGEST = 80
DEPTH = 3


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
_WRAPPERS = ("result", "results", "data", "effects", "loras", "styles", "items", "list")
_KEYS = ("lora_config", "lora_key", "lora_name", "lora", "key", "effect_id", "slug", "value", "id", "name")
_TITLES = ("display_name", "title", "label", "name")
_TRIGGERS = ("trigger_words", "trigger_word", "triggers", "trigger", "activation_text", "trained_words")
_ENVELOPE = frozenset({"status", "code", "message", "error", "meta", "pagination", "total", "count", "page", "limit"})
_ROW = re.compile(r"\d+|[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)  # of a database
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Loras:
    """The list, read again after ten minutes; nobody waits for it longer than three seconds.

    While it cannot be had, what was known before stands. Never raises.
    """

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._known: tuple[Lora, ...] = DOCUMENTED
        self._fresh_until = clock.monotonic()
        self._patient_until = 0.0
        self._reading: asyncio.Task[None] | None = None

    async def known(self) -> tuple[Lora, ...]:
        """Every style that may be offered."""
        now = self._clock.monotonic()
        if now >= self._fresh_until:
            if self._reading is None or self._reading.done():
                self._reading = asyncio.create_task(self._read())
                self._patient_until = now + PATIENCE_S
            await self._wait(self._reading, self._patient_until - now)
        return self._known

    async def worded(self, prompt: str, key: str) -> str:
        """The words with the trigger of a style in front, where it is missing."""
        lora = next((lora for lora in await self.known() if lora.key == key), _DOCUMENTED.get(key))
        if lora is None or not lora.trigger or _holds(prompt, lora.trigger):
            return prompt
        return f"{lora.trigger} {prompt}"

    async def close(self) -> None:
        """End a reading that is under way."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})

    async def _wait(self, reading: asyncio.Task[None], limit_s: float) -> None:
        limit = asyncio.ensure_future(self._clock.sleep(limit_s))
        try:
            await asyncio.wait({reading, limit}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            limit.cancel()

    async def _read(self) -> None:
        fresh_s = RETRY_S
        try:
            reply = await self._api.ask(EFFECTS)
            found = await asyncio.to_thread(read, await reply.json())
            if found:
                self._known, fresh_s = found, FRESH_S
            else:
                log.warning("the list of styles holds none that can be offered")
        except BotError as error:
            log.warning("the list of styles cannot be had: %s", error)
        except Exception:  # a list of styles must not keep anybody from drawing
            log.exception("the list of styles cannot be read")
        finally:
            self._fresh_until = self._clock.monotonic() + fresh_s


def read(said: Any) -> tuple[Lora, ...]:
    """The styles in any answer: unusable entries and what is never drawn are left out."""
    entries = list(islice(_entries(said, DEPTH), MOST_READ))
    keys = (*_telling(entries), *_KEYS)
    found: dict[str, Lora] = {}
    for name, item in entries:
        lora = _lora(name, item, keys)
        if lora is not None and lora.key.casefold() not in found and _may_be_drawn(lora):
            found[lora.key.casefold()] = lora
        if len(found) == MOST_STYLES:
            break
    return tuple(found.values())


def _entries(said: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Each entry with the name it stands under: of a list, or of an object of names, in whatever they are wrapped."""
    if isinstance(said, list):
        yield from (("", item) for item in said)
    elif isinstance(said, dict):
        inner = [said[name] for name in _WRAPPERS if isinstance(said.get(name), list | dict)]
        if inner and depth:
            for value in inner:
                yield from _entries(value, depth - 1)
        else:
            yield from ((name, item) for name, item in said.items() if name not in _ENVELOPE and _is_entry(item))


def _is_entry(item: Any) -> bool:
    """Under a name stands what describes a style, or its weight; a text there may be any message."""
    return isinstance(item, dict | int | float) and not isinstance(item, bool)


def _telling(entries: list[tuple[str, Any]]) -> Iterator[str]:
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
    title = _text(item, _TITLES) or (ours.title if ours else key)
    return Lora(key, title, _text(item, _TRIGGERS) or (ours.trigger if ours else ""))


def _key(item: dict[str, Any], fields: Iterable[str]) -> str:
    """The name that `lora_config` takes."""
    for field in fields:
        value = item.get(field)
        value = next(iter(value), None) if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip() and not _ROW.fullmatch(value.strip()):
            return value.strip()
    return ""


def _text(item: dict[str, Any], fields: tuple[str, ...]) -> str:
    """The first of the fields that holds a text on one line, without what cannot be seen; of a list the first."""
    for field in fields:
        value = item.get(field)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str):
            text = " ".join("".join(char for char in value if char.isprintable() or char.isspace()).split())
            if 0 < len(text) <= LONGEST:
                return text
    return ""


def _may_be_drawn(lora: Lora) -> bool:
    """A style goes with anybody's words, so it must be fit for a picture with a child in it."""
    try:
        for text in {lora.key, lora.title, lora.trigger}:
            spaced = _INNER_CAPITAL.sub(" ", text)
            safety.check(GenerationRequest(prompt=f"a child, {spaced}"))
    except ContentRefused:
        return False
    return True


def _holds(prompt: str, trigger: str) -> bool:
    words = re.escape(trigger.rstrip(":,"))
    return re.search(rf"(?<!\w){words}(?!\w)", prompt, re.IGNORECASE) is not None
