"""Pure: lines that people write, as commands and requests, and requests as lines."""

from __future__ import annotations

from bot.parsing.lines import LINE_CHARS, PROMPT_CHARS, USUAL, Command, Offered, clean, named, parse, unknown
from bot.parsing.names import ALL, FLAGS, GROUPS, MAKING, OPTIONS, SETTINGS, SOURCES, written
from bot.parsing.requests import (
    COUNT_MAX,
    DESCRIPTION_CHARS,
    DURATION_S,
    GUIDANCE,
    NEGATIVE_CHARS,
    NICKNAME_CHARS,
    NOTHING,
    SEED_MAX,
    STYLE_STRENGTH,
    compose,
    reworded,
    to_nickname,
    to_preferences,
    to_prompt,
    to_request,
)
from bot.parsing.shapes import PIXELS, SHAPES, SIDE_PX, SIZES, to_shape
from bot.parsing.values import NAME_CHARS, OFF, ON, nearest

__all__ = [
    "ALL",
    "COUNT_MAX",
    "DESCRIPTION_CHARS",
    "DURATION_S",
    "FLAGS",
    "GROUPS",
    "GUIDANCE",
    "LINE_CHARS",
    "MAKING",
    "NAME_CHARS",
    "NEGATIVE_CHARS",
    "NICKNAME_CHARS",
    "NOTHING",
    "OFF",
    "ON",
    "OPTIONS",
    "PIXELS",
    "PROMPT_CHARS",
    "SEED_MAX",
    "SETTINGS",
    "SHAPES",
    "SIDE_PX",
    "SIZES",
    "SOURCES",
    "STYLE_STRENGTH",
    "USUAL",
    "Command",
    "Offered",
    "clean",
    "compose",
    "named",
    "nearest",
    "parse",
    "reworded",
    "to_nickname",
    "to_preferences",
    "to_prompt",
    "to_request",
    "to_shape",
    "unknown",
    "written",
]
