"""Pure: which model serves a request, what it costs, and whether it may be accepted."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from bot.errors import Flags, InvalidRequest, QuotaExceeded, TooManyJobs, Unavailable
from bot.messages import say, spoken
from bot.messages.cutting import one_line
from bot.model import Act, Capability, CharacterSource, GenerationRequest, Quality, Rest, Source, SourceKind, Value
from bot.parsing import FLAGS, nearest
from bot.provider import CapabilitySpec, OptionSpec, Provider, Style
from bot.store import Standing

DAY_S = 86_400
_ACTS = {
    Act.EDIT: Capability.EDIT_IMAGE,
    Act.ANIMATE: Capability.IMAGE_TO_VIDEO,
    Act.EFFECT: Capability.APPLY_EFFECT,
}
FEW = 12  # of which a refusal reminds
ASKED_CHARS = 60  # of what was asked for, repeated in a refusal

_FOR_ALL = {"capability", "prompt", "count", "model", "source", "name", "extra", "unserved"}
_NAMED = tuple(field.name for field in fields(GenerationRequest) if field.name not in _FOR_ALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Prices:
    """Credits for one result."""

    image: int = 1
    high_quality: int = 2
    video: int = 5
    character: int = 2

    def times(self, factor: float) -> Prices:
        """The prices of work that is dearer or cheaper; nothing becomes free by rounding."""
        figures = {field.name: math.ceil(getattr(self, field.name) * factor) for field in fields(self)}
        return Prices(**figures)


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """The operator's word on one provider: whether people's own pictures may go to it, and how dear its work is."""

    uploads: bool = True
    price_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Offer:
    """One model of one enabled provider, on the operator's terms."""

    provider: str
    provider_title: str
    spec: CapabilitySpec
    uploads: bool = True
    prices: Prices = Prices()


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed:
    """Which providers take no new jobs: `resting` by the operator's word; `down` by their own fault."""

    resting: Mapping[str, Rest] = field(default_factory=dict)
    down: Collection[str] = ()


OPEN = Closed()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """The operator's figures: credits per UTC day, prices, open jobs, commands per minute, terms by provider."""

    daily_credits: int = 20
    prices: Prices = Prices()
    open_jobs_per_user: int = 3
    open_jobs_per_chat: int = 20
    open_jobs: int = 1000
    commands_per_minute: int = 20
    keep_days: int = 30
    terms: Mapping[str, Terms] = field(default_factory=dict)


def offers_of(providers: Mapping[str, Provider], rules: Rules) -> tuple[Offer, ...]:
    """Every model of every provider, in the order of the providers."""
    return tuple(
        Offer(name, provider.title, spec, terms.uploads, rules.prices.times(terms.price_factor))
        for name, provider in providers.items()
        for terms in [rules.terms.get(name, Terms())]
        for spec in provider.specs
    )


def price(request: GenerationRequest, offer: Offer) -> int:
    """Credits for one result of the request."""
    if offer.spec.video:
        return offer.prices.video
    if request.capability is Capability.CREATE_CHARACTER:
        return offer.prices.character
    return offer.prices.high_quality if request.quality is Quality.HIGH else offer.prices.image


def choose(request: GenerationRequest, offers: Sequence[Offer], closed: Closed = OPEN) -> Offer:
    """The model that serves the request; raises `InvalidRequest` or `Unavailable` and names what would.

    A named model must take every option that was written. Of the models that take them all, or of the
    providers that have the named one: one whose provider answers, then the cheapest, then the first.
    """
    known, offers = offers, fitting(offers, request.capability, request.source)
    model = _fitting_model(request.model, offers, known) if request.model else None
    wanted = [offer for offer in offers if model in (None, offer.spec.model)]
    fit = [offer for offer in wanted if not _lacking(request, offer.spec)]
    if not fit:
        raise _lacks(request, wanted[0].spec, offers, closed)
    working = [offer for offer in fit if offer.provider not in closed.resting]
    if not working:
        raise _rests(request, fit[0], offers, closed)
    offer = min(working, key=lambda offer: (offer.provider in closed.down, price(request, offer)))
    _check_values(request, offer.spec)
    return offer


