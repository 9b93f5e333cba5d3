"""Questions about messages and jobs; none of them reads a whole table."""

from __future__ import annotations

import sqlite3

from bot.model import Capability, Job, Message
from storage.sqlite import rows

_JOB = "SELECT * FROM message_jobs WHERE job_id = ?"
_MESSAGE = "SELECT * FROM message_jobs WHERE message_id = ? ORDER BY position"
_OF_PERSON = """
SELECT * FROM message_jobs
WHERE seq IN (SELECT seq FROM messages WHERE person_id = ? AND NOT deleted ORDER BY seq DESC LIMIT ?)
ORDER BY seq DESC, position
"""
# A message with an open job never is `final_shown`: whoever opens one takes that back.
_UNFINISHED = """
SELECT * FROM message_jobs WHERE seq IN (SELECT seq FROM messages WHERE NOT final_shown) ORDER BY seq, position
"""
_DURATIONS = """
SELECT ended_at - submitted_at FROM jobs
WHERE state = 'succeeded' AND provider = ? AND model = ? AND capability = ? AND submitted_at IS NOT NULL
ORDER BY ended_at DESC LIMIT ?
"""


def job(db: sqlite3.Connection, job_id: str) -> Job | None:
    row = db.execute(_JOB, (job_id,)).fetchone()
    return None if row is None else rows.read_job(row)


def message(db: sqlite3.Connection, message_id: str) -> Message | None:
    found = rows.read_messages(db.execute(_MESSAGE, (message_id,)))
    return found[0] if found else None


def messages(db: sqlite3.Connection, person_id: str, limit: int) -> tuple[Message, ...]:
    return rows.read_messages(db.execute(_OF_PERSON, (person_id, limit)))


def unfinished(db: sqlite3.Connection) -> tuple[Message, ...]:
    return rows.read_messages(db.execute(_UNFINISHED))


def durations(
    db: sqlite3.Connection, provider: str, model: str, capability: Capability, limit: int
) -> tuple[float, ...]:
    return tuple(seconds for (seconds,) in db.execute(_DURATIONS, (provider, model, capability, limit)))
