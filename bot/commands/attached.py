"""What comes with a command beside its words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.model import Artifact, RemoteArtifact

Reader = Callable[[], Awaitable[Artifact | RemoteArtifact]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture that somebody brings, which may be of any type and size, or none at all.

    `read` fetches it, once and only where it is needed; raises `UserError`. `size_bytes` is what the
    platform says of it, None where it says nothing.
    """

    read: Reader
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Something of ours that somebody points at: `id` is of a job, of an upload, or of a character."""

    id: str


Attached = Upload | Shown