def named(model: str, offers: Sequence[Offer]) -> Offer:
    """The model that a person meant by its id or title; raises `InvalidRequest`."""
    for offer in offers:
        if _is_called(offer, model):
            return offer
    names = [offer.spec.model for offer in offers]
    known, close = ", ".join(names), nearest(model.casefold(), names)
    if close and len(names) > 1:
        raise InvalidRequest("err.model_nearest", value=model, nearest=close, known=known)
    raise InvalidRequest("err.model", value=model, known=known)


def _is_called(offer: Offer, model: str) -> bool:
    return model.casefold() in (offer.spec.model.casefold(), offer.spec.title.casefold())


def _fitting_model(model: str, fit: Sequence[Offer], known: Sequence[Offer]) -> str:
    """The id of a model that a person named, which must be one of those that `fit` the source."""
    others = [offer for offer in doing(known, fit[0].spec.capability) if _is_called(offer, model)]
    if others and not any(_is_called(offer, model) for offer in fit):
        raise InvalidRequest("err.not_by_model", model=others[0].spec.title, alternatives=_titles(fit))
    return named(model, fit).spec.model


def match_style(asked: str, styles: Sequence[Style]) -> str:
    """The key of the style that a person meant: its key, its title, or a unique part of either."""
    return match("style", asked, {style.key: (style.key, style.title) for style in styles})


def match(kind: str, asked: str, named: Mapping[str, tuple[str, ...]]) -> str:
    """The key of what a person meant by one of its names, or a unique part of one; raises `InvalidRequest`.

    `kind` is what the refusal is about. The first name of each is the one that people read.
    """
    wanted, asked = asked.casefold().strip(), one_line(asked, ASKED_CHARS)
    exact = [key for key, forms in named.items() if any(wanted == form.casefold() for form in forms)]
    partly = [key for key, forms in named.items() if any(wanted in form.casefold() for form in forms)]
    for found in (exact, partly):
        if len(found) == 1:
            return found[0]
    if several := exact or partly:
        raise InvalidRequest(f"err.{kind}_several", value=asked, known=few([named[key][0] for key in several]))
    names = [forms[0] for forms in named.values()]
    known, close = few(names), nearest(wanted, names)
    if close and len(names) > 1:
        raise InvalidRequest(f"err.{kind}_nearest", value=asked, nearest=close, known=known)
    raise InvalidRequest(f"err.{kind}", value=asked, known=known)


def few(names: Sequence[str]) -> str:
    """The first of many names, as a refusal lists them."""
    return ", ".join(names[:FEW]) + (" …" if len(names) > FEW else "")


def _flag(option: str) -> Flags:
    return Flags(FLAGS.get(option, f"--{option.replace('_', '-')}"))


def doing(offers: Iterable[Offer], capability: Capability) -> list[Offer]:
    """The models that can do this."""
    return [offer for offer in offers if offer.spec.capability is capability]


def fitting(offers: Iterable[Offer], capability: Capability, source: Source | None) -> list[Offer]:
    """The models that can do this with this very source; raises `InvalidRequest` where there is none."""
    can = doing(offers, capability)
    if not can:
        raise InvalidRequest("err.no_provider")
    found = [offer for offer in can if takes(offer, source)]
    if not found:
        raise _no_taker(can, source)
    return found


def able(offers: Iterable[Offer], source: Source) -> tuple[Act, ...]:
    """What can be made from a source here."""
    can = {offer.spec.capability for offer in offers if takes(offer, source)}
    return tuple(act for act, capability in _ACTS.items() if capability in can)


def takes(offer: Offer, source: Source | None) -> bool:
    """Whether the model works on this source, and may have it; without one, whether it needs none."""
    if source is None:
        return not offer.spec.sources
    if source.kind not in offer.spec.sources:
        return False
    if isinstance(source, CharacterSource):
        return source.provider == offer.provider
    return source.size_bytes <= offer.spec.max_source_bytes and (offer.uploads or not source.uploaded)


def _no_taker(can: Sequence[Offer], source: Source | None) -> InvalidRequest:
    if source is None:
        return InvalidRequest("err.need_source")
    if isinstance(source, CharacterSource):
        return InvalidRequest("err.not_for_character", character=source.name)
    if not any(SourceKind.PICTURE in offer.spec.sources for offer in can):
        return InvalidRequest("err.characters_only", model=_titles(can))
    return InvalidRequest("err.no_uploads" if source.uploaded else "err.source_large")


