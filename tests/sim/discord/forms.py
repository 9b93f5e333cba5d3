"""What Discord's own client lets a person fill in: options of a command, fields of a modal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.discord import payloads
from sim.discord.components import Component, Kind, walk
from sim.discord.state import Attachment, Channel, Message, Person
from sim.discord.world import World

JSON = dict[str, Any]
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, NUMBER, ATTACHMENT = 1, 2, 3, 4, 5, 6, 7, 10, 11
LONGEST_STRING = 6000
LONGEST_TEXT = 4000


class Impossible(AssertionError):
    """Discord's client does not let a person do this."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that a person attaches to a command, a modal or a message; `told_bytes`: the size that is said of it."""

    filename: str
    data: bytes
    media_type: str | None = None
    told_bytes: int | None = None

    def kept(self, world: World, channel: Channel) -> Attachment:
        return world.attachment(channel, self.filename, self.data, self.media_type, told_bytes=self.told_bytes)


PYTHON: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    USER: Person,
    CHANNEL: Channel,
    NUMBER: (int, float),
    ATTACHMENT: Picture,
}


@dataclass
class Resolved:
    """Collects what a form refers to, as the `resolved` part of an interaction."""

    world: World
    channel: Channel
    told: dict[str, JSON] = field(default_factory=dict)

    def person(self, person: Person) -> str:
        key = str(person.id)
        self.told.setdefault("users", {})[key] = payloads.user(person)
        guild = self.channel.guild
        if guild is not None and person in guild.members:
            partial = {
                key: value for key, value in payloads.member(person).items() if key not in ("user", "deaf", "mute")
            }
            self.told.setdefault("members", {})[key] = partial | {"permissions": str(int(guild.members[person]))}
        return key

    def place(self, place: Channel) -> str:
        told = payloads.channel(place, self.world.bot) | {"permissions": str(int(place.allowed))}
        self.told.setdefault("channels", {})[str(place.id)] = told
        return str(place.id)

    def picture(self, picture: Picture) -> str:
        file = picture.kept(self.world, self.channel)
        told = payloads.attachment(file, self.world) | {"ephemeral": True}
        self.told.setdefault("attachments", {})[str(file.id)] = told
        return str(file.id)

    def message(self, message: Message) -> str:
        self.told.setdefault("messages", {})[str(message.id)] = payloads.message(message, self.world)
        return str(message.id)

    def value(self, value: Any) -> Any:
        if isinstance(value, Person):
            return self.person(value)
        if isinstance(value, Channel):
            return self.place(value)
        return self.picture(value) if isinstance(value, Picture) else value


def options(
    command: JSON, words: list[str], given: Mapping[str, Any], resolved: Resolved, focused: str = ""
) -> list[JSON]:
    """The options of a command or of the subcommand that `words` name; Impossible says why not."""
    known = {option["name"]: option for option in command.get("options", [])}
    if words:
        inner = known.get(words[0])
        if inner is None or inner["type"] not in (SUBCOMMAND, GROUP):
            raise Impossible(f"{command['name']} has no subcommand {words[0]}")
        chosen = options(inner, words[1:], given, resolved, focused)
        return [{"name": inner["name"], "type": inner["type"], "options": chosen}]
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in known.values()):
        raise Impossible(f"{command['name']} is not complete")
    if unknown := set(given) - set(known):
        raise Impossible(f"{command['name']} has no option {sorted(unknown)}")
    if not focused and (missing := [name for name in known if known[name].get("required") and name not in given]):
        raise Impossible(f"{command['name']} needs {missing}")
    return [_option(known[name], value, resolved, focused) for name, value in given.items()]


def _option(option: JSON, value: Any, resolved: Resolved, focused: str) -> JSON:
    told = {"name": option["name"], "type": option["type"]}
    if option["name"] == focused:
        if not option.get("autocomplete"):
            raise Impossible(f"{focused} suggests nothing")
        return told | {"value": value, "focused": True}
    if problems := list(_wrong(option, value)):
        raise Impossible(f"{option['name']}: {', '.join(problems)}")
    return told | {"value": resolved.value(value)}


def _wrong(option: JSON, value: Any) -> Iterator[str]:
    expected = PYTHON[option["type"]]
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        yield f"{value!r} does not fit"
        return
    if option.get("choices") and value not in [choice["value"] for choice in option["choices"]]:
        yield f"{value!r} is no choice"
    if isinstance(value, str):
        if not option.get("min_length", 0) <= len(value) <= option.get("max_length", LONGEST_STRING):
            yield "too short or too long"
    elif isinstance(value, int | float) and not _in_range(option, value):
        yield "out of range"


def _in_range(option: JSON, value: float) -> bool:
    least, most = option.get("min_value", value), option.get("max_value", value)
    return bool(least <= value <= most)


def submission(modal: JSON, given: Mapping[str, Any], resolved: Resolved) -> JSON:
    """What a modal sends back; fields that are not `given` keep what they showed."""
    known = {part["custom_id"] for part in walk(modal["components"]) if "custom_id" in part}
    if unknown := set(given) - known:
        raise Impossible(f"the modal has no field {sorted(unknown)}")
    filled = [_filled(part, given, resolved, number) for number, part in enumerate(modal["components"], 1)]
    told = {"custom_id": modal["custom_id"], "components": filled}
    return told | ({"resolved": resolved.told} if resolved.told else {})


def _filled(part: Component, given: Mapping[str, Any], resolved: Resolved, number: int) -> Component:
    told: Component = {"id": number, "type": part["type"]}
    if part["type"] == Kind.LABEL:
        return told | {"component": _filled(part["component"], given, resolved, number + 100)}
    if part["type"] == Kind.ACTION_ROW:
        inner = enumerate(part["components"], number * 10)
        return told | {"components": [_filled(child, given, resolved, place) for place, child in inner]}
    if "custom_id" not in part:
        return told
    name = part["custom_id"]
    value = given.get(name, _shown(part))
    _check_field(part, value)
    key = "values" if isinstance(value, list) else "value"
    return told | {"custom_id": name, key: [resolved.value(one) for one in value] if key == "values" else value}


def _check_field(part: Component, value: Any) -> None:
    name = part["custom_id"]
    if value in ("", [], None):
        if part.get("required", True):
            raise Impossible(f"{name} must be filled in")
        return
    if part["type"] == Kind.TEXT_INPUT:
        if not (part.get("min_length") or 0) <= len(value) <= (part.get("max_length") or LONGEST_TEXT):
            raise Impossible(f"{name}: too short or too long")
    elif part["type"] != Kind.CHECKBOX:
        check_choice(part, value if isinstance(value, list) else [value])


def check_choice(part: Component, values: list[Any]) -> None:
    """Impossible if a select or group of a message or modal does not offer this, or not so much of it."""
    offered = [option["value"] for option in part.get("options", [])]
    if offered and not set(values) <= set(offered):
        raise Impossible(f"{part['custom_id']} offers {offered}")
    if not (part.get("min_values") or 0) <= len(values) <= (part.get("max_values") or 1):
        raise Impossible(f"{part['custom_id']}: {len(values)} are too few or too many")


def _shown(part: Component) -> Any:
    if part["type"] == Kind.TEXT_INPUT:
        return part.get("value") or ""
    if part["type"] == Kind.CHECKBOX:
        return bool(part.get("default"))
    chosen = [option["value"] for option in part.get("options", []) if option.get("default")]
    return next(iter(chosen), None) if part["type"] == Kind.RADIO else chosen
