"""What a finished job has made, as its row keeps it."""

from __future__ import annotations

from typing import Any

from bot.errors import BadResult
from bot.jobs.endings import Ending
from bot.model import Capability, Character, Failure, Job, JobState, StoredFile
from bot.provider import CharacterCard, Finished


def done(job: Job, answer: Finished, file: StoredFile, *, at: float) -> dict[str, Any] | Ending:
    """What changes in the row of a job whose file is stored, or why nobody may have what was made.

    `at` is when it was done, UTC epoch seconds. Raises `BadResult` for a character that nothing is told of.
    """
    changes = {"file": file.name, "media_type": file.media_type, "ended_at": at}
    if job.request.capability is not Capability.CREATE_CHARACTER:
        return changes
    if answer.character is None:
        raise BadResult("a character was asked for, and a picture came")
    made = _character(job, answer.character, file, at)
    return {**changes, "character": made} if made.usable else Ending(JobState.REFUSED, Failure("fail.character_age"))


def _character(job: Job, told: CharacterCard, file: StoredFile, at: float) -> Character:
    return Character(
        id=job.id,
        person_id=job.person_id,
        provider=job.provider,
        reference=told.reference,
        name=job.request.name or told.name,
        description=told.description or job.request.prompt,
        gender=told.gender,
        age=told.age,
        avatar=file.name,
        created_at=at,
    )
