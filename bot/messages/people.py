"""Who a character is, in words."""

from __future__ import annotations

from bot.messages import say
from bot.messages.cutting import one_line
from bot.model import Character

DESCRIPTION_CHARS = 300


def who(age: int | None, gender: str, locale: str = "en") -> list[str]:
    """Age and gender, as far as they are known."""
    known = [say("character.ageless", locale) if age is None else str(age)]
    return [*known, gender] if gender else known


def told(one: Character, whose: str, locale: str = "en") -> tuple[str, ...]:
    """The lines under a character's name; `whose` is the key of the words for that."""
    first = " · ".join([*who(one.age, one.gender, locale), say(whose, locale)])
    return tuple(filter(None, [first, one_line(one.description, DESCRIPTION_CHARS)]))
