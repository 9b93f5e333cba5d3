"""The commands, as Discord is told of them and as they come back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.chat.discord.brought import Brought, attached
from bot.commands import MenuEntry, MenuOption, Suggestion
from bot.messages import say
from bot.messages.cutting import whole
from bot.model import Act, Quality
from bot.parsing import (
    COUNT_MAX,
    DESCRIPTION_CHARS,
    DURATION_S,
    GUIDANCE,
    NAME_CHARS,
    NEGATIVE_CHARS,
    NICKNAME_CHARS,
    NOTHING,
    PROMPT_CHARS,
    SEED_MAX,
    SHAPES,
    SIDE_PX,
    SIZES,
    STYLE_STRENGTH,
    Command,
    written,
)
from bot.provider import OptionKind, OptionSpec

JSON = dict[str, Any]

SLASH, MESSAGE_MENU = 1, 3
SUBCOMMAND, STRING, INTEGER, BOOLEAN, NUMBER, ATTACHMENT = 1, 3, 4, 5, 10, 11
OPTIONS_MOST, CHOICES_MOST, TEXT_CHARS, LINK_CHARS = 25, 25, 100, 2000
DETAILS, SOURCE = "Job details", "Use as source"
MENUS = {"Edit this picture": Act.EDIT, "Animate this picture": Act.ANIMATE}
"""What can be done with a message of anybody's, and what it does."""

_EVERYWHERE: JSON = {"integration_types": [0, 1], "contexts": [0, 1, 2]}  # servers, people; all kinds of chats
_SHAPES = [{"name": f"{shape.capitalize()} {ratio}", "value": shape} for shape, ratio in SHAPES.items()]
_SIDE: JSON = {"type": INTEGER, "min_value": SIDE_PX[0], "max_value": SIDE_PX[1]}
_NAME: JSON = {"type": STRING, "autocomplete": True, "max_length": NAME_CHARS}
_NICKNAME: JSON = {"type": STRING, "min_length": 1, "max_length": NICKNAME_CHARS}
_PROMPT: JSON = {"type": STRING, "min_length": 1, "max_length": PROMPT_CHARS}
_DESCRIPTION: JSON = {"type": STRING, "min_length": DESCRIPTION_CHARS[0], "max_length": DESCRIPTION_CHARS[1]}
_REQUIRED: JSON = {"required": True}

_WORDS: dict[str, tuple[str, JSON]] = {
    "imagine": ("prompt", _PROMPT | _REQUIRED),
    "edit": ("prompt", _PROMPT),
    "animate": ("prompt", _PROMPT),
    "effect": ("effect", _NAME | _REQUIRED),
    "character new": ("description", _DESCRIPTION | _REQUIRED),
    "character browse": ("search", {"type": STRING, "max_length": NAME_CHARS}),
    "character use": ("character", _NAME),
    **dict.fromkeys(("character show", "character rename", "character delete"), ("character", _NAME | _REQUIRED)),
    **dict.fromkeys(("again", "show", "details", "cancel"), ("job", _NAME)),
}
"""The field that takes the words of a command."""

