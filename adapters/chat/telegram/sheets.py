"""What people are asked: the question, the words that stand there, and what else can be picked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from bot.commands import Commands, Form, Suggestion
from bot.messages import say
from bot.model import Act, Origin

PICKED = ("style", "shape", "model")
NOTED = ("quality", "seconds")


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What was asked: the words of a `command`, or those of the form of an `act`.

    `of` is what the act is done to, None for a command. `picked` are the options so far. `message` is the bot's
    message that asks, None while it is on its way.
    """

    command: str = "imagine"
    act: Act = Act.WORDS
    of: str | None = None
    picked: dict[str, str] = field(default_factory=dict)
    message: int | None = None

    @classmethod
    def read(cls, body: str | None) -> Question | None:
        """None for what this adapter did not write."""
        try:
            return None if body is None else _JSON.validate_json(body)
        except ValidationError:
            return None

    def write(self) -> str:
        return _JSON.dump_json(self, exclude_defaults=True).decode()


_JSON = TypeAdapter(Question)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A question as it is shown. `choices`: it is answered with one of these; else with words.

    `asks` is "ask" for words, "name" for a name. `label` says more of them, `old` are some to be changed, `options`
    what can be picked beside them, and `note` what it takes.
    """

    title: str
    asks: str = "ask"
    label: str = ""
    note: str = ""
    old: str = ""
    options: Mapping[str, tuple[Suggestion, ...]] = field(default_factory=dict)
    choices: tuple[Suggestion, ...] = ()


class Sheets:
    """Looked up each time: what a question is about may be gone, and what can be picked may change."""

    def __init__(self, commands: Commands, locale: str) -> None:
        self._commands = commands
        self._locale = locale

    async def of(self, origin: Origin, question: Question) -> Sheet:
        """Raises `UserError`."""
        if question.of is not None:
            return await self._of_form(origin, await self._commands.form(origin, question.act, question.of))
        match question.command:
            case Act.EDIT | Act.ANIMATE:
                return await self._of_form(origin, self._commands.blank(Act(question.command)))
            case Act.EFFECT:
                return Sheet(
                    title=say("telegram.ask_effect", self._locale),
                    note=self._cost(question.command),
                    choices=await self._commands.choices(origin, "effect"),
                )
            case "imagine":
                return Sheet(title=say("telegram.ask", self._locale), options=await self._options(origin))
        return Sheet(title=say("telegram.ask_character", self._locale))

    async def _options(self, origin: Origin) -> dict[str, tuple[Suggestion, ...]]:
        """What can be picked for a picture from words."""
        served = {option.name for entry in self._commands.menu() if entry.name == "imagine" for option in entry.options}
        found = {option: await self._commands.choices(origin, option) for option in PICKED if option in served}
        if len(found.get("model", ())) == 1:  # nothing to choose from
            del found["model"]
        return found

    async def _of_form(self, origin: Origin, form: Form) -> Sheet:
        models = {one.value: one.label for one in await self._commands.suggest(origin, form.act, "model", "")}
        options = {
            option.name: tuple(Suggestion(models.get(one, one.capitalize()), one) for one in option.choices)
            for option in form.options
            if len(option.choices) > 1
        }
        typed = () if form.choices else form.options
        hints = [f"{option.flag} {option.hint}" for option in typed if option.name in NOTED]
        return Sheet(
            title=form.title,
            asks="name" if form.act is Act.RENAME else "ask",
            label=f"{form.label}?" if form.act in {Act.EDIT, Act.ANIMATE} else "",
            note=" · ".join(filter(None, [self._cost(form.act), *hints])),
            old=form.words,
            options=options,
            choices=form.choices,
        )

    def _cost(self, command: str) -> str:
        return next((entry.cost for entry in self._commands.menu() if entry.name == command), "")
