"""Port: files that we keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.errors import InvalidRequest
from bot.model import Artifact, RemoteArtifact, StoredFile

MAX_UPLOAD_BYTES = 20_000_000
"""The most that is taken of a picture that somebody brings."""
MAX_SOURCE_BYTES = 5_000_000
"""The most that is kept of it: no provider is known to take more."""


def picture_large() -> InvalidRequest:
    """The refusal of a picture that is larger than `MAX_UPLOAD_BYTES`."""
    return InvalidRequest("err.picture_large", mb=MAX_UPLOAD_BYTES // 1_000_000)


@dataclass(frozen=True, kw_only=True, slots=True)
class Film:
    """What a stored video says of itself; None: it does not say. `poster` is a JPEG of at most 320 pixels a side."""

    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None
    poster: Path | None = None


class Media(Protocol):
    """Keeps results under our own names, capped in days and bytes."""

    async def keep(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        """Fetch, check and store a result as `<name>.<extension by content>`, fsynced and renamed.

        Repeating it with the same name is harmless. Raises `BadResult` for anything that
        is not a picture we know, too large, cut off, gone, or at an address that must not
        be dialled; `ProviderUnavailable` for what may pass (no answer, 5xx, time-out);
        `Unavailable` when the disk is full.
        """
        ...

    async def take(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        """Keep a picture that somebody brings as `<name>.<extension>`: JPEG, or WebP where something shines through.

        Upright, of something animated the first picture, without any metadata, at most `MAX_SOURCE_BYTES`.
        Raises `InvalidRequest` for what is no picture that we read (`err.not_picture`), has more than
        `MAX_UPLOAD_BYTES` (`err.picture_large`) or too many pixels (`err.picture_pixels`), cannot be read in
        time (`err.picture_heavy`) or does not lie at its address (`err.link`), and `Unavailable` when the
        disk is full. It takes a few seconds at most.
        """
        ...

    async def film(self, file: str) -> Film:
        """What a stored video says of itself; of a picture nothing. Raises `NotFound` for a name that is not ours."""
        ...

    async def preview(self, file: str, *, max_bytes: int, max_side_px: int | None = None) -> Path | None:
        """A smaller copy of a stored picture, for a chat that does not take the original.

        JPEG, or WebP where something shines through; its name ends accordingly. At most
        `max_bytes`, no side longer than `max_side_px`, the same proportions, of something
        animated the first picture, without metadata. It takes a few seconds at most, is
        found again the next time and goes with the original. None when none can be made.
        Raises `NotFound` for a name that is not ours.
        """
        ...

    async def remove(self, file: str) -> None:
        """Delete a stored file with its previews; a missing one is fine."""
        ...

    async def surplus(self) -> tuple[str, ...]:
        """Names of stored files beyond the allowed days and bytes, previews counted in, oldest first."""
        ...

    async def older(self, *, before: float) -> tuple[str, ...]:
        """Names of the stored files that were kept before then (UTC epoch seconds)."""
        ...

    def path(self, file: str) -> Path:
        """Where a stored file lies; raises `NotFound` for a name that is not ours."""
        ...

    def has_room(self) -> bool:
        """False when the disk is so full that no new work may be taken. No waiting I/O."""
        ...
