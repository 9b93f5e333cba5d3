"""What an adapter's author says about a service: its documented answers, and what each of them means.

Meanings are written as what the adapter hands back or raises. `Pending`, `Finished` or a class of
`bot.errors` is any of that class; an error that was made, such as `RateLimited("", 7.0)`, has these
fields and any text; a `Progress` is pending with just that progress, an artifact finished with just
that artifact, and anything else is equal to what came back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Final

from bot.model import Artifact, GenerationRequest, Progress, RemoteArtifact
from bot.provider import Finished, Pending, Provider, ProviderContext
from bot.testing.wire import Answer, Call, reply

Create = Callable[[ProviderContext], Provider | None]
Body = dict[str, Any] | list[Any]


class On(StrEnum):
    """What the adapter is asked to do."""

    SUBMIT = "submit"
    POLL = "poll"
    CANCEL = "cancel"
    STYLES = "styles"
    EFFECTS = "effects"
    CHARACTERS = "characters"


class Kind(StrEnum):
    """What may stand where something else was documented."""

    NULL = "null"
    BOOL = "bool"
    NUMBER = "number"
    TEXT = "text"
    LIST = "list"
    OBJECT = "object"
    EMPTY = "empty text"
    LONG = "1 MB of text"
    HUGE = "a number of 400 digits"


class Same(Enum):
    """The meaning of the documented answer itself."""

    SAME = "same"


SAME: Final = Same.SAME


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of several meanings."""

    meanings: tuple[object, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """What an answer means without one of its keys, or with something of another type under it.

    `but` names the kinds of value that mean something else than `mistyped`.
    """

    missing: object
    mistyped: object
    but: Mapping[Kind, object] = field(default_factory=dict)

    def meaning(self, kind: Kind) -> object:
        return self.but.get(kind, self.mistyped)


UNREAD: Final = Field(missing=SAME, mistyped=SAME)


@dataclass(frozen=True, kw_only=True, slots=True)
class Documented:
    """One answer as the service's own page shows it, and what each of its keys decides.

    `fields` maps every key to its `Field`. A key under another one is written `queue.position`,
    one in a list `data.0.url`; several keys of one meaning go into one entry with blanks between.
    An entry counts for all that lies under its key, unless that has its own. `before` and `then`
    answer what the adapter asks before and after it within the same call.
    """

    name: str
    on: On
    body: Body
    means: object
    fields: Mapping[str, Field]
    status: int = 200
    before: tuple[Answer, ...] = ()
    then: tuple[Answer, ...] = ()

    @property
    def answers(self) -> tuple[Answer, ...]:
        return self.answers_with(self.body)

    def answers_with(self, body: Body | bytes) -> tuple[Answer, ...]:
        return (*self.before, reply(self.status, body), *self.then)

    def entries(self) -> dict[str, Field]:
        return {path: entry for group, entry in self.fields.items() for path in group.split()}

    def entry(self, path: str) -> Field | None:
        """The entry of a path, or the nearest one above it."""
        entries = self.entries()
        while path and path not in entries:
            path = path.rpartition(".")[0]
        return entries.get(path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One more thing that the service may do; the last of `answers` repeats.

    `sends` is what the last request must be: `POST /v1/pictures` and its JSON body, or its form as
    `Call.form` reads it, None for a request without a body. `request` stands in for the contract's own.
    """

    name: str
    on: On
    answers: tuple[Answer | Callable[[Call], Answer], ...]
    means: object
    sends: tuple[str, Any] | None = None
    request: GenerationRequest | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderContract:
    """All that the kit needs to know about one adapter.

    `create` is the entry point and `name` its name; `hasty` is the same with every call limited
    to a fraction of a second. The kit sets `key` and `base_url`; `settings` are the others, and
    `off` those under which `create` gives None. The prompt of `request` and the ids of jobs must be
    rare enough to be recognised in a log. `pictures` are the stored files that requests have as their
    source, by name.

    `job_id`, `status`, `progress` and `media` say where answers hold these, like keys of
    `Documented.fields`; `words` what each status word of a look means. `overrides` maps the name
    of a case that the kit generates to what it means at this service, where that is not the usual.
    """

    name: str
    create: Create
    request: GenerationRequest
    hasty: Create | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    off: Mapping[str, Any] = field(default_factory=lambda: {"key": ""})
    answers: tuple[Documented, ...] = ()
    cases: tuple[Case, ...] = ()
    job_id: str = ""
    status: str = ""
    progress: str = ""
    media: str = ""
    words: Mapping[str, object] = field(default_factory=dict)
    overrides: Mapping[str, object] = field(default_factory=dict)

    def documented(self, on: On, meaning: object = object) -> Iterator[Documented]:
        """The documented answers to one kind of call, or of them those with one meaning."""
        return (answer for answer in self.answers if answer.on is on and matches(meaning, answer.means))

    def serves(self, on: On) -> bool:
        """Whether the table says anything of that kind of call."""
        return on in {answer.on for answer in self.answers} | {case.on for case in self.cases}

    def first(self, on: On, meaning: object) -> Documented | None:
        return next(self.documented(on, meaning), None)


@dataclass(frozen=True, slots=True)
class ContractCase:
    """One check of the kit, of its own `name`; what it finds wrong is an `AssertionError`."""

    name: str
    check: Callable[[], Awaitable[None]]

    def __str__(self) -> str:
        return self.name


def matches(meaning: object, outcome: object) -> bool:
    """Whether what came back, or the exception that came instead, is what was meant."""
    match meaning:
        case OneOf():
            return any(matches(one, outcome) for one in meaning.meanings)
        case type():
            same = isinstance(outcome, type) and issubclass(outcome, meaning)
            return same or isinstance(outcome, meaning) or _stands_for(outcome, meaning)
        case Exception():
            return type(outcome) is type(meaning) and vars(outcome) == vars(meaning)
        case Progress():
            return isinstance(outcome, Pending) and outcome.progress == meaning
        case Artifact() | RemoteArtifact():
            return isinstance(outcome, Finished) and outcome.artifact == meaning
    return outcome == meaning


def spoken(meaning: object) -> str:
    """A meaning as its author wrote it."""
    if isinstance(meaning, OneOf):
        return " or ".join(spoken(one) for one in meaning.meanings)
    return meaning.__name__ if isinstance(meaning, type) else repr(meaning)


def _stands_for(outcome: object, meaning: type) -> bool:
    """Whether something is short for a meaning of that class."""
    if meaning is Pending:
        return isinstance(outcome, Progress)
    return meaning is Finished and isinstance(outcome, Artifact | RemoteArtifact)
