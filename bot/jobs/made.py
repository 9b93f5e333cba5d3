"""What a finished job has made: stored, and as its row keeps it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot import safety
from bot.errors import BadResult
from bot.jobs.endings import Ending
from bot.media import Media
from bot.messages.cutting import one_line
from bot.model import Capability, Character, Failure, Job, JobState
from bot.parsing import NICKNAME_CHARS
from bot.provider import CharacterCard, Finished


async def kept(media: Media, job: Job, answer: Finished, *, at: float) -> dict[str, Any] | Ending:
    """Store it: what changes in the row of the job, or why nobody may have what was made, of which nothing is stored.

    `at` is when it was done, UTC epoch seconds. Raises as `Media.keep` does, and `BadResult` for a character
    that nothing is told of.
    """
    made = None
    if job.request.capability is Capability.CREATE_CHARACTER:
        if answer.character is None:
            raise BadResult("a character was asked for, and a picture came")
        made = _character(job, answer.character, at)
        if not made.usable:
            return Ending(JobState.REFUSED, Failure("fail.character_age"))
    file = await media.keep(job.id, answer.artifact)
    changes = {"file": file.name, "media_type": file.media_type, "ended_at": at}
    return changes if made is None else {**changes, "character": replace(made, avatar=file.name)}


def _character(job: Job, told: CharacterCard, at: float) -> Character:
    """Its owner described it: what is told of it in words that nobody may use is theirs instead."""
    asked = job.request
    return Character(
        id=job.id,
        person_id=job.person_id,
        provider=job.provider,
        reference=told.reference,
        name=one_line(asked.name or _fitting(told.name) or asked.prompt, NICKNAME_CHARS),
        description=_fitting(told.description) or asked.prompt,
        gender=told.gender,
        age=told.age,
        created_at=at,
    )


def _fitting(words: str) -> str:
    return words if safety.fits_anybody(words) else ""
