"""Pure: what is never drawn, whoever asks and whatever the settings say.

1. Nothing sexual, for nobody: there is no adult mode.
2. Nothing suggestive in which a child or a youth is named.
3. Nobody is undressed.

A word list is a first gate, not the only one: it stops what is said in words.
"""

from __future__ import annotations

from bot.errors import ContentRefused
from bot.model import GenerationRequest
from bot.safety.lexicon import Kind, Lexicon, Span, under_18
from bot.safety.reading import plain, readings

_LEXICON = Lexicon()


def check(request: GenerationRequest) -> None:
    """Refuse what is never drawn. Raises `ContentRefused`, the same for every reason.

    What the person does *not* want to see (`negative_prompt`) is no reason.
    """
    text = plain(f"{request.prompt}\n{request.style or ''}")
    kinds = _kinds(text)
    near_minors = Kind.SUGGESTIVE in kinds and (Kind.MINOR in kinds or under_18(text))
    if near_minors or kinds & {Kind.SEXUAL, Kind.UNDRESSING}:
        raise ContentRefused("err.refused_content")


def _kinds(text: str) -> set[Kind]:
    kinds = {Kind.SEXUAL} if _LEXICON.masked(text) else set()
    for reading in readings(text):
        spans = _LEXICON.spans(reading)
        kinds |= {span.kind for span in spans} | _LEXICON.unspaced(reading)
        if _undresses(spans):
            kinds.add(Kind.UNDRESSING)
    return kinds


def _undresses(spans: list[Span]) -> bool:
    """Whether something takes clothes off or shows through them: the one directly before the other."""
    before = {span.last + 1 for span in spans if span.kind is Kind.REMOVING}
    return any(span.first in before for span in spans if span.kind is Kind.CLOTHES)


def bearable(title: str) -> bool:
    """Whether something of a provider, an effect say, may be offered under this name."""
    return not _kinds(plain(title)) & {Kind.SEXUAL, Kind.UNDRESSING, Kind.SUGGESTIVE}
