"""Pure: every command with the options that an enabled model serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answers import EXAMPLE, summary
from bot.errors import InvalidRequest
from bot.messages import say
from bot.messages.cutting import one_line
from bot.model import Capability, GenerationRequest, Quality, SourceKind
from bot.parsing import (
    ALL,
    FLAGS,
    GROUPS,
    MAKING,
    OFF,
    ON,
    SETTINGS,
    SHAPES,
    SIZES,
    Command,
    Offered,
    named,
    nearest,
    parse,
    written,
)
from bot.policy import Offer, doing, price
from bot.provider import OptionKind, OptionSpec
from bot.surface import Spelling

ALWAYS = (
    "again", "show", "details", "jobs", "cancel", "quota", "settings", "styles", "models", "history", "help", "privacy",
)  # fmt: skip
LONGEST_NAME = 200  # of a command, as far as a line is looked at for it
WORDLESS = frozenset({*ALWAYS, "character list"})
NOT_OFFERED = Offered(names=())
"""For commands without options of their own."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuEntry:
    """A command as a menu offers it; one of a group has a name of two words.

    `cost` is what it takes, in words, where it makes something. `sources` is what it works on, of which
    it needs one. `words`: it takes some. `makes`: it is answered with a job.
    """

    name: str
    summary: str
    options: tuple[MenuOption, ...] = ()
    cost: str = ""
    sources: frozenset[SourceKind] = frozenset()
    words: bool = False
    makes: bool = False


def names(offers: Sequence[Offer], *, browsing: bool) -> tuple[str, ...]:
    """The commands that do something here; `browsing`: a provider has ready-made characters."""
    makes = {offer.spec.capability for offer in offers}
    characters = any(SourceKind.CHARACTER in offer.spec.sources for offer in offers)
    found = [name for capability, name in MAKING.items() if capability in makes]
    if characters:
        found += [
            f"character {name}" for name in GROUPS["character"] if name != "new" and (browsing or name != "browse")
        ]
    return (*found, *ALWAYS)


def entries(offers: Sequence[Offer], locale: str, *, browsing: bool) -> tuple[MenuEntry, ...]:
    """The menu."""
    return tuple(_entry(name, offers, locale) for name in names(offers, browsing=browsing))


def _entry(name: str, offers: Sequence[Offer], locale: str) -> MenuEntry:
    capability = capability_of(name)
    if capability is not None:
        fit = doing(offers, capability)
        return MenuEntry(
            name=name,
            summary=summary(name, locale),
            options=options_of_all(fit, capability, locale),
            cost=cost(fit, locale),
            sources=frozenset[SourceKind]().union(*(offer.spec.sources for offer in fit)),
            words=True,
            makes=True,
        )
    options = _settings(offers, locale) if name == "settings" else ()
    return MenuEntry(
        name=name, summary=summary(name, locale), options=options, words=name not in WORDLESS, makes=name == "again"
    )


def capability_of(name: str) -> Capability | None:
    """What a command asks a provider for; None: nothing."""
    return next((capability for capability, command in MAKING.items() if command == name), None)


def cost(offers: Iterable[Offer], locale: str) -> str:
    """What one of them takes for something usual, in words: "5 credits", "1 to 2 credits"."""
    prices = sorted({price(GenerationRequest(capability=offer.spec.capability, prompt=""), offer) for offer in offers})
    if len(prices) > 1:
        return say("cost.between", locale, low=prices[0], high=prices[-1])
    return say("line.credits", locale, n=prices[0]) if prices else ""


def _settings(offers: Sequence[Offer], locale: str) -> tuple[MenuOption, ...]:
    making = options_of_all(offers, Capability.TEXT_TO_IMAGE, locale)
    return (*(option for option in making if option.name in SETTINGS), MenuOption("--ping", "", (ON[0], OFF[0])))


def options_of_all(offers: Iterable[Offer], capability: Capability, locale: str) -> tuple[MenuOption, ...]:
    """Every option that at least one model serves which can do this, with what all of them take."""
    fit = doing(offers, capability)
    if not fit:
        return ()
    together = dict[str, OptionSpec]()
    for option in (option for offer in fit for option in offer.spec.options):
        together[option.name] = _both(together.get(option.name, option), option)
    specs = [offer.spec for offer in fit]
    all_ = replace(
        specs[0],
        options=tuple(together.values()),
        max_count=max(spec.max_count for spec in specs),
        sources=frozenset[SourceKind]().union(*(spec.sources for spec in specs)),
    )
    models = tuple(dict.fromkeys(spec.model for spec in specs))
    known = options_of(replace(fit[0], spec=all_), locale)
    return tuple(replace(one, choices=models) if one.name == "model" else one for one in known)


