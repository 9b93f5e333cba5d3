"""Port: a generation service. Adapters translate; they neither sleep, retry nor log prompts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.clock import Clock
from bot.config import ProviderSettings
from bot.model import Artifact, Capability, GenerationRequest, Progress, RemoteArtifact


class ProgressKind(StrEnum):
    """What the provider says about a running job."""

    NONE = "none"
    PERCENT = "percent"
    QUEUE = "queue"


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionSpec:
    """One option that a model takes, by its name in `GenerationRequest`.

    `low` and `high` bound a number (inclusive); `choices` bounds a text.
    """

    name: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CapabilitySpec:
    """What one model can do, as data: commands, refusals and cards are built from it.

    `usual_s` is the expected duration until durations were seen, `deadline_s` the limit
    after which a job is given up, `max_count` the pictures of one command.
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


@dataclass(frozen=True, slots=True)
class Finished:
    """The provider's final word: done, and here it is."""

    artifact: Artifact | RemoteArtifact


@dataclass(frozen=True, slots=True)
class Style:
    """A look that a person can name with `--style`."""

    key: str
    title: str


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
        """Ask the service to stop; returning means that it will not be charged."""
        ...


@runtime_checkable
class Styled(Protocol):
    """A provider that knows named styles."""

    async def styles(self) -> tuple[Style, ...]:
        """The styles to choose from; must be cheap to ask again."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderContext:
    """What a factory `create(context) -> Provider | None` is given (None: switched off).

    `name` is the entry point's. The factory honours `settings.max_in_flight` as its slots
    and `settings.deadline_s` as the deadline of its specs, where they are set.
    """

    name: str
    settings: ProviderSettings
    clock: Clock
