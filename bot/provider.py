"""Port: a generation service. Adapters translate; they neither sleep, retry nor log prompts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.clock import Clock
from bot.config import ProviderSettings
from bot.errors import InvalidRequest
from bot.model import Artifact, Capability, GenerationRequest, PictureSource, Progress, RemoteArtifact, SourceKind

Pictures = Callable[[PictureSource], Awaitable[bytes]]
"""Reads what a picture is made from; raises `InvalidRequest` for a picture that is gone."""


async def no_pictures(_: PictureSource) -> bytes:
    """`Pictures` for whoever has none."""
    raise InvalidRequest("err.source_gone")


class ProgressKind(StrEnum):
    """What the provider says about a running job."""

    NONE = "none"
    PERCENT = "percent"
    QUEUE = "queue"


class OptionKind(StrEnum):
    """What the value of an option is."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionSpec:
    """One option that a model takes, by its name in `GenerationRequest`, or by one of the model's own.

    `low` and `high` bound a number (inclusive); `choices` bounds a text. An option that
    `GenerationRequest` does not name is called in lower-case words joined by `_`, says its `kind`
    and, in `hint`, what it does; a number says both bounds. What two models call the same is of the same kind.
    """

    name: str
    kind: OptionKind = OptionKind.TEXT
    hint: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CapabilitySpec:
    """What one model can do, as data: commands, refusals and cards are built from it.

    `usual_s` is the expected duration until durations were seen, `deadline_s` the limit
    after which a job is given up, `max_count` the pictures of one command. `sources` are
    what it works on, one of which it needs; empty: it makes things from words alone.
    `video`: the result is a video.
    """

    capability: Capability
    model: str
    title: str
    options: tuple[OptionSpec, ...] = ()
    progress: ProgressKind = ProgressKind.NONE
    cancel: bool = False
    max_count: int = 4
    usual_s: float = 50.0
    deadline_s: float = 600.0
    sources: frozenset[SourceKind] = frozenset()
    max_source_bytes: int = 5_000_000
    video: bool = False

    def option(self, name: str) -> OptionSpec | None:
        return next((option for option in self.options if option.name == name), None)


@dataclass(frozen=True, slots=True)
class Pending:
    """The provider works on it; `handle` is opaque text that only the adapter reads.

    `poll_after_s` is the provider's own hint and wins over what was learned.
    """

    handle: str
    progress: Progress | None = None
    poll_after_s: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CharacterCard:
    """A character as its provider tells of it; `age` in years, None when it does not say."""

    reference: str = field(repr=False)
    name: str
    description: str = ""
    gender: str = ""
    age: int | None = None
    avatar: RemoteArtifact | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The provider's final word: done, and here it is; `character` is what was created, its avatar the artifact."""

    artifact: Artifact | RemoteArtifact
    character: CharacterCard | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """A look that a person can name with `--style`."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Effect:
    """A change that a provider can do to its sources, by its key there."""

    key: str
    title: str
    video: bool


class Provider(Protocol):
    """A generation service behind one adapter.

    `name` is the settings name, `title` what people read, `slots` how many jobs it takes
    at a time. Methods raise `ProviderError`, `InvalidRequest` or `ContentRefused`.
    """

    name: str
    title: str
    slots: int
    specs: tuple[CapabilitySpec, ...]

    async def submit(self, request: GenerationRequest, *, model: str, key: str) -> Pending | Finished:
        """Hand the job over, once. `key` is the job's id, for services that know idempotency.

        Raises `RateLimited`, `ProviderRefused` or `ProviderUnavailable(not_sent=True)` only
        when nothing was accepted; everything doubtful is `OutcomeUnknown`.
        """
        ...

    async def poll(self, handle: str) -> Pending | Finished:
        """Look once. An unknown status word is `Pending`; a job that the service does not know is `UnknownHandle`."""
        ...

    async def close(self) -> None:
        """Give back what the adapter holds open."""
        ...


@runtime_checkable
class Cancels(Protocol):
    """A provider that can stop a job that it accepted (`CapabilitySpec.cancel`)."""

    async def cancel(self, handle: str) -> None:
        """Ask the service to stop; returning means that whoever asked will not be charged, and gets no result."""
        ...


@runtime_checkable
class Styled(Protocol):
    """A provider that knows named styles."""

    async def styles(self) -> tuple[Style, ...]:
        """The styles to choose from; must be cheap to ask again."""
        ...


@runtime_checkable
class Effects(Protocol):
    """A provider that knows named effects."""

    async def effects(self) -> tuple[Effect, ...]:
        """The effects to choose from; must be cheap to ask again."""
        ...


@runtime_checkable
class Characters(Protocol):
    """A provider that has ready-made characters; who owns which of all others is not its business."""

    async def characters(self) -> tuple[CharacterCard, ...]:
        """The ready-made characters, and none that a customer had made; must be cheap to ask again."""
        ...


@runtime_checkable
class Funded(Protocol):
    """A provider that says what is left of the operator's balance, in its own unit."""

    balance: float | None
    """As of the last answer that told; None before the first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderContext:
    """What a factory `create(context) -> Provider | None` is given (None: switched off).

    `name` is the entry point's. The factory honours `settings.max_in_flight` as its slots
    and `settings.deadline_s` as the deadline of its specs, where they are set.
    """

    name: str
    settings: ProviderSettings
    clock: Clock
    pictures: Pictures = no_pictures
