"""Files: as a provider hands them over, and as we keep them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Artifact:
    """A result as a provider hands it over: its bytes and what it claims to be."""

    data: bytes = field(repr=False)
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteArtifact:
    """A result that lies at an address outside; whoever knows the address may have it."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A checked local file under our own name; `media_type` was read from its content."""

    name: str
    media_type: str
    size_bytes: int


def named_after(file: str) -> str:
    """The id in the name of a stored file: of the job, the upload or the character whose it is."""
    return file.partition(".")[0]
