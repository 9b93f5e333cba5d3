"""Pure: foreign text as Telegram's HTML mode shows it literally. Nothing in it renders, links or pings."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.messages.cutting import cut, units
from bot.messages.plain import plain

_WEDGE = "\u2060"  # has no width, and no link, mention or command goes on behind it
_LINKS = re.compile(r"(?<=@)(?=\w)|(?<=:)(?=//)|(?<=\.)(?=[^\W\d_])")
_OPTIONS = re.compile(r"(?<!\S)--[a-z]+(?:-[a-z]+)*")
_COMMANDS = re.compile(r"(?<![\w/])/(?=\w)")


class Text(NamedTuple):
    """Text in HTML and the UTF-16 units of it that are shown, which are what Telegram limits."""

    html: str
    units: int


def literal(text: str, limit: int) -> Text:
    """The text on one line, as HTML that says just that; at most `limit` units, "…" where it was cut."""
    return _shown(_COMMANDS.sub(f"/{_WEDGE}", _LINKS.sub(_WEDGE, plain(text))), limit)


def sentence(text: str, limit: int) -> Text:
    """As `literal`, but commands in it can be pressed and options be copied, which are not broken at their dashes."""
    shown = _shown(_LINKS.sub(_WEDGE, plain(text)), limit)
    return Text(_OPTIONS.sub(r"<code>\g<0></code>", shown.html), shown.units)


def copied(text: str, limit: int) -> Text:
    """The text on one line as it is, for an element whose text is copied by a tap and links nowhere."""
    return _shown(plain(text), limit)


def tagged(tag: str, text: Text) -> Text:
    """The text in an element without attributes."""
    return Text(f"<{tag}>{text.html}</{tag}>", text.units)


def linked(url: str, text: Text) -> Text:
    """The text as a link that is pressed."""
    return Text(f'<a href="{html.escape(url)}">{text.html}</a>', text.units)


def joined(separator: str, texts: Iterable[Text]) -> Text:
    """The texts that are not empty, with a plain separator between them."""
    parts = [text for text in texts if text.units]
    between = units(separator) * max(0, len(parts) - 1)
    return Text(separator.join(part.html for part in parts), sum(part.units for part in parts) + between)


def _shown(line: str, limit: int) -> Text:
    line = cut(line, limit)
    return Text(html.escape(line, quote=False), units(line))
