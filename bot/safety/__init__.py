"""Pure: what is never drawn, whoever asks and whatever the settings say.

1. Nothing sexual, for nobody: there is no adult mode.
2. Nothing suggestive in which a child or a youth is named.
3. Nobody is undressed; of what is made from a picture or a character, not in the slightest.
4. No character is a child or a youth.

A word list is a first gate, not the only one: it stops what is said in words.
"""

from __future__ import annotations

import re

from bot.errors import ContentRefused
from bot.model import Capability, GenerationRequest
from bot.safety.lexicon import Kind, Span, lexicon_of_words, masked
from bot.safety.reading import plain, readings
from bot.safety.undressing import leaves_out, of_the_trade, undresses
from bot.safety.youth import bare_age_under_18, of_adults, under_18

_LEXICON = lexicon_of_words()
_NEVER = frozenset({Kind.SEXUAL, Kind.UNDRESSING})
_OF_NOBODY = _NEVER | {Kind.SUGGESTIVE}
_FROM_WORDS = frozenset({Capability.TEXT_TO_IMAGE, Capability.CREATE_CHARACTER})
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def check(request: GenerationRequest) -> None:
    """Refuse what is never drawn. Raises `ContentRefused`, the same for every reason.

    What the person does *not* want to see (`negative_prompt`) is no reason, but where it leaves out what
    somebody in the source wears. It may be asked before the source was fetched.
    """
    text = plain("\n".join((request.prompt, request.style or "", _spaced(request.effect or ""))))
    kinds = _kinds(text)
    if (
        not kinds.isdisjoint(_NEVER)
        or (Kind.SUGGESTIVE in kinds and (Kind.MINOR in kinds or under_18(text)))
        or (_undresses_source(request, text) if _has_source(request) else Kind.TAKEN_OFF in kinds)
        or (request.capability is Capability.CREATE_CHARACTER and _is_minor(text))
        or not fits_anybody(request.name or "")
    ):
        raise ContentRefused("err.refused_content")


def fits_anybody(*names: str) -> bool:
    """Whether a style, an effect or a character may have these names: they go with anybody's words and pictures.

    False for what is sexual, suggestive or undresses.
    """
    text = plain("\n".join(map(_spaced, names)))
    return _kinds(text).isdisjoint(_OF_NOBODY) and not of_the_trade(text) and not undresses(text)


def _has_source(request: GenerationRequest) -> bool:
    return request.source is not None or request.capability not in _FROM_WORDS


def _undresses_source(request: GenerationRequest, text: str) -> bool:
    return undresses(text) or leaves_out(plain(request.negative_prompt or ""))


def _is_minor(text: str) -> bool:
    text = of_adults(text)
    return Kind.MINOR in _kinds(text) or under_18(text) or bare_age_under_18(text)


def _spaced(name: str) -> str:
    """The name of a thing with its words apart."""
    return _INNER_CAPITAL.sub(" ", name)


def _kinds(text: str) -> set[Kind]:
    kinds = {Kind.SEXUAL} if masked(text) else set()
    for reading in readings(text):
        spans = _LEXICON.spans(reading)
        kinds |= {span.kind for span in spans} | _LEXICON.unspaced(reading)
        if _takes_off(spans):
            kinds.add(Kind.TAKEN_OFF)
    return kinds


def _takes_off(spans: list[Span[Kind]]) -> bool:
    """Whether something takes clothes off or shows through them: the one directly before the other."""
    before = {span.last + 1 for span in spans if span.kind is Kind.REMOVING}
    return any(span.first in before for span in spans if span.kind is Kind.CLOTHES)
