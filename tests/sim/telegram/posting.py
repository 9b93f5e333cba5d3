"""Turns the arguments of a call into what a message shows."""

from __future__ import annotations

from typing import Any

from sim.telegram import html, pictures
from sim.telegram.calls import Call
from sim.telegram.entities import Entity, settle, units
from sim.telegram.refusals import Breach, Refusal
from sim.telegram.state import JSON, Media
from sim.telegram.world import World

MOST_TEXT = 4096
MOST_CAPTION = 1024
KINDS = ("photo", "video", "document")

Words = tuple[str, tuple[Entity, ...]]


def text(world: World, args: JSON) -> Words:
    """The text of a message; Breach for one that is empty or too long."""
    if not args.get("text"):
        raise Breach("message text is empty")
    found, entities = _words(world, args["text"], args.get("parse_mode"), args.get("entities", []))
    if not found:
        raise Breach("text must be non-empty")
    if units(found) > MOST_TEXT:
        raise Breach("message is too long", f"{units(found)} units of text, at most {MOST_TEXT}")
    return found, entities


def caption(world: World, args: JSON) -> Words:
    """The words under a picture, perhaps none."""
    marked = args.get("caption_entities", [])
    found, entities = _words(world, args.get("caption") or "", args.get("parse_mode"), marked)
    if units(found) > MOST_CAPTION:
        raise Breach("message caption is too long", f"{units(found)} units of caption, at most {MOST_CAPTION}")
    return found, entities


def media(world: World, call: Call, item: JSON) -> tuple[Media, Words]:
    """One InputMedia."""
    if item["type"] not in KINDS:
        raise Breach(f"can't parse InputMedia: the simulator takes no {item['type']}")
    return file(world, call, item["type"], item["media"], item), caption(world, item)


def file(world: World, call: Call, kind: str, sent: Any, said: JSON) -> Media:
    """A file of one of the kinds that are served, with what is said of it."""
    found = call.file(sent)
    if kind == "video":
        files = {"thumbnail": call.file(said["thumbnail"])} if "thumbnail" in said else {}
        return pictures.video(world, found, said | files)
    return pictures.photo(world, found) if kind == "photo" else pictures.document(world, found)


def _words(world: World, source: str, mode: str | None, marked: list[Any]) -> Words:
    if mode is None or not source:
        return settle(source, marked)
    if mode.lower() != "html":
        raise Breach("unsupported parse_mode", f"the simulator reads HTML only, not {mode}")
    try:
        return settle(*html.parse(source, knows_time=world.knows_time))
    except html.Unparsable as why:
        told = f"can't parse entities: {why}"
        raise (Refusal(400, told) if "tg-time" in str(why) else Breach(told)) from None
