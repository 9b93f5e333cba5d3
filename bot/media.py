"""Port: files that we keep."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bot.model import Artifact, RemoteArtifact, StoredFile


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

    def path(self, file: str) -> Path:
        """Where a stored file lies; raises `NotFound` for a name that is not ours."""
        ...

    def has_room(self) -> bool:
        """False when the disk is so full that no new work may be taken. No waiting I/O."""
        ...
