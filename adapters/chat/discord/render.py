"""Pure: a card as Discord's Components V2. All text of a card is foreign and shown literally."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord import ui

from adapters.chat.discord.markup import block, literal
from bot.cards import BEHIND_MORE, folded, gauge
from bot.messages import say
from bot.messages.cutting import units, whole
from bot.messages.plain import plain
from bot.model import ANSWER, Act, Bar, Button, Card, CardLink, CardMedia, Tone

MOST_TEXT = 3900  # of Discord's 4,000
TITLE, PROMPT, CHIPS, LINES, FOOTER = 400, 700, 600, 1800, 200
MOST_PICTURES = 10
MOST_BUTTONS, ROW = 20, 5
LABEL_CHARS, ALT_CHARS = 80, 1024

_COLOURS = {Tone.NEUTRAL: 0x80848E, Tone.ACTIVE: 0x5865F2, Tone.GOOD: 0x23A55A, Tone.WARN: 0xF0B232, Tone.BAD: 0xF23F43}
_FIRST = frozenset({Act.AGAIN, Act.RETRY, Act.LOOK, Act.USE})
"""What a card offers first; only the first button of a card can be of the strong kind."""

View = ui.LayoutView
Part = ui.Item[Any]


def draw(card: Card, *, now: float, owner: int | None = None, by_press: bool = False) -> View:
    """The view of a card; `now` is UTC epoch seconds, `owner` the account for whom a public message is made.

    Its pictures must be attached under the names of their files. `by_press`: in the end only a press
    on the message itself reaches it, so Delete stands there and not behind More….
    """
    view, behind = View(timeout=None), BEHIND_MORE - {Act.DELETE} if by_press else BEHIND_MORE
    view.add_item(ui.Container(*_parts(card, now, owner, behind), accent_colour=_COLOURS[card.tone]))
    view.stop()  # discord.py keeps every view that is not, for good; presses are known by their ids alone
    return view


def payload(view: View) -> dict[str, Any]:
    """The view as the body of a request: no mention in it rings anybody."""
    flags = discord.MessageFlags(components_v2=True).value
    components = view.to_components()  # type: ignore[no-untyped-call]  # ships half of its types
    return {"components": components, "flags": flags, "allowed_mentions": {"parse": []}}


def _parts(card: Card, now: float, owner: int | None, behind: frozenset[Act]) -> Iterator[Part]:
    head, tail = list(_head(card)), list(_tail(card, now, owner))
    if card.command and card.state == ANSWER:
        tail.append(block(card.command, MOST_TEXT - units("\n".join(head + tail))))
    if card.portrait and card.media:
        yield ui.Section("\n".join(head + tail), accessory=_portrait(card.media[0]))
    elif card.media:
        yield ui.TextDisplay("\n".join(head))
        yield ui.MediaGallery(*map(_picture, card.media[:MOST_PICTURES]))
        if tail:
            yield ui.TextDisplay("\n".join(tail))
    else:
        yield ui.TextDisplay("\n".join(head + tail))
    buttons = folded(card, MOST_BUTTONS, behind)
    for start in range(0, len(buttons), ROW):
        yield ui.ActionRow(*(_button(one, first=one is buttons[0]) for one in buttons[start : start + ROW]))


def _head(card: Card) -> Iterator[str]:
    """The title, as a heading unless it is the prompt itself, and the prompt."""
    title, tag = literal(f"{card.emoji} {card.title}", TITLE) or "…", literal(f"#{card.tag}", TITLE) if card.tag else ""
    if card.title == card.prompt:
        yield title
        return
    yield f"### {title} · {tag}" if tag else f"### {title}"
    if card.prompt and (prompt := literal(card.prompt, PROMPT)):
        yield prompt


def _tail(card: Card, now: float, owner: int | None) -> Iterator[str]:
    if chips := literal(" · ".join(filter(None, map(plain, card.chips))), CHIPS):
        yield f"-# {chips}"
    if card.bar and (bar := _bar(card.bar, now)):
        yield bar
    links = _links(card.links)
    yield from _lines(card.lines, LINES - units(links))
    if links:
        yield links
    footer = [say("discord.for", person=f"<@{owner}>")] if owner is not None else []
    footer += [literal(card.footer, FOOTER)] if card.footer else []
    if footer:
        yield f"-# {' · '.join(footer)}"


def _lines(lines: Sequence[str], left: int) -> Iterator[str]:
    for line in lines:
        shown = literal(line, left)
        left -= units(shown) + 1
        if left < 0:
            return
        if shown:
            yield shown


def _links(links: Sequence[CardLink]) -> str:
    """On one line, as many as fit. Not buttons: for one address that Discord dislikes it would refuse the card."""
    shown = [f"[{literal(link.label, LABEL_CHARS)}](<{link.url}>)" for link in links]
    while units(line := " · ".join(shown)) > LINES:
        shown.pop()
    return line


def _bar(bar: Bar, now: float) -> str:
    parts = list(filter(None, [gauge(bar)]))
    if bar.eta_at is not None:
        ready = say("chat.ready", when=f"<t:{bar.eta_at:.0f}:R>")
        parts.append(ready if bar.eta_at > now else say("chat.almost"))
    shown = " · ".join(parts)
    return shown[:1].upper() + shown[1:]


def _picture(media: CardMedia) -> discord.MediaGalleryItem:
    alt = whole(plain(media.alt), ALT_CHARS) or None
    return discord.MediaGalleryItem(f"attachment://{media.file}", description=alt)


def _portrait(media: CardMedia) -> Part:
    return ui.Thumbnail(f"attachment://{media.file}", description=whole(plain(media.alt), ALT_CHARS) or None)


def _button(button: Button, *, first: bool) -> ui.Button[Any]:
    label = whole(plain(button.label), LABEL_CHARS) or "…"
    return ui.Button(label=label, custom_id=button.id, style=_style(button.act, first=first))


def _style(act: Act, *, first: bool) -> discord.ButtonStyle:
    if act in (Act.DELETE, Act.REMOVE):
        return discord.ButtonStyle.danger
    return discord.ButtonStyle.primary if first and act in _FIRST else discord.ButtonStyle.secondary
