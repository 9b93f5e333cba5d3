"""What Discord asks of a message beyond the shapes in its document, and what this house asks of a bot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sim.discord.components import Component, Kind, text, walk
from sim.discord.state import NO_FLAGS, Flag, Version

JSON = dict[str, Any]
MOST_TEXT = 4000
MOST_COMPONENTS = 40
MOST_ROWS = 5
LINK = 5
ATTACHED = "attachment://"
SETTABLE = Flag.SUPPRESS_EMBEDS | Flag.EPHEMERAL | Flag.SILENT | Flag.COMPONENTS_V2
NOT_BESIDE_V2 = ("content", "embeds", "poll", "sticker_ids", "shared_client_theme")
INTERACTIVE = "a button has either a custom_id or, as a link, a url"


def problems(body: JSON, before: Version | None = None) -> list[str]:
    """What is wrong with a message that is made, or edited from what it was `before`."""
    components = body.get("components") or []
    found = [*_mentions(body), *_flags(body, before), *_identities(components), *_rows(components)]
    if _is_v2(body, before):
        return [*found, *_v2(body, components)]
    return [*found, *_v1(components)]


def _is_v2(body: JSON, before: Version | None) -> bool:
    flags = Flag(int(body.get("flags") or 0)) | (before.flags if before else NO_FLAGS)
    return Flag.COMPONENTS_V2 in flags


def _mentions(body: JSON) -> Iterator[str]:
    """Without `parse: []` a prompt could ring a whole server."""
    mentions = body.get("allowed_mentions")
    if mentions is None:
        yield "allowed_mentions is missing"
    elif mentions.get("parse") != []:
        yield "allowed_mentions/parse is not []"


def _flags(body: JSON, before: Version | None) -> Iterator[str]:
    if body.get("flags") is None:
        return
    flags = Flag(int(body["flags"]))
    if flags & ~SETTABLE:
        yield f"flags: {int(flags & ~SETTABLE)} cannot be set"
    if before and Flag.COMPONENTS_V2 in before.flags and Flag.COMPONENTS_V2 not in flags:
        yield "flags: IS_COMPONENTS_V2 cannot be removed"


def _identities(components: list[Component]) -> Iterator[str]:
    for key in ("custom_id", "id"):
        counted = Counter(part[key] for part in walk(components) if part.get(key))
        yield from (f"{key} {value!r} stands {times} times" for value, times in counted.items() if times > 1)


def _rows(components: list[Component]) -> Iterator[str]:
    for part in walk(components):
        if part["type"] == Kind.BUTTON:
            yield from _button(part)
        elif part["type"] == Kind.ACTION_ROW:
            kinds = [child["type"] for child in part["components"]]
            if len(kinds) > 1 and set(kinds) != {Kind.BUTTON}:
                yield "a select shares its row"
        elif part["type"] == Kind.FILE and not part["file"]["url"].startswith(ATTACHED):
            yield f"a file is shown by {ATTACHED}"


def _button(button: Component) -> Iterator[str]:
    is_link = button["style"] == LINK
    if bool(button.get("url")) != is_link or bool(button.get("custom_id")) == is_link:
        yield INTERACTIVE
    if not button.get("label") and not button.get("emoji"):
        yield "a button has neither label nor emoji"


def _v2(body: JSON, components: list[Component]) -> Iterator[str]:
    yield from (f"{key} beside IS_COMPONENTS_V2" for key in NOT_BESIDE_V2 if body.get(key))
    length = sum(map(len, text(components)))
    if length > MOST_TEXT:
        yield f"{length} characters of text, at most {MOST_TEXT}"
    count = len(list(walk(components)))
    if count > MOST_COMPONENTS:
        yield f"{count} components, at most {MOST_COMPONENTS}"


def _v1(components: list[Component]) -> Iterator[str]:
    if any(part["type"] != Kind.ACTION_ROW for part in components):
        yield "only action rows may stand in a message without IS_COMPONENTS_V2"
    if len(components) > MOST_ROWS:
        yield f"{len(components)} rows, at most {MOST_ROWS}"
