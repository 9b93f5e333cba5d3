"""Pure: a card as Telegram's text or caption and its keyboard. All text of a card is foreign and shown literally."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.chat.telegram.markup import Text, copied, joined, linked, literal, sentence, tagged
from bot.cards import BEHIND_MORE, folded, gauge
from bot.messages import say, spoken
from bot.messages.cutting import cut
from bot.messages.plain import plain
from bot.model import ANSWER, Act, Bar, Button, Card

ROW, MOST_BUTTONS, LABEL_UNITS, GAUGE_UNITS, SHORT = 3, 24, 64, 30, 16

_STYLES = {Act.AGAIN: "primary", Act.RETRY: "primary", Act.LOOK: "primary", Act.DELETE: "danger"}


@dataclass(frozen=True, slots=True)
class Room:
    """How many UTF-16 units a message takes, and how many of them each part of a card."""

    all: int
    title: int
    prompt: int
    chips: int
    lines: int
    footer: int


MESSAGE = Room(all=4096, title=400, prompt=700, chips=600, lines=1800, footer=200)
CAPTION = Room(all=1024, title=500, prompt=300, chips=160, lines=250, footer=80)


def draw(card: Card, room: Room, *, now: float, ticking: bool = True, locale: str = "en") -> str:
    """A card in HTML; `now` is UTC epoch seconds. `ticking`: times count down by themselves in the client."""
    parts = [*_head(card, room), *_tail(card, room, now=now, ticking=ticking, locale=locale)]
    if card.command and card.state == ANSWER:
        left = room.all - sum(part.units + 1 for part in parts)
        parts.append(tagged("code", copied(card.command, left)))
    return joined("\n", parts).html


def keyboard(card: Card, *, numbered: bool = False) -> InlineKeyboardMarkup | None:
    """The buttons of a card; what is rarely pressed stands behind More… unless it stands alone.

    `numbered`: a row of numbers comes first, one for each of its pictures.
    """
    rows = [_numbers(card)] if numbered else []
    return markup([*rows, *in_rows([_button(button) for button in folded(card, MOST_BUTTONS)])])


def turned(shown: InlineKeyboardMarkup, *, has_picture: bool, locale: str = "en") -> InlineKeyboardMarkup | None:
    """A keyboard with what stands behind its More…, or without where it is open; None: it has no such button."""
    buttons = [button for row in shown.inline_keyboard for button in row]
    more = next((button for button in buttons if _act(button) == Act.MORE), None)
    if more is None:
        return None
    behind = [button for button in buttons if _act(button) in BEHIND_MORE]
    job = str(more.callback_data).rpartition(":")[2]
    turn = _button(Button(Act.MORE, (job,), say("act.more" if behind else "telegram.less", locale)))
    rows = [[turn if one is more else one for one in row if one not in behind] for row in shown.inline_keyboard]
    acts = [] if behind else [Act.ORIGINAL] * has_picture + [Act.DETAILS, Act.DELETE]
    return markup([*rows, [_button(Button(act, (job,), say(f"act.{act}", locale))) for act in acts]])


def markup(rows: Iterable[Sequence[InlineKeyboardButton]]) -> InlineKeyboardMarkup | None:
    """A keyboard, if anything is left of it."""
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None


def in_rows(buttons: Sequence[InlineKeyboardButton], most: int = ROW) -> list[Sequence[InlineKeyboardButton]]:
    """Rows as long as each other, as far as that goes."""
    length = math.ceil(len(buttons) / max(1, math.ceil(len(buttons) / most)))
    return [buttons[start : start + length] for start in range(0, len(buttons), max(1, length))]


def _head(card: Card, room: Room) -> Iterator[Text]:
    """The title, bold unless it is the prompt itself, and the prompt."""
    if card.title == card.prompt:
        yield literal(f"{card.emoji} {card.title}", room.title)
        return
    title = joined(" ", [literal(card.emoji, SHORT), tagged("b", literal(card.title, room.title))])
    yield joined(" · ", [title, literal(f"#{card.tag}", SHORT)]) if card.tag else title
    yield tagged("blockquote", literal(card.prompt or "", room.prompt))


def _tail(card: Card, room: Room, *, now: float, ticking: bool, locale: str) -> Iterator[Text]:
    yield tagged("i", literal(" · ".join(filter(None, map(plain, card.chips))), room.chips))
    if card.bar:
        yield _bar(card.bar, now=now, ticking=ticking, locale=locale)
    links = joined(" · ", [linked(link.url, literal(link.label, LABEL_UNITS)) for link in card.links])
    yield from _lines(card.lines, room.lines - links.units)
    yield links
    yield tagged("i", literal(card.footer or "", room.footer))


def _lines(lines: Sequence[str], room: int) -> Iterator[Text]:
    left = room
    for line in lines:
        if left <= 1:
            return
        if (shown := sentence(line, left - 1)).units:
            left -= shown.units + 1
            yield shown


def _bar(bar: Bar, *, now: float, ticking: bool, locale: str) -> Text:
    parts = [sentence(gauge(bar, locale), GAUGE_UNITS)]
    if bar.eta_at is not None:
        parts.append(_ready(bar.eta_at, now=now, ticking=ticking, locale=locale))
    return joined(" · ", parts)


def _ready(at: float, *, now: float, ticking: bool, locale: str) -> Text:
    if at <= now:
        return sentence(say("chat.almost", locale), LABEL_UNITS)
    when = say("time.in", locale, time=spoken(at - now, locale))
    shown = sentence(say("chat.ready", locale, when=when), LABEL_UNITS)
    if not ticking:
        return shown
    return Text(shown.html.replace(when, f'<tg-time unix="{at:.0f}" format="r">{when}</tg-time>'), shown.units)


def _numbers(card: Card) -> list[InlineKeyboardButton]:
    """A button per picture: they are stored for the jobs of the button that gets all of them."""
    jobs = next((button.jobs for button in card.buttons if button.act is Act.ORIGINAL), ())
    return [_button(Button(Act.PICK, (job,), str(number))) for number, job in enumerate(jobs, 1)]


def _act(button: InlineKeyboardButton) -> str:
    """What a button of a card does."""
    return str(button.callback_data).removeprefix("j1:").partition(":")[0]


def _button(button: Button) -> InlineKeyboardButton:
    label = cut(plain(button.label), LABEL_UNITS) or "…"
    return InlineKeyboardButton(label, callback_data=button.id, style=_STYLES.get(button.act))
