"""Turns the body of a request into a message or its next version."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

from sim.discord import components as parts
from sim.discord import rules
from sim.discord.calls import Upload
from sim.discord.refusals import Breach, Refusal
from sim.discord.state import Attachment, Channel, Flag, Version
from sim.discord.world import World

JSON = dict[str, Any]
KEPT_BY_AN_EDIT = Flag.EPHEMERAL | Flag.COMPONENTS_V2 | Flag.SILENT | Flag.SUPPRESS_EMBEDS


def compose(
    world: World,
    channel: Channel,
    body: JSON,
    files: dict[int, Upload],
    *,
    max_bytes: int,
    before: Version | None = None,
) -> Version:
    """The version that `body` asks for, made from nothing or from what was shown `before`.

    Raises Breach for what no bot should send, 40005 for a file that is too large and 50006 for
    a message without anything in it.
    """
    if any(len(file.data) > max_bytes for file in files.values()):
        raise Refusal(40005)
    if problems := rules.problems(body, before):
        raise Breach(*problems)
    version = before or Version(at=0.0)
    attachments = _attachments(world, channel, body, files, version.attachments)
    version = replace(version, at=world.clock.now(), attachments=attachments, flags=_flags(body, before))
    for key in ("content", "embeds", "components"):
        if key in body:
            version = replace(version, **{key: _part(key, body[key], attachments, world)})
    if not (version.content or version.embeds or version.components or version.attachments):
        raise Refusal(50006)
    return version


def _flags(body: JSON, before: Version | None) -> Flag:
    asked = Flag(int(body.get("flags") or 0))
    return asked | (before.flags & KEPT_BY_AN_EDIT) if before else asked


def _part(key: str, value: Any, attachments: tuple[Attachment, ...], world: World) -> Any:
    if key == "content":
        return value or ""
    shown = deepcopy(value or [])
    if key == "components":
        parts.complete(shown)
        for media in parts.media(shown):
            _unfurl(media, attachments, world)
        for file in (part for part in parts.walk(shown) if part["type"] == parts.Kind.FILE):
            (found,) = (one for one in attachments if str(one.id) == file["file"]["attachment_id"])
            file.update(name=found.filename, size=len(found.data))
    return tuple(shown)


def _unfurl(media: JSON, attachments: tuple[Attachment, ...], world: World) -> None:
    media["id"] = str(world.new_id())
    if not media["url"].startswith(rules.ATTACHED):
        media["proxy_url"] = media["url"]
        return
    name = media["url"].removeprefix(rules.ATTACHED)
    found = next((file for file in attachments if file.filename == name), None)
    if found is None:
        raise Breach(f"{media['url']} names no attached file")
    media["attachment_id"] = str(found.id)


def _attachments(
    world: World, channel: Channel, body: JSON, files: dict[int, Upload], before: tuple[Attachment, ...]
) -> tuple[Attachment, ...]:
    """Those that the body names; without a list all that were there, and all that were sent."""
    listed = body.get("attachments")
    if listed is None:
        listed = [{"id": file.id} for file in before] + [{"id": number} for number in files]
    old = {file.id: file for file in before}
    found = [_attachment(world, channel, entry, files, old) for entry in listed]
    if unnamed := sorted(set(files) - {int(entry["id"]) for entry in listed}):
        raise Breach(f"files {unnamed} are not named in attachments")
    return tuple(found)


def _attachment(
    world: World, channel: Channel, entry: JSON, files: dict[int, Upload], old: dict[int, Attachment]
) -> Attachment:
    number, described = int(entry["id"]), entry.get("description")
    if number in files:
        name = entry.get("filename") or files[number].filename
        return world.attachment(channel, name, files[number].data, description=described)
    if number not in old:
        raise Breach(f"attachments: {number} is neither sent nor on the message")
    return replace(old[number], description=described) if described else old[number]
