"""Ages: whether a text gives one under 18, and who of those that are called a child is none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.safety import words as data
from bot.safety.reading import plain, words


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


_SCHOOLS = r"(?:high|middle|junior|primary|elementary|grade|nursery|pre)? ?school|kindergarten|preschool|nursery"
_TRADES = r"teachers?|nurse|principal|headmaster|headmistress|coach|doctor|counsell?or|janitor|librarian|bus driver"
_YOUNG = r"boys?|girls?|kids?|child(?:ren)?|babies|baby|daughters?|sons?|toddlers?|teens?|teenagers?"
_OF_ADULTS = re.compile(
    rf"\b(?:(?:{_SCHOOLS}|child(?:ren)?|kids|baby) (?:{_TRADES})"
    rf"|(?:mother|father|mom|dad|parent|grandmother|grandfather|aunt|uncle) of (?:\w+ ){{0,2}}?(?:{_YOUNG})"
    r"|(?:loves?|likes?|teaches|with|has|raises) (?:(?:her|his|their|two|three|four|own) )*(?:kids|children|daughters)"
    r"|children (?:s )?(?:books?|author|illustrator|hospital))\b"
)
_BARE_AGE = re.compile(
    rf"(?:^|[,;:(] ?)(?:about |only |just |almost |nearly |is |at )*{_UNDER_18}(?= ?(?:[,;:.)]|$|from |and ))"
    r"|\b(?:looks?|looking|looks like|seems?|appears?|turning|turned|turns|is only|is just|barely|not even) "
    rf"{_UNDER_18}\b"
    r"|\bborn (?:in )?(?:20(?:09|[1-9]\d))\b|\b\d{1,2}(?:st|nd|rd|th) grade\b"
)


def of_adults(text: str) -> str:
    """A plain text without those children that an adult teaches, has or writes for."""
    return _OF_ADULTS.sub(" ", text)


def bare_age_under_18(text: str) -> bool:
    """Whether a plain text that describes somebody gives an age under 18 as such texts do: `Mia, 15, from Oslo`."""
    return _BARE_AGE.search(text) is not None
