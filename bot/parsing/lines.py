r"""Pure: a typed line to a command.

    /imagine a red fox --style anime --shape wide --seed 42 --count 2

An option starts a word with `--` or an em dash (phones write one for the other), may stand
anywhere behind the command and takes one value: a word, or text in quotes. A backslash makes
such a word plain text: `\--style` among the words means the text `--style`. An option that is
on or off may stand alone, and is on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.errors import Flags, InvalidRequest
from bot.model import Capability
from bot.parsing.names import ALL, GROUPS, OPTIONS, SETTINGS
from bot.parsing.values import ON, flag, nearest
from bot.provider import OptionKind, OptionSpec

LINE_CHARS = 16_000  # more than any line that can be served
PROMPT_CHARS = 2000

_COMMAND = re.compile(r"/([^\s@]+)(?:@\S*)?(?:\s+|$)")
_OPTION = re.compile(r"(?<!\S)(?:--|—)([^\W\d_][^\s=]*)(?:\s*=\s*|\s*)")
_ESCAPED = re.compile(r"(?<!\S)\\(\\*(?:--|—)[^\W\d_])")
_CLOSING = {'"': '"', "'": "'", "“": "”", "„": "“”", "‘": "’", "‚": "‘’", "«": "»", "»": "«"}  # noqa: RUF001 - phones type these
_WORD = re.compile(r"\S+")
_KEPT = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0))),  # control characters go
    **dict.fromkeys((0x0A, 0x0D, 0x85, 0x2028, 0x2029), "\n"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # a half of a pair is no character
    0x09: " ",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What a command takes here: all `names` of options as people write them, which a refusal lists.

    `own` are those among them that only some models know, by these names. `sources`: it takes the
    options that name a source.
    """

    names: Sequence[str] = OPTIONS
    own: Mapping[str, OptionSpec] = field(default_factory=dict)
    capability: Capability = Capability.TEXT_TO_IMAGE
    sources: bool = False


USUAL = Offered()


@dataclass(frozen=True, slots=True)
class Command:
    """A typed line: its name without the slash ("" for plain text), the words, the options as written.

    The name of a command of a group has two words.
    """

    name: str
    words: str
    options: dict[str, str]


def clean(text: str) -> str:
    """Text that can be kept and shown: whole characters, newlines but no other control characters."""
    return text.replace("\r\n", "\n").translate(_KEPT).strip()


def parse(text: str, offered: Offered = USUAL) -> Command:
    """Take a line apart. Raises `InvalidRequest` for an option that has no value, or two."""
    if len(text) > LINE_CHARS:
        raise InvalidRequest("err.too_long", length=len(text), limit=PROMPT_CHARS)
    name, rest = named(text)
    if not name:
        return Command("", rest, {})
    words, options = _take_options(rest, offered)
    return Command(name, words, options)


def named(text: str) -> tuple[str, str]:
    """The name of the command that a line is, "" for none, and what stands behind it."""
    text = clean(text)
    command = _COMMAND.match(text)
    if command is None:
        return "", text
    name, rest = command[1].lower(), text[command.end() :]
    if name not in GROUPS:
        return name, rest
    second = _WORD.match(rest)
    if second is None:
        return f"{name} {GROUPS[name][1]}", ""
    if second[0].lower() not in GROUPS[name]:
        return name, rest
    return f"{name} {second[0].lower()}", rest[second.end() :].lstrip()


def _take_options(text: str, offered: Offered) -> tuple[str, dict[str, str]]:
    words, options, at = "", dict[str, str](), 0
    while option := _OPTION.search(text, at):
        key = option[1].lower().replace("_", "-")
        words += text[at : option.start()].rstrip()
        try:
            value, at = _value(text, option.end(), key, alone=_alone(key, offered.own.get(key)))
            _add(options, key, value)
        except InvalidRequest:
            if key not in (*ALL, *SETTINGS, *offered.own):  # nobody should mend the value of an option that is none
                raise unknown(key, offered) from None
            raise
    return _ESCAPED.sub(r"\1", words + text[at:]).strip(), options


def _add(options: dict[str, str], key: str, value: str) -> None:
    if key in options:
        raise InvalidRequest("err.option_twice", option=flag(key))
    options[key] = value


def _alone(key: str, own: OptionSpec | None) -> str:
    """What an option means that has no value after it."""
    return ON[0] if key == "audio" or (own is not None and own.kind is OptionKind.FLAG) else ""


def _value(text: str, start: int, key: str, *, alone: str) -> tuple[str, int]:
    """The value that begins at `start`, and where it ends; `alone` where there is none."""
    closing = _CLOSING.get(text[start : start + 1])
    if closing is not None:
        quoted = re.compile(rf"((?:\\.|[^\\{closing}])*)[{closing}](?!\S)", re.DOTALL).match(text, start + 1)
        if quoted is None:
            raise InvalidRequest("err.open_quote", option=flag(key))
        value, end = re.sub(rf"\\([\\{closing}])", r"\1", quoted[1]).strip(), quoted.end()
    else:
        word = None if _OPTION.match(text, start) else _WORD.match(text, start)
        value, end = (word[0], word.end()) if word else (alone, start)
    if not value:
        raise InvalidRequest("err.option_value", option=flag(key))
    return value, end


def unknown(key: str, offered: Offered) -> InvalidRequest:
    """The refusal of an option that is none; names the nearest one."""
    known = Flags(", ".join(map(flag, offered.names)))
    if close := nearest(key, offered.names):
        return InvalidRequest("err.unknown_option", option=flag(key), nearest=flag(close), known=known)
    return InvalidRequest("err.unknown_option_plain", option=flag(key), known=known)
