"""Pure: foreign text as Discord shows it literally. Nothing in it renders, links or pings."""

from __future__ import annotations

import re
import unicodedata

from bot.messages.cutting import whole

_MARKUP = re.compile(r"[\\`*_~|<>#@\[\]:.+-]")
_JOINERS = "\u200c\u200d"  # they shape Persian words and joined emoji
_UNSEEN = ("Cc", "Cf", "Cs")  # control characters, marks of direction and no width, halves of pairs


def plain(text: str) -> str:
    """The text on one line, without what cannot be seen."""
    seen = (" " if char.isspace() else char for char in text if char.isspace() or not _is_unseen(char))
    return " ".join("".join(seen).split())


def literal(text: str, limit: int) -> str:
    """The text on one line as markdown that says just that; at most `limit` UTF-16 units, "…" where it was cut."""
    line = plain(text)
    left, end = limit - 1, 0  # one for the "…"
    while end < len(line) and (left := left - _length(line[end])) >= 0:
        end += 1
    cut = line if end == len(line) else whole(line, end) + "…"
    return _MARKUP.sub(r"\\\g<0>", cut)


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN and char not in _JOINERS


def _length(char: str) -> int:
    return 2 if _MARKUP.match(char) or char > "\uffff" else 1
