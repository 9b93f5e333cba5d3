"""The styles of EternalAI: whatever the list looks like, somebody can still draw."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from providers.eternalai.service import PENDING, Make, answering, hand_over

from adapters.providers.eternalai.styles import DOCUMENTED, Lora, read
from bot.policy import match_style
from bot.provider import Style
from bot.testing.clock import FakeClock
from bot.testing.wire import Answer, Call, Drop, Wire, reply

ANIME, INK = Lora("psycho_art", "Anime Art-Style", "Psycho_4rt"), Lora("ink_v2", "Ink")
THE_DOCUMENTED = tuple(Style(lora.key, lora.title) for lora in DOCUMENTED)
THEIRS = {"result": [{"key": "ink_v2", "name": "Ink"}]}
THE_LISTED = (Style("ink_v2", "Ink"),)

SHAPES: dict[str, Any] = {
    "objects": [{"key": "psycho_art", "name": "Anime Art-Style"}, {"key": "ink_v2", "name": "Ink"}],
    "wrapped": {"status": 1, "data": [{"slug": "psycho_art"}, {"slug": "ink_v2", "label": "Ink"}]},
    "wrapped twice": {
        "result": {"effects": [{"lora": "psycho_art"}, {"lora": "ink_v2", "title": "Ink"}]},
        "data": None,
    },
    "each as it is sent": [{"lora_config": {"psycho_art": 1}}, {"name": "Ink", "lora_config": {"ink_v2": 0.8}}],
    "rows of a database": {
        "total": 2,
        "items": [
            {"id": 7, "value": "psycho_art", "name": "Anime Art-Style"},
            {"id": "4860079c-90c2-4a96-b715-d521712ce21d", "value": "ink_v2", "name": "Ink"},
        ],
    },
    "a field that nobody could guess": [
        {"name": "Ink", "effect_id": "42", "tag": "ink_v2"},
        {"name": "Anime Art-Style", "effect_id": "43", "tag": "psycho_art"},
    ],
    "an object of names": {"status": "success", "data": {"psycho_art": {}, "ink_v2": {"title": "Ink"}}},
    "an object of weights": {"psycho_art": 1, "total": 2},
    "names alone": ["psycho_art"],
}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
def test_a_list_of_any_usual_shape_is_read(body: Any) -> None:
    found = read(body)
    assert set(found) in ({ANIME, INK}, {ANIME})
    assert len(found) == len([key for key in ("psycho_art", "ink_v2") if key in json.dumps(body)])


@pytest.mark.parametrize(
    "body",
    [
        None,
        7,
        "psycho_art",
        [],
        {},
        {"status": 0, "error": {"code": 5}, "message": "no"},
        {"detail": "Not authenticated"},
        {"success": False},
        {"result": [], "data": None},
        [None, True, 3, {}, [], {"id": 7}, {"name": ""}, "", "  ", "a\x00b", "a" * 81],
    ],
)
def test_what_is_no_list_of_styles_holds_none(body: Any) -> None:
    assert read(body) == ()


@pytest.mark.parametrize("row", ["42", "4860079c-90c2-4a96-b715-d521712ce21d", "66f1a2b3c4d5e6f708192a3b"])
def test_the_number_of_a_row_is_no_name(row: str) -> None:
    assert read([{"id": row, "name": "ink"}]) == (Lora("ink", "ink"),)


def test_a_style_is_listed_once_and_not_without_end() -> None:
    assert read(["ink", "INK", "ink"]) == (Lora("ink", "ink"),)
    assert len(read([f"style{number}" for number in range(5000)])) == 200


def test_a_title_is_one_line_of_what_can_be_seen() -> None:
    assert read([{"key": "ink", "name": " <b>Ink\n\x1b[31m\u202e  wash "}]) == (Lora("ink", "<b>Ink [31m wash"),)


@pytest.mark.parametrize(
    ("fields", "trigger"),
    [
        ({"trigger": "1nk"}, "1nk"),
        ({"trigger_words": ["1nk wash", "paper"]}, "1nk wash"),
        ({"trained_words": []}, ""),
        ({"activation_text": 7}, ""),
        ({"trigger_word": "x" * 81}, ""),
        ({"tags": ["people"]}, ""),
    ],
)
def test_a_trigger_comes_with_the_list(fields: dict[str, Any], trigger: str) -> None:
    assert read([{"key": "ink", **fields}]) == (Lora("ink", "ink", trigger),)


@pytest.mark.parametrize(
    "item",
    [
        "nsfw_unlock",
        "FluxNSFW",
        {"key": "f7", "name": "Nude Study"},
        {"key": "Undress_v1"},
        {"key": "LingerieShoot"},
        {"key": "sexy_toon"},
        {"key": "f8", "name": "Beach", "trigger": "bikini"},
    ],
)
def test_a_style_that_is_not_fit_for_a_picture_with_a_child_in_it_is_not_offered(item: Any) -> None:
    assert read([item, "ink"]) == (Lora("ink", "ink"),)


def test_every_documented_style_is_offered_and_known_by_a_part_of_its_title() -> None:
    assert read([lora.key for lora in DOCUMENTED]) == DOCUMENTED
    assert match_style("daubrez", THE_DOCUMENTED) == "FLUX-daubrez-DB4RZ"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["psycho_art", "ink"]),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["result", "data", "key", "name", "lora_config", "trigger"]) | st.text(), inner
            )
        ),
    )
)
def test_any_json_gives_styles_that_can_be_shown_and_sent(body: Any) -> None:
    for lora in read(body):
        assert lora.key == lora.key.strip()
        assert 0 < len(lora.key) <= 80
        assert lora.key.isprintable()
        assert 0 < len(lora.title) <= 80
        assert lora.title.isprintable()
        assert len(lora.trigger) <= 80


async def test_a_list_is_asked_for_once_in_ten_minutes(wire: Wire, make: Make, clock: FakeClock) -> None:
    wire.answer, provider = answering(THEIRS), make()
    assert await asyncio.gather(*[provider.styles() for _ in range(5)]) == [THE_LISTED] * 5
    await clock.advance(599)
    await provider.styles()
    assert [call.target for call in wire.calls] == ["/creative-ai/generate-image/effects"]
    await clock.advance(1)
    await provider.styles()
    assert len(wire.calls) == 2


@pytest.mark.parametrize(
    "answer",
    [reply(500), reply(404), reply(401), reply(400), reply(body=b"<html>"), reply(body={"data": []}), Drop()],
)
async def test_without_a_list_the_documented_styles_stand_and_it_is_asked_for_again_after_a_minute(
    wire: Wire, make: Make, clock: FakeClock, answer: Answer
) -> None:
    wire.answer, provider = (lambda _: answer), make()
    assert await provider.styles() == THE_DOCUMENTED
    wire.answer = answering(THEIRS)
    assert await provider.styles() == THE_DOCUMENTED
    await clock.advance(60)
    assert await provider.styles() == THE_LISTED


async def test_a_list_that_was_had_outlives_the_next_failure(wire: Wire, make: Make, clock: FakeClock) -> None:
    wire.answer, provider = answering(THEIRS), make()
    await provider.styles()
    wire.answer = answering({}, 503)
    await clock.advance(600)
    assert await provider.styles() == THE_LISTED
    assert len(wire.calls) == 2


class Late:
    """A list that has been asked for, and comes when it is let go."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.let_go = asyncio.Event()

    async def play(self, writer: asyncio.StreamWriter) -> bool:
        self.asked.set()
        await self.let_go.wait()
        return await reply(body=THEIRS).play(writer)


