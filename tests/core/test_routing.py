"""Which provider gets a request that several could serve, and what it costs there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InvalidRequest, Unavailable, UserError
from bot.messages import explain
from bot.model import Capability, CharacterSource, GenerationRequest, PictureSource, Quality, Rest, Source, SourceKind
from bot.policy import Closed, Offer, Prices, Rules, Terms, choose, offers_of, price
from bot.provider import CapabilitySpec, OptionKind, OptionSpec
from bot.testing.clock import FakeClock
from bot.testing.provider import FakeProvider

EITHER = frozenset({SourceKind.PICTURE, SourceKind.CHARACTER})
UPLOAD = PictureSource(file="U.png", media_type="image/png", size_bytes=1000, uploaded=True)
RESULT = PictureSource(file="R.png", media_type="image/png", size_bytes=1000)


def _offer(
    provider: str,
    *options: OptionSpec,
    capability: Capability = Capability.TEXT_TO_IMAGE,
    sources: frozenset[SourceKind] = frozenset(),
    video: bool = False,
    uploads: bool = True,
    prices: Prices = Prices(),  # noqa: B008 - frozen
) -> Offer:
    spec = CapabilitySpec(
        capability=capability,
        model=f"{provider}-1",
        title=provider.title(),
        options=options,
        sources=sources,
        video=video,
    )
    return Offer(provider, provider.title(), spec, uploads, prices)


def _picture(**asked: Any) -> GenerationRequest:
    return GenerationRequest(prompt="a fox", **asked)


def _edit(source: Source, **asked: Any) -> GenerationRequest:
    return _picture(capability=Capability.EDIT_IMAGE, source=source, **asked)


def _refusal(request: GenerationRequest, *offers: Offer, closed: Closed | None = None) -> UserError:
    with pytest.raises(UserError) as refusal:
        choose(request, offers, closed or Closed())
    return refusal.value


def test_of_several_the_cheapest_serves_and_of_equals_the_first() -> None:
    dear, cheap, equal = _offer("dear", prices=Prices(image=3)), _offer("cheap"), _offer("equal")
    assert choose(_picture(), [dear, cheap, equal]) is cheap


def test_a_provider_that_is_down_serves_only_where_no_other_can() -> None:
    cheap, dear = _offer("cheap"), _offer("dear", prices=Prices(image=3))
    closed = Closed(down={"cheap"})
    assert choose(_picture(), [cheap, dear], closed) is dear
    assert choose(_picture(), [cheap], closed) is cheap
    assert choose(_picture(model="cheap-1"), [cheap, dear], closed) is cheap, "it was asked for by name"


def test_a_provider_that_rests_takes_nothing_and_the_others_are_named() -> None:
    a, b = _offer("a"), _offer("b")
    closed = Closed(resting={"a": Rest(reason="new prices", since=0)})
    assert choose(_picture(), [a, b], closed) is b
    named = _refusal(_picture(model="a-1"), a, b, closed=closed)
    assert isinstance(named, Unavailable)
    assert explain(named) == "A is taking a break: new prices. Use B."
    assert explain(_refusal(_picture(), a, closed=closed)) == "A is taking a break: new prices. Try again later."


def test_an_option_that_only_another_model_knows_picks_that_model_or_names_it() -> None:
    plain = _offer("plain")
    looking = _offer("looking", OptionSpec(name="realtime", kind=OptionKind.FLAG, hint="looks things up"))
    assert choose(_picture(extra={"realtime": True}), [plain, looking]) is looking
    refused = _refusal(_picture(extra={"realtime": True}, model="plain-1"), plain, looking)
    assert explain(refused) == "Plain doesn't support --realtime. Remove it, or use Looking."


def test_what_is_made_from_words_goes_to_no_model_that_needs_a_source() -> None:
    editor = _offer("editor", capability=Capability.EDIT_IMAGE, sources=EITHER)
    assert isinstance(_refusal(_picture(), editor), InvalidRequest)
    assert isinstance(_refusal(_picture(capability=Capability.EDIT_IMAGE), editor), InvalidRequest), "no source"


def test_a_persons_own_picture_goes_only_where_the_operator_allows_it() -> None:
    closed_off = _offer("closed", capability=Capability.EDIT_IMAGE, sources=EITHER, uploads=False)
    open_to_all = _offer("open", capability=Capability.EDIT_IMAGE, sources=EITHER, prices=Prices(image=9))
    assert choose(_edit(UPLOAD), [closed_off, open_to_all]) is open_to_all
    assert choose(_edit(RESULT), [closed_off, open_to_all]) is closed_off
    assert isinstance(_refusal(_edit(UPLOAD), closed_off), InvalidRequest)


def test_a_picture_too_large_for_a_model_goes_to_another() -> None:
    editor = _offer("editor", capability=Capability.EDIT_IMAGE, sources=EITHER)
    large = PictureSource(file="L.png", media_type="image/png", size_bytes=5_000_001)
    assert isinstance(_refusal(_edit(large), editor), InvalidRequest)


def test_a_character_is_served_by_its_own_provider_only() -> None:
    a, b = (_offer(name, capability=Capability.EDIT_IMAGE, sources=EITHER) for name in "ab")
    assert choose(_edit(CharacterSource(character_id="C", provider="b", reference="6870")), [a, b]) is b


@pytest.mark.parametrize(
    ("capability", "asked", "video", "credits_each"),
    [
        (Capability.TEXT_TO_IMAGE, {}, False, 2),
        (Capability.EDIT_IMAGE, {"quality": Quality.HIGH}, False, 3),
        (Capability.EDIT_IMAGE, {"quality": Quality.STANDARD}, False, 2),
        (Capability.IMAGE_TO_VIDEO, {}, True, 8),
        (Capability.APPLY_EFFECT, {}, True, 8),
        (Capability.APPLY_EFFECT, {}, False, 2),
        (Capability.CREATE_CHARACTER, {}, False, 3),
    ],
)
def test_the_price_follows_from_what_is_made_and_the_operators_factor(
    capability: Capability, asked: dict[str, Quality], *, video: bool, credits_each: int
) -> None:
    provider = FakeProvider(FakeClock())
    provider.specs = (CapabilitySpec(capability=capability, model="m", title="M", video=video),)
    (offer,) = offers_of({"fake": provider}, Rules(terms={"fake": Terms(price_factor=1.5)}))
    assert price(_picture(capability=capability, **asked), offer) == credits_each


def test_one_model_of_two_providers_is_served_by_whichever_can() -> None:
    first, second = (
        Offer(name, name, CapabilitySpec(capability=Capability.TEXT_TO_IMAGE, model="flux", title="Flux"))
        for name in "ab"
    )
    named = _picture(model="FLUX")
    assert choose(named, [first, second]) is first
    assert choose(named, [first, second], Closed(down={"a"})) is second
    assert choose(named, [first, second], Closed(resting={"a": Rest(reason="x", since=0)})) is second


def test_who_is_told_of_models_that_have_an_option_is_told_of_those_that_work() -> None:
    plain, resting, working = _offer("plain"), _offer("resting", SEED), _offer("working", SEED)
    request, closed = _picture(seed=3, model="plain-1"), Closed(resting={"resting": Rest(reason="x", since=0)})
    assert _refusal(request, plain, resting, working, closed=closed).params["alternatives"] == "Working"
    assert _refusal(request, plain, resting, closed=closed).params["alternatives"] == "Resting"


SEED = OptionSpec(name="seed")
OPTIONS = {
    "seed": SEED,
    "guidance": OptionSpec(name="guidance"),
    "realtime": OptionSpec(name="realtime", kind=OptionKind.FLAG),
}
VALUES: dict[str, Any] = {"seed": 3, "guidance": 2.5, "extra": {"realtime": True}}
NAMES = "abcd"


@st.composite
def markets(draw: st.DrawFn) -> tuple[list[Offer], Closed, GenerationRequest]:
    names = st.sets(st.sampled_from(NAMES))
    offers = [
        replace(
            _offer(name, *(OPTIONS[option] for option in sorted(draw(st.sets(st.sampled_from(sorted(OPTIONS))))))),
            prices=Prices(image=draw(st.integers(1, 3))),
        )
        for name in NAMES[: draw(st.integers(1, 4))]
    ]
    resting = {name: Rest(reason="x", since=0, off=draw(st.booleans())) for name in draw(names)}
    asked = draw(st.sets(st.sampled_from(sorted(VALUES))))
    model = draw(st.none() | st.sampled_from([offer.spec.model for offer in offers]))
    return (
        offers,
        Closed(resting=resting, down=draw(names)),
        _picture(**{name: VALUES[name] for name in asked}, model=model),
    )


@settings(max_examples=200)
@given(markets())
def test_any_request_goes_where_the_rule_says_or_nowhere(market: tuple[list[Offer], Closed, GenerationRequest]) -> None:
    offers, closed, request = market
    asked = {name for name in ("seed", "guidance") if request.value(name) is not None} | request.extra.keys()
    able = [offer for offer in offers if asked <= {option.name for option in offer.spec.options}]
    meant = [offer for offer in able if request.model in (None, offer.spec.model)]
    open_ = [offer for offer in meant if offer.provider not in closed.resting]
    up = [offer for offer in open_ if offer.provider not in closed.down] or open_
    if up:
        cheapest = min(offer.prices.image for offer in up)
        assert choose(request, offers, closed) is next(offer for offer in up if offer.prices.image == cheapest)
        return
    refused = _refusal(request, *offers, closed=closed)
    assert isinstance(refused, Unavailable if meant else InvalidRequest)
    working = [offer.spec.title for offer in able if offer.provider not in closed.resting]
    told = working or ([offer.spec.title for offer in able] if not meant else [])
    assert refused.params.get("alternatives", "") == " or ".join(told)


@pytest.mark.parametrize(
    ("option", "value"), [("quality", Quality.HIGH), ("duration_s", 3), ("audio", False), ("effect", "rain")]
)
def test_an_option_of_any_kind_goes_to_a_model_that_takes_it_and_is_never_dropped(option: str, value: Any) -> None:
    without, able = _offer("without"), _offer("able", OptionSpec(name=option), prices=Prices(image=9, high_quality=9))
    asked = _picture(**{option: value})
    assert choose(asked, [without, able]) == able
    refusal = _refusal(replace(asked, model="without-1"), without, able)
    assert refusal.key == "err.option_elsewhere"
    assert refusal.params["alternatives"] == "Able"
