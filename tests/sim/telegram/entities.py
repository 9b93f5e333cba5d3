"""Entities of a text: counted in UTF-16 units, put in order, and found where nobody marked them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

Entity = dict[str, Any]
STYLE = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
FIXED = frozenset({"code", "pre"})
QUOTE = frozenset({"blockquote", "expandable_blockquote"})
FOUND = {
    "bot_command": re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])"),
    "mention": re.compile(r"(?<!\w)@[a-zA-Z0-9_]{3,32}\b"),
    "hashtag": re.compile(r"(?<!\w)#\w*[^\W\d]\w*"),
    "url": re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)]"),
}
SPACE = " \n"
TO_SPACE = re.compile(r"[\x00-\t\x0b\x0c\x0e-\x1f]")
DROPPED = re.compile("[\r\u2028-\u202e\u030a\u0333\u033f]")


def units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, entity: Entity) -> str:
    """What an entity stands on."""
    raw = text.encode("utf-16-le")
    return raw[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")


def settle(text: str, marked: Iterable[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """The text without the space around it, and its entities in order, as messages show both.

    Of entities that stand on the same words, the inner one is marked first.
    """
    cleaned, moved = _clean(text, marked)
    shown = cleaned.rstrip(SPACE)
    ahead = len(shown) - len(shown.lstrip(SPACE))
    shown, most = shown[ahead:], units(shown) - ahead
    kept = [_within({**one, "offset": one["offset"] - ahead}, most) for one in moved]
    outer_first = sorted((one for one in reversed(kept) if _says(shown, one)), key=_order)
    ordered = _nest(outer_first)
    return shown, tuple(sorted([*ordered, *_unmarked(shown, ordered)], key=_order))


def _clean(text: str, marked: Iterable[Entity]) -> tuple[str, list[Entity]]:
    """Without the characters that Telegram never shows; what stands behind them moves along."""
    dropped = [units(text[: found.start()]) for found in DROPPED.finditer(text)]

    def move(entity: Entity) -> Entity:
        began, end = (at - bisect_left(dropped, at) for at in (entity["offset"], entity["offset"] + entity["length"]))
        return {**entity, "offset": began, "length": end - began}

    return TO_SPACE.sub(" ", DROPPED.sub("", text)), [move(one) for one in marked]


def _within(entity: Entity, most: int) -> Entity:
    began = max(0, entity["offset"])
    return {**entity, "offset": began, "length": min(entity["offset"] + entity["length"], most) - began}


def _says(text: str, entity: Entity) -> bool:
    return entity["length"] > 0 and bool(cut(text, entity).strip())


def _order(entity: Entity) -> tuple[int, int]:
    return entity["offset"], -entity["length"]


def _nest(ordered: list[Entity]) -> list[Entity]:
    """What may stand in each other; a language is told of `pre` alone, by the `code` in it."""
    kept = list[Entity]()
    for one in ordered:
        around = [other for other in kept if _overlap(one, other)]
        if one["type"] in FIXED and (pre := next((other for other in around if other["type"] in FIXED), None)):
            if pre["type"] == "pre" and pre["length"] == one["length"] and "language" in one:
                pre["language"] = one["language"]
        elif not any(_excludes(other["type"], one["type"]) for other in around):
            kept.append(one)
    for one in kept:
        if one["type"] == "code":
            one.pop("language", None)
    return [piece for one in kept for piece in _around_fixed(one, kept)]


def _excludes(outer: str, inner: str) -> bool:
    if (outer in QUOTE and inner in QUOTE) or outer == inner:
        return True
    return outer not in STYLE | QUOTE and inner not in STYLE


def _around_fixed(entity: Entity, others: list[Entity]) -> Iterator[Entity]:
    """A style stops where code begins, and goes on behind it."""
    at, end = entity["offset"], entity["offset"] + entity["length"]
    if entity["type"] in STYLE:
        for code in (other for other in others if other["type"] in FIXED and _overlap(entity, other)):
            if code["offset"] > at:
                yield {**entity, "offset": at, "length": code["offset"] - at}
            at = code["offset"] + code["length"]
    if at < end:
        yield {**entity, "offset": at, "length": end - at}


def _unmarked(text: str, marked: list[Entity]) -> Iterator[Entity]:
    """Commands, mentions, tags and addresses, which Telegram marks by itself."""
    taken = [one for one in marked if one["type"] not in STYLE | QUOTE]
    for kind, pattern in FOUND.items():
        for match in pattern.finditer(text):
            one = {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}
            if not any(_overlap(one, other) for other in taken):
                taken.append(one)
                yield one


def _overlap(one: Entity, other: Entity) -> bool:
    began, other_began = int(one["offset"]), int(other["offset"])
    return began < other_began + int(other["length"]) and other_began < began + int(one["length"])
