"""Which model serves a request, and what is refused before any credit moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import InvalidRequest, QuotaExceeded, TooManyJobs
from bot.messages import explain
from bot.model import Capability, GenerationRequest, PictureSource, SourceKind
from bot.policy import Offer, Rules, admit, choose, match_style, next_reset, utc_day
from bot.provider import CapabilitySpec, OptionSpec, Style
from bot.store import Standing


def _offer(model: str, *options: OptionSpec, max_count: int = 4) -> Offer:
    spec = CapabilitySpec(
        capability=Capability.TEXT_TO_IMAGE, model=model, title=model.title(), options=options, max_count=max_count
    )
    return Offer("fake", "Fake", spec)


PLAIN = _offer("plain", OptionSpec(name="seed"), max_count=1)
RICH = _offer("rich", OptionSpec(name="negative_prompt"), OptionSpec(name="guidance", low=0, high=20))
STYLES = (Style("anime", "Anime Art"), Style("ink", "Ink"), Style("inkwash", "Ink Wash"))


def _refusal(request: GenerationRequest, *offers: Offer) -> str:
    with pytest.raises(InvalidRequest) as refusal:
        choose(request, offers)
    return explain(refusal.value)


def test_without_a_name_the_first_model_that_takes_every_option_serves() -> None:
    assert choose(GenerationRequest(prompt="x"), [PLAIN, RICH]) is PLAIN
    assert choose(GenerationRequest(prompt="x", negative_prompt="y"), [PLAIN, RICH]) is RICH


def test_a_named_model_that_lacks_an_option_is_refused_and_the_others_are_named() -> None:
    request = GenerationRequest(prompt="x", model="plain", negative_prompt="y")
    assert _refusal(request, PLAIN, RICH) == "Plain doesn't support --negative. Remove it, or use Rich."
    assert _refusal(request, PLAIN) == "Plain doesn't support --negative. Remove it."


def test_an_unknown_model_gets_the_nearest_name() -> None:
    request = GenerationRequest(prompt="x", model="plan")
    assert _refusal(request, PLAIN, RICH) == "I don't know the model “plan”. Did you mean plain? There is plain, rich."
    assert _refusal(replace(request, model="plan"), PLAIN) == "I don't know the model “plan”. There is plain."


def test_a_named_model_that_may_not_have_the_source_is_known_all_the_same_and_the_others_are_named() -> None:
    spec = replace(PLAIN.spec, capability=Capability.EDIT_IMAGE, sources=frozenset(SourceKind))
    closed, free = (replace(PLAIN, spec=replace(spec, model=name, title=name.title())) for name in ("closed", "free"))
    brought = PictureSource(file="a.jpg", media_type="image/jpeg", size_bytes=1, uploaded=True)
    request = GenerationRequest(capability=Capability.EDIT_IMAGE, prompt="x", source=brought, model="Closed")
    offers = (replace(closed, uploads=False), free)
    assert _refusal(request, *offers) == "Closed can't be used with this source here. Use Free."
    assert _refusal(replace(request, model="clay"), *offers) == "I don't know the model “clay”. There is free."
    assert choose(replace(request, source=replace(brought, uploaded=False)), offers).spec.model == "closed"


def test_a_value_out_of_range_is_refused_with_the_range() -> None:
    request = GenerationRequest(prompt="x", guidance=99)
    assert _refusal(request, RICH) == "--guidance for Rich goes from 0 to 20. You wrote 99."


def test_a_strength_without_a_style_is_refused() -> None:
    styled = _offer("styled", OptionSpec(name="style"), OptionSpec(name="style_strength", low=0.1, high=2))
    assert _refusal(GenerationRequest(prompt="x", style_strength=1), styled) == (
        "--style-strength needs a --style to go with. Add one, or leave it out."
    )
    assert choose(GenerationRequest(prompt="x", style="ink", style_strength=1), [styled]) is styled


def test_more_pictures_than_the_model_draws_are_refused() -> None:
    request = GenerationRequest(prompt="x", count=2)
    assert _refusal(request, PLAIN) == "Plain draws 1 picture at once. Use a smaller --count."


@pytest.mark.parametrize(
    ("asked", "key"),
    [("anime", "anime"), ("ANIME ART", "anime"), ("anim", "anime"), ("ink", "ink"), ("wash", "inkwash")],
)
def test_a_style_is_known_by_its_key_its_title_or_a_unique_part(asked: str, key: str) -> None:
    assert match_style(asked, STYLES) == key


def test_an_unknown_style_gets_the_nearest_name() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        match_style("amine", STYLES)
    assert explain(refusal.value) == (
        "I don't know the style “amine”. Did you mean anime? There is anime, ink, inkwash."
    )


def test_a_part_that_several_styles_share_gets_their_names() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        match_style("in", STYLES)
    assert explain(refusal.value) == "“in” fits more than one style: ink, inkwash. Write more of its name."


def test_of_many_styles_a_refusal_names_only_some() -> None:
    many = [Style(f"style-{number}", "") for number in range(200)]
    with pytest.raises(InvalidRequest) as refusal:
        match_style("qqqq", many)
    assert explain(refusal.value).endswith("style-10, style-11 ….")


def _admit(*, balance: int = 20, person: int = 0, chat: int = 0, everybody: int = 0, jobs: int = 1) -> None:
    standing = Standing(balance=balance, open_by_person=person, open_by_chat=chat, open_in_all=everybody)
    admit(standing, rules=Rules(), jobs=jobs, credits_needed=jobs, reset="in 5 hours")


def test_limits_hold_to_the_last_job() -> None:
    _admit(balance=1, person=2, chat=19, everybody=999)
    for too_much in ({"person": 3}, {"chat": 20}, {"everybody": 1000}):
        with pytest.raises(TooManyJobs):
            _admit(**too_much)
    with pytest.raises(QuotaExceeded) as refusal:
        _admit(balance=1, jobs=2)
    assert explain(refusal.value) == (
        "You have 1 credit left today and this needs 2. Your daily 20 credits are back in 5 hours."
    )


def test_four_pictures_may_exceed_the_limit_of_a_person_with_nothing_running() -> None:
    _admit(person=0, jobs=4)
    with pytest.raises(TooManyJobs):
        _admit(person=1, jobs=4)


def test_days_are_utc_days() -> None:
    assert utc_day(86_399) == "1970-01-01"
    assert utc_day(86_400) == "1970-01-02"
    assert next_reset(86_400) == 172_800
