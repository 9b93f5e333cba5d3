"""Discord's markdown as HTML, by the rules of its client: the first rule that fits at a place wins there.

Every construct that Discord would render is rendered, so text that was to be literal and is not can be seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

WEB = ("http://", "https://", "discord://")


@dataclass(frozen=True)
class Names:
    """What ids are called: `people` and `channels` by their ids; `now` is UTC epoch seconds."""

    now: float = 0.0
    people: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)


Rule = Callable[[re.Match[str], Names], str]


def html(text: str, names: Names | None = None) -> str:
    """The text as a person would see it."""
    return _read(text, names or Names(), quotable=True)


def _read(text: str, names: Names, *, quotable: bool) -> str:
    """All of it, line starts included; `quotable`: a quote may begin in it."""
    out, at = [], 0
    while at < len(text):
        match, rule = _first(text, at, quotable=quotable)
        out.append(rule(match, names))
        at = match.end()
    return "".join(out)


def _first(text: str, at: int, *, quotable: bool) -> tuple[re.Match[str], Rule]:
    begins = at == 0 or text[at - 1] == "\n"
    for pattern, rule in (*(_QUOTES if begins and quotable else ()), *(_BLOCKS if begins else ()), *_INLINE):
        if match := pattern.match(text, at):
            return match, rule
    raise AssertionError("the last rule takes any character")


def _inside(tag: str, kind: str = "") -> Rule:
    """A rule whose last filled group stands in an element."""

    def rule(match: re.Match[str], names: Names) -> str:
        inner = next(group for group in reversed(match.groups()) if group is not None)
        return f"<{tag}{f' class={kind}' if kind else ''}>{_read(inner, names, quotable=False)}</{tag}>"

    return rule


def _heading(match: re.Match[str], names: Names) -> str:
    level = len(match[1])
    return f"<h{level}>{_read(match[2].strip(), names, quotable=False)}</h{level}>"


def _quote(match: re.Match[str], names: Names) -> str:
    inner = match[1] if match[1] is not None else re.sub(r"^ *> ?", "", match[2], flags=re.MULTILINE)
    return f"<blockquote>{_read(inner.removesuffix(chr(10)), names, quotable=False)}</blockquote>"


def _list(match: re.Match[str], names: Names) -> str:
    items = re.findall(r"^( *)([-*]|\d+\.) +(.*)$", match[0], flags=re.MULTILINE)
    tag = "ul" if items[0][1] in "-*" else "ol"
    start = "" if tag == "ul" else f' start="{int(items[0][1][:-1])}"'
    shown = (
        f'<li style="margin-left:{len(indent) // 2 * 16}px">{_read(words, names, quotable=False)}</li>'
        for indent, _, words in items
    )
    return f"<{tag}{start}>{''.join(shown)}</{tag}>"


def _masked(match: re.Match[str], names: Names) -> str:
    label, url = match[1], match[2]
    if not url.casefold().startswith(WEB):
        return escape(match[0])
    return f'<a title="{escape(url)}">{_read(label, names, quotable=False)}</a>'


def _person(match: re.Match[str], names: Names) -> str:
    return _pill(f"@{names.people.get(match[1], 'unknown-user')}")


def _channel(match: re.Match[str], names: Names) -> str:
    return _pill(f"#{names.channels.get(match[1], 'unknown')}")


def _pill(text: str) -> str:
    return f"<span class=mention>{escape(text)}</span>"


def _time(match: re.Match[str], names: Names) -> str:
    shown = relative(int(match[1]) - names.now) if match[2] == "R" else f"{match[1]}:{match[2] or 'f'}"
    return f"<span class=time>{escape(shown)}</span>"


def relative(seconds: float) -> str:
    """How Discord's client words a time that is so far ahead, or so long ago."""
    size = abs(seconds)
    for limit, one, number in (
        (1.5, "a second", size),
        (59.5, "{n} seconds", size),
        (89.5, "a minute", size),
        (44.5 * 60, "{n} minutes", size / 60),
        (89.5 * 60, "an hour", size),
        (21.5 * 3600, "{n} hours", size / 3600),
        (35.5 * 3600, "a day", size),
        (float("inf"), "{n} days", size / 86400),
    ):
        if size < limit:
            words = one.format(n=round(number))
            return f"in {words}" if seconds > 0 else f"{words} ago"
    raise AssertionError("every size is below the last limit")


_QUOTES: tuple[tuple[re.Pattern[str], Rule], ...] = (
    (re.compile(r" *>>> ([\s\S]+)|( *> [^\n]*(?:\n *> [^\n]*)*\n?)"), _quote),
)
_BLOCKS: tuple[tuple[re.Pattern[str], Rule], ...] = (
    (re.compile(r" *(#{1,3}) +(?!#*\s*(?:\n|$))([^\n]+?)#*[ \t]*(?:\n|$)"), _heading),
    (re.compile(r" *-# +(?=\S)([^\n]+)(?:\n|$)"), _inside("small")),
    (re.compile(r"(?: *(?:[-*]|\d+\.) +\S[^\n]*(?:\n|$))+"), _list),
)
_INLINE: tuple[tuple[re.Pattern[str], Rule], ...] = (
    (
        re.compile(r"```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```", re.IGNORECASE),
        lambda match, _: f"<pre>{escape(match[2])}</pre>",
    ),
    (re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)"), lambda match, _: f"<code>{escape(match[2].strip() or match[2])}</code>"),
    (re.compile(r"\\([^0-9A-Za-z\s])"), lambda match, _: escape(match[1])),
    (re.compile(r"<([^: >\n]+:/[^ >\n]+)>"), lambda match, _: f"<a>{escape(match[1])}</a>"),
    (re.compile(r"<((?:mailto|tel|sms):[^ >\n]+)>"), lambda match, _: f"<a>{escape(match[1])}</a>"),
    (
        re.compile(r"(?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\])\s]", re.IGNORECASE),
        lambda match, _: f"<a>{escape(match[0])}</a>",
    ),
    (re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))+)\]\(<?([^\s<>)]+)>?(?: +\"[^\"\n]*\")?\)"), _masked),
    (re.compile(r"<@!?(\d+)>"), _person),
    (re.compile(r"<@&(\d+)>"), lambda match, _: _pill(f"@role-{match[1][-4:]}")),
    (re.compile(r"<#(\d+)>"), _channel),
    (re.compile(r"<id:(customize|browse|guide)>"), lambda match, _: _pill(match[1])),
    (re.compile(r"</((?:[-\w]+ ?){1,3}):\d+>"), lambda match, _: _pill(f"/{match[1]}")),
    (re.compile(r"@(everyone|here)\b"), lambda match, _: _pill(match[0])),
    (re.compile(r"<a?:(\w+):\d+>"), lambda match, _: f"<span class=emoji>{escape(match[1])}</span>"),
    (re.compile(r":(\w+(?:::skin-tone-\d)?):"), lambda match, _: f"<span class=emoji>{escape(match[1])}</span>"),
    (re.compile(r"<t:(-?\d{1,17})(?::([tTdDfFR]))?>"), _time),
    (re.compile(r"\|\|([\s\S]+?)\|\|"), _inside("span", "spoiler")),
    (re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"), _inside("strong")),
    (re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"), _inside("u")),
    (re.compile(r"~~([\s\S]+?)~~(?!_)"), _inside("s")),
    (
        re.compile(
            r"(?<!\w)_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)"
            r"|\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
        ),
        _inside("em"),
    ),
    (re.compile(r"[\s\S]"), lambda match, _: escape(match[0])),
)