async def test_nobody_waits_longer_than_three_seconds_in_all(wire: Wire, make: Make, clock: FakeClock) -> None:
    late, provider = Late(), make()
    wire.answer = lambda _: late
    first = asyncio.create_task(provider.styles())
    await late.asked.wait()
    await clock.advance(2.5)
    second = asyncio.create_task(provider.styles())
    await clock.advance(0.4)
    assert not first.done()
    await clock.advance(0.1)
    assert first.done()
    assert second.done()
    assert [await first, await second, await provider.styles()] == [THE_DOCUMENTED] * 3
    assert len(wire.calls) == 1


async def test_a_list_that_comes_late_serves_the_next(wire: Wire, make: Make, clock: FakeClock) -> None:
    late, provider = Late(), make()
    wire.answer = lambda _: late
    first = asyncio.create_task(provider.styles())
    await late.asked.wait()
    await clock.advance(3)
    assert await first == THE_DOCUMENTED
    late.let_go.set()
    for _ in range(1000):
        if await provider.styles() == THE_LISTED:
            return
        await asyncio.sleep(0.005)
    pytest.fail("it never came")


async def test_who_gives_up_waiting_does_not_end_it_for_the_others(wire: Wire, make: Make) -> None:
    wire.answer, provider = answering(THEIRS), make()
    impatient = asyncio.create_task(provider.styles())
    other = asyncio.create_task(provider.styles())
    await asyncio.sleep(0)
    impatient.cancel()
    assert await other == THE_LISTED


