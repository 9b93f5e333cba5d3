"""Options that only some models know: written, read, offered, refused, drawn with and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sim.house import House

from bot.commands.menu import offered
from bot.errors import InvalidRequest, StartError, UserError
from bot.messages import explain
from bot.model import Capability, Card, GenerationRequest, JobState, Value
from bot.parsing import Command, compose, parse, to_request
from bot.plugins import check_own_options
from bot.policy import Offer
from bot.provider import CapabilitySpec, OptionKind, OptionSpec
from bot.testing.clock import FakeClock
from bot.testing.provider import SPEC, FakeProvider

OWN = (
    OptionSpec(name="realtime", kind=OptionKind.FLAG, hint="looks things up"),
    OptionSpec(name="sample_steps", kind=OptionKind.WHOLE, hint="how often it is drawn over", low=1, high=50),
    OptionSpec(name="shift", kind=OptionKind.NUMBER, low=-2, high=2.5),
    OptionSpec(name="sampler", choices=("Euler", "euler-a", "DPM 2")),
    OptionSpec(name="trigger"),
)
LOOKING = replace(SPEC, model="looking", title="Looking", options=OWN)
OFFERED = offered([Offer("fake", "Fake", SPEC), Offer("looking", "Looking", LOOKING)], "en")["imagine"]


def read(rest: str) -> dict[str, Value]:
    return dict(to_request(parse(f"/imagine {rest}", OFFERED), OFFERED).extra)


def refusal(rest: str) -> str:
    with pytest.raises(InvalidRequest) as refused:
        read(rest)
    return explain(refused.value)


def both(*own: OptionSpec) -> House:
    """Fake One knows seeds and sizes, Looking `own`."""
    clock = FakeClock()
    looking = FakeProvider(clock, name="looking", spec=replace(LOOKING, options=own or OWN))
    return House(clock=clock, others={"looking": looking})


@pytest.mark.parametrize(
    ("written", "extra"),
    [
        ("a fox", {}),
        ("a fox --realtime", {"realtime": True}),
        ("--realtime --seed 3 a fox", {"realtime": True}),
        ("a fox \u2014REALTIME", {"realtime": True}),
        *((f"--realtime {word} a fox", {"realtime": True}) for word in ("on", "True", "YES")),
        *((f"a fox --realtime={word}", {"realtime": False}) for word in ("off", "false", "No")),
        ("a fox --sample-steps 30", {"sample_steps": 30}),
        ("a fox --sample_steps 30 --shift -1,5", {"sample_steps": 30, "shift": -1.5}),
        ("a fox --sampler EULER", {"sampler": "Euler"}),
        ("a fox --sampler euler-", {"sampler": "euler-a"}),
        ('a fox --sampler "dpm 2"', {"sampler": "DPM 2"}),
        ('a fox --trigger "Old Film"', {"trigger": "Old Film"}),
    ],
)
def test_an_option_of_some_models_is_read_by_its_kind(written: str, extra: dict[str, Value]) -> None:
    assert read(written) == extra
    assert [type(value) for value in read(written).values()] == [type(value) for value in extra.values()]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("--realtime a fox", "--realtime is one of On, Off. You wrote “a”."),
        ('a fox --realtime ""', "--realtime needs a value after it."),
        ("a fox --sample-steps", "--sample-steps needs a value after it."),
        ("a fox --sample-steps 51", "--sample-steps is a whole number from 1 to 50. You wrote “51”."),
        ("a fox --sample-steps 2.5", "--sample-steps is a whole number from 1 to 50. You wrote “2.5”."),
        ("a fox --shift nan", "--shift is a number from -2 to 2.5. You wrote “nan”."),
        ("a fox --sampler e", "--sampler is one of Euler, Euler-a, DPM 2. You wrote “e”."),
        ("a fox --realtime --realtime", "--realtime stands there twice. Leave one out."),
    ],
)
def test_a_value_that_it_cannot_have_is_refused_with_those_that_it_can(written: str, sentence: str) -> None:
    assert refusal(written) == sentence


def test_a_misspelt_one_is_guessed() -> None:
    assert refusal("a fox --realtme").startswith("I don't know --realtme. Did you mean --realtime? I know --")
    assert "--sampler" in refusal("a fox --nothing-like-it 3")


def test_what_no_model_knows_here_is_unknown() -> None:
    with pytest.raises(InvalidRequest, match="unknown_option"):
        to_request(Command("imagine", "a fox", {"realtime": "on"}))


values = {
    "realtime": st.booleans(),
    "sample_steps": st.integers(1, 50),
    "shift": st.floats(-2, 2.5),
    "sampler": st.sampled_from(OWN[3].choices),
    "trigger": st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30).filter(
        lambda text: text == text.strip()
    ),
}


@given(st.fixed_dictionaries({}, optional=values))
def test_composing_and_reading_gives_the_same_extra_options(extra: dict[str, Value]) -> None:
    request = GenerationRequest(prompt="a fox --realtime in the snow", extra=extra, seed=3)
    again = to_request(parse(compose(request), OFFERED), OFFERED)
    assert again == request
    assert {name: type(value) for name, value in again.extra.items()} == {n: type(v) for n, v in extra.items()}


async def test_it_picks_the_model_that_knows_it_and_is_handed_over_and_kept() -> None:
    house = both()
    job = await house.imagine("/imagine a fox --realtime --sample-steps 7")
    await house.clock.advance(60)
    again = await house.imagine("/again")
    assert (job.provider, again.provider, await house.state(job)) == ("looking", "looking", JobState.SUCCEEDED)
    assert again.request == job.request == (await house.job(job)).request
    details = await house.say(f"/details {job.id[-4:]}")
    assert isinstance(details, Card)
    assert details.command == "/imagine a fox --realtime on --sample-steps 7"


async def test_a_model_without_it_refuses_before_any_credit_moves_and_names_one_with_it() -> None:
    house = both()
    with pytest.raises(UserError) as refused:
        await house.say("/imagine a fox --realtime --model fake-1")
    assert explain(refused.value) == "Fake One doesn't support --realtime. Remove it, or use Looking."
    with pytest.raises(UserError) as refused:
        await house.say("/imagine a fox --realtime --seed 3")
    assert explain(refused.value) == "Fake One doesn't support --realtime. Remove it."
    assert await house.left() == house.rules.daily_credits
    assert not await house.store.unfinished()


async def test_two_models_may_bound_it_differently_and_each_is_held_to_its_own_bounds() -> None:
    house = both()
    more = replace(OWN[1], low=10, high=90)
    house.providers["more"] = FakeProvider(house.clock, name="more", spec=replace(LOOKING, model="m", options=(more,)))
    await house.restart()
    [imagine] = [entry for entry in house.commands.menu() if entry.name == "imagine"]
    [steps] = [option for option in imagine.options if option.name == "sample-steps"]
    assert steps.hint == "how often it is drawn over, 1 to 90"
    assert (await house.imagine("/imagine a fox --sample-steps 90 --model m")).request.extra == {"sample_steps": 90}
    with pytest.raises(UserError) as refused:
        await house.say("/imagine a fox --sample-steps 90 --model looking")
    assert explain(refused.value) == "--sample-steps for Looking goes from 1 to 50. You wrote 90."
    with pytest.raises(UserError, match="option_whole"):
        await house.say("/imagine a fox --sample-steps 91")


async def test_the_menu_offers_it_with_its_hint_and_its_choices_behind_all_others() -> None:
    [imagine] = [entry for entry in both().commands.menu() if entry.name == "imagine"]
    assert [(option.flag, option.hint, option.choices) for option in imagine.options[-5:]] == [
        ("--realtime", "looks things up", ("on", "off")),
        ("--sample-steps", "how often it is drawn over, 1 to 50", ()),
        ("--shift", "-2 to 2.5", ()),
        ("--sampler", "", ("Euler", "euler-a", "DPM 2")),
        ("--trigger", "", ()),
    ]


async def test_options_of_what_imagine_does_not_make_are_not_offered() -> None:
    clock = FakeClock()
    editor = CapabilitySpec(
        capability=Capability.EDIT_IMAGE, model="e", title="E", options=(OptionSpec(name="quality"), *OWN)
    )
    house = House(clock=clock, others={"editor": FakeProvider(clock, name="editor", spec=editor)})
    assert offered(house.manager.offers, "en")["imagine"].own == {}
    card = await house.say("/models")
    assert isinstance(card, Card)
    assert [line.split(":")[0] for line in card.lines] == ["Fake One (fake-1)", "E (e)"]
    assert [one.value for one in await house.commands.suggest(house.origin(), "imagine", "model", "")] == ["fake-1"]
    assert [one.value for one in await house.commands.choices(house.origin(), "model")] == ["fake-1"]


async def test_among_the_words_of_a_form_it_is_neither_drawn_nor_charged() -> None:
    with pytest.raises(InvalidRequest, match="option_in_words"):
        await both().commands.do(both().origin(), Command("imagine", "a fox --realtime", {}))


WHOLE = OptionSpec(name="steps", kind=OptionKind.WHOLE, low=1, high=2)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([OptionSpec(name="Steps")], "must have another name"),
        ([OptionSpec(name="size")], "must have another name"),
        ([OptionSpec(name="model")], "must have another name"),
        ([OptionSpec(name="hidden")], "must have another name"),
        ([OptionSpec(name="s" * 33)], "must have another name"),
        ([OptionSpec(name="steps", kind=OptionKind.NUMBER, low=1)], "must say its lowest and its highest value"),
        ([WHOLE, replace(WHOLE, kind=OptionKind.NUMBER)], "is a whole elsewhere, and must be one here"),
    ],
)
def test_one_that_people_could_not_write_is_found_at_the_start(wrong: list[OptionSpec], why: str) -> None:
    provider: Any = FakeProvider(FakeClock(), spec=replace(SPEC, options=tuple(wrong)))
    with pytest.raises(StartError) as error:
        check_own_options([provider])
    assert str(error.value) == f"The option {wrong[-1].name!r} of the provider fake {why}."


def test_good_ones_pass_and_those_of_other_capabilities_are_nobodys_business() -> None:
    editing = replace(SPEC, capability=Capability.EDIT_IMAGE, options=(OptionSpec(name="quality"),))
    check_own_options([FakeProvider(FakeClock(), spec=LOOKING), FakeProvider(FakeClock(), spec=editing)])
