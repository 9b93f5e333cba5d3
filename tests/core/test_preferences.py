"""What a person has set once is used where a command says nothing, as far as the model serves it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sim.atelier import Atelier, with_atelier
from sim.house import House

from bot.commands.defaults import filled
from bot.errors import InvalidRequest, ProviderUnavailable, UserError
from bot.model import Act, Card, GenerationRequest, Job, Preferences, Rest
from bot.parsing import Command
from bot.policy import Offer
from bot.provider import Style
from bot.store import Accepted
from bot.testing.provider import SPEC

INK, OIL = Style("ink", "Ink Wash"), Style("oil", "Oil")


def both() -> tuple[House, Atelier]:
    return with_atelier(INK, OIL)


async def prefer(house: House, **preferences: str | bool) -> None:
    await house.commands.prefer(house.origin(), Preferences(**preferences))  # type: ignore[arg-type]  # by name


async def asked(house: House, line: str) -> GenerationRequest:
    return (await house.imagine(line)).request


async def refusal(house: House, line: str) -> str:
    with pytest.raises(UserError) as refused:
        await house.say(line)
    return house.commands.explain(refused.value)


async def answer(house: House, line: str) -> Card:
    card = await house.say(line)
    assert isinstance(card, Card)
    return card


async def test_nobody_who_set_nothing_gets_anything_else() -> None:
    house, _ = both()
    assert await asked(house, "/imagine a fox") == GenerationRequest(prompt="a fox")


async def test_a_shape_is_used_where_none_is_written() -> None:
    house, _ = both()
    await prefer(house, shape="wide")
    plain, small, tall = [await asked(house, f"/imagine a fox {o}") for o in ("", "--size small", "--shape tall")]
    exact = await asked(house, "/imagine a fox --width 512 --height 512")
    sides = [(request.width, request.height) for request in (plain, small, tall, exact)]
    assert sides == [(1368, 768), (912, 512), (768, 1368), (512, 512)]


async def test_a_style_is_used_where_none_is_written() -> None:
    house, _ = both()
    await prefer(house, style="ink")
    assert (await asked(house, "/imagine a fox")).style == "ink"
    assert (await asked(house, "/imagine a fox --style oil")).style == "oil"
    assert (await asked(house, "/imagine a fox --style-strength 1.5")).style == "ink"


async def test_what_the_written_model_lacks_is_dropped_without_a_word() -> None:
    house, _ = both()
    await prefer(house, style="ink", shape="wide")
    assert await asked(house, "/imagine a fox --model fake-1") == GenerationRequest(
        prompt="a fox", model="fake-1", width=1368, height=768
    )
    assert await asked(house, "/imagine a fox --model painter-1") == GenerationRequest(
        prompt="a fox", model="painter-1", style="ink"
    )


async def test_what_the_preferred_model_lacks_is_dropped_without_a_word() -> None:
    house, _ = both()
    await prefer(house, model="fake-1", style="ink", shape="wide")
    assert await asked(house, "/imagine a fox") == GenerationRequest(
        prompt="a fox", model="fake-1", width=1368, height=768
    )


async def test_a_preferred_model_that_cannot_serve_what_is_written_steps_back() -> None:
    house, _ = both()
    await prefer(house, model="painter-1", style="ink")
    assert await asked(house, "/imagine a fox --seed 7") == GenerationRequest(prompt="a fox", seed=7)


async def test_what_is_written_is_refused_as_ever() -> None:
    house, _ = both()
    await prefer(house, model="fake-1")
    assert await refusal(house, "/imagine a fox --model fake-1 --style ink") == (
        "Fake One doesn't support --style. Remove it, or use Painter."
    )
    assert (await refusal(house, "/imagine a fox --sead 7")).startswith("I don't know --sead.")


async def test_a_style_that_is_no_more_is_dropped_without_a_word() -> None:
    house, atelier = both()
    await prefer(house, style="ink", shape="wide")
    atelier.known = (replace(INK, key="ink-2"), OIL)
    assert await asked(house, "/imagine a fox --model painter-1") == GenerationRequest(
        prompt="a fox", model="painter-1"
    )
    assert await refusal(house, "/imagine a fox --style-strength 1.5") == (
        "--style-strength needs a --style to go with. Add one, or leave it out."
    )
    assert (await asked(house, "/imagine a fox")).width == 1368


async def test_a_list_of_styles_that_cannot_be_had_is_no_proof_that_the_style_is_gone() -> None:
    house, atelier = both()
    await prefer(house, style="ink")
    atelier.known = ProviderUnavailable("502")
    assert await refusal(house, "/imagine a fox") == "Atelier isn't answering. Try again in a minute."


async def test_a_model_that_is_no_more_is_dropped_without_a_word() -> None:
    house, _ = both()
    await prefer(house, model="painter-1")
    del house.providers["atelier"]
    await house.restart()
    assert await asked(house, "/imagine a fox") == GenerationRequest(prompt="a fox")


async def test_again_and_other_words_keep_to_the_settings_of_the_picture() -> None:
    house, _ = both()
    job = await house.imagine("/imagine a fox")
    await prefer(house, shape="wide")
    again = await house.commands.again(house.origin(), job.id)
    words = await house.commands.fill(house.origin(), Act.WORDS, job.id, "a hen")
    assert isinstance(words, Accepted)
    assert [accepted.message.jobs[0].request for accepted in (again, words)] == [
        GenerationRequest(prompt="a fox"),
        GenerationRequest(prompt="a hen"),
    ]


async def test_a_form_of_a_platform_means_the_same_as_a_line() -> None:
    house, _ = both()
    await prefer(house, shape="wide")
    accepted = await house.commands.do(house.origin(), Command("imagine", "a fox --sly", {"count": "2"}))
    assert isinstance(accepted, Accepted)
    assert accepted.message.jobs[0].request == GenerationRequest(prompt="a fox --sly", count=2, width=1368, height=768)
    with pytest.raises(UserError):
        await house.commands.do(house.origin(), Command("imagine", "a fox", {"count": "9"}))
    assert isinstance(await house.commands.do(house.origin(), Command("quota", "", {})), Card)
    with pytest.raises(UserError):
        await house.commands.do(house.origin(), Command("imagin", "a fox", {}))


@pytest.mark.parametrize("words", ["a fox --style ink", "--seed=3 a fox", "a fox \u2014style-strength 1"])
async def test_an_option_among_the_words_of_a_form_is_neither_drawn_nor_charged(words: str) -> None:
    house, _ = both()
    with pytest.raises(InvalidRequest, match="option_in_words"):
        await house.commands.do(house.origin(), Command("imagine", words, {}))


async def test_settings_are_kept_as_there_is_such_a_thing() -> None:
    house, _ = both()
    await prefer(house, style="Ink Wash", model="PAINTER", shape="W")
    assert await house.commands.preferences(house.origin()) == Preferences(
        style="ink", model="painter-1", shape="wide", ping=True
    )
    assert await house.commands.preferences(house.origin("bob")) == Preferences()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"style": "imk"}, "I don't know the style “imk”. Did you mean ink? There is ink, oil."),
        ({"model": "nope"}, "I don't know the model “nope”. There is fake-1, painter-1."),
        ({"shape": "round"}, "--shape is one of Square, Portrait, Landscape, Tall, Wide. You wrote “round”."),
    ],
)
async def test_what_there_is_not_cannot_be_set(wrong: dict[str, str], sentence: str) -> None:
    house, _ = both()
    await prefer(house, style="oil")
    with pytest.raises(UserError) as refused:
        await prefer(house, **wrong)
    assert house.commands.explain(refused.value) == sentence
    assert await house.commands.preferences(house.origin()) == Preferences(style="oil")


async def test_what_is_no_more_does_not_keep_anybody_from_setting_something_else() -> None:
    house, atelier = both()
    await prefer(house, style="ink", model="painter-1")
    atelier.known = ProviderUnavailable("502")
    await prefer(house, style="ink", model="painter-1", ping=False)
    assert not (await house.commands.preferences(house.origin())).ping


async def test_without_styles_none_can_be_set() -> None:
    assert await refusal(House(), "/settings --style ink") == "No model here has styles. Leave it out."


async def test_settings_are_shown_set_and_taken_back_by_a_line() -> None:
    house, _ = both()
    assert (await answer(house, "/settings")).lines == (
        "Style: not set",
        "Model: not set",
        "Shape: not set",
        "I ping you when a picture took more than a minute.",
    )
    card = await answer(house, "/settings --style ink --shape wide --ping off")
    assert card.lines == ("Style: ink", "Model: not set", "Shape: wide", "I don't ping you.")
    card = await answer(house, "/settings --style none --ping on")
    assert (card.title, card.lines[0], card.lines[2]) == ("Your settings", "Style: not set", "Shape: wide")
    assert (await house.commands.preferences(house.origin())) == Preferences(shape="wide")


async def test_a_setting_that_is_none_names_those_there_are() -> None:
    house, _ = both()
    assert await refusal(house, "/settings --seed 3") == (
        "I don't know --seed. I know --style, --model, --shape, --ping."
    )
    assert await refusal(house, "/settings --ping maybe") == "--ping is one of On, Off. You wrote “maybe”."
    assert await refusal(house, "/settings --ping") == "--ping needs a value after it."


async def test_the_menu_offers_only_settings_that_a_model_serves() -> None:
    served = [
        {option.flag for option in entry.options} for entry in both()[0].commands.menu() if entry.name == "settings"
    ]
    plain = [{option.flag for option in entry.options} for entry in House().commands.menu() if entry.name == "settings"]
    assert (served, plain) == ([{"--style", "--model", "--shape", "--ping"}], [{"--model", "--shape", "--ping"}])


async def unserved(house: House, job: Job) -> dict[str, str]:
    """What is kept of the wishes that could not be served, if Details tells of all of them."""
    kept = dict((await house.job(job)).request.unserved)
    told = [line for line in (await answer(house, f"/details {job.id[-4:]}")).lines if line.startswith("Your usual")]
    wishes = ", ".join(f"{option} {value}" for option, value in kept.items())
    assert told == ([f"Your usual {wishes} didn't fit this one."] if kept else [])
    return kept


async def test_details_tell_what_was_dropped() -> None:
    house, _ = both()
    await prefer(house, model="fake-1", style="ink", shape="wide")
    plain = await house.imagine("/imagine a fox")
    painted = await house.imagine("/imagine a fox --style oil")
    assert await unserved(house, plain) == {"style": "ink"}
    assert await unserved(house, painted) == {"model": "fake-1", "shape": "wide"}
    assert await unserved(house, await house.imagine("/imagine a fox --model painter-1 --style ink")) == {
        "shape": "wide"
    }
    await prefer(house)
    assert await unserved(house, await house.imagine("/imagine a fox")) == {}


async def test_a_preferred_model_that_rests_steps_back() -> None:
    house, _ = both()
    await prefer(house, model="painter-1")
    await house.store.rest("atelier", Rest(reason="new prices", since=0))
    job = await house.imagine("/imagine a fox")
    assert job.model == "fake-1"
    assert await unserved(house, job) == {"model": "painter-1"}
    assert (await refusal(house, "/imagine a fox --model painter-1")).startswith(
        "Atelier is taking a break: new prices"
    )
    await house.store.rest("atelier", None)
    assert (await house.imagine("/imagine a fox")).model == "painter-1"


async def test_a_preferred_model_that_does_not_answer_steps_back_while_another_does() -> None:
    house, atelier = both()
    await prefer(house, model="painter-1", style="ink")
    atelier.on_submit = fail
    for number in range(30):
        await house.imagine("/imagine a fox --model painter-1", account=f"p{number}")
    await house.clock.advance(400)
    job = await house.imagine("/imagine a fox")
    assert job.model == "fake-1"
    assert await unserved(house, job) == {"model": "painter-1", "style": "ink"}
    await house.store.rest("fake", Rest(reason="new prices", since=0))
    assert (await house.imagine("/imagine a fox")).request == GenerationRequest(
        prompt="a fox", model="painter-1", style="ink"
    )


def fail(_: str) -> Exception:
    return ProviderUnavailable("connection refused", not_sent=True)


def test_a_wrong_line_is_left_as_it_is() -> None:
    offers = [Offer("fake", "Fake", SPEC)]
    wrong = Command("imagine", "a fox", {"seed": "x"})
    assert filled(wrong, Preferences(model="fake-1", shape="wide"), offers) == wrong