_BESIDE: dict[str, dict[str, JSON]] = {"character rename": {"name": _NICKNAME | _REQUIRED}}
_OPTIONS: dict[str, JSON] = {
    "character": _NAME,
    "result": _NAME,
    "link": {"type": STRING, "max_length": LINK_CHARS},
    "name": _NICKNAME,
    "seconds": {"type": INTEGER, "min_value": DURATION_S[0], "max_value": DURATION_S[1]},
    "audio": {"type": BOOLEAN},
    "style": _NAME,
    "style-strength": {"type": NUMBER, "min_value": STYLE_STRENGTH[0], "max_value": STYLE_STRENGTH[1]},
    "shape": {"type": STRING, "choices": _SHAPES},
    "size": {"type": STRING, "choices": [{"name": size.capitalize(), "value": size} for size in SIZES]},
    "width": _SIDE,
    "height": _SIDE,
    "count": {"type": INTEGER, "min_value": 1, "max_value": COUNT_MAX},
    "seed": {"type": INTEGER, "min_value": 0, "max_value": SEED_MAX},
    "negative": {"type": STRING, "max_length": NEGATIVE_CHARS},
    "guidance": {"type": NUMBER, "min_value": GUIDANCE[0], "max_value": GUIDANCE[1]},
    "model": _NAME,
    "ping": {"type": BOOLEAN},
}
_SETTABLE: dict[str, JSON] = {
    "shape": {"type": STRING, "choices": [*_SHAPES, {"name": NOTHING.capitalize(), "value": NOTHING}]}
}
_FLAG = re.compile(r"--([\w-]+)")


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as somebody sent it, with what they attached; `hidden`: only they are to see what comes of it."""

    command: Command
    hidden: bool
    file: Brought | None

    @property
    def bare(self) -> bool:
        """Whether nothing is said of what is to be done."""
        return not (self.command.words or self.command.options)


def payload(menu: Sequence[MenuEntry], locale: str) -> list[JSON]:
    """Every command as Discord registers it, with those options that an enabled model serves."""
    commands = dict[str, JSON]()
    for entry in menu:
        group, _, name = entry.name.rpartition(" ")
        told = {"name": name, "description": _described(entry, locale), "options": _fields(entry, locale)}
        if group:
            commands.setdefault(group, _group(group, locale))["options"].append({"type": SUBCOMMAND, **told})
        else:
            commands[name] = {"type": SLASH, **told, **_EVERYWHERE}
    menus = ({"type": MESSAGE_MENU, "name": name, **_EVERYWHERE} for name in _menus(menu))
    return [*commands.values(), *menus]


def read(data: Mapping[str, Any]) -> Typed:
    """The command in the data of an interaction."""
    name, told = _taken(data)
    given = {option["name"]: option["value"] for option in told}
    hidden, image = bool(given.pop("hidden", False)), given.pop("image", None)
    words = str(given.pop(_field_of_words(name), ""))
    options = {written(option): str(value) for option, value in given.items()}
    return Typed(Command(name, words, options), hidden, attached(data, image) if image else None)


def focused(data: Mapping[str, Any]) -> tuple[str, str, str]:
    """The command, its option that is being typed, and what stands there so far."""
    name, told = _taken(data)
    option = next(option for option in told if option.get("focused"))
    return name, option["name"], str(option["value"])


def choices(option: MenuOption) -> list[Suggestion]:
    """What an option offers, as people read it; high quality says what it takes."""
    named = {str(Quality.HIGH): option.hint} if option.name == "quality" else {}
    return [Suggestion(_sentence(named.get(one, one)), one) for one in option.choices]


class Fields:
    """`bot.surface.Spelling`: words and options are fields, as in `/imagine prompt:a red fox style:ink`."""

    def flags(self, flags: str) -> str:
        return _FLAG.sub(lambda flag: flag[1].replace("-", "_"), flags)

    def line(self, command: str, words: str, options: Mapping[str, str | float]) -> str:
        main = {_field_of_words(command): words} if words else {}
        fields = main | {name.replace("-", "_"): one for name, one in options.items()}
        return " ".join([f"/{command}", *(f"{name}:{value}" for name, value in fields.items())])


FIELDS = Fields()


def _menus(menu: Sequence[MenuEntry]) -> Iterator[str]:
    names = {entry.name for entry in menu}
    yield from (name for name, act in MENUS.items() if act in names)
    if any(entry.sources for entry in menu):
        yield SOURCE
    yield DETAILS


def _group(name: str, locale: str) -> JSON:
    return {
        "type": SLASH,
        "name": name,
        "description": say(f"discord.group.{name}", locale),
        "options": [],
        **_EVERYWHERE,
    }


def _described(entry: MenuEntry, locale: str) -> str:
    described = say(f"command.{entry.name}", locale)
    return f"{described} ({entry.cost})" if entry.cost else described


def _fields(entry: MenuEntry, locale: str) -> list[JSON]:
    """The words, what it is made from, the options that all know, and then those of some models."""
    fields = list[JSON]()
    if entry.name in _WORDS:
        name, rules = _WORDS[entry.name]
        fields.append(_field(name, _option_words(entry.name, name, locale), rules))
    beside = _BESIDE.get(entry.name, {})
    fields += [_field(name, say(f"discord.option.{name}", locale), rules) for name, rules in beside.items()]
    if entry.sources:
        fields.append(_field("image", say("discord.option.image", locale), {"type": ATTACHMENT}))
    fields += [_known(entry.name, option, locale) for option in entry.options if option.own is None]
    if entry.makes:
        fields.append(_field("hidden", say("discord.option.hidden", locale), {"type": BOOLEAN}))
    fields += [_own(option, option.own) for option in entry.options if option.own is not None]
    return fields[:OPTIONS_MOST]


def _option_words(command: str, field: str, locale: str) -> str:
    return say(f"form.{command}.words" if command in ("edit", "animate") else f"discord.option.{field}", locale)


def _known(command: str, option: MenuOption, locale: str) -> JSON:
    described = say(f"discord.option.{option.name.replace('-', '_')}", locale)
    if option.name == "quality":
        offered = [{"name": one.label, "value": one.value} for one in choices(option)]
        return _field(option.name, described, {"type": STRING, "choices": offered})
    if option.name == "seconds":
        described = f"{described}: {option.hint}"
    settable = _SETTABLE if command == "settings" else {}
    return _field(option.name, described, settable.get(option.name) or _OPTIONS[option.name])


def _own(option: MenuOption, spec: OptionSpec) -> JSON:
    """An option that only some models know."""
    match spec.kind:
        case OptionKind.FLAG:
            rules: JSON = {"type": BOOLEAN}
        case OptionKind.WHOLE:
            rules = {"type": INTEGER, "min_value": int(spec.low or 0), "max_value": int(spec.high or 0)}
        case OptionKind.NUMBER:
            rules = {"type": NUMBER, "min_value": spec.low, "max_value": spec.high}
        case _ if 0 < len(spec.choices) <= CHOICES_MOST:
            rules = {"type": STRING, "choices": [{"name": one, "value": one} for one in spec.choices]}
        case _:
            rules = {"type": STRING, "max_length": NAME_CHARS}
    return _field(option.name, option.hint or option.name, rules)


def _field(name: str, described: str, rules: JSON) -> JSON:
    return {"name": name.replace("-", "_"), "description": whole(described, TEXT_CHARS), **rules}


def _field_of_words(command: str) -> str:
    return _WORDS[command][0] if command in _WORDS else "words"


def _taken(data: Mapping[str, Any]) -> tuple[str, list[JSON]]:
    """The name of a command, of two words where it is one of a group, and its options."""
    told: list[JSON] = list(data.get("options", ()))
    if told and told[0]["type"] == SUBCOMMAND:
        return f"{data['name']} {told[0]['name']}", list(told[0].get("options", ()))
    return data["name"], told


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
