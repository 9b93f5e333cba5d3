"""The commands, the same on every platform: text or a press in, a job or an answer out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bot import answers
from bot.cards import can_cancel, can_retry, tag
from bot.errors import InvalidRequest, NotFound, ProviderError, StoreUnavailable, Unavailable, UserError, WrongState
from bot.jobs.manager import JobManager, Outside
from bot.jobs.rate import CommandRate
from bot.messages import explain, say
from bot.messages.cutting import one_line
from bot.model import Card, CardMedia, GenerationRequest, Job, Message, MessageRef, Origin, Preferences
from bot.parsing import OPTIONS, SHAPES, SIZES, Command, nearest, parse, to_request
from bot.policy import OPTION_FLAGS, Rules, next_reset, utc_day
from bot.provider import CapabilitySpec, Style, Styled
from bot.store import Accepted

PRESS_S = 3.0
RECENT = 50
LISTED = 12


@dataclass(frozen=True, slots=True)
class JobView:
    """One job as its owner may see it; `message` says why it failed."""

    job: Job
    percent: int | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Purse:
    """Credits left today, credits of a day, and when the next come (UTC epoch seconds)."""

    left: int
    daily: int
    resets_at: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What an option may be completed to: `label` is for reading, `value` for the option."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class MenuOption:
    """An option as people write it, what it takes, and its choices where they are few."""

    flag: str
    hint: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A command as a menu offers it."""

    name: str
    summary: str
    options: tuple[MenuOption, ...] = ()


