"""Typed lines: what is read, what is refused, and the way back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidRequest
from bot.messages import explain
from bot.model import GenerationRequest
from bot.parsing import (
    LINE_CHARS,
    PIXELS,
    PROMPT_CHARS,
    SHAPES,
    SIZES,
    Command,
    clean,
    compose,
    nearest,
    parse,
    to_request,
)

KNOWN = (
    "--style, --style-strength, --shape, --size, --width, --height, --count, --seed, --negative, --guidance, --model"
)


def imagine(rest: str) -> GenerationRequest:
    return to_request(parse(f"/imagine {rest}"))


def refusal(rest: str) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(InvalidRequest) as caught:
        imagine(rest)
    return caught.value.key, caught.value.params


LINES = {
    "/imagine a red fox": Command("imagine", "a red fox", {}),
    "/imagine a red fox --style anime --shape wide --seed 42 --count 2": Command(
        "imagine", "a red fox", {"style": "anime", "shape": "wide", "seed": "42", "count": "2"}
    ),
    "/imagine@limner_bot a fox —style anime": Command("imagine", "a fox", {"style": "anime"}),
    "/imagine a fox --style=anime": Command("imagine", "a fox", {"style": "anime"}),
    "/imagine a fox --style = anime": Command("imagine", "a fox", {"style": "anime"}),
    '/imagine a fox --style "Old  film" --seed 1': Command("imagine", "a fox", {"style": "Old  film", "seed": "1"}),
    '/imagine a fox --style="Old film"': Command("imagine", "a fox", {"style": "Old film"}),
    "/imagine a fox --style 'Old film'": Command("imagine", "a fox", {"style": "Old film"}),
    "/imagine a fox --style “Old film”": Command("imagine", "a fox", {"style": "Old film"}),
    "/imagine a fox --style „Old film“": Command("imagine", "a fox", {"style": "Old film"}),
    "/imagine a fox --style «Old film»": Command("imagine", "a fox", {"style": "Old film"}),
    r'/imagine a fox --negative "a \"sign\" with \\ and \n"': Command(
        "imagine", "a fox", {"negative": r'a "sign" with \ and \n'}
    ),
    '/imagine a fox --style "--seed 4"': Command("imagine", "a fox", {"style": "--seed 4"}),
    "/imagine --seed 42 a fox --count 2 in the snow": Command(
        "imagine", "a fox in the snow", {"seed": "42", "count": "2"}
    ),
    "/imagine a fox\n--seed 4\nin the snow": Command("imagine", "a fox\nin the snow", {"seed": "4"}),
    "/imagine a  fox\n\nin   the snow": Command("imagine", "a  fox\n\nin   the snow", {}),
    "/IMAGINE a fox --STYLE Anime --Style_Strength 1": Command(
        "imagine", "a fox", {"style": "Anime", "style-strength": "1"}
    ),
    "/imagine black--white stripes": Command("imagine", "black--white stripes", {}),
    "/imagine night -- day": Command("imagine", "night -- day", {}),
    "/imagine night — day": Command("imagine", "night — day", {}),
    "/imagine night --": Command("imagine", "night --", {}),
    "/imagine a rule --- of three": Command("imagine", "a rule --- of three", {}),
    "/imagine minus --5 degrees": Command("imagine", "minus --5 degrees", {}),
    "/imagine a sign “--style”": Command("imagine", "a sign “--style”", {}),
    r"/imagine a sign \--style and \\--shape": Command("imagine", r"a sign --style and \--shape", {}),
    "/imagine a fox --guidance -1": Command("imagine", "a fox", {"guidance": "-1"}),
    "/imagine": Command("imagine", "", {}),
    "/imagine --seed 4": Command("imagine", "", {"seed": "4"}),
    "/imagine ein Fuchs --größe 4": Command("imagine", "ein Fuchs", {"größe": "4"}),
    "  /help  ": Command("help", "", {}),
    "/show K7F3": Command("show", "K7F3", {}),
    "/imagine, a fox": Command("imagine,", "a fox", {}),
    "a red fox --style anime": Command("", "a red fox --style anime", {}),
    "/ a fox": Command("", "/ a fox", {}),
    "": Command("", "", {}),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_read_as_it_was_meant(line: str) -> None:
    assert parse(line) == LINES[line]


def test_a_plain_request_asks_for_nothing_but_words() -> None:
    assert imagine("a red fox") == GenerationRequest(prompt="a red fox")


def test_every_option_reaches_the_request() -> None:
    line = (
        "a red fox --model demo --style ink --style-strength 0,8 --width 1000 --height 333 --count 4 "
        "--negative 'text, people' --seed 4294967295 --guidance 7.5"
    )
    assert imagine(line) == GenerationRequest(
        prompt="a red fox",
        negative_prompt="text, people",
        style="ink",
        style_strength=0.8,
        width=1000,
        height=336,
        seed=4_294_967_295,
        guidance=7.5,
        count=4,
        model="demo",
    )


SIDES = {
    "--shape square": (1024, 1024),
    "--shape wide": (1368, 768),
    "--shape W": (1368, 768),
    "--shape 16:9": (1368, 768),
    "--shape 9:16": (768, 1368),
    "--shape TALL --size small": (512, 912),
    "--shape 3:4 --size Large": (1328, 1768),
    "--shape land": (1184, 888),
    "--size l": (1536, 1536),
    "--width 512": (512, 512),
    "--width 1024 --shape wide": (1024, 576),
    "--height 1024 --shape 3:4 --size small": (776, 1024),
    "--height 2048 --shape wide": (2048, 2048),
    "--width 256 --height 2048 --shape wide --size small": (256, 2048),
    "--width 259 --height 260": (256, 264),
    "--width 2047 --height 1001": (2048, 1000),
}


@pytest.mark.parametrize("options", SIDES)
def test_shape_and_size_become_pixels(options: str) -> None:
    request = imagine(f"a fox {options}")
    assert (request.width, request.height) == SIDES[options]


def test_the_pixel_table_holds_every_size_and_shape_in_steps_of_eight() -> None:
    assert set(PIXELS) == {(size, shape) for size in SIZES for shape in SHAPES}
    for (_, shape), (width, height) in PIXELS.items():
        across, down = map(int, SHAPES[shape].split(":"))
        assert (width % 8, height % 8) == (0, 0)
        assert abs(width / height - across / down) < 0.01


WHOLE = {"low": 1, "high": 4, "option": "--count"}
REFUSED = {
    "a fox --stile anime": ("err.unknown_option", {"option": "--stile", "nearest": "--style", "known": KNOWN}),
    "a fox --neg text": ("err.unknown_option", {"option": "--neg", "nearest": "--negative", "known": KNOWN}),
    "a fox --zzz 4": ("err.unknown_option_plain", {"option": "--zzz", "known": KNOWN}),
    "a fox --style ink --Style neon": ("err.option_twice", {"option": "--style"}),
    "a fox --style": ("err.option_value", {"option": "--style"}),
    "a fox --style --seed 4": ("err.option_value", {"option": "--style"}),
    "a fox --style= --seed 4": ("err.option_value", {"option": "--style"}),
    'a fox --style ""': ("err.option_value", {"option": "--style"}),
    'a fox --style "old film': ("err.open_quote", {"option": "--style"}),
    'a fox --style "old"film': ("err.open_quote", {"option": "--style"}),
    "": ("err.no_words", {}),
    "--seed 4": ("err.no_words", {}),
    "\u200b \u2060": ("err.no_words", {}),
    "x" * 2001: ("err.too_long", {"length": 2001, "limit": 2000}),
    "x" * LINE_CHARS: ("err.too_long", {"length": LINE_CHARS + 9, "limit": 2000}),
    f"a fox --negative {'x' * 1001}": ("err.option_too_long", {"option": "--negative", "length": 1001, "limit": 1000}),
    f"a fox --style {'x' * 101}": ("err.option_too_long", {"option": "--style", "length": 101, "limit": 100}),
    f"a fox --model {'x' * 101}": ("err.option_too_long", {"option": "--model", "length": 101, "limit": 100}),
    "a fox --count 0": ("err.option_whole", {**WHOLE, "value": "0"}),
    "a fox --count 5": ("err.option_whole", {**WHOLE, "value": "5"}),
    "a fox --count two": ("err.option_whole", {**WHOLE, "value": "two"}),
    "a fox --count 1.5": ("err.option_whole", {**WHOLE, "value": "1.5"}),
    "a fox --seed 4294967296": (
        "err.option_whole", {"option": "--seed", "value": "4294967296", "low": 0, "high": 4294967295},
    ),
    f"a fox --seed {'9' * 5000}": (
        "err.option_whole", {"option": "--seed", "value": "…", "low": 0, "high": 4294967295},
    ),
    "a fox --seed -1": ("err.option_whole", {"option": "--seed", "value": "-1", "low": 0, "high": 4294967295}),
    "a fox --width 255": ("err.option_whole", {"option": "--width", "value": "255", "low": 256, "high": 2048}),
    "a fox --height 2049": ("err.option_whole", {"option": "--height", "value": "2049", "low": 256, "high": 2048}),
    "a fox --guidance 21": ("err.option_number", {"option": "--guidance", "value": "21", "low": "0", "high": "20"}),
    "a fox --guidance nan": ("err.option_number", {"option": "--guidance", "value": "nan", "low": "0", "high": "20"}),
    "a fox --style-strength 0": (
        "err.option_number", {"option": "--style-strength", "value": "0", "low": "0.1", "high": "2"},
    ),
    "a fox --style-strength much": (
        "err.option_number", {"option": "--style-strength", "value": "much", "low": "0.1", "high": "2"},
    ),
    "a fox --shape round": (
        "err.option_one_of",
        {"option": "--shape", "value": "round", "known": "Square, Portrait, Landscape, Tall, Wide"},
    ),
    "a fox --size XL": ("err.option_one_of", {"option": "--size", "value": "XL", "known": "Small, Medium, Large"}),
}  # fmt: skip


@pytest.mark.parametrize("line", REFUSED, ids=lambda line: line[:40])
def test_a_bad_line_is_refused_by_name_and_says_what_is_allowed(line: str) -> None:
    assert refusal(line) == REFUSED[line]


def test_exactly_2000_characters_are_taken_whatever_their_bytes() -> None:
    assert imagine("🦊" * PROMPT_CHARS + "  ").prompt == "🦊" * PROMPT_CHARS


def test_text_is_cleaned_of_what_is_no_text() -> None:
    assert clean(" a\x00b\x1bc\td\r\ne\rf\x85g\u2028h\ud83di\u200bj \x07") == "abc d\ne\nf\ng\nh\ufffdi\u200bj"


def test_the_nearest_name_is_found_or_none() -> None:
    known = ("imagine", "again", "Jobs", "quota")
    assert [nearest(word, known) for word in ("imagin", "IMAGNE", "job", "zebra", "")] == [
        "imagine", "imagine", "Jobs", None, None,
    ]  # fmt: skip


def test_the_line_of_a_request_reads_as_people_write_it() -> None:
    request = imagine("a red fox --seed 7 --shape wide --size large --style ink --count 2 --negative 'no text'")
    assert compose(request) == (
        '/imagine a red fox --style ink --shape wide --size large --count 2 --seed 7 --negative "no text"'
    )


awkward = st.text(alphabet=st.sampled_from("ab-—\\\"'“”„=/ \n1é🦊\u200b"), max_size=30)
texts = (awkward | st.text(max_size=40)).map(clean)
filled = texts.filter(bool)
prompts = texts.filter(lambda text: any(char.isalnum() for char in text))
sides = st.integers(32, 256).map(lambda eighth: eighth * 8)
requests = st.builds(
    GenerationRequest,
    prompt=prompts,
    negative_prompt=st.none() | filled,
    style=st.none() | filled,
    style_strength=st.none() | st.floats(0.1, 2.0),
    seed=st.none() | st.integers(0, 4_294_967_295),
    guidance=st.none() | st.floats(0, 20),
    count=st.integers(1, 4),
    model=st.none() | filled,
)


@given(requests, st.none() | st.sampled_from(list(PIXELS.values())) | st.tuples(sides, sides))
def test_composing_and_reading_gives_the_same_request(
    request_: GenerationRequest, pixels: tuple[int, int] | None
) -> None:
    wanted = replace(request_, width=pixels[0], height=pixels[1]) if pixels else request_
    assert to_request(parse(compose(wanted))) == wanted


@given(st.text() | awkward)
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        request = to_request(parse(f"/imagine {text}"))
    except InvalidRequest:
        return
    assert clean(request.prompt) == request.prompt
    assert to_request(parse(compose(request))) == request


@pytest.mark.parametrize("line", REFUSED, ids=lambda line: line[:40])
def test_every_refusal_has_words_for_people(line: str) -> None:
    key, params = refusal(line)
    assert "{" not in explain(InvalidRequest(key, **params))
