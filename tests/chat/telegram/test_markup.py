"""Foreign text on Telegram: read back by Telegram's own rules it says just that, and does nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sim.telegram import html
from sim.telegram.entities import cut as cut_out
from sim.telegram.entities import settle

from adapters.chat.telegram.markup import copied, joined, literal, sentence, tagged
from bot.messages.cutting import cut, units
from bot.messages.plain import plain

WEDGE = "\u2060"
INJECTIONS = [
    "<b>bold</b>", "</b>", "<", "<a href='https://evil.example'>free</a>", "&lt;", "&", "&#60;b&#62;", "<tg-time>",
    "@somebody", "mail me@evil.example", "https://evil.example/a?b=c", "HTTP://EVIL.EXAMPLE", "evil.example", "/cancel",
    "tg://user?id=1", "ton://x", "a /cancel b", "(/help)", "x@y", "**bold** __it__ `code` ||secret||", "\ud800", "\x00",
    "\u202egnp.exe", "a\nb\r\nc\u2028d", "👩\u200d👩\u200d👧", "🇩🇪🇫🇷", "e\u0301\u0302", "\u0644\u200c\u0627", "",
]  # fmt: skip
PRESSED = {"mention", "url", "email", "bot_command", "text_link"}


@pytest.mark.parametrize("text", INJECTIONS)
def test_foreign_text_is_shown_as_it_is_and_neither_links_nor_pings(text: str) -> None:
    shown, entities = settle(*html.parse(literal(text, 500).html))
    assert shown.replace(WEDGE, "") == plain(text)
    assert not PRESSED & {entity["type"] for entity in entities}


def test_commands_in_our_own_sentences_can_be_pressed_and_names_cannot() -> None:
    _, entities = settle(*html.parse(sentence("I know /help. Ask @somebody.", 500).html))
    assert [entity["type"] for entity in entities] == ["bot_command"]


def test_options_in_our_own_sentences_stay_whole_and_can_be_copied() -> None:
    shown, entities = settle(*html.parse(sentence("Use --style-strength, or --seed 7 -- well.", 500).html))
    assert [cut_out(shown, entity) for entity in entities] == ["--style-strength", "--seed"]


@given(st.text(max_size=300), st.integers(1, 120))
@example("👩\u200d👩\u200d👧\u200d👦" * 20, 30)
@example("&<>" * 50, 40)
@settings(max_examples=300)
def test_any_text_can_be_read_by_telegram_and_has_the_length_that_was_told(text: str, limit: int) -> None:
    for made in (literal(text, limit), sentence(text, limit), copied(text, limit)):
        shown, _ = html.parse(made.html)
        assert units(shown) == made.units <= limit
        shown.encode("utf-16-le")  # no half of a pair


@given(st.text(alphabet="a👩\u200d\u0301🇩🏽 ", max_size=60), st.integers(1, 40))
def test_nothing_is_cut_inside_a_character(text: str, limit: int) -> None:
    line = plain(text)
    kept = cut(line, limit)
    if kept not in (line, "…"):
        assert kept.endswith("…")
        rest = line[len(kept.removesuffix("…")) :]
        assert not rest or unicodedata.category(rest[0]) not in ("Mn", "Me", "Mc")


def test_parts_know_their_length_together() -> None:
    made = joined(" · ", [tagged("b", sentence("a & b", 50)), sentence("", 50), sentence("👍", 50)])
    assert made == ("<b>a &amp; b</b> · 👍", 10)
