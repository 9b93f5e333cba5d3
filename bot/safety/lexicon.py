"""The words as they are looked for, and where they stand in a reading."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain

from bot.safety import words as data
from bot.safety.reading import Reading, plain, words

_SHORT = (3, 4)
_HEAD = 5
_MASK = re.compile(r"[^\W\d_]+\*+[^\W\d_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # kana and Chinese characters stand without spaces


class Kind(Enum):
    """What a word is a sign of."""

    SEXUAL = auto()
    UNDRESSING = auto()
    REMOVING = auto()
    CLOTHES = auto()
    SUGGESTIVE = auto()
    MINOR = auto()
    HARMLESS = auto()


_DATA: dict[Kind, tuple[str, ...] | dict[str, tuple[str, ...]]] = {
    Kind.SEXUAL: data.SEXUAL,
    Kind.UNDRESSING: data.UNDRESSING,
    Kind.REMOVING: data.REMOVING,
    Kind.CLOTHES: data.CLOTHES,
    Kind.SUGGESTIVE: data.SUGGESTIVE,
    Kind.MINOR: data.MINORS,
    Kind.HARMLESS: data.HARMLESS,
}


@dataclass(frozen=True, slots=True)
class Span:
    """A term that was found, from one word to another and from one letter to another."""

    kind: Kind
    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Term:
    kind: Kind
    runs: tuple[int, ...]  # how often each letter must be repeated; () where every letter stands once
    stem: bool


class Lexicon:
    """All terms, ready to be found; built once from the data."""

    def __init__(self) -> None:
        self._terms: defaultdict[str, list[_Term]] = defaultdict(list)
        self._lengths: defaultdict[str, set[int]] = defaultdict(set)
        self._unspaced: list[tuple[Kind, str]] = []
        for kind in Kind:
            for entry in _entries(kind):
                self._add(kind, entry)
        for word, person in ((word, person) for word in data.JOINED for person in data.PEOPLE):
            self._add(Kind.SEXUAL, word + person)
            self._add(Kind.SEXUAL, person + word)
        self._masked = {mask for word in _entries(Kind.SEXUAL) for mask in _masks(word)}

    def _add(self, kind: Kind, entry: str) -> None:
        text = plain(entry)
        term = Reading(text)
        if _UNSPACED.search(entry):
            self._unspaced.append((kind, term.letters))
            return
        written, runs, stem = "".join(words(text)), term.runs(0, len(term.ends)), entry.endswith("*")
        self._put(term.letters, _Term(kind, tuple(runs) if max(runs) > 1 else (), stem))
        if written != term.letters:  # as it reads with spaces between the repeated letters
            self._put(written, _Term(kind, (), stem))

    def _put(self, letters: str, term: _Term) -> None:
        self._terms[letters].append(term)
        if len(letters) >= _HEAD:
            self._lengths[letters[:_HEAD]].add(len(letters))

    def spans(self, reading: Reading) -> list[Span]:
        """The terms in a reading, without what stands inside an everyday phrase."""
        found = list(self._found(reading))
        harmless = {at for span in found if span.kind is Kind.HARMLESS for at in range(span.start, span.end)}
        return [span for span in found if not harmless.issuperset(range(span.start, span.end))]

    def _found(self, reading: Reading) -> Iterator[Span]:
        letters, ends, terms, lengths = reading.letters, reading.ends, self._terms, self._lengths
        word_at = {end: index for index, end in enumerate(ends)}
        for first, start in enumerate(reading.starts):
            for length in (*_SHORT, *lengths.get(letters[start : start + _HEAD], ())):
                end = start + length
                for term in terms.get(letters[start:end], ()):
                    last = first if term.stem and end < ends[first] else word_at.get(end)
                    if last is not None and _stands(term, reading, first, last):
                        yield Span(term.kind, first, last, start, end)

    def unspaced(self, reading: Reading) -> set[Kind]:
        """The kinds of the terms that are written without spaces."""
        letters = reading.letters
        if not _UNSPACED.search(letters):
            return set()
        for kind, term in self._unspaced:
            if kind is Kind.HARMLESS:
                letters = letters.replace(term, " ")
        return {kind for kind, term in self._unspaced if term in letters}

    def masked(self, text: str) -> bool:
        """Whether a plain text has a sexual word with stars for some of its letters."""
        return "*" in text and any(mask in self._masked for mask in _MASK.findall(text))


def _entries(kind: Kind) -> Iterator[str]:
    entries = _DATA[kind]
    return iter(entries) if isinstance(entries, tuple) else chain.from_iterable(entries.values())


def _stands(term: _Term, reading: Reading, first: int, last: int) -> bool:
    if term.runs and any(map(int.__lt__, reading.runs(first, last), term.runs)):
        return False
    return first == last or " ".join(reading.words[first : last + 1]) not in data.NEIGHBOURS


def _masks(entry: str) -> Iterator[str]:
    word = entry.rstrip("*")
    for stars in (1, 2):
        for at in range(1, len(word) - stars):
            yield word[:at] + "*" * stars + word[at + stars :]


def _any_of(entries: Sequence[str]) -> str:
    return "|".join(plain(entry.rstrip("*")) + (r"\w*" if entry.endswith("*") else "") for entry in entries)


_UNDER_18 = rf"(?:0?[1-9]|1[0-7]|{_any_of(data.FIGURES)})"
_AGED = re.compile(
    rf"(?<!\S)(?:{_UNDER_18} (?:{_any_of(data.AGED)})|(?:{_any_of(data.AGED_BEFORE)}) {_UNDER_18})(?!\S)"
    r"|(?<![\d一二三四五六七八九十])(?:0?[1-9]|1[0-7]|十?[一二三四五六七]|[八九十])[歳才岁歲]"
)
_FIGURE_THEN_WORD = re.compile(r"(\d)(?=[a-z])")


def under_18(text: str) -> bool:
    """Whether a plain text gives an age under 18."""
    return _AGED.search(" ".join(words(_FIGURE_THEN_WORD.sub(r"\1 ", text)))) is not None
