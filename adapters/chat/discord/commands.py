"""The slash commands, as Discord is told of them and as they come back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.commands import MenuEntry, MenuOption
from bot.messages import say
from bot.messages.cutting import whole
from bot.parsing import (
    COUNT_MAX,
    GUIDANCE,
    NAME_CHARS,
    NEGATIVE_CHARS,
    NOTHING,
    OPTIONS,
    PROMPT_CHARS,
    SEED_MAX,
    SHAPES,
    SIDE_PX,
    SIZES,
    STYLE_STRENGTH,
    Command,
)
from bot.provider import OptionKind, OptionSpec

JSON = dict[str, Any]

SLASH, MESSAGE_MENU = 1, 3
STRING, INTEGER, BOOLEAN, NUMBER = 3, 4, 5, 10
DETAILS = "Job details"
OPTIONS_MOST, CHOICES_MOST, TEXT_CHARS = 25, 25, 100
MAKING = frozenset({"imagine", "again"})
"""The commands that make pictures; everything else is answered to the person alone."""

_EVERYWHERE: JSON = {"integration_types": [0, 1], "contexts": [0, 1, 2]}  # servers, people; all kinds of chats
_SHAPES = [{"name": f"{shape.capitalize()} {ratio}", "value": shape} for shape, ratio in SHAPES.items()]
_SIZES = [{"name": size.capitalize(), "value": size} for size in SIZES]
_SIDE: JSON = {"type": INTEGER, "min_value": SIDE_PX[0], "max_value": SIDE_PX[1]}
_NAME: JSON = {"type": STRING, "autocomplete": True, "max_length": NAME_CHARS}

_JOB: dict[str, JSON] = {"job": _NAME}
_HIDDEN: dict[str, JSON] = {"hidden": {"type": BOOLEAN}}
_TAKES: dict[str, dict[str, JSON]] = {
    "imagine": {
        "prompt": {"type": STRING, "required": True, "min_length": 1, "max_length": PROMPT_CHARS},
        "model": _NAME,
        "style": _NAME,
        "style_strength": {"type": NUMBER, "min_value": STYLE_STRENGTH[0], "max_value": STYLE_STRENGTH[1]},
        "shape": {"type": STRING, "choices": _SHAPES},
        "size": {"type": STRING, "choices": _SIZES},
        "width": _SIDE,
        "height": _SIDE,
        "count": {"type": INTEGER, "min_value": 1, "max_value": COUNT_MAX},
        "negative": {"type": STRING, "max_length": NEGATIVE_CHARS},
        "seed": {"type": INTEGER, "min_value": 0, "max_value": SEED_MAX},
        "guidance": {"type": NUMBER, "min_value": GUIDANCE[0], "max_value": GUIDANCE[1]},
        **_HIDDEN,
    },
    "again": {**_JOB, **_HIDDEN},
    "show": _JOB,
    "details": _JOB,
    "cancel": _JOB,
    "settings": {
        "style": _NAME,
        "model": _NAME,
        "shape": {"type": STRING, "choices": [*_SHAPES, {"name": NOTHING.capitalize(), "value": NOTHING}]},
        "ping": {"type": BOOLEAN},
    },
}
_FLAG = re.compile(r"--([\w-]+)")
_EVER_SERVED = {name.replace("-", "_") for name in OPTIONS}


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as somebody sent it; `hidden`: only they are to see what comes of it."""

    command: Command
    hidden: bool


def payload(menu: Iterable[MenuEntry], locale: str) -> list[JSON]:
    """Every command as Discord registers it, with those options that an enabled model serves."""
    commands = [_command(entry, locale) for entry in menu]
    return [*commands, {"type": MESSAGE_MENU, "name": DETAILS, **_EVERYWHERE}]


def read(data: Mapping[str, Any]) -> Typed:
    """The command in the data of an interaction."""
    given = {option["name"]: option["value"] for option in data.get("options", ())}
    hidden = bool(given.pop("hidden", False))
    words = str(given.pop("prompt", given.pop("job", "")))
    options = {name.replace("_", "-"): str(value) for name, value in given.items()}
    return Typed(Command(data["name"], words, options), hidden)


def focused(data: Mapping[str, Any]) -> tuple[str, str, str]:
    """The command, its option that is being typed, and what stands there so far."""
    option = next(option for option in data["options"] if option.get("focused"))
    return data["name"], option["name"], str(option["value"])


class Fields:
    """`bot.surface.Spelling`: words and options are fields, as in `/imagine prompt:a red fox style:ink`."""

    def flags(self, flags: str) -> str:
        return _FLAG.sub(lambda flag: flag[1].replace("-", "_"), flags)

    def line(self, command: str, words: str, options: Mapping[str, str | float]) -> str:
        main = {"prompt" if command == "imagine" else "job": words} if words else {}
        fields = main | {name.replace("-", "_"): one for name, one in options.items()}
        return " ".join([f"/{command}", *(f"{name}:{value}" for name, value in fields.items())])


FIELDS = Fields()


def _command(entry: MenuEntry, locale: str) -> JSON:
    unserved = _EVER_SERVED - {_field(option) for option in entry.options}
    options = [
        {"name": name, "description": say(f"discord.option.{name}", locale), **rules}
        for name, rules in _TAKES.get(entry.name, {}).items()
        if name not in unserved
    ]
    own = [_own(option, option.own) for option in entry.options if option.own is not None]
    return {
        "type": SLASH,
        "name": entry.name,
        "description": say(f"command.{entry.name}", locale),
        "options": [*options, *own][:OPTIONS_MOST],
        **_EVERYWHERE,
    }


def _own(option: MenuOption, spec: OptionSpec) -> JSON:
    """An option that only some models know."""
    field: JSON = {"name": _field(option), "description": whole(option.hint or option.name, TEXT_CHARS)}
    match spec.kind:
        case OptionKind.FLAG:
            return {**field, "type": BOOLEAN}
        case OptionKind.WHOLE:
            return {**field, "type": INTEGER, "min_value": int(spec.low or 0), "max_value": int(spec.high or 0)}
        case OptionKind.NUMBER:
            return {**field, "type": NUMBER, "min_value": spec.low, "max_value": spec.high}
    if 0 < len(spec.choices) <= CHOICES_MOST:
        return {**field, "type": STRING, "choices": [{"name": one, "value": one} for one in spec.choices]}
    return {**field, "type": STRING, "max_length": NAME_CHARS}


def _field(option: MenuOption) -> str:
    return option.name.replace("-", "_")
