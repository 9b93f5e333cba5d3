"""The words that people read, by key and locale."""

from __future__ import annotations

from bot.errors import UserError
from bot.messages import en
from bot.model import Failure

_CATALOGUES = {"en": en.WORDS}
LOCALES = tuple(_CATALOGUES)


def say(key: str, locale: str = "en", /, **params: str | int) -> str:
    """The text of `key`; a text with two forms is chosen by its parameter `n`."""
    words = _CATALOGUES[locale][key]
    if isinstance(words, tuple):
        words = words[0 if params["n"] == 1 else 1]
    return words.format_map(params)


def explain(reason: UserError | Failure, locale: str = "en") -> str:
    """The sentence for an error or a failed job."""
    return say(reason.key, locale, **reason.params)


def spoken(seconds: float, locale: str = "en") -> str:
    """A duration as people say it: "40 seconds", "3 minutes", "5 hours"."""
    if seconds < 120:  # noqa: PLR2004 - up to here people count seconds
        return say("time.seconds", locale, n=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 90:  # noqa: PLR2004 - and up to here minutes
        return say("time.minutes", locale, n=minutes)
    return say("time.hours", locale, n=round(minutes / 60))


def ago(seconds: float, locale: str = "en") -> str:
    """How long ago something was, short: "just now", "2 min ago", "5 h ago", "3 days ago"."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return say("ago.now", locale)
    if minutes < 60:  # noqa: PLR2004 - of an hour
        return say("ago.minutes", locale, n=minutes)
    if minutes < 24 * 60:
        return say("ago.hours", locale, n=minutes // 60)
    return say("ago.days", locale, n=minutes // (24 * 60))
