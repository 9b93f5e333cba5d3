"""Pure: what people write behind an option, to its value. Raises `InvalidRequest`, saying what is allowed."""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterable, Mapping

from bot.errors import Flags, InvalidRequest

NAME_CHARS = 100

ON, OFF = ("on", "true", "yes"), ("off", "false", "no")
"""How people say that something is, or is not, to be so; the first is how it is written back."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """What was probably meant, or None."""
    names = {name.casefold(): name for name in known}
    typed = word[:NAME_CHARS].casefold()
    close = [name for name in names if typed and name.startswith(typed)] or difflib.get_close_matches(typed, names, n=1)
    return names[close[0]] if close else None


def text(options: Mapping[str, str], key: str, limit: int) -> str | None:
    value = options.get(key)
    if value is not None and len(value) > limit:
        raise InvalidRequest("err.option_too_long", option=flag(key), length=len(value), limit=limit)
    return value


def whole(options: Mapping[str, str], key: str, low: int, high: int) -> int | None:
    value = options.get(key)
    if value is None:
        return None
    if not re.fullmatch(r"-?\d{1,10}", value) or not low <= int(value) <= high:
        raise InvalidRequest("err.option_whole", option=flag(key), value=shown(value), low=low, high=high)
    return int(value)


def number(options: Mapping[str, str], key: str, low: float, high: float) -> float | None:
    value = options.get(key)
    if value is None:
        return None
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise InvalidRequest(
            "err.option_number", option=flag(key), value=shown(value), low=f"{low:g}", high=f"{high:g}"
        )
    return number


def switch(options: Mapping[str, str], key: str) -> bool | None:
    value = options.get(key)
    if value is None:
        return None
    if value.casefold() not in ON + OFF:
        raise InvalidRequest("err.option_one_of", option=flag(key), value=shown(value), known="On, Off")
    return value.casefold() in ON


def choice(options: Mapping[str, str], key: str, names: Mapping[str, str]) -> str | None:
    """The name that the value is, stands for (`names` maps the one to the other), or begins alone."""
    if key not in options:
        return None
    value = options[key].casefold()
    meant = {name for name, other in names.items() if value in (name.casefold(), other)}
    meant = meant or {name for name in names if name.casefold().startswith(value)}
    if len(meant) != 1:
        allowed = ", ".join(name[:1].upper() + name[1:] for name in names)
        raise InvalidRequest("err.option_one_of", option=flag(key), value=shown(options[key]), known=allowed)
    return meant.pop()


def flag(key: str) -> Flags:
    return Flags(f"--{shown(key)}")


def shown(value: str) -> str:
    """One line of at most 40 characters, cut between words only."""
    return textwrap.shorten(value, 40, placeholder="…")
