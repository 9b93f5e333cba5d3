"""What becomes of a request: jobs, and the message that shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.asked import GenerationRequest, PictureSource
from bot.model.characters import Character

Params = dict[str, str | int]


class JobState(StrEnum):
    """Where a job stands; the legal moves are the table in `bot.jobs.states`."""

    QUEUED = "queued"  # accepted and paid for, waits for a slot
    SUBMITTING = "submitting"  # the intent is committed; the provider may have the job
    RUNNING = "running"  # the provider has it and gave a handle
    DELIVERING = "delivering"  # the file is ours; the chat does not show it yet
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELED = "canceled"
    LOST = "lost"  # the outcome of the submit is unknown

    @property
    def terminal(self) -> bool:
        return self in _TERMINAL


_TERMINAL = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.REFUSED, JobState.CANCELED, JobState.LOST})


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A shown message: the platform and an opaque token that still works after a restart."""

    platform: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job ended without a result: a key in `bot.messages` and its parameters."""

    key: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One result that somebody asked for; times are UTC epoch seconds.

    `position` is its place in the message (0..3). `handle` is the provider's opaque
    text, `file` the stored file's name, None again once it is no longer stored.
    `character` is what was made where that was asked for, `file` its picture.
    """

    id: str
    message_id: str
    person_id: str
    position: int
    state: JobState
    request: GenerationRequest
    provider: str
    model: str
    price: int
    created_at: float
    submitted_at: float | None = None
    deadline_at: float | None = None
    ended_at: float | None = None
    handle: str | None = None
    file: str | None = None
    media_type: str | None = None
    character: Character | None = None
    failure: Failure | None = None

    @property
    def has_picture(self) -> bool:
        """Whether it made a picture that is still stored."""
        return self.file is not None and self.media_type is not None and self.media_type.startswith("image/")

    @property
    def from_upload(self) -> bool:
        """Whether something that a person brought is in it."""
        return isinstance(self.request.source, PictureSource) and self.request.source.uploaded

    @property
    def credits(self) -> int:
        """What the job holds or has taken: nothing once it ended without a result."""
        return 0 if self.state.terminal and self.state is not JobState.SUCCEEDED else self.price


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What a person sees for one command: 1-4 jobs in one shown message.

    `account` is the person's id on the platform, `chat` where it is seen: `Origin.place`.
    `ref` is None until the message was announced; until then `provisional` is where it is
    about to be shown, if the platform knew that beforehand. `final_shown` is true once the last
    card of an ended message is known to be shown. `deleted` hides it for good.
    """

    id: str
    person_id: str
    platform: str
    account: str
    chat: str
    created_at: float
    jobs: tuple[Job, ...]
    ref: MessageRef | None = None
    provisional: MessageRef | None = None
    final_shown: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running job is; never stored, never a reason to end a job.

    `fraction` is 0..1, `queue_position` counts the jobs ahead, `eta_s` is seconds.
    """

    fraction: float | None = None
    queue_position: int | None = None
    eta_s: float | None = None
