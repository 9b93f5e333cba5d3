"""Foreign text as what can be seen of it."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"  # they shape Persian words and joined emoji
_UNSEEN = ("Cc", "Cf", "Cs")  # control characters, marks of direction and no width, halves of pairs


def plain(text: str) -> str:
    """The text on one line, without what cannot be seen."""
    seen = (" " if char.isspace() else char for char in text if char.isspace() or not _is_unseen(char))
    return " ".join("".join(seen).split())


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN and char not in _JOINERS
