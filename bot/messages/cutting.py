"""Cutting text for people: never inside a joined, combined or flag character."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable


def one_line(text: str, limit: int) -> str:
    """Text on one line, with "…" at its end where it is longer than `limit` code points."""
    line = " ".join(text.split())
    return line if len(line) <= limit else whole(line, limit - 1) + "…"


def units(text: str) -> int:
    """The length of a text in UTF-16 units, which chats limit."""
    return sum(2 if char > "\uffff" else 1 for char in text)


def cut(line: str, limit: int, price: Callable[[str], int] = units) -> str:
    """At most `limit` units of a line, "…" where something is missing; `price` is what a character counts as."""
    prices = [price(char) for char in line]
    if sum(prices) <= max(0, limit):
        return line
    left, end = limit - 1, 0  # one for the "…"
    while (left := left - prices[end]) >= 0:
        end += 1
    return whole(line, end) + "…"


def whole(text: str, limit: int) -> str:
    """At most `limit` code points, and only whole characters as people see them."""
    if len(text) <= limit:
        return text
    end = limit
    while end > 0 and _glued(text, end):
        end -= 1
    return text[:end].rstrip()


def _glued(text: str, at: int) -> bool:
    """Whether the characters before and at a position are drawn as one."""
    return _joins(text[at]) or text[at - 1] == "\u200d" or _inside_flag(text, at)


def _joins(char: str) -> bool:
    return (
        unicodedata.category(char) in ("Mn", "Me", "Mc")
        or char == "\u200d"
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # tags of regional flags
    )


def _inside_flag(text: str, at: int) -> bool:
    """A flag is a pair of regional letters, counted from where their run starts."""
    if not _regional(text[at]):
        return False
    start = at
    while start > 0 and _regional(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 1


def _regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
