"""Pure: every command with the options that an enabled model serves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answers import summary
from bot.errors import InvalidRequest
from bot.messages.cutting import one_line
from bot.parsing import OPTIONS, SETTINGS, SHAPES, SIZES, Command, nearest, parse
from bot.policy import OPTION_FLAGS, Offer
from bot.provider import CapabilitySpec

NAMES = (
    "imagine", "again", "show", "details", "jobs", "cancel", "quota", "settings", "styles", "models", "history",
    "help", "privacy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MenuOption:
    """An option as people write it, what it takes, and its choices where they are few."""

    flag: str
    hint: str
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.flag.removeprefix("--")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A command as a menu offers it."""

    name: str
    summary: str
    options: tuple[MenuOption, ...] = ()


def entries(offers: Iterable[Offer], locale: str) -> tuple[MenuEntry, ...]:
    """The menu."""
    making = options_of_all(offers)
    settings = (*(option for option in making if option.name in SETTINGS), MenuOption("--ping", "", ("on", "off")))
    options = {"imagine": making, "settings": settings}
    return tuple(MenuEntry(name, summary(name, locale), options.get(name, ())) for name in NAMES)


def options_of_all(offers: Iterable[Offer]) -> tuple[MenuOption, ...]:
    """Every option of /imagine that at least one model serves, with the choices of all; no hint where they differ."""
    served: dict[str, MenuOption] = {}
    for option in (option for offer in offers for option in options_of(offer.spec)):
        known = served.setdefault(option.flag, option)
        choices = tuple(dict.fromkeys((*known.choices, *option.choices)))
        served[option.flag] = replace(known, choices=choices, hint=known.hint if known.hint == option.hint else "")
    return tuple(sorted(served.values(), key=_place))


def options_of(spec: CapabilitySpec) -> list[MenuOption]:
    """What /imagine takes for one model."""
    options = [MenuOption("--model", "which model draws", (spec.model,))]
    for option in spec.options:
        flag = OPTION_FLAGS[option.name]
        hint = f"{option.low:g} to {option.high:g}" if option.low is not None and option.high is not None else ""
        options.append(MenuOption(flag, hint, option.choices))
    if spec.option("width") and spec.option("height"):
        options += [MenuOption("--shape", "", tuple(SHAPES)), MenuOption("--size", "", tuple(SIZES))]
    if spec.max_count > 1:
        options.append(MenuOption("--count", f"1 to {spec.max_count}"))
    return sorted(options, key=_place)


def _place(option: MenuOption) -> int:
    return OPTIONS.index(option.name)


def read(text: str, offered: Sequence[str]) -> Command:
    """The command that a line of text is; raises `InvalidRequest`."""
    if not text.lstrip().startswith("/"):
        raise InvalidRequest("err.not_a_command", words=one_line(text, 60) or "a lighthouse in a storm")
    return parse(text, offered)


def unknown(name: str) -> InvalidRequest:
    """The refusal of a command that is none; names the nearest one."""
    known, close = ", ".join(f"/{known}" for known in NAMES), nearest(name, NAMES)
    if close:
        return InvalidRequest("err.unknown_command_nearest", command=f"/{name}", nearest=f"/{close}", known=known)
    return InvalidRequest("err.unknown_command", command=f"/{name}", known=known)
