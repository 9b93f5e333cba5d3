"""What the simulated Discord shows, as HTML in the manner of its dark client; `CSS` goes with it.

Pictures stand in it with their bytes. A component that is not known here raises, rather than being left out.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from sim.discord import markdown, payloads
from sim.discord.components import Kind
from sim.discord.forms import GROUP, SUBCOMMAND
from sim.discord.markdown import Names
from sim.discord.state import Asked, Flag, Message
from sim.discord.world import World

JSON = dict[str, Any]
CSS = Path(__file__).with_suffix(".css").read_text()
STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link"}
PARAGRAPH = 2


def message(told: Message, world: World) -> str:
    """A message as it is now, with what stands above and below it; one that is gone as a note."""
    if told.deleted:
        return "<div class=message><span class=note>(this message was deleted)</span></div>"
    body = payloads.message(told, world)
    names, pictures = _names(world), {payloads.attachment(one, world)["url"]: one for one in told.now.attachments}

    def picture(media: JSON) -> str:
        found = pictures[media["url"]]
        return f"data:{found.media_type};base64,{base64.b64encode(found.data).decode()}"

    flags = Flag(body["flags"])
    parts = [f"<div class=thinking>{escape(_name(body['author']))} is thinking…</div>"] if Flag.LOADING in flags else []
    parts += [_text(body["content"], names)] if body["content"] else []
    parts += [_all(body["components"], names, picture)]
    if Flag.COMPONENTS_V2 not in flags:
        parts += [f'<div class=attachment><img src="{picture(one)}"></div>' for one in body["attachments"]]
    edited = " <span class=edited>(edited)</span>" if body["edited_timestamp"] and not told.loading else ""
    private = told.only_for is not None
    below = "<div class=note>👁 Only you can see this · <a>Dismiss message</a></div>" if private else ""
    return (
        f'<div class="message{" private" if private else ""}">{_above(told, world)}'
        f"{_head(body)}{''.join(parts)}{edited}{below}</div>"
    )


def modal(form: JSON) -> str:
    """A form that was opened."""
    fields = _all(form["components"], Names(), _no_picture)
    buttons = "<span class=button>Cancel</span><span class='button primary'>Submit</span>"
    return f"<div class=modal><h2>{escape(form['title'])}</h2>{fields}<footer>{buttons}</footer></div>"


def choices(heading: str, offered: Iterable[tuple[str, str]]) -> str:
    """A list above the line in which somebody types: suggestions, commands or options, each with a remark."""
    rows = "".join(f"<div>{escape(name)}<em>{escape(remark)}</em></div>" for name, remark in offered)
    return f"<div class=list><p>{escape(heading)}</p>{rows or '<em>No options match your search.</em>'}</div>"


def _names(world: World) -> Names:
    return Names(
        now=world.clock.now(),
        people={str(number): person.name.title() for number, person in world.people.items()},
        channels={str(number): place.name for number, place in world.channels.items()},
    )


def _name(user: JSON) -> str:
    return str(user["global_name"] or user["username"])


def _head(body: JSON) -> str:
    author = body["author"]
    app = "<span class=app>APP</span>" if author["bot"] else " "
    when = datetime.fromisoformat(body["timestamp"]).astimezone(UTC)
    return (
        f"<span class=avatar>{escape(_name(author)[0])}</span><span class=author>{escape(_name(author))}</span>"
        f"{app}<span class=when>{when:%H:%M}</span>"
    )


def _above(told: Message, world: World) -> str:
    """What the message answers: a command by its name, a press by the message that was pressed on."""
    asked, answered = told.interaction, told.reply_to
    if answered is None and asked is not None and asked.kind is Asked.COMMAND:
        name = asked.data["name"] if asked.data["type"] != 1 else f"/{' '.join(_command(asked.data))}"
        return f"<div class=context><b>{escape(asked.person.name.title())}</b> used <a>{escape(name)}</a></div>"
    source = answered or (asked.source if asked else None)
    if source is None:
        return ""
    first = source.text.split("\n")[0]
    words = markdown.html(first.removeprefix("### "), _names(world)) if first else "Click to see attachment 🖼"
    return f"<div class=context><b>{escape(source.author.name.title())}</b> {words}</div>"


def _command(data: JSON) -> Iterator[str]:
    """The words of a command: its name and that of its subcommand."""
    yield data["name"]
    for option in data.get("options", []):
        if option["type"] in (SUBCOMMAND, GROUP):
            yield from _command(option)


def _text(text: str, names: Names) -> str:
    return f"<div class=text>{markdown.html(text, names)}</div>"


Picture = Callable[[JSON], str]


def _component(part: JSON, names: Names, picture: Picture) -> str:
    if part["type"] not in _DRAWN:
        raise ValueError(f"component kind {part['type']} is not drawn")
    return _DRAWN[part["type"]](part, names, picture)


def _all(parts: Iterable[JSON], names: Names, picture: Picture) -> str:
    return "".join(_component(part, names, picture) for part in parts)


def _container(part: JSON, names: Names, picture: Picture) -> str:
    colour = "" if part["accent_color"] is None else f' style="border-left-color:#{part["accent_color"]:06x}"'
    return f"<div class=container{colour}>{_all(part['components'], names, picture)}</div>"


def _label(part: JSON, names: Names, picture: Picture) -> str:
    required = "<i> *</i>" if part["component"].get("required", True) else ""
    remark = f"<p>{escape(part['description'])}</p>" if part.get("description") else ""
    return f"<label>{escape(part['label'])}{required}</label>{remark}{_component(part['component'], names, picture)}"


def _field(part: JSON) -> str:
    tall = " tall" if part["style"] == PARAGRAPH else ""
    return f'<div class="field{tall}">{escape(part.get("value") or "")}</div>'


def _select(part: JSON) -> str:
    """A select as it opens: what is chosen in it, and what else there is."""
    chosen = [option["label"] for option in part["options"] if option.get("default")]
    offered = "".join(_option(option) for option in part["options"])
    shown = ", ".join(chosen) or part.get("placeholder") or "Make a selection"
    return f"<div class=field>{escape(shown)} ▾</div><div class=options>{offered}</div>"


def _radio(part: JSON) -> str:
    marks = ("◉" if option.get("default") else "○" for option in part["options"])
    rows = zip(marks, part["options"], strict=True)
    return "".join(f"<div class=radio>{mark} {_option(option)}</div>" for mark, option in rows)


def _option(option: JSON) -> str:
    return f"<div>{escape(option['label'])}<em>{escape(option.get('description') or '')}</em></div>"


def _section(part: JSON, names: Names, picture: Picture) -> str:
    beside = _component(part["accessory"], names, picture)
    return f"<div class=section><div>{_all(part['components'], names, picture)}</div>{beside}</div>"


def _button(part: JSON) -> str:
    kind, mark = STYLES[part["style"]], "<span>↗</span>" if "url" in part else ""
    disabled = " disabled" if part.get("disabled") else ""
    emoji = f"<span>{escape(part['emoji']['name'])}</span>" if part.get("emoji") else ""
    return f'<span class="button {kind}{disabled}">{emoji}{escape(part.get("label") or "")}{mark}</span>'


def _gallery(items: list[JSON], picture: Picture) -> str:
    """One as it is; up to four in two columns, of three the first large; more in three, the odd ones first."""
    shown = [_seen(item, picture, _span(index, len(items))) for index, item in enumerate(items)]
    columns = {1: "1fr", 2: "1fr 1fr", 3: "2fr 1fr", 4: "1fr 1fr"}.get(len(items), "repeat(6,1fr)")
    return f'<div class="gallery n{len(items)}" style="grid-template-columns:{columns}">{"".join(shown)}</div>'


def _seen(item: JSON, picture: Picture, style: str) -> str:
    """A picture, or a video that plays where it stands."""
    source, words = picture(item["media"]), escape(item.get("description") or "")
    if source.startswith("data:video/"):
        return f'<div class=video title="{words}"{style}>▶</div>'
    return f'<img src="{source}" alt="{words}"{style}>'


def _span(index: int, count: int) -> str:
    if count == 3 and index == 0:
        return ' style="grid-row:span 2"'
    if count < 5:
        return ' style="aspect-ratio:1"' if count > 1 else ""
    first = count % 3
    return f' style="aspect-ratio:1;grid-column:span {6 // first if index < first else 2}"'


_DRAWN: dict[int, Callable[[JSON, Names, Picture], str]] = {
    Kind.TEXT: lambda part, names, _: _text(part["content"], names),
    Kind.BUTTON: lambda part, _, __: _button(part),
    Kind.GALLERY: lambda part, _, picture: _gallery(part["items"], picture),
    Kind.SEPARATOR: lambda _, __, ___: "<div class=separator></div>",
    Kind.TEXT_INPUT: lambda part, _, __: _field(part),
    Kind.SELECT: lambda part, _, __: _select(part),
    Kind.RADIO: lambda part, _, __: _radio(part),
    Kind.UPLOAD: lambda _, __, ___: "<div class='field upload'>⬆ Drag and drop, or browse</div>",
    Kind.THUMBNAIL: lambda part, _, picture: f"<div class=thumbnail>{_seen(part, picture, '')}</div>",
    Kind.SECTION: _section,
    Kind.LABEL: _label,
    Kind.ACTION_ROW: lambda part, names, picture: f"<div class=row>{_all(part['components'], names, picture)}</div>",
    Kind.CONTAINER: _container,
}


def _no_picture(_: JSON) -> str:
    raise ValueError("there are no pictures in a form")
