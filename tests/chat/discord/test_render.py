"""Cards as Discord's Components V2: what is seen, what fits, and that foreign text is only text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from chat.cards import JOB, button, done, queued, running
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.discord import rules, schema
from sim.discord.components import Kind, walk

from adapters.chat.discord.markup import literal
from adapters.chat.discord.render import draw, payload
from bot.messages.plain import plain
from bot.model import Act, Bar, Button, Card, CardLink, CardMedia, JobState, Tone
from bot.testing.clock import START

CREATE = "POST /channels/{channel_id}/messages"
SPECIAL = re.compile(r"[`*_~|<>#@\[\]:]|^\d*[-+.)]")
ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")
NAMES = {1: "primary", 2: "secondary", 4: "danger"}

INJECTIONS = [
    "@everyone", "@here", "<@123456789012345678>", "<@!123456789012345678>", "<@&123456789012345678>",
    "<#123456789012345678>", "</imagine:123456789012345678>", "<t:1790000000:R>", "<:fox:123456789012345678>",
    "<a:fox:123456789012345678>", "<id:customize>", ":white_check_mark:", "# heading", "## heading", "### heading",
    "-# small", "- item", "* item", "+ item", "1. item", "12) item", "> quote", ">>> quote", "`code`", "``co`de``",
    "```py\nprint()\n```", "**bold**", "__line__", "*it*", "_it_", "~~out~~", "||secret||", "***__~~||all||~~__***",
    "[free](https://evil.example)", "[free](<https://evil.example>)", "https://evil.example", "<https://evil.example>",
    "HTTPS://evil.example", "steam://run/1", "discord://-/settings", "<mailto:a@evil.example>", "<tel:+123>",
    "\\@everyone", "\\\\@everyone", "\\", "a\n# b", "a\r\n> b", "a\u2028# b", "a\x0b- b", "\u200b# b", "\u202e# b",
    "@\u200beveryone", "<\u2060@123>", "\u2066[a](https://evil.example)\u2069", "\ufeff1. b", "\x00# b", "\ud800# b",
]  # fmt: skip


def body_of(card: Card, owner: int | None = None) -> dict[str, Any]:
    return payload(draw(card, now=START, owner=owner))


def outline(card: Card, owner: int | None = None) -> list[str]:
    """What is seen, from top to bottom."""
    (box,) = body_of(card, owner)["components"]
    return [f"#{box['accent_color']:06x}", *(line for part in box["components"] for line in _lines(part))]


def _lines(part: dict[str, Any]) -> list[str]:
    if part["type"] == Kind.TEXT:
        return str(part["content"]).split("\n")
    if part["type"] == Kind.GALLERY:
        return [f"({item['media']['url']}: {item['description']})" for item in part["items"]]
    return [" ".join(f"[{one['label']} {NAMES[one['style']]}]" for one in part["components"])]


def texts(card: Card) -> list[str]:
    return [part["content"] for part in walk(body_of(card)["components"]) if part["type"] == Kind.TEXT]


def problems(body: dict[str, Any]) -> list[str]:
    return [*schema.request_problems(CREATE, body), *rules.problems(body)]


def test_queued() -> None:
    card = queued()
    assert outline(card) == [
        "#80848e",
        r"### ⏳ Queued · \#K7F3",
        "a red fox",
        "-# FLUX.1 · anime",
        "You're next",
        "[Cancel secondary]",
    ]


def test_running() -> None:
    card = running(bar=Bar(42, eta_at=START + 28), lines=("2 minutes so far",))
    assert outline(card) == [
        "#5865f2",
        r"### 🎨 Drawing · \#K7F3",
        "a red fox",
        "-# FLUX.1 · anime",
        f"▰▰▰▰▱▱▱▱▱▱  42 % · ready <t:{START + 28:.0f}:R>",
        "2 minutes so far",
        "[Cancel secondary]",
    ]


def test_a_success_shows_its_picture_under_its_words_and_nothing_twice() -> None:
    assert outline(done("a.png", footer="AI-generated · 1 credit"), owner=123) == [
        "#23a55a",
        "✅ a red fox",
        "(attachment://a.png: a red fox)",
        "-# FLUX.1 · anime",
        "-# for <@123> · AI-generated · 1 credit",
        "[Again primary] [Change words secondary] [More… secondary]",
    ]


def test_a_public_card_says_for_whom_it_is_in_every_state() -> None:
    assert outline(running(), owner=123)[-2] == "-# for <@123>"
    assert not any("for" in line for line in outline(running()))


def test_failed() -> None:
    buttons = tuple(map(button, (Act.LOOK, Act.RETRY, Act.WORDS, Act.DELETE)))
    lines = ("Nobody answers.", "Your credit is back.")
    card = replace(queued(), state=JobState.FAILED, title="That didn't work", emoji="⚠️", tone=Tone.BAD, lines=lines)
    card = replace(card, buttons=buttons)
    assert outline(card) == [
        "#f23f43",
        r"### ⚠️ That didn't work · \#K7F3",
        "a red fox",
        "-# FLUX.1 · anime",
        "Nobody answers.",
        "Your credit is back.",
        "[Look again primary] [Try again secondary] [Change words secondary] [More… secondary]",
    ]


@pytest.mark.parametrize(
    ("state", "tone", "colour"),
    [
        (JobState.REFUSED, Tone.WARN, "#f0b232"),
        (JobState.CANCELED, Tone.NEUTRAL, "#80848e"),
        (JobState.LOST, Tone.BAD, "#f23f43"),
    ],
)
def test_every_other_end_has_its_colour(state: JobState, tone: Tone, colour: str) -> None:
    assert outline(running(state=state, tone=tone, bar=None))[0] == colour


def test_details_can_be_copied() -> None:
    card = Card(
        state="answer",
        title="Details",
        lines=("Model: FLUX.1",),
        command="/imagine a `fox` ```x``` --seed 1",
        buttons=(button(Act.ORIGINAL), button(Act.DETAILS), button(Act.DELETE)),
    )
    assert outline(card) == [
        "#80848e",
        "### Details",
        "Model: FLUX.1".replace(":", r"\:"),
        "```",
        "/imagine a `fox` '''x''' --seed 1",
        "```",
        "[Download secondary] [Details secondary] [Delete danger]",
    ]


@pytest.mark.parametrize(
    ("bar", "shown"),
    [
        (Bar(0), "▱▱▱▱▱▱▱▱▱▱  0 %"),
        (Bar(99), "▰▰▰▰▰▰▰▰▰▱  99 %"),
        (Bar(42, approximate=True), "▰▰▰▰▱▱▱▱▱▱  about 42 %"),
        (Bar(95, eta_at=START), "▰▰▰▰▰▰▰▰▰▱  95 % · almost there"),
        (Bar(None, eta_at=START + 5), f"Ready <t:{START + 5:.0f}:R>"),
    ],
)
def test_a_bar_has_ten_cells_and_says_what_is_a_guess(bar: Bar, shown: str) -> None:
    assert shown in outline(running(bar=bar))


def test_a_bar_of_which_nothing_is_known_is_left_out() -> None:
    assert outline(running(bar=Bar(None))) == outline(running(bar=None))


def test_what_is_rarely_pressed_stands_alone_where_nothing_else_does() -> None:
    card = running(buttons=(button(Act.ORIGINAL, label="Download"), button(Act.DELETE)))
    assert outline(card)[-1] == "[Download secondary] [Delete danger]"


def test_buttons_stand_in_rows_of_five_and_no_more_than_four_rows() -> None:
    many = tuple(Button(Act.CANCEL, (f"{number:026}",), str(number)) for number in range(30))
    rows = [part for part in walk(body_of(running(buttons=many))["components"]) if part["type"] == Kind.ACTION_ROW]
    assert [len(row["components"]) for row in rows] == [5, 5, 5, 5]
    mixed = running(buttons=(*many, button(Act.DELETE)))
    assert outline(mixed)[-1].endswith("[More… secondary]")


def test_at_most_ten_pictures_are_shown() -> None:
    card = done(*(f"{number}.png" for number in range(12)))
    assert len([line for line in outline(card) if line.startswith("(")]) == 10


async def test_a_view_is_not_kept_by_the_library() -> None:
    assert draw(queued(), now=START).is_finished()


@pytest.mark.parametrize("text", INJECTIONS)
def test_foreign_text_renders_links_and_pings_nothing(text: str) -> None:
    card = running(title=text, prompt=text + " ", chips=(text,), lines=(text, f"{text} {text}"), footer=text, tag=text)
    for shown in texts(card):
        for line in shown.split("\n"):
            ours = re.sub(r"^(### |-# )|▰.*%$", "", line)
            assert not SPECIAL.search(ESCAPED.sub("", ours)), line
        assert not re.search(r"[\u200b\u202e\u2060\u2066\u2069\ufeff\x00\ud800]", shown)
    body = body_of(card)
    assert "content" not in body
    assert body["allowed_mentions"] == {"parse": []}
    assert problems(body) == []


@pytest.mark.parametrize("text", INJECTIONS)
def test_nothing_ends_the_block_of_a_line_to_copy(text: str) -> None:
    (shown,) = texts(Card(state="answer", title="Details", command=f"/imagine {text} ````"))
    assert shown.count("```") == 2
    assert shown.endswith("\n```")


WORDS = st.text() | st.sampled_from(INJECTIONS)
IDS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)
BUTTONS = st.builds(Button, st.sampled_from(Act), st.tuples(IDS), WORDS)
PICTURES = st.builds(CardMedia, IDS.map(lambda one: f"{one}.png"), st.just("image/png"), WORDS)
BARS = st.builds(Bar, st.none() | st.integers(0, 99), st.booleans(), st.none() | st.floats(0, 1e10))
CARDS = st.builds(
    Card,
    state=st.sampled_from(["answer", *JobState]),
    title=WORDS,
    emoji=st.sampled_from(["", "🎨"]),
    tag=st.none() | st.just("K7F3"),
    prompt=st.none() | WORDS,
    command=st.none() | WORDS,
    chips=st.lists(WORDS, max_size=8).map(tuple),
    lines=st.lists(WORDS, max_size=30).map(tuple),
    footer=st.none() | WORDS,
    buttons=st.lists(BUTTONS, max_size=30).map(tuple),
    media=st.lists(PICTURES, max_size=12).map(tuple),
    bar=st.none() | BARS,
)


def stretched(card: Card, times: int) -> Card:
    """The same card with all its words so many times as long."""
    return replace(
        card,
        title=card.title * times,
        prompt=card.prompt and card.prompt * times,
        command=card.command and card.command * times,
        footer=card.footer and card.footer * times,
        chips=tuple(chip * times for chip in card.chips),
        lines=tuple(line * times for line in card.lines),
        buttons=tuple(replace(button, label=button.label * times) for button in card.buttons),
        media=tuple(replace(picture, alt=picture.alt * times) for picture in card.media),
    )


@settings(deadline=None)
@given(CARDS, st.sampled_from([1, 20, 400]))
def test_any_card_is_within_discords_limits(card: Card, times: int) -> None:
    card = stretched(card, times)
    body = body_of(card, owner=123456789012345678)
    assert problems(body) == []
    assert sum(len(text.encode("utf-16-le")) for text in texts(card)) <= 2 * 4000
    ids = [part["custom_id"] for part in walk(body["components"]) if "custom_id" in part]
    assert all(re.fullmatch(r"j1:[a-z]+:[0-9A-HJKMNP-TV-Z]{26}", one) for one in ids)


@given(st.text() | st.text("#-@<>`*_\\[]:1. "))
def test_literal_text_says_just_what_was_written(text: str) -> None:
    assert re.sub(r"\\([^0-9A-Za-z\s])", r"\1", literal(text, 10_000)) == plain(text)


def test_a_long_prompt_is_cut_between_characters() -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    (shown,) = texts(running(prompt=family * 100, bar=None, chips=()))
    prompt = shown.split("\n")[1]
    assert prompt.endswith(family + "…")


def test_presses_know_the_job_of_every_button() -> None:
    ids = [part["custom_id"] for part in walk(body_of(done("a.png"))["components"]) if "custom_id" in part]
    assert ids == [f"j1:again:{JOB}", f"j1:words:{JOB}", f"j1:more:{JOB}"]


def test_links_stand_below_the_words_and_are_never_cut() -> None:
    url = f"https://{'d' * 200}.example/o/{'t' * 74}"
    long = "x" * 3000
    links = tuple(CardLink(f"Original {n}", url) for n in range(1, 11))
    card = done("a.png", title=f"{long}!", prompt=long, chips=(long,), lines=(long,), footer=long, links=links)
    shown = texts(card)[-1].split("\n")
    found = re.findall(r"\[(.*?)\]\(<(.*?)>\)", shown[-2])
    assert found == [(link.label, link.url) for link in links][: len(found)]
    assert len(found) >= 4
    assert shown[-2].endswith(">)")
    assert problems(body_of(card)) == []