async def test_closing_ends_a_reading_that_hangs(wire: Wire, make: Make) -> None:
    late, provider = Late(), make()
    wire.answer = lambda _: late
    asking = asyncio.create_task(provider.styles())
    await late.asked.wait()
    async with asyncio.timeout(5):
        await provider.close()
    assert await asking == THE_DOCUMENTED


def submitting(styles: Any) -> Any:
    def answer(call: Call) -> Answer:
        return reply(body=PENDING if call.method == "POST" else styles)

    return answer


def sent(wire: Wire) -> str:
    (text,) = [call.json()["messages"][0]["content"][0]["text"] for call in wire.calls if call.method == "POST"]
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize(
    ("style", "prompt", "words"),
    [
        ("psycho_art", "a red fox", "Psycho_4rt a red fox"),
        ("psycho_art", "a fox, PSYCHO_4RT look", "a fox, PSYCHO_4RT look"),
        ("psycho_art", "a Psycho_4rtist", "Psycho_4rt a Psycho_4rtist"),
        ("FLUX-daubrez-DB4RZ", "a fox", "DB4RZ Daubrez style painting of a fox"),
        ("FLUX-daubrez-DB4RZ", "DB4RZ Daubrez style painting of a fox", "DB4RZ Daubrez style painting of a fox"),
        ("Flux_1_MechanicalBloom", "a girl", "CynthiaPortrait: a girl"),
        ("Flux_1_MechanicalBloom", "cynthiaportrait, a girl", "cynthiaportrait, a girl"),
        ("RM_Artistify_v1_0M", "a fox", "a fox"),
        ("ink_v2", "a fox", "1nk (v2) a fox"),
        ("ink_v2", "a fox, 1nk (v2)", "a fox, 1nk (v2)"),
        ("of_yesterday", "a fox", "a fox"),
        (None, "a fox", "a fox"),
    ],
)
async def test_the_trigger_of_a_style_stands_in_front_where_it_is_missing(
    wire: Wire, make: Make, style: str | None, prompt: str, words: str
) -> None:
    wire.answer = submitting([{"key": "ink_v2", "trigger": "1nk (v2)"}])
    await hand_over(make(), prompt, style=style)
    assert sent(wire) == words


async def test_a_style_can_be_drawn_with_while_the_list_hangs(wire: Wire, make: Make, clock: FakeClock) -> None:
    late = Late()
    wire.answer = lambda call: late if call.method == "GET" else reply(body=PENDING)
    submit = asyncio.create_task(hand_over(make(), "a fox", style="psycho_art"))
    await late.asked.wait()
    await clock.advance(3)
    await submit
    assert sent(wire) == "Psycho_4rt a fox"
