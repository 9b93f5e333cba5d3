"""HTML and entities of the simulated Telegram: what it reads, and how it says no."""

from __future__ import annotations

import contextlib
import html as stdlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sim.telegram import html
from sim.telegram.entities import cut, settle, units
from sim.telegram.raw import raw
from sim.telegram.simulation import simulated
from sim.telegram.sketch import somewhere

from bot.testing.clock import FakeClock

FOX = "\N{FOX FACE}"
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80)


def read(source: str) -> tuple[str, list[tuple[str, str]]]:
    """The text, and what each entity stands on."""
    text, entities = settle(*html.parse(source))
    return text, [(one["type"], cut(text, one)) for one in entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>a</b> <i>b</i> <u>c</u> <s>d</s>", "a b c d", "bold italic underline strikethrough"),
        ("<strong>a</strong> <em>b</em> <ins>c</ins> <del>d</del>", "a b c d", "bold italic underline strikethrough"),
        ("<strike>a</strike> <tg-spoiler>b</tg-spoiler>", "a b", "strikethrough spoiler"),
        ('<span class="tg-spoiler">a</span> <code>b</code> <pre>c</pre>', "a b c", "spoiler code pre"),
        ("<blockquote>a</blockquote>b", "ab", "blockquote"),
        ("<blockquote expandable>a</blockquote>b", "ab", "expandable_blockquote"),
        ("<B>a</b >", "a", "bold"),
        ("<b>a</>", "a", "bold"),
        ("<b></b>a", "a", ""),
        ("<b> </b>a", "a", ""),
        ("", "", ""),
    ],
)
def test_the_documented_tags_become_entities(source: str, text: str, entities: str) -> None:
    found, told = read(source)
    assert (found, [kind for kind, _ in told]) == (text, entities.split())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#128522;&#x1F98A;", f"\N{SMILING FACE WITH SMILING EYES}{FOX}"),
        ("&lt&amp", "<&"),
        ("&nbsp; &copy; & &; &#; &#0;", "&nbsp; &copy; & &; &#; &#0;"),
        ("a > b", "a > b"),
    ],
)
def test_four_named_entities_and_all_numbers_are_read(source: str, text: str) -> None:
    assert read(source)[0] == text


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        (f"{FOX}<3>", 'Unsupported start tag "3" at byte offset 4'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a ='x'>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>a", "Can't find end tag corresponding to start tag i"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-time unix="5" format="x">a</tg-time>', "Invalid date format used"),
        ("&#xD800;", "Text contains invalid Unicode characters after decoding HTML entities"),
    ],
)
def test_what_is_wrong_is_said_in_telegrams_words(source: str, why: str) -> None:
    with pytest.raises(html.Unparsable) as told:
        html.parse(source)
    assert str(told.value) == why


def test_offsets_are_counted_in_utf_16_units() -> None:
    text, entities = settle(*html.parse(f"{FOX} <b>a {FOX}</b>"))
    assert entities == ({"type": "bold", "offset": 3, "length": 4},)
    assert cut(text, entities[0]) == f"a {FOX}"


def test_space_around_a_text_is_taken_away_and_entities_move_along() -> None:
    assert settle(*html.parse(" \n a <b>b </b>\n")) == ("a b", ({"type": "bold", "offset": 2, "length": 1},))


def test_characters_that_telegram_never_shows_are_taken_away_and_entities_move_along() -> None:
    source = "a\r\t\u202eb <b>\u2028c\r</b>\x00d"
    assert settle(*html.parse(source)) == ("a b c d", ({"type": "bold", "offset": 4, "length": 1},))


def test_a_time_has_its_seconds_and_its_format() -> None:
    _, (found,) = settle(*html.parse('<tg-time unix="1790000000" format="r">soon</tg-time>'))
    assert (found["type"], found["unix_time"], found["date_time_format"]) == ("date_time", 1790000000, "r")
    assert read('<tg-time unix="never">soon</tg-time>') == ("soon", [])


def test_links_and_languages_are_told() -> None:
    _, (link,) = settle(*html.parse('<a href="https://example.com/?a=1&amp;b=2">here</a>'))
    assert link["url"] == "https://example.com/?a=1&b=2"
    _, (code,) = settle(*html.parse('<pre><code class="language-python">x</code></pre>'))
    assert (code["type"], code["language"]) == ("pre", "python")
    assert settle(*html.parse('<code class="language-python">x</code>'))[1] == (
        {"type": "code", "offset": 0, "length": 1},
    )


