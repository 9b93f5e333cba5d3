"""Pure: the models, what each of them makes for what, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.commands.menu import cost, options_of
from bot.messages import say
from bot.model import Capability, GenerationRequest, Quality
from bot.policy import Closed, Offer, doing, price
from bot.surface import Spelling


def costs(offers: Sequence[Offer], locale: str) -> list[str]:
    """What each kind of result takes, in a line for each."""
    found = {capability: doing(offers, capability) for capability in Capability}
    return [
        say(f"cost.{capability}", locale, cost=cost(can, locale)) + _high_quality(can, locale)
        for capability, can in found.items()
        if can
    ]


def _high_quality(offers: Iterable[Offer], locale: str) -> str:
    """What more is to be said of a cost where high quality is dearer."""
    request = GenerationRequest(prompt="", quality=Quality.HIGH)
    dearer = [price(request, offer) for offer in offers if offer.spec.option("quality")]
    return say("cost.high", locale, n=min(dearer)) if dearer else ""


def lines(offers: Sequence[Offer], closed: Closed, spelling: Spelling, locale: str) -> list[str]:
    """A line for each: what it makes, its options, its price where that differs, and what keeps it from working."""
    differ = {one for one in Capability if len({cost([offer], locale) for offer in doing(offers, one)}) > 1}
    return [
        say("answer.model", locale, title=offer.spec.title, model=offer.spec.model, told=" · ".join(filter(None, told)))
        for offer in offers
        for told in [
            (
                say(f"answer.makes.{offer.spec.capability}", locale),
                spelling.flags(", ".join(option.flag for option in options_of(offer, locale))),
                cost([offer], locale) if offer.spec.capability in differ else "",
                mark(offer, closed, locale),
            )
        ]
    ]


def labels(offers: Iterable[Offer], closed: Closed, locale: str) -> dict[str, str]:
    """What people may choose from, by the model's id: its title and its mark. Those that rest are left out."""
    found = dict[str, str]()
    working = [offer for offer in offers if offer.provider not in closed.resting]
    for offer in sorted(working, key=lambda offer: offer.provider in closed.down):
        found.setdefault(offer.spec.model, " · ".join(filter(None, (offer.spec.title, mark(offer, closed, locale)))))
    return found


def mark(offer: Offer, closed: Closed, locale: str) -> str:
    """What keeps a model from working at the moment; empty: nothing."""
    rest = closed.resting.get(offer.provider)
    if rest is not None:
        return say("model.resting", locale, reason=rest.reason)
    return say("model.down", locale) if offer.provider in closed.down else ""
