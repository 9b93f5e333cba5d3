"""What Telegram asks of the buttons under a message."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from sim.telegram.refusals import Breach
from sim.telegram.state import JSON

MOST_IN_ROW = 8
MOST_BUTTONS = 100
MOST_DATA = 64  # bytes
MOST_COPIED = 256
STYLES = {"danger", "success", "primary"}
NO_ACTION = {"text", "style", "icon_custom_emoji_id"}

Keyboard = tuple[tuple[JSON, ...], ...]


def keyboard(markup: JSON | None) -> Keyboard:
    """The rows of an inline keyboard, empty ones left out; Breach says what is wrong with them."""
    rows = tuple(tuple(row) for row in (markup or {}).get("inline_keyboard", []) if row)
    if problems := [*_rows(rows), *(problem for row in rows for button in row for problem in _button(button))]:
        raise Breach(problems[0], *problems)
    return rows


def _rows(rows: Keyboard) -> Iterator[str]:
    if sum(map(len, rows)) > MOST_BUTTONS:
        yield "reply markup is too long"
    if any(len(row) > MOST_IN_ROW for row in rows):
        yield f"more than {MOST_IN_ROW} buttons in a row"


def _button(button: JSON) -> Iterator[str]:
    if not button["text"].strip():
        yield "inline keyboard button text must be non-empty"
    if len(set(button) - NO_ACTION) != 1:
        yield "a button has exactly one thing that it does"
    if not 1 <= len(button.get("callback_data", "x").encode()) <= MOST_DATA:
        yield "BUTTON_DATA_INVALID"
    if not 1 <= len(button.get("copy_text", {}).get("text", "x")) <= MOST_COPIED:
        yield "BUTTON_COPY_TEXT_INVALID"
    if "url" in button and urlsplit(button["url"]).scheme not in {"http", "https", "tg"}:
        yield "BUTTON_URL_INVALID"
    if button.get("style", "primary") not in STYLES:
        yield "invalid button style specified"
