"""How commands and options are written: `/imagine a red fox --style ink`, unless a platform has a way of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.surface import Spelling, Spells, Surface

_TO_ESCAPE = re.compile(r"(?<!\S)(\\*(?:--|—)[^\W\d_])")
_PLAIN = re.compile(r"[^\W_]\S*")


class Dashes:
    """Lines as `bot.parsing` reads them."""

    def flags(self, flags: str) -> str:
        return flags

    def line(self, command: str, words: str, options: Mapping[str, str | float]) -> str:
        escaped = _TO_ESCAPE.sub(r"\\\1", words)
        return " ".join([f"/{command}", *filter(None, [escaped]), *(f"--{k} {_quoted(v)}" for k, v in options.items())])


DASHES = Dashes()


def spelling_of(surfaces: Mapping[str, Surface], platform: str) -> Spelling:
    """How people write on a platform."""
    surface: object = surfaces.get(platform)
    return surface.spelling if isinstance(surface, Spells) else DASHES


def _quoted(value: str | float) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    text = str(value)
    if _PLAIN.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
