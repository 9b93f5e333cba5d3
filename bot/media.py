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

    async def remove(self, file: str) -> None:
        """Delete a stored file; a missing one is fine."""
        ...

    async def surplus(self) -> tuple[str, ...]:
        """Names of stored files beyond the allowed days and bytes, oldest first."""
        ...

    def path(self, file: str) -> Path:
        """Where a stored file lies; raises `NotFound` for a name that is not ours."""
        ...

    def has_room(self) -> bool:
        """False when the disk is so full that no new work may be taken. No waiting I/O."""
        ...
