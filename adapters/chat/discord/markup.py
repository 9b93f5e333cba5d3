"""Pure: foreign text as Discord shows it literally. Nothing in it renders, links or pings."""

from __future__ import annotations

import re

from bot.messages.cutting import cut, units
from bot.messages.plain import plain

_MARKUP = re.compile(r"[\\`*_~|<>#@\[\]:]")
_LIST = re.compile(r"^(\d*)([-+.)])")  # only where a line begins
_FENCE = "```"


def literal(text: str, limit: int) -> str:
    """The text on one line as markdown that says just that; at most `limit` UTF-16 units, "…" where it was cut."""
    line = cut(plain(text), limit - 1, lambda char: units(char) + bool(_MARKUP.match(char)))
    return _LIST.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", line))


def block(text: str, limit: int) -> str:
    """The text on one line of a code block, which people can copy; cut as `literal` does."""
    line = cut(plain(text).replace(_FENCE, "'''"), limit - 2 * len(_FENCE) - 2)
    return f"{_FENCE}\n{line}\n{_FENCE}"
