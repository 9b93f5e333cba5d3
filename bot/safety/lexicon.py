"""The words as they are looked for, and where they stand in a reading."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain
from typing import Generic, TypeVar

from bot.safety import words as data
from bot.safety.reading import Reading, plain, words

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
    TAKEN_OFF = auto()


K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Span(Generic[K]):
    """A term that was found, from one word to another and from one letter to another."""

    kind: K
    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Term(Generic[K]):
    kind: K
    runs: tuple[int, ...]  # how often each letter must be repeated; () where every letter stands once
    stem: int  # letters of its last word where any ending may follow, else 0


class Lexicon(Generic[K]):
    """All terms of each kind, ready to be found; built once. What is `harmless` takes out what is in it."""

    def __init__(self, terms: Mapping[K, Iterable[str]], *, harmless: K) -> None:
        self._harmless = harmless
        self._terms: defaultdict[str, list[_Term[K]]] = defaultdict(list)
        self._lengths: defaultdict[str, set[int]] = defaultdict(set)
        self._unspaced: list[tuple[K, str]] = []
        for kind, entries in terms.items():
            for entry in entries:
                self._add(kind, entry)
        self._short = sorted({len(letters) for letters in self._terms if len(letters) < _HEAD})

    def _add(self, kind: K, entry: str) -> None:
        text = plain(entry)
        term = Reading(text)
        if _UNSPACED.search(entry):
            self._unspaced.append((kind, term.letters))
            return
        written, runs = "".join(words(text)), term.runs(0, len(term.ends))
        stem = term.ends[-1] - term.starts[-1] if entry.endswith("*") else 0
        self._put(term.letters, _Term(kind, tuple(runs) if max(runs) > 1 else (), stem))
        if written != term.letters:  # as it reads with spaces between the repeated letters
            self._put(written, _Term(kind, (), 0))

    def _put(self, letters: str, term: _Term[K]) -> None:
        self._terms[letters].append(term)
        if len(letters) >= _HEAD:
            self._lengths[letters[:_HEAD]].add(len(letters))

    def spans(self, reading: Reading) -> list[Span[K]]:
        """The terms in a reading, without what stands inside an everyday phrase."""
        found = list(self._found(reading))
        harmless = {at for span in found if span.kind == self._harmless for at in range(span.start, span.end)}
        return [span for span in found if not harmless.issuperset(range(span.start, span.end))]

    def _found(self, reading: Reading) -> Iterator[Span[K]]:
        letters, ends, terms, lengths = reading.letters, reading.ends, self._terms, self._lengths
        word_to = {end: index for index, end in enumerate(ends)}
        word_from = {start: index for index, start in enumerate(reading.starts)}
        for first, start in enumerate(reading.starts):
            for length in (*self._short, *lengths.get(letters[start : start + _HEAD], ())):
                end = start + length
                for term in terms.get(letters[start:end], ()):
                    last = word_to.get(end)
                    if last is None and term.stem:
                        last = word_from.get(end - term.stem)
                    if last is not None and _stands(term, reading, first, last):
                        yield Span(term.kind, first, last, start, end)

    def unspaced(self, reading: Reading) -> set[K]:
        """The kinds of the terms that are written without spaces."""
        letters = reading.letters
        if not _UNSPACED.search(letters):
            return set()
        for kind, term in self._unspaced:
            if kind == self._harmless:
                letters = letters.replace(term, " ")
        return {kind for kind, term in self._unspaced if term in letters}


def lexicon_of_words() -> Lexicon[Kind]:
    """What is a sign of something wherever it stands."""
    joined = (pair for word in data.JOINED for person in data.PEOPLE for pair in (word + person, person + word))
    terms = {
        Kind.SEXUAL: chain(all_of(data.SEXUAL), joined),
        Kind.UNDRESSING: all_of(data.UNDRESSING),
        Kind.REMOVING: data.REMOVING,
        Kind.CLOTHES: data.CLOTHES,
        Kind.SUGGESTIVE: all_of(data.SUGGESTIVE),
        Kind.MINOR: all_of(data.MINORS),
        Kind.HARMLESS: all_of(data.HARMLESS),
    }
    return Lexicon(terms, harmless=Kind.HARMLESS)


def all_of(by_language: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """The entries of every language."""
    return chain.from_iterable(by_language.values())


def masked(text: str) -> bool:
    """Whether a plain text has a sexual word with stars for some of its letters."""
    return "*" in text and any(mask in _MASKED for mask in _MASK.findall(text))


def _stands(term: _Term[K], reading: Reading, first: int, last: int) -> bool:
    if term.runs and any(map(int.__lt__, reading.runs(first, last), term.runs)):
        return False
    return first == last or " ".join(reading.words[first : last + 1]) not in data.NEIGHBOURS


def _masks(entry: str) -> Iterator[str]:
    word = entry.rstrip("*")
    for stars in (1, 2):
        for at in range(1, len(word) - stars):
            yield word[:at] + "*" * stars + word[at + stars :]


_MASKED = {mask for word in all_of(data.SEXUAL) for mask in _masks(word)}
