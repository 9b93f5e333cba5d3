"""What the simulated Telegram shows, as HTML in the manner of its client; `CSS` goes with it.

Pictures stand in it with their bytes. An entity that is not known here raises, rather than being left out.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.telegram.state import JSON, Film, Media, Message
from sim.telegram.world import World

CSS = Path(__file__).with_suffix(".css").read_text()
TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
PRESSED = {"bot_command", "mention", "text_mention", "hashtag", "url", "email", "text_link"}


def chat(messages: Iterable[Message], world: World) -> str:
    """Messages one below the other, albums as one; those that are gone as a note."""
    drawn = []
    for album, group in groupby(messages, key=lambda one: one.album):
        several = list(group)
        drawn += [_album(several, world)] if album else [message(one, world) for one in several]
    return "".join(drawn)


def message(told: Message, world: World) -> str:
    """One message as it is now, with its buttons."""
    if told.deleted:
        return "<div class=note>(this message was deleted)</div>"
    if told.service:
        return f"<div class=note>({escape(', '.join(told.service))})</div>"
    inside = _picture(told.now.media) if told.now.media else ""
    text = html(told.text, told.now.entities, world.clock.now())
    inside += f"<div class=text>{text}{_when(told)}</div>"
    return _bubble(told, world, inside) + _asks(told.asks_reply)


def html(text: str, entities: Iterable[JSON], now: float) -> str:
    """A text with its entities, which stand in each other or beside each other."""
    raw = text.encode("utf-16-le")
    return _between(raw, sorted(entities, key=lambda one: (one["offset"], -one["length"])), 0, len(raw) // 2, now)


def _between(raw: bytes, entities: list[JSON], start: int, end: int, now: float) -> str:
    made, at = "", start
    while entities:
        first = entities[0]
        stop = first["offset"] + first["length"]
        inner = [one for one in entities[1:] if one["offset"] < stop]
        made += _plain(raw, at, first["offset"])
        made += _entity(first, _between(raw, inner, first["offset"], stop, now), now)
        entities, at = entities[1 + len(inner) :], stop
    return made + _plain(raw, at, end)


def _plain(raw: bytes, start: int, end: int) -> str:
    return escape(raw[2 * start : 2 * end].decode("utf-16-le")).replace("\n", "<br>")


def _entity(entity: JSON, inside: str, now: float) -> str:
    kind = entity["type"]
    if kind in PRESSED:
        return f"<a>{inside}</a>"
    if kind == "date_time":
        return f"<u class=time>{_relative(entity['unix_time'] - now)}</u>"
    if kind not in TAGS:
        raise ValueError(f"an entity {kind} is not drawn")
    return f"<{TAGS[kind]}>{inside}</{TAGS[kind]}>"


def _relative(seconds: float) -> str:
    unit = f"{abs(seconds):.0f} seconds" if abs(seconds) < 60 else f"{abs(seconds) / 60:.0f} minutes"
    return f"in {unit}" if seconds > 0 else f"{unit} ago"


def _album(several: list[Message], world: World) -> str:
    shown = [_picture(one.now.media) for one in several if one.now.media and not one.deleted]
    return _bubble(several[0], world, f"<div class='album n{len(shown)}'>{''.join(shown)}</div>") if shown else ""


def _bubble(told: Message, world: World, inside: str) -> str:
    mine = "" if told.author is world.bot else " mine"
    author = told.sender_chat.title if told.sender_chat else told.author.name.title()
    name = f"<div class=author>{escape(author)}</div>" if told.chat.is_group else ""
    buttons = "".join(f"<div class=row>{''.join(map(_button, row))}</div>" for row in told.now.keyboard)
    bubble = f"<div class=bubble>{name}{_reply(told)}{inside}</div>"
    return f"<div class='message{mine}'><div>{bubble}<div class=keyboard>{buttons}</div></div></div>"


def _reply(told: Message) -> str:
    answered = told.reply_to
    if answered is None or answered.service:
        return ""
    first = answered.text.split("\n")[0] or "Photo"
    return f"<div class=reply><b>{escape(answered.author.name.title())}</b>{escape(first)}</div>"


def _when(told: Message) -> str:
    when = datetime.fromtimestamp(told.history[0].at, UTC)
    edited = "edited " if len(told.history) > 1 and not told.now.keyboard else ""
    return f"<span class=when>{edited}{when:%H:%M}</span>"


def _picture(media: Media) -> str:
    if media.kind == "photo":
        return f'<img src="{_address(media.data)}">'
    if media.film is not None:
        return _film(media.film)
    size = f"{len(media.data) / 1024:.0f} KB"
    return f"<div class=file><span>🗎</span><div>{escape(media.name)}<em>{size}</em></div></div>"


def _film(film: Film) -> str:
    """A video as it stands before it plays: its poster, else an area of its shape."""
    shape = f"aspect-ratio: {film.width or 1} / {film.height or 1}"
    poster = f'<img src="{_address(film.poster.data)}">' if film.poster else ""
    minutes, seconds = divmod(film.duration_s, 60)
    return f'<div class=film style="{shape}">{poster}<span>▶</span><em>{minutes}:{seconds:02}</em></div>'


def _address(picture: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"


def _button(button: JSON) -> str:
    mark = "<em>↗</em>" if "url" in button else ""
    return f"<span class='button {button.get('style', '')}'>{escape(button['text'])}{mark}</span>"


def _asks(markup: dict[str, Any]) -> str:
    """What a message asks of the field below the chat."""
    if not markup.get("force_reply"):
        return ""
    hint = escape(markup.get("input_field_placeholder") or "Message")
    return f"<div class=field>↩ Reply to Limner<br>{hint}</div>"