def _lacking(request: GenerationRequest, spec: CapabilitySpec) -> list[str]:
    asked = [name for name in _NAMED if request.value(name) is not None] + list(request.extra)
    return [name for name in asked if spec.option(name) is None]


def _lacks(request: GenerationRequest, spec: CapabilitySpec, offers: Iterable[Offer], closed: Closed) -> InvalidRequest:
    flag = _flag(_lacking(request, spec)[0])
    fit = [offer for offer in offers if not _lacking(request, offer.spec)]
    if fit:
        others = _titles([offer for offer in fit if offer.provider not in closed.resting] or fit)
        return InvalidRequest("err.option_elsewhere", model=spec.title, option=flag, alternatives=others)
    return InvalidRequest("err.option", model=spec.title, option=flag)


def _rests(request: GenerationRequest, offer: Offer, offers: Iterable[Offer], closed: Closed) -> Unavailable:
    others = [other for other in offers if other.provider not in closed.resting and not _lacking(request, other.spec)]
    why = {"provider": offer.provider_title, "reason": closed.resting[offer.provider].reason}
    if others:
        return Unavailable("err.resting_elsewhere", **why, alternatives=_titles(others))
    return Unavailable("err.resting", **why)


def _titles(offers: Iterable[Offer]) -> str:
    return " or ".join(dict.fromkeys(offer.spec.title for offer in offers))


def _check_values(request: GenerationRequest, spec: CapabilitySpec) -> None:
    if request.style_strength is not None and request.style is None:
        raise InvalidRequest("err.strength_alone", option=_flag("style_strength"), other=_flag("style"))
    if request.count > spec.max_count:
        raise InvalidRequest("err.count", model=spec.title, n=spec.max_count, option=_flag("count"))
    for option in spec.options:
        value = request.value(option.name)
        if value is not None and option.name != "style":
            _check_value(option, value, spec.title)


def _check_value(option: OptionSpec, value: Value, model: str) -> None:
    flag = _flag(option.name)
    if option.low is not None and option.high is not None and isinstance(value, int | float):
        if not option.low <= value <= option.high:
            raise InvalidRequest(
                "err.option_range",
                option=flag,
                model=model,
                low=f"{option.low:g}",
                high=f"{option.high:g}",
                value=f"{value:g}",
            )
    elif option.choices and value not in option.choices:
        raise InvalidRequest(
            "err.option_choice", option=flag, model=model, value=str(value), choices=", ".join(option.choices)
        )


def admit(standing: Standing, *, rules: Rules, jobs: int, credits_needed: int, reset: str) -> None:
    """Refuse what exceeds the person's credits or a limit on open jobs; `reset` says when credits return."""
    # Somebody with nothing running may always start: a command is never split, and --count 4 may exceed the limit.
    if standing.open_by_person and standing.open_by_person + jobs > rules.open_jobs_per_user:
        raise TooManyJobs("err.open_jobs", n=standing.open_by_person, limit=rules.open_jobs_per_user)
    if standing.open_by_chat + jobs > rules.open_jobs_per_chat:
        raise TooManyJobs("err.open_chat", n=standing.open_by_chat, limit=rules.open_jobs_per_chat)
    if standing.open_in_all + jobs > rules.open_jobs:
        raise TooManyJobs("err.open_all")
    if standing.balance < credits_needed:
        raise QuotaExceeded(
            "err.quota", n=standing.balance, need=credits_needed, daily=rules.daily_credits, reset=reset
        )


def utc_day(now: float) -> str:
    """The UTC date of an epoch time, YYYY-MM-DD."""
    return dt.datetime.fromtimestamp(now, dt.UTC).date().isoformat()


def next_reset(now: float) -> float:
    """When the next allowance comes: the next UTC midnight, epoch seconds."""
    return (now // DAY_S + 1) * DAY_S


def reset_text(now: float, locale: str) -> str:
    """When the next allowance comes, as people say it: "in 5 hours"."""
    return say("time.in", locale, time=spoken(next_reset(now) - now, locale))