@pytest.mark.parametrize(
    ("source", "entities"),
    [
        ("<code>a<b>b</b></code>", [("code", "ab")]),
        ("<b>a<code>b</code>c</b>", [("bold", "a"), ("code", "b"), ("bold", "c")]),
        ("<b>a<i>b</i></b>", [("bold", "ab"), ("italic", "b")]),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", [("blockquote", "ab")]),
        ("<blockquote>a<code>b</code></blockquote>", [("blockquote", "ab"), ("code", "b")]),
        ('<a href="https://a.example">a<b>b</b></a>', [("text_link", "ab"), ("bold", "b")]),
    ],
)
def test_entities_stand_in_each_other_only_where_that_is_allowed(source: str, entities: list[Any]) -> None:
    assert read(source)[1] == entities


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/imagine@limner_bot a fox", [("bot_command", "/imagine@limner_bot")]),
        ("see /help", [("bot_command", "/help")]),
        ("and/or 1/2 /", []),
        ("@limner_bot #art https://example.com/a.", None),
    ],
)
def test_commands_and_addresses_are_found_without_marks(text: str, entities: list[Any] | None) -> None:
    usual = [("mention", "@limner_bot"), ("hashtag", "#art"), ("url", "https://example.com/a")]
    found = [(one["type"], cut(text, one)) for one in settle(text, ())[1]]
    assert found == (usual if entities is None else entities)


@given(WORDS)
def test_escaped_words_are_read_as_they_were_written(words: str) -> None:
    text, _ = html.parse(f"<b>{stdlib.escape(words, quote=False)}</b>")
    assert text == words


@given(WORDS, WORDS)
def test_no_entity_stands_inside_half_a_letter(before: str, inside: str) -> None:
    text, entities = settle(*html.parse(f"{stdlib.escape(before)}<b>{stdlib.escape(inside)}</b>"))
    for one in entities:
        assert cut(text, one)
        assert one["offset"] + one["length"] <= units(text)


@given(st.text("<>/&;b=\"' a", max_size=40))
def test_nothing_that_is_written_breaks_the_reader(source: str) -> None:
    with contextlib.suppress(html.Unparsable):
        settle(*html.parse(source))


@pytest.mark.parametrize(
    ("method", "field", "most"), [("sendMessage", "text", 4096), ("sendDocument", "caption", 1024)]
)
async def test_a_text_is_measured_in_units_after_its_marks_are_read(method: str, field: str, most: int) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        _, meadow = somewhere(sim)
        sim.limits.lift()
        sim.sends_document(sim.person("bob"), meadow, "a.txt", b"a")
        known = {"document": next(iter(sim.files))} if method == "sendDocument" else {}
        fits = "<b>" + FOX * (most // 2) + "</b>"
        said = await call(method, chat_id=meadow.id, parse_mode="HTML", **{field: fits}, **known)
        assert said.status == 200
        said = await call(method, chat_id=meadow.id, parse_mode="HTML", **{field: fits + "a"}, **known)
        assert (said.status, "is too long" in said.told) == (400, True)
        assert len(sim.take_violations()) == 1


async def test_markup_that_cannot_be_read_fails_the_test_but_for_a_time_that_is_not_known() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        _, meadow = somewhere(sim)
        sim.knows_time = False
        timed = '<tg-time unix="5" format="r">soon</tg-time>'
        said = await call("sendMessage", chat_id=meadow.id, parse_mode="HTML", text=timed)
        why = 'Bad Request: can\'t parse entities: Unsupported start tag "tg-time" at byte offset 0'
        assert (said.status, said.told, sim.take_violations()) == (400, why, [])
        await call("sendMessage", chat_id=meadow.id, parse_mode="HTML", text="<p>a</p>")
        assert len(sim.take_violations()) == 1
        assert sim.messages(meadow) == []


@pytest.mark.parametrize("text", ["", " \n", "<b> </b>"])
async def test_a_message_says_something(text: str) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        _, meadow = somewhere(sim)
        said = await call("sendMessage", chat_id=meadow.id, parse_mode="HTML", text=text)
        assert said.told in {"Bad Request: message text is empty", "Bad Request: text must be non-empty"}
        assert len(sim.take_violations()) == 1
