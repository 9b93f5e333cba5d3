"""What a message shows in every state, whatever the words are."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Facts, Standing, draw, size, state_of, tag
from bot.messages import en, say, spoken
from bot.messages.cutting import one_line, whole
from bot.model import Act, Bar, Capability, Card, CardMedia, Failure, GenerationRequest, Job, JobState, Message, Tone

REQUEST = GenerationRequest(capability=Capability.TEXT_TO_IMAGE, prompt="a red fox", width=1024, height=1024, seed=7)
NOW = 1_000_000.0


def _job(state: JobState, position: int = 0, **changes: Any) -> Job:
    done = {"file": f"J{position}.png", "media_type": "image/png"} if state is JobState.SUCCEEDED else {}
    values: dict[str, Any] = {
        "id": f"01J000000000000000000000K{position}",
        "message_id": "M",
        "person_id": "P",
        "position": position,
        "state": state,
        "request": REQUEST,
        "provider": "fake",
        "model": "fake-1",
        "price": 1,
        "created_at": NOW - 60,
        "submitted_at": NOW - 50,
        "ended_at": NOW - 12 if state.terminal else None,
        **done,
        **changes,
    }
    return Job(**values)


def _card(*jobs: Job, stoppable: bool = True, **standings: Standing) -> Card:
    message = Message(id="M", person_id="P", platform="test", account="ann", chat="c", created_at=NOW - 60, jobs=jobs)
    facts = Facts(
        now=NOW,
        titles={("fake", "fake-1"): "Fake One"},
        stoppable=frozenset({("fake", "fake-1")}) if stoppable else frozenset(),
        standings={job.id: standings.get(f"j{job.position}", Standing()) for job in jobs},
    )
    return draw(message, facts)


def _acts(card: Card) -> list[Act]:
    return [button.act for button in card.buttons]


def test_a_queued_card_says_its_place_and_can_be_canceled() -> None:
    card = _card(_job(JobState.QUEUED), j0=Standing(ahead=3))
    assert (card.state, card.title, card.prompt, card.lines) == ("queued", "Queued", "a red fox", ("3 jobs ahead",))
    assert card.footer == "1 credit"
    assert card.chips == ("Fake One", size(REQUEST), "seed 7")
    assert _acts(card) == [Act.CANCEL]
    assert _card(_job(JobState.QUEUED), j0=Standing(ahead=0)).lines == ("You're next",)


def test_submitting_is_shown_as_queued_and_delivering_as_running() -> None:
    assert state_of([_job(JobState.SUBMITTING)]) is JobState.QUEUED
    assert state_of([_job(JobState.DELIVERING)]) is JobState.RUNNING


def test_a_running_card_shows_its_bar() -> None:
    card = _card(_job(JobState.RUNNING), j0=Standing(bar=Bar(42, approximate=True, eta_at=NOW + 28)))
    assert (card.state, card.title, card.tone) == ("running", "Drawing", Tone.ACTIVE)
    assert card.bar == Bar(42, approximate=True, eta_at=NOW + 28)
    assert card.lines == ()


def test_a_bar_of_which_nothing_is_known_yet_does_not_say_0_percent() -> None:
    restarted = _card(_job(JobState.RUNNING), j0=Standing())
    assert restarted.bar == Bar(None)
    one_waits = _card(
        _job(JobState.RUNNING, 0), _job(JobState.QUEUED, 1), j0=Standing(bar=Bar(40)), j1=Standing(ahead=1)
    )
    assert one_waits.bar == Bar(20)


def test_a_long_job_says_how_long_it_has_run_and_that_this_is_unusual() -> None:
    card = _card(_job(JobState.RUNNING, submitted_at=NOW - 240), j0=Standing(bar=Bar(90), slow=True))
    assert card.lines == ("4 minutes so far", "Taking longer than usual")


def test_a_job_that_takes_longer_than_usual_is_never_almost_there() -> None:
    over, ahead = Bar(91, eta_at=NOW - 1), Bar(50, eta_at=NOW + 60)
    assert _card(_job(JobState.RUNNING), j0=Standing(bar=over)).bar == over
    assert _card(_job(JobState.RUNNING), j0=Standing(bar=over, slow=True)).bar == Bar(91)
    assert _card(_job(JobState.RUNNING), j0=Standing(bar=ahead, slow=True)).bar == ahead


def test_cancel_is_gone_where_the_provider_cannot_stop() -> None:
    assert _acts(_card(_job(JobState.RUNNING), stoppable=False)) == []
    assert _acts(_card(_job(JobState.QUEUED), stoppable=False)) == [Act.CANCEL]


def test_a_finished_card_shows_the_picture_under_its_words() -> None:
    card = _card(_job(JobState.SUCCEEDED))
    assert (card.state, card.title, card.emoji) == ("succeeded", "a red fox", "✅")
    assert card.media == (CardMedia("J0.png", "image/png", "a red fox"),)
    assert card.chips[-1] == "48 s"
    assert _card(_job(JobState.SUCCEEDED, created_at=NOW - 412)).chips[-1] == "7 min"
    assert card.footer == "AI-generated · 1 credit"
    assert _acts(card) == [Act.AGAIN, Act.WORDS, Act.ORIGINAL, Act.DELETE]
    assert card.tag == tag(card.job_id or "")


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.LOST, JobState.REFUSED, JobState.CANCELED])
def test_every_card_without_a_result_says_what_became_of_the_money(state: JobState) -> None:
    assert _card(_job(state)).lines[-1] == "Your credit is back."
    assert _card(_job(state, price=2)).lines[-1] == "Your 2 credits are back."
    assert _card(_job(state)).media == ()


def test_a_failed_card_offers_a_second_try_and_says_why() -> None:
    card = _card(_job(JobState.FAILED, failure=Failure("fail.generation", {"provider": "Fake"})))
    assert card.lines[0] == "Fake could not make this one. Try again, or use other words."
    assert _acts(card) == [Act.RETRY, Act.WORDS, Act.DELETE]


def test_what_came_out_too_large_is_not_tried_again_as_it_was() -> None:
    card = _card(_job(JobState.FAILED, failure=Failure("fail.too_large")))
    assert card.lines[0].endswith("Change the words, or ask for a smaller size.")
    assert _acts(card) == [Act.WORDS, Act.DELETE]


@pytest.mark.parametrize(("missing", "label"), [(1, "Draw the missing one"), (2, "Draw the missing 2")])
def test_what_is_missing_of_several_pictures_has_a_button_that_says_so(missing: int, label: str) -> None:
    failed = [_job(JobState.FAILED, number, failure=Failure("fail.lost", {"provider": "F"})) for number in (1, 2)]
    first, *others = _card(_job(JobState.SUCCEEDED, 0), *failed[:missing]).buttons
    assert (first.act, len(first.jobs), first.label) == (Act.RETRY, missing, label)
    assert others[0].act is Act.AGAIN


def test_a_missed_deadline_offers_to_look_again_only_if_there_is_something_to_look_at() -> None:
    late = Failure("fail.deadline", {"time": "10 minutes"})
    assert _acts(_card(_job(JobState.FAILED, failure=late, handle="h")))[0] is Act.LOOK
    assert Act.LOOK not in _acts(_card(_job(JobState.FAILED, failure=late)))


def test_a_picture_that_was_removed_for_space_says_so() -> None:
    card = _card(_job(JobState.SUCCEEDED, file=None, media_type=None))
    assert (card.title, card.lines, card.media) == ("No longer stored", ("I keep pictures for up to 30 days.",), ())
    assert _acts(card) == [Act.AGAIN, Act.WORDS, Act.DELETE]


def test_several_pictures_share_one_bar_and_show_what_has_arrived() -> None:
    card = _card(_job(JobState.SUCCEEDED, 0), _job(JobState.RUNNING, 1), j1=Standing(bar=Bar(40, eta_at=NOW + 5)))
    assert (card.state, card.bar, len(card.media)) == ("running", Bar(70, eta_at=NOW + 5), 1)
    assert card.lines == ("1 of 2 pictures are there.",)
    assert card.buttons[0].jobs == (_job(JobState.RUNNING, 1).id,)


def test_a_failed_one_among_several_does_not_hold_the_bar_down() -> None:
    card = _card(_job(JobState.FAILED, 0), _job(JobState.RUNNING, 1), j1=Standing(bar=Bar(60)))
    assert card.bar == Bar(60)


_states = st.lists(st.sampled_from(list(JobState)), min_size=1, max_size=4)
_nasty = st.sampled_from(
    [
        "@everyone ",
        "<script>alert(1)</script>",
        "**bold** ",
        "\u202eright to left\u202c",
        "\u200b\u200d",
        "👩‍👩‍👧‍👦",
        "🇩🇪🇫🇷",
        "é" * 9,
    ]
)
_prompts = st.one_of(st.text(min_size=1, max_size=300), st.lists(_nasty, min_size=1, max_size=800).map("".join))


@given(_states, _prompts)
def test_every_state_can_be_drawn_with_any_words(states: list[JobState], prompt: str) -> None:
    request = GenerationRequest(prompt=prompt)
    card = _card(*(_job(state, position, request=request) for position, state in enumerate(states)))
    assert len(card.prompt or "") <= 300
    assert len({button.id for button in card.buttons}) == len(card.buttons)
    assert all(len(button.id.encode()) <= 64 for button in card.buttons)
    refunded = any(line.endswith(("is back.", "are back.")) for line in card.lines)
    ended = all(state.terminal for state in states)
    assert refunded is (ended and any(state is not JobState.SUCCEEDED for state in states))


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("abcdef", 3, "abc"),
        ("ab👩‍👩‍👧‍👦", 4, "ab"),
        ("a🇩🇪🇫🇷", 4, "a🇩🇪"),
        ("cafe\u0301s", 4, "caf"),
        ("👍🏽👍🏽", 3, "👍🏽"),
    ],
)
def test_nothing_is_cut_inside_a_character(text: str, limit: int, cut: str) -> None:
    assert whole(text, limit) == cut


@given(st.text(), st.integers(1, 50))
def test_one_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line.split() == line.split(" ") if line else True


def test_every_text_fills_in_with_its_own_parameters_only() -> None:
    for key, words in en.WORDS.items():
        forms = words if isinstance(words, tuple) else (words,)
        names = [{re.split("[:}]", part)[0] for part in form.split("{")[1:]} for form in forms]
        assert names[0] <= names[-1], key
        assert say(key, **dict.fromkeys({*names[-1], "n"}, 2)), key


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (28, "28 seconds"), (600, "10 minutes"), (3600, "60 minutes"), (18_000, "5 hours")],
)
def test_times_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert spoken(seconds) == words
