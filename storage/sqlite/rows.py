"""Rows to nouns and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, fields
from itertools import groupby
from operator import attrgetter
from typing import Any

from bot.model import (
    Capability,
    Character,
    CharacterSource,
    Failure,
    GenerationRequest,
    Job,
    JobState,
    Message,
    MessageRef,
    PictureSource,
    Quality,
    SourceKind,
)

_ASKED = tuple(field.name for field in fields(GenerationRequest) if field.name != "capability")
_asked = attrgetter(*_ASKED)
_SOURCES = {SourceKind.PICTURE: PictureSource, SourceKind.CHARACTER: CharacterSource}
_CHARACTER = frozenset(field.name for field in fields(Character))
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_INSERT_MESSAGE = """
INSERT INTO messages (id, person_id, platform, account, chat, created_at, provisional, final_shown, deleted)
VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)
"""
_INSERT_JOB = """
INSERT INTO jobs (
    id, message_id, person_id, platform, chat, position, price, created_at,
    state, capability, request, provider, model
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)
"""
_UPDATE_JOB = """
UPDATE jobs SET
    state = ?, capability = ?, request = ?, provider = ?, model = ?, submitted_at = ?, deadline_at = ?, ended_at = ?,
    handle = ?, file = ?, media_type = ?, character = ?, failure = ?, price = ?
WHERE id = ? AND state = ? AND NOT (SELECT deleted FROM messages WHERE messages.id = jobs.message_id)
"""


def insert_message(db: sqlite3.Connection, message: Message) -> None:
    """Write a message that was shown nowhere yet, its jobs queued: what can only come later is left empty."""
    platform, chat, at = message.platform, message.chat, message.created_at
    provisional = message.provisional.token if message.provisional else None
    db.execute(_INSERT_MESSAGE, (message.id, message.person_id, platform, message.account, chat, at, provisional))
    for job in message.jobs:
        request = job.request
        db.execute(
            _INSERT_JOB,
            (
                job.id,
                message.id,
                job.person_id,
                platform,
                chat,
                job.position,
                job.price,
                job.created_at,
                request.capability.value,
                _write_request(request),
                job.provider,
                job.model,
            ),
        )


def update_job(db: sqlite3.Connection, was: JobState, job: Job) -> bool:
    """Write all of a job that can change, if its row is still in `was`."""
    return db.execute(_UPDATE_JOB, (*_changing(job), job.id, was.value)).rowcount == 1


def read_messages(rows: Iterable[tuple[Any, ...]]) -> tuple[Message, ...]:
    """Messages from rows of the view `message_jobs` that stand message by message, jobs by position."""
    return tuple(_message(list(group)) for _, group in groupby(rows, key=lambda row: row[0]))


def read_job(row: tuple[Any, ...]) -> Job:
    """The job of one row of the view `message_jobs`."""
    (_seq, message_id, person_id, _platform, _account, _chat, _message_created_at,
     _ref_platform, _ref_token, _provisional, _shown, _deleted,
     job_id, position, state, capability, request, provider, model, price, created_at,
     submitted_at, deadline_at, ended_at, handle, file, media_type, character, failure) = row  # fmt: skip
    return Job(
        id=job_id,
        message_id=message_id,
        person_id=person_id,
        position=position,
        state=JobState(state),
        request=_read_request(capability, request),
        provider=provider,
        model=model,
        price=price,
        created_at=created_at,
        submitted_at=submitted_at,
        deadline_at=deadline_at,
        ended_at=ended_at,
        handle=handle,
        file=file,
        media_type=media_type,
        character=None if character is None else _read_character(character),
        failure=None if failure is None else _read_failure(failure),
    )


def _message(rows: list[tuple[Any, ...]]) -> Message:
    (_seq, message_id, person_id, platform, account, chat, created_at,
     ref_platform, ref_token, provisional, final_shown, deleted) = rows[0][:12]  # fmt: skip
    return Message(
        id=message_id,
        person_id=person_id,
        platform=platform,
        account=account,
        chat=chat,
        created_at=created_at,
        jobs=tuple(read_job(row) for row in rows),
        ref=None if ref_platform is None else MessageRef(ref_platform, ref_token),
        provisional=None if provisional is None else MessageRef(platform, provisional),
        final_shown=bool(final_shown),
        deleted=bool(deleted),
    )


def _changing(job: Job) -> tuple[str | float | None, ...]:
    return (
        job.state.value,  # sqlite3 looks for an adapter of each value that is no plain str
        job.request.capability.value,
        _write_request(job.request),
        job.provider,
        job.model,
        job.submitted_at,
        job.deadline_at,
        job.ended_at,
        job.handle,
        job.file,
        job.media_type,
        None if job.character is None else _encode(asdict(job.character)),
        None if job.failure is None else _encode({"key": job.failure.key, "params": job.failure.params}),
        job.price,
    )


def _write_request(request: GenerationRequest) -> str:
    asked = {name: value for name, value in zip(_ASKED, _asked(request), strict=True) if value not in (None, {})}
    if request.source is not None:
        asked["source"] = asdict(request.source)
    return _encode(asked)


def _read_request(capability: str, text: str) -> GenerationRequest:
    # Rows of other versions may lack a field, or have one that is gone.
    known = {name: value for name, value in json.loads(text).items() if name in _ASKED}
    if source := known.get("source"):
        known["source"] = _SOURCES[source.pop("kind")](**source)
    if quality := known.get("quality"):
        known["quality"] = Quality(quality)
    return GenerationRequest(**{"prompt": "", **known}, capability=Capability(capability))


def _read_character(text: str) -> Character:
    return Character(**{name: value for name, value in json.loads(text).items() if name in _CHARACTER})


def _read_failure(text: str) -> Failure:
    stored = json.loads(text)
    return Failure(stored.get("key", ""), stored.get("params", {}))