def options_of(offer: Offer, locale: str) -> list[MenuOption]:
    """What a command takes for one model."""
    spec = offer.spec
    options = [
        MenuOption("--model", say("option.model", locale), (spec.model,)),
        *(_offered_as(option, offer, locale) for option in spec.options if option.name != "effect"),
    ]
    if spec.option("width") and spec.option("height"):
        options += [MenuOption("--shape", "", tuple(SHAPES)), MenuOption("--size", "", tuple(SIZES))]
    if spec.max_count > 1:
        options.append(MenuOption("--count", f"1 to {spec.max_count}"))
    if SourceKind.CHARACTER in spec.sources:
        options.append(MenuOption("--character", say("option.character", locale)))
    if SourceKind.PICTURE in spec.sources:
        options.append(MenuOption("--result", say("option.result", locale)))
        options.append(MenuOption("--link", say("option.link", locale)))
    if spec.capability is Capability.CREATE_CHARACTER:
        options.append(MenuOption("--name", say("option.name", locale)))
    return sorted(options, key=_place)


def example(offers: Iterable[Offer], spelling: Spelling) -> str:
    """A line to begin with."""
    drawing = bool(doing(offers, Capability.TEXT_TO_IMAGE))
    return spelling.line("imagine", EXAMPLE, {}) if drawing else spelling.line("help", "", {})


def offered(offers: Sequence[Offer], locale: str) -> dict[str, Offered]:
    """What the lines of people may hold here, by command."""
    found = dict[str, Offered]()
    for capability, name in MAKING.items():
        options = options_of_all(offers, capability, locale)
        own = {option.name: option.own for option in options if option.own is not None}
        sources = any(offer.spec.sources for offer in doing(offers, capability))
        found[name] = Offered([option.name for option in options], own, capability, sources)
    return found


def _both(one: OptionSpec, other: OptionSpec) -> OptionSpec:
    """An option of two models: whatever at least one of them takes; without bounds where one has none."""
    return replace(
        one,
        hint=one.hint or other.hint,
        low=None if one.low is None or other.low is None else min(one.low, other.low),
        high=None if one.high is None or other.high is None else max(one.high, other.high),
        choices=tuple(dict.fromkeys((*one.choices, *other.choices))) if one.choices and other.choices else (),
    )


def _offered_as(option: OptionSpec, offer: Offer, locale: str) -> MenuOption:
    span = f"{option.low:g} to {option.high:g}" if option.low is not None and option.high is not None else ""
    choices = (ON[0], OFF[0]) if option.kind is OptionKind.FLAG else option.choices
    flag = FLAGS.get(option.name)
    if option.name == "quality":
        return MenuOption(FLAGS["quality"], _dearer(offer, locale), choices)
    if flag is not None:
        return MenuOption(flag, span, choices)
    hint = ", ".join(filter(None, (option.hint, span)))
    return MenuOption(f"--{written(option.name)}", hint, choices, option)


def _dearer(offer: Offer, locale: str) -> str:
    """What high quality takes."""
    high = GenerationRequest(capability=offer.spec.capability, prompt="", quality=Quality.HIGH)
    return say("option.quality", locale, cost=say("line.credits", locale, n=price(high, offer)))


def _place(option: MenuOption) -> int:
    return ALL.index(option.name) if option.own is None else len(ALL)


def read(text: str, offered: Mapping[str, Offered]) -> Command:
    """The command that a line of text is; raises `InvalidRequest`."""
    if not text.lstrip().startswith("/"):
        drawing = offered[MAKING[Capability.TEXT_TO_IMAGE]].names
        tried = f"/imagine {one_line(text, 60) or EXAMPLE}" if drawing else "/help"
        raise InvalidRequest("err.not_a_command", example=tried)
    return taken_apart(text, offered)


def taken_apart(text: str, offered: Mapping[str, Offered]) -> Command:
    """A line of text, whatever it is; raises `InvalidRequest`."""
    return parse(text, offered.get(named(text[:LONGEST_NAME])[0], NOT_OFFERED))


def unknown(name: str, known: Sequence[str]) -> InvalidRequest:
    """The refusal of a command that is none; names the nearest one."""
    listed, close = ", ".join(f"/{one}" for one in known), nearest(name, known)
    if close:
        return InvalidRequest("err.unknown_command_nearest", command=f"/{name}", nearest=f"/{close}", known=listed)
    return InvalidRequest("err.unknown_command", command=f"/{name}", known=listed)
