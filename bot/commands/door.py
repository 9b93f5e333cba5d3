"""The one door for chat adapters: text, a command or a press in, a job or an answer out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from bot import answers
from bot.commands import menu
from bot.commands.answering import Answering
from bot.commands.asking import Asking
from bot.commands.attached import Attached, Upload
from bot.commands.characters import CharacterCommands
from bot.commands.defaults import Defaults
from bot.commands.lookup import RECENT, Lookup, Purse
from bot.commands.making import Form, Making
from bot.commands.menu import MenuEntry
from bot.commands.presses import Presses
from bot.commands.sources import Sources, id_of
from bot.commands.suggesting import Suggestion, Suggestions
from bot.errors import Flags, InvalidRequest, ProviderError, StoreUnavailable, Unavailable, UserError
from bot.jobs.manager import JobManager, Outside
from bot.jobs.rate import CommandRate
from bot.messages import explain, say
from bot.model import Act, Capability, Card, CardMedia, Job, Message, MessageRef, Origin, Preferences
from bot.parsing import ALL, MAKING, Command
from bot.policy import Rules, able
from bot.spelling import DASHES
from bot.store import Accepted
from bot.surface import Spelling

T = TypeVar("T")

FORM_ACTS = (Act.WORDS, Act.EDIT, Act.ANIMATE, Act.EFFECT, Act.RENAME)
"""What is done by `form` and `fill`: something has to be known first."""
PRESS_ACTS = (Act.USE, Act.SHOW, Act.BROWSE, Act.REMOVE)
"""What is done by `press`, at once: all that buttons do with characters and with no job."""


@dataclass(frozen=True, slots=True)
class JobView:
    """One job as its owner may see it; `message` says why it failed."""

    job: Job
    percent: int | None
    message: str | None


class Commands:
    """What people can say and press. Everything raises `UserError`.

    A press on a job that is unknown, or that this person may not press, raises `NotFound`:
    `bot.rights` says who may.
    """

    def __init__(self, manager: JobManager, outside: Outside, rules: Rules, locale: str = "en") -> None:
        self._manager = manager
        self._offered = menu.offered(manager.offers, locale)
        own = (name for offered in self._offered.values() for name in offered.own)
        options = "|".join(dict.fromkeys((*ALL, *own)))
        self._as_in_a_line = re.compile(rf"(?<!\S)(?:--|\u2014)({options})(?![\w-])", re.IGNORECASE)
        self._locale = locale
        self._rate = CommandRate(rules.commands_per_minute, outside.clock)
        self._lookup = Lookup(manager, outside, rules, locale)
        self._presses = Presses(manager, outside, self._lookup, self._rate, locale)
        drawing = self._offered[MAKING[Capability.TEXT_TO_IMAGE]]
        self._defaults = Defaults(manager, outside, self._lookup, drawing)
        self._sources = Sources(manager, outside, self._lookup)
        self._making = Making(
            manager, self._offered, locale, lookup=self._lookup, defaults=self._defaults, sources=self._sources
        )
        self._characters = CharacterCommands(manager, outside, self._lookup, locale)
        self._new_id = outside.new_id
        self._suggestions = Suggestions(manager, outside.clock, self._lookup, locale)
        self._asking = Asking(manager, outside, self._lookup, locale)
        self._answering = Answering(
            manager,
            rules,
            locale,
            lookup=self._lookup,
            presses=self._presses,
            defaults=self._defaults,
            making=self._making,
            characters=self._characters,
        )
        self.names = self._answering.names

    async def say(
        self,
        origin: Origin,
        text: str,
        picked: Mapping[str, str] | None = None,
        attached: Sequence[Attached] = (),
    ) -> Accepted | Card:
        """Do what a line of text says; `picked`: options that were chosen beside it, for where it says nothing.

        `attached` is what came with it, of which a command that needs a source takes the first.
        """
        self._rate.count(origin)
        command = menu.read(text, self._offered)
        command = replace(command, options={**(picked or {}), **command.options})
        with _in_words():
            return await self._answering.to(origin, command, attached)

    def read(self, text: str) -> Command:
        """A line of text taken apart; raises `InvalidRequest`."""
        return menu.taken_apart(text, self._offered)

    async def do(self, origin: Origin, command: Command, attached: Sequence[Attached] = ()) -> Accepted | Card:
        """Do what a command of the menu says that a platform took apart by itself; raises `UserError`."""
        self._rate.count(origin)
        self._check_words(command.words)
        with _in_words():
            return await self._answering.to(origin, command, attached)

    def _check_words(self, words: str) -> None:
        """An option among the words would be drawn, and charged."""
        written = self._as_in_a_line.search(words)
        if written is not None:
            raise InvalidRequest("err.option_in_words", option=f"--{written[1]}", field=written[1].replace("-", "_"))

    async def form(self, origin: Origin, act: Act, wanted_id: str) -> Form:
        """What to ask before one of `FORM_ACTS` is done to what a button names."""
        with _in_words():
            match act:
                case Act.WORDS:
                    words = await self._presses.prompt(origin, wanted_id)
                case Act.RENAME:
                    words = await self._characters.name(origin, wanted_id)
                case _:
                    return await self._making.form(origin, act, wanted_id)
        title, label = say(f"form.{act}", self._locale), say(f"form.{act}.words", self._locale)
        return Form(act=act, title=title, label=label, words=words)

    def blank(self, act: Act) -> Form:
        """The form of EDIT or ANIMATE before its source is known; raises `InvalidRequest` where nothing can do it."""
        return self._making.blank(act)

    async def fill(
        self, origin: Origin, act: Act, wanted_id: str, words: str, options: Mapping[str, str] | None = None
    ) -> Accepted | Card:
        """Do what a form asked about."""
        with _in_words():
            match act:
                case Act.WORDS:
                    return await self._presses.words(origin, wanted_id, words)
                case Act.RENAME:
                    return await self._characters.rename(origin, wanted_id, words)
            self._rate.count(origin)
            self._check_words(words)
            return await self._making.fill(origin, act, wanted_id, words, options or {})

    async def press(self, origin: Origin, act: Act, wanted_id: str) -> Card:
        """Do one of `PRESS_ACTS` to the character that a button names."""
        self._rate.count(origin)
        with _in_words():
            return await self._characters.press(origin, act, wanted_id)

    def new_id(self) -> str:
        """An id for a picture that is still to be brought."""
        return self._new_id()

    async def bring(self, origin: Origin, upload: Upload, upload_id: str | None = None) -> Card:
        """Keep a picture that came without a command, and answer with what can be made from it."""
        self._rate.count(origin)
        with _in_words():
            self._making.check_uploads()
            source = await self._sources.keep(origin, upload, upload_id)
        acts = able(self._manager.offers, source)
        return answers.brought(id_of(source), acts, self._locale)

    async def choose(self, origin: Origin, attached: Attached) -> Card:
        """Keep something as the source of the person's next command, for ten minutes."""
        self._rate.count(origin)
        with _in_words():
            return await self._making.choose(origin, attached)

    def first_card(self, message: Message) -> Card:
        """The card of an accepted message for platforms that know its place only once it is shown there."""
        return self._manager.first_card(message)

    async def announced(self, message_id: str, ref: MessageRef) -> Card:
        """The first card is about to be shown at `ref`; only now do the jobs run."""
        return await self._manager.announced(message_id, ref)

    async def moved(self, message_id: str, ref: MessageRef) -> None:
        """The message is shown at `ref` from now on; committed when this returns."""
        await self._manager.moved(message_id, ref)

    async def message(self, job_id: str) -> Message:
        """The message of a job; raises `NotFound` where it is deleted."""
        with _in_words():
            return (await self._manager.found(job_id))[0]

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        """A chat goes on under another id: what is unfinished there goes with it."""
        with _in_words():
            await self._asking.move_chat(platform, old, new)

    async def not_shown(self, message_id: str) -> None:
        """The first card could not be shown: nothing runs, nothing is charged. Harmless once it was announced."""
        await self._manager.not_shown(message_id)

    async def again(self, origin: Origin, job_id: str) -> Accepted:
        """The same settings once more, but a seed; two presses within 3 seconds are one."""
        with _in_words():
            return await self._presses.again(origin, job_id)

    async def retry(self, origin: Origin, job_id: str) -> Accepted:
        """A second try of a job that did not work; at most one child ever."""
        with _in_words():
            return await self._presses.retry(origin, job_id)

    async def each(self, act: Act, job_id: str, do: Callable[[str], Awaitable[T]]) -> list[T | UserError]:
        """Do it with all jobs of a button whose id names but the first: what came of each; raises where all refuse."""
        with _in_words():
            jobs = await self._presses.together(act, job_id)
        outcomes = list[T | UserError]()
        for one in jobs:
            try:
                outcomes.append(await do(one))
            except UserError as refusal:
                outcomes.append(refusal)
        if isinstance(outcomes[0], UserError) and all(isinstance(outcome, UserError) for outcome in outcomes):
            raise outcomes[0]
        return outcomes

    async def cancel(self, origin: Origin, job_id: str) -> None:
        with _in_words():
            await self._presses.cancel(origin, job_id)

    async def stop(self, origin: Origin, job_id: str) -> Card:
        """Cancel one of the jobs that /jobs lists, and answer with the list as it is then."""
        with _in_words():
            await self._presses.stop(origin, job_id)
            return await self._answering.jobs(origin)

    async def look(self, origin: Origin, job_id: str) -> None:
        with _in_words():
            await self._presses.look(origin, job_id)

    async def delete(self, origin: Origin, job_id: str) -> None:
        with _in_words():
            await self._presses.delete(origin, job_id)

    async def original(self, origin: Origin, job_id: str) -> tuple[CardMedia, ...]:
        """The stored pictures of the job's message; raises `WrongState` where there is none."""
        with _in_words():
            return await self._presses.original(origin, job_id)

    async def pick(self, origin: Origin, job_id: str) -> Card:
        """One picture of several, as the card of a message of its own; raises `WrongState` where there is none."""
        with _in_words():
            return await self._presses.pick(origin, job_id)

    async def details(self, origin: Origin, job_id: str) -> Card:
        """How a picture was made, with the buttons that would otherwise crowd its card."""
        with _in_words():
            return await self._presses.details(origin, job_id)

    async def suggest(self, origin: Origin, command: str, option: str, typed: str) -> tuple[Suggestion, ...]:
        """At most 25 completions of `typed`, for a model, style, job, result, character or effect of a command."""
        with _in_words():
            return await self._suggestions.to(origin, command, option, typed)

    async def ask(self, origin: Origin, body: str) -> None:
        """Ask the person something in that chat; `body` is the adapter's own, and is given back for ten minutes."""
        with _in_words():
            await self._asking.ask(origin, body)

    async def question(self, origin: Origin) -> str | None:
        """What the person was asked last in that chat and has not answered."""
        with _in_words():
            return await self._asking.question(origin)

    async def answered(self, origin: Origin) -> None:
        """The person has answered."""
        with _in_words():
            await self._asking.answered(origin)

    async def choices(self, origin: Origin, option: str) -> tuple[Suggestion, ...]:
        """Every value that the option "style", "shape" or "model" of /imagine takes; none where none does.

        "effect" are those of /effect, and "character" the person's own.
        """
        with _in_words():
            return await self._asking.choices(origin, option)

    async def preferences(self, origin: Origin) -> Preferences:
        """What the person has set."""
        with _in_words():
            return await self._defaults.of(origin)

    async def prefer(self, origin: Origin, preferences: Preferences) -> None:
        """Keep what the person has set from now on; raises `InvalidRequest`."""
        with _in_words():
            await self._defaults.set(origin, preferences)

    async def cards(self, origin: Origin, limit: int) -> tuple[Card, ...]:
        """The person's newest cards and the open ones among the last 50, oldest first."""
        messages = await self._lookup.own(origin, max(limit, RECENT))
        shown = [message for place, message in enumerate(messages) if place < limit or not message.final_shown]
        return tuple(self._manager.view.card_of(message, platform=origin.platform) for message in reversed(shown))

    async def view(self, origin: Origin, job_id: str) -> JobView:
        """One of the person's own jobs."""
        _, job = await self._lookup.owned(origin, job_id)
        message = explain(job.failure, self._locale) if job.failure else None
        return JobView(job, self._manager.view.percent(job), message)

    async def purse(self, origin: Origin) -> Purse:
        return await self._lookup.purse(origin)

    def menu(self) -> tuple[MenuEntry, ...]:
        """Every command with the options that an enabled model serves."""
        return menu.entries(self._manager.offers, self._locale, browsing=self._characters.browsing)

    def explain(self, error: UserError, spelling: Spelling = DASHES) -> str:
        """The sentence for people, with options as they write them."""
        flags = {name: spelling.flags(value) for name, value in error.params.items() if isinstance(value, Flags)}
        return say(error.key, self._locale, **{**error.params, **flags})


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what a press or a command ran into."""
    try:
        yield
    except StoreUnavailable as error:
        raise Unavailable("err.store") from error
    except ProviderError as error:
        raise Unavailable("err.asleep") from error
