"""Pure: the keyboards under the question what a picture should show."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.chat.telegram.render import LABEL_UNITS, in_rows, markup
from bot.commands import Suggestion
from bot.messages import say
from bot.messages.cutting import cut
from bot.messages.plain import plain

PREFIX = "q1"
PICKED = ("style", "shape", "model")
PAGE, COLUMNS = 8, 2
NONE = "-"


def overview(offered: Sequence[str], picked: Mapping[str, str], locale: str) -> InlineKeyboardMarkup | None:
    """A button per option that can be picked, with what is picked now."""
    options = [
        _button(
            say(
                "telegram.choice",
                locale,
                option=say(f"telegram.option.{option}", locale),
                value=picked.get(option, say("telegram.usual", locale)),
            ),
            f"list:{option}:0",
        )
        for option in offered
    ]
    return markup([*in_rows(options, 1), [_button(say("telegram.never_mind", locale), "no")]])


def page(option: str, choices: Sequence[Suggestion], number: int, locale: str) -> InlineKeyboardMarkup | None:
    """Some of the choices, with a way to the others; a page that is none is the nearest one."""
    last = max(0, (len(choices) - 1) // PAGE)
    number = max(0, min(number, last))
    shown = choices[number * PAGE : (number + 1) * PAGE]
    turn = [
        _button("◀", f"list:{option}:{(number - 1) % (last + 1)}"),
        _button(f"{number + 1}/{last + 1}", f"list:{option}:{number}"),
        _button("▶", f"list:{option}:{(number + 1) % (last + 1)}"),
    ]
    return markup(
        [
            *in_rows([_button(one.label, f"set:{option}:{mark(one.value)}") for one in shown], COLUMNS),
            turn if last else [],
            [
                _button(say("telegram.usual", locale).capitalize(), f"set:{option}:{NONE}"),
                _button(say("telegram.back", locale), "back"),
            ],
        ]
    )


def mark(value: str) -> str:
    """A choice as a few letters, which fit into a button; the list may have changed when it is pressed."""
    return hashlib.blake2b(value.encode(), digest_size=6).hexdigest()


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(cut(plain(label), LABEL_UNITS) or "…", callback_data=f"{PREFIX}:{data}")