class Commands:
    """What people can say and press. Answers with the accepted message or with a card."""

    def __init__(self, manager: JobManager, outside: Outside, rules: Rules, locale: str = "en") -> None:
        self._manager = manager
        self._store = outside.store
        self._providers = tuple(outside.providers.values())
        self._rules = rules
        self._clock = outside.clock
        self._locale = locale
        self._rate = CommandRate(rules.commands_per_minute, outside.clock)
        self._answers: dict[str, Callable[[Origin, str], Awaitable[Accepted | Card]]] = {
            "again": self._again,
            "show": self._show,
            "jobs": self._jobs,
            "cancel": self._cancel,
            "quota": self._quota,
            "styles": self._styles,
            "models": self._models,
            "history": self._history,
            "help": self._help,
            "privacy": self._privacy,
        }
        self.names = ("imagine", *self._answers)

    async def say(self, origin: Origin, text: str) -> Accepted | Card:
        """Do what a line of text says; raises `UserError`."""
        self._rate.count(f"{origin.platform}:{origin.account}")
        offered = [option.flag.removeprefix("--") for option in self._options()]
        command = self._understood(text, offered)
        if command.name == "imagine":
            return await self._manager.accept(origin, to_request(command, offered))
        if command.options:
            raise InvalidRequest(
                "err.no_options", command=f"/{command.name}", option=f"--{next(iter(command.options))}"
            )
        with _in_words():
            return await self._answers[command.name](origin, command.words)

    async def do(self, origin: Origin, command: Command) -> Accepted | Card:
        """Do what a platform's own form of a command says; raises `UserError`."""
        raise NotImplementedError

    async def announced(self, message_id: str, ref: MessageRef) -> Card:
        """The first card is about to be shown at `ref`; only now do the jobs run."""
        return await self._manager.announced(message_id, ref)

    async def not_shown(self, message_id: str) -> None:
        """The first card could not be shown: nothing runs, nothing is charged. Harmless once it was announced."""
        raise NotImplementedError

    async def words(self, origin: Origin, job_id: str, prompt: str) -> Accepted:
        """The same settings with other words."""
        raise NotImplementedError

    async def original(self, origin: Origin, job_id: str) -> tuple[CardMedia, ...]:
        """The stored pictures of the job's message."""
        raise NotImplementedError

    async def details(self, origin: Origin, job_id: str) -> Card:
        """With what a picture was made, how long it took and what it cost."""
        raise NotImplementedError

    async def suggest(self, origin: Origin, option: str, typed: str) -> tuple[Suggestion, ...]:
        """At most 25 completions of `typed` for the option "model", "style" or "job"."""
        raise NotImplementedError

    async def preferences(self, origin: Origin) -> Preferences:
        """What the person has set."""
        raise NotImplementedError

    async def prefer(self, origin: Origin, preferences: Preferences) -> None:
        """Keep what the person has set from now on; raises `InvalidRequest`."""
        raise NotImplementedError

    async def again(self, origin: Origin, job_id: str) -> Accepted:
        """The same settings once more; two presses within 3 seconds are one."""
        job = (await self._owned(origin, job_id))[1]
        self._rate.count(f"{origin.platform}:{origin.account}")
        return await self._manager.accept(_press(origin, "again", job.id), job.request, repeat_s=PRESS_S)

    async def retry(self, origin: Origin, job_id: str) -> Accepted:
        """A second try of a job that did not work; at most one child ever."""
        job = (await self._owned(origin, job_id))[1]
        if not can_retry(job):
            raise WrongState("err.not_retryable" if job.state.terminal else "err.not_repeatable")
        self._rate.count(f"{origin.platform}:{origin.account}")
        return await self._manager.accept(_press(origin, "retry", job.id), _one(job))

    async def cancel(self, origin: Origin, job_id: str) -> None:
        with _in_words():
            await self._manager.cancel(await self._person(origin), job_id)

    async def look(self, origin: Origin, job_id: str) -> None:
        with _in_words():
            await self._manager.look(await self._person(origin), job_id)

    async def delete(self, origin: Origin, job_id: str) -> None:
        with _in_words():
            await self._manager.delete(await self._person(origin), job_id)

    async def cards(self, origin: Origin, limit: int) -> tuple[Card, ...]:
        """The person's newest cards and the open ones among the last 50, oldest first."""
        messages = await self._messages(origin, max(limit, RECENT))
        shown = [message for place, message in enumerate(messages) if place < limit or not message.final_shown]
        return tuple(self._manager.view.card_of(message) for message in reversed(shown))

    async def view(self, origin: Origin, job_id: str) -> JobView:
        """One job of the person; raises `NotFound`."""
        job = (await self._owned(origin, job_id))[1]
        message = explain(job.failure, self._locale) if job.failure else None
        return JobView(job, self._manager.view.percent(job), message)

    async def purse(self, origin: Origin) -> Purse:
        now, daily = self._clock.now(), self._rules.daily_credits
        person_id = await self._store.person(origin.platform, origin.account)
        left = await self._store.balance(person_id or "", today=utc_day(now), allowance=daily)
        return Purse(left, daily, next_reset(now))

    def menu(self) -> tuple[MenuEntry, ...]:
        """Every command with the options that an enabled model serves."""
        return tuple(
            MenuEntry(name, say(f"help.{name}", self._locale), self._options() if name == "imagine" else ())
            for name in self.names
        )

    def explain(self, error: UserError) -> str:
        """The sentence for people."""
        return explain(error, self._locale)

    def _understood(self, text: str, offered: Sequence[str]) -> Command:
        if not text.lstrip().startswith("/"):
            raise InvalidRequest("err.not_a_command", words=one_line(text, 60) or "a lighthouse in a storm")
        command = parse(text, offered)
        if command.name in self.names:
            return command
        known = ", ".join(f"/{name}" for name in self.names)
        close = nearest(command.name, list(self.names))
        if close:
            raise InvalidRequest(
                "err.unknown_command_nearest", command=f"/{command.name}", nearest=f"/{close}", known=known
            )
        raise InvalidRequest("err.unknown_command", command=f"/{command.name}", known=known)

    async def _again(self, origin: Origin, words: str) -> Accepted:
        job = (await self._meant(origin, words))[1]
        return await self._manager.accept(origin, job.request)

    async def _show(self, origin: Origin, words: str) -> Card:
        message = (await self._meant(origin, words))[0]
        return self._manager.view.card_of(message)

    async def _jobs(self, origin: Origin, _: str) -> Card:
        jobs = await self._open(origin)
        return answers.running([(job, self._manager.view.percent(job)) for job in jobs], self._locale)

    async def _cancel(self, origin: Origin, words: str) -> Card:
        everything = words.casefold() in ("", "all", "everything")
        jobs = await self._open(origin) if everything else [(await self._meant(origin, words))[1]]
        if not jobs:
            raise InvalidRequest("err.nothing_running")
        stoppable = [job for job in jobs if can_cancel(job, self._manager.view.stoppable)]
        if not stoppable:
            raise WrongState("err.not_cancelable")
        for job in stoppable:
            await self._manager.cancel(job.person_id, job.id)
        return answers.canceled(len(stoppable), self._locale)

    async def _quota(self, origin: Origin, _: str) -> Card:
        purse = await self.purse(origin)
        reset = self._manager.reset_text()
        return answers.quota(purse.left, purse.daily, self._rules.price_image, reset, self._locale)

    async def _styles(self, _: Origin, __: str) -> Card:
        return answers.styles(await self._known_styles(), self._locale)

    async def _models(self, _: Origin, __: str) -> Card:
        specs = [(spec, [option.flag for option in _options_of(spec)]) for spec in self._specs()]
        return answers.models(specs, self._locale)

    async def _history(self, origin: Origin, _: str) -> Card:
        return answers.history(await self._messages(origin, LISTED), self._locale)

    async def _help(self, _: Origin, __: str) -> Card:
        return answers.help_(self.names, [option.flag for option in self._options()], self._locale)

    async def _privacy(self, _: Origin, __: str) -> Card:
        titles = [provider.title for provider in self._providers]
        return answers.privacy(titles, self._rules.keep_days, self._locale)

    async def _person(self, origin: Origin) -> str:
        person_id = await self._store.person(origin.platform, origin.account)
        if person_id is None:
            raise NotFound("err.not_found")
        return person_id

    async def _owned(self, origin: Origin, job_id: str) -> tuple[Message, Job]:
        return await self._manager.owned(await self._person(origin), job_id)

    async def _messages(self, origin: Origin, limit: int) -> tuple[Message, ...]:
        person_id = await self._store.person(origin.platform, origin.account)
        return await self._store.messages(person_id, limit=limit) if person_id else ()

    async def _open(self, origin: Origin) -> list[Job]:
        messages = await self._messages(origin, RECENT)
        return [job for message in messages for job in message.jobs if not job.state.terminal]

    async def _meant(self, origin: Origin, words: str) -> tuple[Message, Job]:
        """The job that a tag names; without one the newest."""
        wanted = words.strip().lstrip("#").upper()
        messages = await self._messages(origin, RECENT)
        if not messages and not wanted:
            raise InvalidRequest("err.nothing_yet")
        for message in messages:
            for job in message.jobs:
                if not wanted or wanted in (tag(job.id), job.id):
                    return message, job
        raise NotFound("err.not_found")

    async def _known_styles(self) -> tuple[Style, ...]:
        found: list[Style] = []
        for provider in self._providers:
            if isinstance(provider, Styled):
                found += await provider.styles()
        return tuple(dict.fromkeys(found))

    def _specs(self) -> list[CapabilitySpec]:
        return [offer.spec for offer in self._manager.offers]

    def _options(self) -> tuple[MenuOption, ...]:
        """Every option of /imagine that at least one enabled model serves."""
        return tuple(dict.fromkeys(option for spec in self._specs() for option in _options_of(spec)))


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what a press or a command ran into."""
    try:
        yield
    except StoreUnavailable as error:
        raise Unavailable("err.store") from error
    except ProviderError as error:
        raise Unavailable("err.asleep") from error


def _options_of(spec: CapabilitySpec) -> list[MenuOption]:
    options = [MenuOption("--model", "which model draws", (spec.model,))]
    for option in spec.options:
        flag = OPTION_FLAGS[option.name]
        hint = f"{option.low:g} to {option.high:g}" if option.low is not None and option.high is not None else ""
        options.append(MenuOption(flag, hint, option.choices))
    if spec.option("width") and spec.option("height"):
        options += [MenuOption("--shape", "", tuple(SHAPES)), MenuOption("--size", "", tuple(SIZES))]
    if spec.max_count > 1:
        options.append(MenuOption("--count", f"1 to {spec.max_count}"))
    return sorted(options, key=lambda option: OPTIONS.index(option.flag.removeprefix("--")))


def _press(origin: Origin, act: str, job_id: str) -> Origin:
    """Presses are known by who pressed what, not by the platform's id of the press."""
    return Origin(
        platform=origin.platform,
        update_id=f"{origin.account}:{act}:{job_id}",
        account=origin.account,
        chat=origin.chat,
    )


def _one(job: Job) -> GenerationRequest:
    return replace(job.request, count=1)
