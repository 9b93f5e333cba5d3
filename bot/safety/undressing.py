"""What is not done to anybody in a picture: clothes taken off, left out, made transparent, or little of them put on.

    "remove her red hat and dress"     OFF  WHOSE WHICH WORN WHICH  GARMENT
    "her dress slowly becomes sheer"   GARMENT  BECOMES BECOMES  SHEER

Terms are chained from word to word, within one language; a word or two that are not known may stand behind whose it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from itertools import chain
from typing import NamedTuple

from bot.safety import changes, exposing
from bot.safety import words as data
from bot.safety.lexicon import Lexicon, Span, all_of
from bot.safety.reading import Reading, plain, readings, words


class Role(Enum):
    """What a term is in such a sentence."""

    OFF = auto()
    WHOSE = auto()
    AND = auto()
    WHICH = auto()
    GARMENT = auto()
    WORN = auto()
    BECOMES = auto()
    GONE = auto()
    SHEER = auto()
    SPOT = auto()
    EXPOSING = auto()
    INNOCENT = auto()


class Mark(NamedTuple):
    """A role in a language."""

    role: Role
    language: str


_DATA: Mapping[Role, Mapping[str, tuple[str, ...]]] = {
    Role.OFF: changes.OFF,
    Role.WHOSE: changes.WHOSE,
    Role.AND: changes.AND,
    Role.WHICH: changes.WHICH,
    Role.GARMENT: changes.GARMENT,
    Role.WORN: changes.WORN,
    Role.BECOMES: changes.BECOMES,
    Role.GONE: changes.GONE,
    Role.SHEER: changes.SHEER,
    Role.SPOT: changes.SPOT,
}
_EXPOSING, _INNOCENT = Mark(Role.EXPOSING, ""), Mark(Role.INNOCENT, "")
_BETWEEN = frozenset({Role.WHOSE, Role.AND, Role.WHICH, Role.WORN, Role.GARMENT})
_UNKNOWN = 2  # words of that kind which may stand behind whose it is


def _lexicon() -> Lexicon[Mark]:
    suggestive = (entry for entry in all_of(data.SUGGESTIVE) if entry not in exposing.AMBIGUOUS)
    terms = {Mark(role, language): terms for role, by in _DATA.items() for language, terms in by.items()}
    bare = chain(all_of(exposing.EXPOSING), suggestive)
    innocent = chain(all_of(exposing.INNOCENT), all_of(data.HARMLESS))
    return Lexicon({**terms, _EXPOSING: bare, _INNOCENT: innocent}, harmless=_INNOCENT)


_LEXICON = _lexicon()
_SKIMPY, _COVERS = "|".join(exposing.SKIMPY), "|".join(exposing.COVERS)
_COVERING = re.compile(
    rf"\b(?:replace|swap|change|exchange|turn|trade)\w* (?:\w+ ){{0,2}}(?:{_SKIMPY})(?: top| bottoms?)?"
    rf" (?=(?:with|for|to|into|by) (?:\w+ ){{0,3}}?(?:{_COVERS})\b)"
)
_ZIEH_AUS = re.compile(
    rf"\bzieh\w* (?:\w+ ){{0,4}}(?:{'|'.join(changes.GARMENT['de'])}) (?:\w+ ){{0,2}}aus\b(?! \w+ (?:an|uber)\b)"
)
_ALONE = re.compile(
    r"(?:(?:she|he|they|please|now|slowly|make|let|her|him|them|is|are|the|this|woman|man|girl) )*"
    r"(?:(?:completely|fully|totally) )?"
    r"(?:strip|strips|stripping|stripped|bare|exposed|bared)(?: (?:off|down|bare|slowly|please|now|for me|completely))*"
)
_ENDS = re.compile(r"[,;.\n]")
_SENTENCES = re.compile(r"[.!?;\n]+(?:\s+|$)")
_GAPS = re.compile(r"[^\w,;.。、!?]|_")
_UNSPACED = tuple(re.compile(plain(pattern)) for pattern in exposing.UNSPACED)
_UNSPACED_INNOCENT = re.compile(plain(exposing.UNSPACED_INNOCENT))


def undresses(text: str) -> bool:
    """Whether a plain text, or one of its sentences alone, asks for that.

    What is skimpy may be replaced with what covers.
    """
    return any(map(_undresses, filter(None, dict.fromkeys((text, *_SENTENCES.split(text))))))


def _undresses(text: str) -> bool:
    if not text.isascii():
        letters = _UNSPACED_INNOCENT.sub(" ", _GAPS.sub("", text))
        if any(pattern.search(letters) for pattern in _UNSPACED):
            return True
    sentence = " ".join(words(text))
    if any(_ALONE.fullmatch(" ".join(words(clause))) for clause in _ENDS.split(text)) or _ZIEH_AUS.search(sentence):
        return True
    text = _COVERING.sub(" ", sentence) if _COVERING.search(sentence) else text
    return any(_exposes(reading) for reading in readings(text))


def leaves_out(text: str) -> bool:
    """Whether of the things that a plain text names, none of which is wanted, one is what somebody wears."""
    things = (Reading(f"without {thing}") for thing in _ENDS.split(text))
    return any(_takes_off(spans, reading) for reading in things for spans in _by_language(reading))


def of_the_trade(text: str) -> bool:
    """Whether a plain text, the name of an effect, has a word that is never anything else there."""
    return not exposing.TRADE.isdisjoint(words(text))


def _exposes(reading: Reading) -> bool:
    if _EXPOSING in _LEXICON.unspaced(reading):
        return True
    by_language = _by_language(reading)
    return any(
        any(span.kind == _EXPOSING for span in spans) or _takes_off(spans, reading) or _comes_off(spans, reading)
        for spans in by_language
    )


def _by_language(reading: Reading) -> list[list[Span[Mark]]]:
    found: defaultdict[str, list[Span[Mark]]] = defaultdict(list)
    for span in _LEXICON.spans(reading):
        found[span.kind.language].append(span)
    return list(found.values())


def _takes_off(spans: list[Span[Mark]], reading: Reading) -> bool:
    """Whether something is taken off, or shows through, before what is worn; not before a spot on it."""
    spots = {span.first for span in spans if span.kind.role is Role.SPOT}
    reached, passed = set[int](), set[int]()
    for span in spans:
        role, here, behind = span.kind.role, span.first in reached, span.last + 1
        near = here or span.first in passed
        if role is Role.GARMENT and near and (behind not in spots or _is_somebodys(span, reading)):
            return True
        if role in (Role.OFF, Role.SHEER) or (here and role in _BETWEEN):
            reached.add(behind)
        if near and role is Role.WHICH:
            passed.add(behind)
        if here and role is Role.WHOSE:
            passed.update(_beyond_unknown(reading.words, behind))
    return False


def _is_somebodys(span: Span[Mark], reading: Reading) -> bool:
    return not changes.SOMEBODY.isdisjoint(reading.words[max(0, span.first - 3) : span.first + 1])


def _beyond_unknown(words: list[str], start: int) -> Iterator[int]:
    """Behind each of the words that may say how it looks."""
    for at in range(start, min(start + _UNKNOWN, len(words))):
        if words[at] in changes.NO_LOOK:
            return
        yield at + 1


def _comes_off(spans: list[Span[Mark]], reading: Reading) -> bool:
    """Whether what is worn goes, or becomes something that shows what is beneath; not what is on it."""
    reached = set[int]()
    for span in spans:
        role, here = span.kind.role, span.first in reached
        if here and role in (Role.GONE, Role.SHEER):
            return True
        worn = role is Role.GARMENT and "on" not in reading.words[max(0, span.first - 2) : span.first]
        if worn or (here and role in (Role.BECOMES, Role.WHOSE)):
            reached.add(span.last + 1)
    return False
