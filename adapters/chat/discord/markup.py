"""Pure: foreign text as Discord shows it literally. Nothing in it renders, links or pings."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.messages.cutting import whole
from bot.messages.plain import plain

_MARKUP = re.compile(r"[\\`*_~|<>#@\[\]:]")
_LIST = re.compile(r"^(\d*)([-+.)])")  # only where a line begins
_FENCE = "```"


def literal(text: str, limit: int) -> str:
    """The text on one line as markdown that says just that; at most `limit` UTF-16 units, "…" where it was cut."""
    line = _cut(plain(text), limit - 1, lambda char: _units(char) + bool(_MARKUP.match(char)))
    return _LIST.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", line))


def block(text: str, limit: int) -> str:
    """The text on one line of a code block, which people can copy; cut as `literal` does."""
    line = _cut(plain(text).replace(_FENCE, "'''"), limit - 2 * len(_FENCE) - 2, _units)
    return f"{_FENCE}\n{line}\n{_FENCE}"


def length(text: str) -> int:
    """In UTF-16 units."""
    return sum(map(_units, text))


def _cut(line: str, limit: int, price: Callable[[str], int]) -> str:
    left, end = limit - 1, 0  # one for the "…"
    while end < len(line) and (left := left - price(line[end])) >= 0:
        end += 1
    return line if end == len(line) else whole(line, end) + "…"


def _units(char: str) -> int:
    return 2 if char > "\uffff" else 1
