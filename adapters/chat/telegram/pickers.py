"""Pure: the keyboards under questions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.chat.telegram.render import LABEL_UNITS, in_rows, markup
from bot.commands import Suggestion
from bot.messages import say
from bot.messages.cutting import cut
from bot.messages.plain import plain

PREFIX = "q1"
ANSWER = "answer"
PAGE, COLUMNS = 8, 2
NONE = "-"
_NAMED = frozenset({"style", "shape", "model"})


def overview(offered: Iterable[str], picked: Mapping[str, str], locale: str) -> InlineKeyboardMarkup | None:
    """A button per option that can be picked, with what is picked now."""
    options = [
        _button(
            say(
                "telegram.choice",
                locale,
                option=_name(option, locale),
                value=picked.get(option, say("telegram.usual", locale)),
            ),
            f"list:{option}:0",
        )
        for option in offered
    ]
    return markup([*in_rows(options, 1), [_never_mind(locale)]])


def page(option: str, choices: Sequence[Suggestion], number: int, locale: str) -> InlineKeyboardMarkup | None:
    """Some of the choices, with a way to the others; a page that is none is the nearest one.

    `option` is what is picked, or `ANSWER`: one of the choices answers the question.
    """
    last = max(0, (len(choices) - 1) // PAGE)
    number = max(0, min(number, last))
    shown = choices[number * PAGE : (number + 1) * PAGE]
    turn = [
        _button("◀", f"list:{option}:{(number - 1) % (last + 1)}"),
        _button(f"{number + 1}/{last + 1}", f"list:{option}:{number}"),
        _button("▶", f"list:{option}:{(number + 1) % (last + 1)}"),
    ]
    usual = _button(say("telegram.usual", locale).capitalize(), f"set:{option}:{NONE}")
    away = [_never_mind(locale)] if option == ANSWER else [usual, _button(say("telegram.back", locale), "back")]
    return markup(
        [
            *in_rows([_button(one.label, f"set:{option}:{mark(one.value)}") for one in shown], COLUMNS),
            turn if last else [],
            away,
        ]
    )


def mark(value: str) -> str:
    """A choice as a few letters, which fit into a button; the list may have changed when it is pressed."""
    return hashlib.blake2b(value.encode(), digest_size=6).hexdigest()


def chosen(choices: Iterable[Suggestion], value: str) -> str | None:
    """The choice that a button marks."""
    return next((one.value for one in choices if mark(one.value) == value), None)


def _name(option: str, locale: str) -> str:
    return say(f"telegram.option.{option}", locale) if option in _NAMED else option.replace("-", " ").capitalize()


def _never_mind(locale: str) -> InlineKeyboardButton:
    return _button(say("telegram.never_mind", locale), "no")


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(cut(plain(label), LABEL_UNITS) or "…", callback_data=f"{PREFIX}:{data}")
