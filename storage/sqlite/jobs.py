"""What happens to messages and jobs after they were accepted."""

from __future__ import annotations

import json
import sqlite3

from bot.model import Job, JobState, MessageRef
from storage.sqlite import characters, ledger, rows, sources

_ANNOUNCED = "UPDATE messages SET ref_platform = ?, ref_token = ?, provisional = NULL WHERE id = ?"
_FINAL_SHOWN = """
UPDATE messages SET
    final_shown = ? AND NOT EXISTS (SELECT 1 FROM jobs WHERE message_id = messages.id AND open),
    provisional = NULL
WHERE id = ?
"""
_DELETE = """
UPDATE messages SET deleted = 1, final_shown = 1, ref_platform = NULL, ref_token = NULL, provisional = NULL
WHERE id = ? AND NOT EXISTS (SELECT 1 FROM jobs WHERE message_id = messages.id AND open)
"""
_BLANK = """
UPDATE jobs SET
    request = json_remove(json_set(request, '$.prompt', ''), '$.negative_prompt', '$.name', '$.extra', '$.source'),
    handle = NULL,
    character = NULL
WHERE message_id = ?
"""
_FILES = "SELECT file FROM jobs WHERE message_id = ? AND file IS NOT NULL"
_UNSTORE = """
UPDATE jobs SET file = NULL, character = json_remove(character, '$.avatar')
WHERE file IN (SELECT value FROM json_each(?))
RETURNING message_id, (SELECT deleted FROM messages WHERE id = message_id)
"""

_MOVE_MESSAGES = "UPDATE messages SET chat = ? WHERE NOT final_shown AND platform = ? AND chat = ?"
_MOVE_JOBS = "UPDATE jobs SET chat = ? WHERE open AND platform = ? AND chat = ?"


def announced(db: sqlite3.Connection, message_id: str, ref: MessageRef) -> None:
    db.execute(_ANNOUNCED, (ref.platform, ref.token, message_id))


def advance(db: sqlite3.Connection, was: JobState, job: Job) -> bool:
    """A move that ends no job. One that opens an ended job again takes back that its end was shown."""
    if job.state.terminal:
        raise ValueError("a job ends by `finish`, or its reserve would stay open")
    moved = _update(db, was, job)
    if moved and was.terminal:
        final_shown(db, job.message_id, shown=False)
    return moved


def finish(db: sqlite3.Connection, was: JobState, job: Job, *, today: str, shown: bool) -> int | None:
    """The end of a job and of its reserve; returns the person's balance."""
    if not job.state.terminal:
        raise ValueError("`finish` ends a job")
    if not _update(db, was, job):
        return None
    ledger.end(db, job, today=today)
    if job.character is not None and job.state is JobState.SUCCEEDED:
        characters.add(db, job.character)
    if shown:
        final_shown(db, job.message_id, shown=True)
    return ledger.stored_balance(db, job.person_id)


def final_shown(db: sqlite3.Connection, message_id: str, *, shown: bool) -> None:
    """Note whether the last card is shown; that of a message with an open job is not."""
    db.execute(_FINAL_SHOWN, (shown, message_id))


def delete(db: sqlite3.Connection, message_id: str) -> tuple[str, ...]:
    """Hide an ended message, which then has no card to show; one with an open job is left alone.

    The provider's handle goes too: it may repeat the prompt. Returns the files that people brought for it alone.
    """
    if not db.execute(_DELETE, (message_id,)).rowcount:
        return ()
    brought = sources.of_message(db, message_id)
    db.execute(_BLANK, (message_id,))
    characters.forget_avatars(db, [file for (file,) in db.execute(_FILES, (message_id,))])
    return sources.forget_unused_uploads(db, brought)


def move_chat(db: sqlite3.Connection, platform: str, old: str, new: str) -> None:
    """What is unfinished in a chat that goes on under another id; once moved, a repeat finds nothing."""
    db.execute(_MOVE_MESSAGES, (new, platform, old))
    db.execute(_MOVE_JOBS, (new, platform, old))


def unstore(db: sqlite3.Connection, files: tuple[str, ...]) -> tuple[str, ...]:
    """Forget files; the messages that showed them, each once. A deleted message shows nothing."""
    sources.forget_uploads(db, files)
    characters.forget_avatars(db, files)
    forgotten = db.execute(_UNSTORE, (json.dumps(files),)).fetchall()
    return tuple(dict.fromkeys(message_id for message_id, deleted in forgotten if not deleted))


def _update(db: sqlite3.Connection, was: JobState, job: Job) -> bool:
    moved = rows.update_job(db, was, job)
    if moved and job.character is not None:
        characters.note_made(db, job.character)
    return moved
