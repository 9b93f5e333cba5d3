"""HTML as Telegram reads it: few tags, four named entities, and offsets in UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.telegram.entities import Entity, units

STYLES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
}
TAGS = {*STYLES, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
PLAIN = re.compile(r"[^&<]+")
REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]{1,6})|#(?P<dec>[0-9]{1,7})|(?P<name>[a-zA-Z]+));?")
END = re.compile(r"</([^\s>]*)\s*")
START = re.compile(r"<([^\s>]*)")
ATTRIBUTE = re.compile(r"""\s*(?P<name>[^\s=>/"']*)\s*(?P<value>=\s*(?:"[^"]*"?|'[^']*'?|[a-zA-Z0-9.-]*))?""")
TIME_FORMAT = re.compile(r"[rR]|w?[dD]?[tT]?")
LARGEST = 0x10FFFF


class Unparsable(Exception):
    """Why Telegram does not take it, in its own words."""


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    text_at: int


@dataclass
class _Reader:
    source: str
    knows_time: bool
    at: int = 0
    text: str = ""
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    @property
    def byte(self) -> int:
        return len(self.source[: self.at].encode())

    def read(self) -> None:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end()
            elif self.source[self.at] == "<":
                self._start()
            else:
                self._plain()
        if self.open:
            raise Unparsable(f"Can't find end tag corresponding to start tag {self.open[-1].tag}")
        if any("\ud800" <= letter <= "\udfff" for letter in self.text):
            raise Unparsable("Text contains invalid Unicode characters after decoding HTML entities")

    def _plain(self) -> None:
        """Up to the next tag or entity, or one entity."""
        found = PLAIN.match(self.source, self.at)
        if found is None:
            found = REFERENCE.match(self.source, self.at)
            meant = _meant(found) if found else ""
            self.text += meant or "&"
            self.at = found.end() if found and meant else self.at + 1
        else:
            self.text += found[0]
            self.at = found.end()

    def _start(self) -> None:
        began = self.byte
        found = START.match(self.source, self.at)
        assert found is not None
        if found.end() == len(self.source):
            raise Unparsable(f"Unclosed start tag at byte offset {began}")
        tag = found[1].lower()
        if tag not in TAGS or (tag == "tg-time" and not self.knows_time):
            raise Unparsable(f'Unsupported start tag "{tag}" at byte offset {began}')
        self.at = found.end()
        attributes = self._attributes(tag, began)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise Unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {began}')
        self.open.append(_Open(tag, attributes, units(self.text), len(self.text)))

    def _attributes(self, tag: str, began: int) -> dict[str, str]:
        found = dict[str, str]()
        while (rest := self.source[self.at :].lstrip()) and not rest.startswith(">"):
            match = ATTRIBUTE.match(self.source, self.at)
            assert match is not None
            if not match["name"]:
                raise Unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {began}')
            self.at = match.end()
            found[match["name"]] = self._value(match["value"] or "=", began)
        if not rest:
            raise Unparsable(f'Unclosed start tag "{tag}" at byte offset {began}')
        self.at = self.source.index(">", self.at) + 1
        return found

    def _value(self, raw: str, began: int) -> str:
        value = raw[1:].lstrip()
        if value[:1] not in ('"', "'"):
            if self.source[self.at : self.at + 1].strip() not in ("", ">"):
                raise Unparsable(f"Unexpected end of name token at byte offset {self.byte - len(value)}")
            return value.lower()
        if len(value) < 2 or value[-1] != value[0]:
            raise Unparsable(f"Unclosed start tag at byte offset {began}")
        return REFERENCE.sub(lambda found: _meant(found) or found[0], value[1:-1])

    def _end(self) -> None:
        began = self.byte
        if not self.open:
            raise Unparsable(f"Unexpected end tag at byte offset {began}")
        found = END.match(self.source, self.at)
        assert found is not None
        if not self.source.startswith(">", found.end()):
            raise Unparsable(f"Unclosed end tag at byte offset {began}")
        opened, name = self.open[-1], found[1].lower()
        if name not in ("", opened.tag):
            told = f'expected "</{opened.tag}>", found "</{name}>"'
            raise Unparsable(f"Unmatched end tag at byte offset {began}, {told}")
        self.at = found.end() + 1
        if length := units(self.text) - opened.offset:
            self.entities += _entity(opened, length, self.text[opened.text_at :])
        self.open.pop()


def parse(source: str, *, knows_time: bool = True) -> tuple[str, list[Entity]]:
    """The text and its entities, not yet in order; Unparsable has Telegram's words."""
    reader = _Reader(source, knows_time)
    reader.read()
    return reader.text, reader.entities


def _meant(found: re.Match[str]) -> str:
    """The character of an entity; nothing where Telegram shows it as it stands."""
    if found["name"]:
        return NAMED.get(found["name"], "")
    code = int(found["hex"], 16) if found["hex"] else int(found["dec"])
    return chr(code) if 0 < code < LARGEST else ""


def _entity(opened: _Open, length: int, inside: str) -> Iterator[Entity]:
    found = _kind(opened, inside)
    if found:
        yield {"type": found.pop("type"), "offset": opened.offset, "length": length, **found}


def _kind(opened: _Open, inside: str) -> dict[str, Any]:
    tag, attributes = opened.tag, opened.attributes
    if tag in STYLES:
        return {"type": STYLES[tag]}
    if tag == "blockquote":
        return {"type": "expandable_blockquote" if "expandable" in attributes else "blockquote"}
    if tag == "code":
        language = attributes.get("class", "").removeprefix("language-")
        return {"type": "code", "language": language} if language else {"type": "code"}
    if tag == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    if tag == "tg-time":
        return _time(attributes)
    return {"type": "text_link", "url": attributes.get("href") or inside} if tag == "a" else {"type": "pre"}


def _time(attributes: dict[str, str]) -> dict[str, Any]:
    """Nothing where the time is no number, which Telegram shows as plain text."""
    shown = attributes.get("format", "")
    if not TIME_FORMAT.fullmatch(shown):
        raise Unparsable("Invalid date format used")
    unix = attributes.get("unix", "")
    if not unix.isdecimal() or int(unix) == 0:
        return {}
    return {"type": "date_time", "unix_time": int(unix), "date_time_format": shown}
