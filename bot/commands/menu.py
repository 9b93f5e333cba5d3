"""Pure: every command with the options that an enabled model serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.answers import EXAMPLE, summary
from bot.errors import InvalidRequest
from bot.messages.cutting import one_line
from bot.model import Capability
from bot.parsing import OFF, ON, OPTIONS, SETTINGS, SHAPES, SIZES, Command, Offered, nearest, parse, written
from bot.policy import OPTION_FLAGS, Offer
from bot.provider import CapabilitySpec, OptionKind, OptionSpec

NAMES = (
    "imagine", "again", "show", "details", "jobs", "cancel", "quota", "settings", "styles", "models", "history",
    "help", "privacy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MenuOption:
    """An option as people write it, what it takes, and its choices where they are few.

    `own` is an option that only some models know, as all of them together take it.
    """

    flag: str
    hint: str
    choices: tuple[str, ...] = ()
    own: OptionSpec | None = None

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
    settings = (*(option for option in making if option.name in SETTINGS), MenuOption("--ping", "", (ON[0], OFF[0])))
    options = {"imagine": making, "settings": settings}
    return tuple(MenuEntry(name, summary(name, locale), options.get(name, ())) for name in NAMES)


def options_of_all(offers: Iterable[Offer]) -> tuple[MenuOption, ...]:
    """Every option of /imagine that at least one model serves, with what all of them take."""
    specs = [offer.spec for offer in offers if offer.spec.capability is Capability.TEXT_TO_IMAGE]
    if not specs:
        return ()
    together = dict[str, OptionSpec]()
    for option in (option for spec in specs for option in spec.options):
        together[option.name] = _both(together.get(option.name, option), option)
    all_ = replace(specs[0], options=tuple(together.values()), max_count=max(spec.max_count for spec in specs))
    models = tuple(dict.fromkeys(spec.model for spec in specs))
    return tuple(replace(known, choices=models) if known.name == "model" else known for known in options_of(all_))


def options_of(spec: CapabilitySpec) -> list[MenuOption]:
    """What /imagine takes for one model."""
    options = [MenuOption("--model", "which model draws", (spec.model,)), *map(_offered_as, spec.options)]
    if spec.option("width") and spec.option("height"):
        options += [MenuOption("--shape", "", tuple(SHAPES)), MenuOption("--size", "", tuple(SIZES))]
    if spec.max_count > 1:
        options.append(MenuOption("--count", f"1 to {spec.max_count}"))
    return sorted(options, key=_place)


def offered(offers: Iterable[Offer]) -> Offered:
    """What the lines of people may hold here."""
    options = options_of_all(offers)
    own = {option.name: option.own for option in options if option.own is not None}
    return Offered([option.name for option in options], own)


def _both(one: OptionSpec, other: OptionSpec) -> OptionSpec:
    """An option of two models: whatever at least one of them takes; without bounds where one has none."""
    return replace(
        one,
        hint=one.hint or other.hint,
        low=None if one.low is None or other.low is None else min(one.low, other.low),
        high=None if one.high is None or other.high is None else max(one.high, other.high),
        choices=tuple(dict.fromkeys((*one.choices, *other.choices))) if one.choices and other.choices else (),
    )


def _offered_as(option: OptionSpec) -> MenuOption:
    span = f"{option.low:g} to {option.high:g}" if option.low is not None and option.high is not None else ""
    flag = OPTION_FLAGS.get(option.name)
    if flag is not None:
        return MenuOption(flag, span, option.choices)
    choices = (ON[0], OFF[0]) if option.kind is OptionKind.FLAG else option.choices
    hint = ", ".join(filter(None, (option.hint, span)))
    return MenuOption(f"--{written(option.name)}", hint, choices, option)


def _place(option: MenuOption) -> int:
    return OPTIONS.index(option.name) if option.own is None else len(OPTIONS)


def read(text: str, offered: Offered) -> Command:
    """The command that a line of text is; raises `InvalidRequest`."""
    if not text.lstrip().startswith("/"):
        raise InvalidRequest("err.not_a_command", words=one_line(text, 60) or EXAMPLE)
    return parse(text, offered)


def unknown(name: str) -> InvalidRequest:
    """The refusal of a command that is none; names the nearest one."""
    known, close = ", ".join(f"/{known}" for known in NAMES), nearest(name, NAMES)
    if close:
        return InvalidRequest("err.unknown_command_nearest", command=f"/{name}", nearest=f"/{close}", known=known)
    return InvalidRequest("err.unknown_command", command=f"/{name}", known=known)
