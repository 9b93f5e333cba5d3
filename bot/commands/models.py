"""Pure: the models that draw for /imagine, and how each of them stands."""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands.menu import options_of
from bot.messages import say
from bot.model import Capability, GenerationRequest
from bot.policy import Closed, Offer, price
from bot.surface import Spelling

PLAIN = GenerationRequest(prompt="")


def drawing(offers: Iterable[Offer]) -> list[Offer]:
    """Those that make pictures from words."""
    return [offer for offer in offers if offer.spec.capability is Capability.TEXT_TO_IMAGE]


def prices(offers: Iterable[Offer]) -> list[int]:
    """What a picture may cost, in credits, the lowest first."""
    return sorted({price(PLAIN, offer) for offer in drawing(offers)})


def lines(offers: Iterable[Offer], closed: Closed, spelling: Spelling, locale: str) -> list[str]:
    """A line for each: what it makes, its options, its price where that differs, and what keeps it from drawing."""
    models = drawing(offers)
    differ = len(prices(models)) > 1
    return [
        say("answer.model", locale, title=offer.spec.title, model=offer.spec.model, told=" · ".join(filter(None, told)))
        for offer in models
        for told in [
            (
                say(f"answer.makes.{offer.spec.capability}", locale),
                spelling.flags(", ".join(option.flag for option in options_of(offer.spec))),
                say("line.credits", locale, n=price(PLAIN, offer)) if differ else "",
                mark(offer, closed, locale),
            )
        ]
    ]


def labels(offers: Iterable[Offer], closed: Closed, locale: str) -> dict[str, str]:
    """What people may choose from, by the model's id: its title and its mark. Those that rest are left out."""
    found = dict[str, str]()
    working = [offer for offer in drawing(offers) if offer.provider not in closed.resting]
    for offer in sorted(working, key=lambda offer: offer.provider in closed.down):
        found.setdefault(offer.spec.model, " · ".join(filter(None, (offer.spec.title, mark(offer, closed, locale)))))
    return found


def mark(offer: Offer, closed: Closed, locale: str) -> str:
    """What keeps a model from drawing at the moment; empty: nothing."""
    rest = closed.resting.get(offer.provider)
    if rest is not None:
        return say("model.resting", locale, reason=rest.reason)
    return say("model.down", locale) if offer.provider in closed.down else ""
