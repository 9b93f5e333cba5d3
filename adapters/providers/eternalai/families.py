"""All families of the API: which one has a job, its handle tells."""

from __future__ import annotations

from typing import Protocol

from adapters.providers._http import Api
from adapters.providers.eternalai.characters import CharacterCalls
from adapters.providers.eternalai.generation import Generation
from adapters.providers.eternalai.handles import Family, Handle
from adapters.providers.eternalai.legacy import Legacy
from adapters.providers.eternalai.newer import Newer
from adapters.providers.eternalai.outcome import Outcomes
from bot.provider import Finished, Pending


class Looked(Protocol):
    """A family, as far as its jobs are looked at."""

    async def poll(self, handle: Handle) -> Pending | Finished: ...


class Families:
    """Every family, whatever the key: jobs outlive a change of the key, and only then can the service judge them."""

    def __init__(self, api: Api, title: str) -> None:
        self.outcomes = outcomes = Outcomes(api, title)
        self.drawing = Legacy(api, outcomes, Family.LEGACY)
        self.legacy_edits = Legacy(api, outcomes, Family.LEGACY_EDIT)
        self.legacy_videos = Legacy(api, outcomes, Family.LEGACY_VIDEO)
        self.of_pictures = Generation(api, outcomes, Family.V1)
        self.of_characters = Generation(api, outcomes, Family.V2)
        self.characters = CharacterCalls(api, outcomes)
        self.newer = Newer(api, outcomes)
        self._by_name: dict[Family, Looked] = {
            Family.LEGACY: self.drawing,
            Family.LEGACY_EDIT: self.legacy_edits,
            Family.LEGACY_VIDEO: self.legacy_videos,
            Family.V1: self.of_pictures,
            Family.V2: self.of_characters,
            Family.CHARACTERS: self.characters,
            Family.NEWER: self.newer,
        }

    async def poll(self, handle: str) -> Pending | Finished:
        """Look once at the job of a handle."""
        job = Handle.read(handle)
        return await self._by_name[job.family].poll(job)
