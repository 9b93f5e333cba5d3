"""Cards as Telegram's text and buttons: what is seen, what fits, and which button stands where."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chat.cards import JOB, OTHERS, answer, button, done, failed, queued, running
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.telegram import html, keyboards
from sim.telegram.entities import Entity, cut, settle, units

from adapters.chat.telegram.render import CAPTION, MESSAGE, Room, draw, keyboard, turned
from bot.model import Act, Bar, Button, Card, CardMedia, JobState
from bot.testing.clock import START

WEDGE = "\u2060"


def read(card: Card, room: Room = MESSAGE, **more: Any) -> tuple[str, tuple[Entity, ...]]:
    return settle(*html.parse(draw(card, room, now=START, **more)))


def lines(card: Card, room: Room = MESSAGE, **more: Any) -> list[str]:
    return read(card, room, **more)[0].split("\n")


def marked(card: Card, kind: str) -> list[str]:
    text, entities = read(card)
    return [cut(text, entity) for entity in entities if entity["type"] == kind]


def labels(card: Card, **more: Any) -> list[list[str]]:
    shown = keyboard(card, **more)
    return [[one.text for one in row] for row in shown.inline_keyboard] if shown else []


def test_queued() -> None:
    assert lines(queued()) == ["⏳ Queued · #K7F3", "a red fox", "FLUX.1 · anime", "You're next"]
    assert labels(queued()) == [["Cancel"]]
    assert marked(queued(), "bold") == ["Queued"]
    assert marked(queued(), "blockquote") == ["a red fox"]


def test_running() -> None:
    card = running(bar=Bar(42, eta_at=START + 28), lines=("2 minutes so far",))
    assert lines(card)[-2:] == ["▰▰▰▰▱▱▱▱▱▱ 42 % · ready in 28 seconds", "2 minutes so far"]


def test_the_time_of_the_end_ticks_by_itself() -> None:
    _, entities = read(running(bar=Bar(42, eta_at=START + 28)))
    (ticking,) = [entity for entity in entities if entity["type"] == "date_time"]
    assert (ticking["unix_time"], ticking["date_time_format"]) == (int(START) + 28, "r")


def test_where_times_do_not_tick_they_stand_there_as_words() -> None:
    card = running(bar=Bar(None, eta_at=START + 90))
    assert "tg-time" not in draw(card, MESSAGE, now=START, ticking=False)
    assert lines(card, ticking=False)[-1] == "ready in 90 seconds"


@pytest.mark.parametrize(
    ("bar", "shown"),
    [
        (Bar(0), "▱▱▱▱▱▱▱▱▱▱ 0 %"),
        (Bar(99, approximate=True), "▰▰▰▰▰▰▰▰▰▱ about 99 %"),
        (Bar(60, eta_at=START - 1), "▰▰▰▰▰▰▱▱▱▱ 60 % · almost there"),
    ],
)
def test_bars(bar: Bar, shown: str) -> None:
    assert lines(running(bar=bar))[-1] == shown


def test_a_bar_that_knows_nothing_is_not_drawn() -> None:
    assert lines(running(None))[-1] == "FLUX.1 · anime"


def test_done() -> None:
    card = done("a.png")
    assert lines(card, CAPTION) == ["✅ a red fox", "FLUX.1 · anime", "AI-generated · 1 credit"]
    assert labels(card) == [["Again", "Change words", "More…"]]


def test_failed() -> None:
    assert lines(failed())[-1] == "Your credit is back."
    assert labels(failed()) == [["Try again", "Change words", "More…"]]


def test_an_answer_shows_its_command_to_be_copied_and_all_its_buttons() -> None:
    card = answer("Seed: 42", command="/imagine a <red> fox", buttons=(button(Act.ORIGINAL), button(Act.DELETE)))
    assert marked(card, "code") == ["/imagine a <red> fox"]
    assert labels(card) == [[button(Act.ORIGINAL).label, "Delete"]]


def test_several_pictures_have_a_number_each_which_gets_that_picture() -> None:
    shown = keyboard(done("a.png", "b.png", "c.png"), numbered=True)
    assert shown is not None
    numbers = shown.inline_keyboard[0]
    assert [one.text for one in numbers] == ["1", "2", "3"]
    assert [one.callback_data for one in numbers] == [f"j1:pick:{job}" for job in (JOB, *OTHERS[:2])]


def test_more_opens_what_is_rarely_pressed_beside_the_rest_and_less_closes_it() -> None:
    shown = keyboard(done("a.png"))
    assert shown is not None
    more = turned(shown, has_picture=True)
    assert more is not None
    assert [[one.text for one in row] for row in more.inline_keyboard] == [
        ["Again", "Change words", "Less"],
        ["Download", "Details", "Delete"],
    ]
    assert [one.callback_data for one in more.inline_keyboard[1]] == [
        f"j1:{act}:{JOB}" for act in ("original", "details", "delete")
    ]
    assert turned(more, has_picture=True) == shown


def test_a_keyboard_without_more_stays_as_it_is() -> None:
    shown = keyboard(queued())
    assert shown is not None
    assert turned(shown, has_picture=False) is None


def test_without_a_picture_there_is_none_to_download() -> None:
    shown = keyboard(failed())
    assert shown is not None
    more = turned(shown, has_picture=False)
    assert more is not None
    assert [one.text for one in more.inline_keyboard[-1]] == ["Details", "Delete"]


def test_four_buttons_stand_in_rows_where_their_words_fit() -> None:
    card = failed(buttons=tuple(map(button, (Act.LOOK, Act.RETRY, Act.WORDS, Act.DELETE))))
    assert labels(card) == [["Look again", "Try again"], ["Change words", "More…"]]


def test_many_buttons_fit() -> None:
    card = answer(buttons=tuple(Button(Act.CANCEL, (f"{number:026}",), f"Cancel {number}") for number in range(150)))
    shown = keyboard(card)
    assert shown is not None
    keyboards.keyboard(shown.to_dict())


TEXTS = st.text(max_size=400)
CARDS = st.builds(
    Card,
    state=st.sampled_from([*JobState, "answer"]),
    title=TEXTS,
    emoji=st.sampled_from(["", "🎨", "⚠️"]),
    tag=st.none() | st.just("K7F3"),
    prompt=st.none() | TEXTS,
    command=st.none() | st.text(max_size=3000),
    chips=st.lists(TEXTS, max_size=5).map(tuple),
    lines=st.lists(TEXTS, max_size=20).map(tuple),
    bar=st.none() | st.builds(Bar, percent=st.none() | st.integers(0, 99), eta_at=st.none() | st.just(START + 60)),
    footer=st.none() | TEXTS,
)


@given(CARDS)
@settings(max_examples=100)
def test_every_card_can_be_read_and_fits_into_a_message_and_under_a_picture(card: Card) -> None:
    for room in (MESSAGE, CAPTION):
        text, _ = html.parse(draw(replace(card, command=None) if room is CAPTION else card, room, now=START))
        assert units(text) <= room.all


def test_the_longest_card_of_a_job_fits_under_its_picture() -> None:
    card = done(
        "a.png",
        title="👩" * 300,
        prompt="👩" * 300,
        chips=("FLUX.1",) * 40,
        lines=("Your credits are back." * 9,) * 9,
        footer="AI-generated · 1 credit" * 9,
        media=(CardMedia("a.png", "image/png", "x"),),
    )
    text, _ = html.parse(draw(card, CAPTION, now=START))
    assert 900 < units(text) <= 1024


def test_a_prompt_full_of_names_and_links_presses_nothing() -> None:
    text, entities = read(queued(prompt="@ada /cancel https://evil.example <b>x</b>"))
    assert "<b>x</b>" in text.replace(WEDGE, "")
    assert {entity["type"] for entity in entities} <= {"bold", "italic", "blockquote", "hashtag"}
