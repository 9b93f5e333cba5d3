"""What things are made from: pictures that people bring, and what they chose for their next command."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from bot.model import Origin, StoredFile, named_after
from bot.store import MOST_IN_VAIN, OwnedFile
from storage.sqlite import people

_ADD_UPLOAD = """
INSERT INTO uploads (id, person_id, file, media_type, size_bytes, created_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING
"""
_FORGET_SPARE = """
DELETE FROM uploads
WHERE id IN (
    SELECT id FROM uploads
    WHERE person_id = ? AND NOT EXISTS (SELECT 1 FROM jobs WHERE source_file = uploads.file)
    ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?
)
RETURNING file
"""
_UPLOAD = "SELECT person_id, file, media_type, size_bytes FROM uploads WHERE id = ?"
_DROP_UPLOAD = "DELETE FROM uploads WHERE id = ?"
_FORGET_UPLOADS = "DELETE FROM uploads WHERE file IN (SELECT value FROM json_each(?))"
_SOURCES_OF = "SELECT DISTINCT source_file FROM jobs WHERE message_id = ? AND source_file IS NOT NULL"
_FORGET_UNUSED = """
DELETE FROM uploads
WHERE
    file IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE source_file = uploads.file)
RETURNING file
"""

_FORGET_STALE = """
DELETE FROM uploads
WHERE created_at < ? AND NOT EXISTS (SELECT 1 FROM jobs WHERE source_file = uploads.file)
RETURNING file
"""

_UNKNOWN = """
SELECT value FROM json_each(?)
WHERE
    NOT EXISTS (SELECT 1 FROM jobs WHERE file = value)
    AND NOT EXISTS (SELECT 1 FROM uploads WHERE file = value)
    AND NOT EXISTS (SELECT 1 FROM characters WHERE avatar = value)
"""

_FORGET_EXPIRED = "DELETE FROM chosen_sources WHERE expires_at <= ?"
_CHOOSE = "INSERT OR REPLACE INTO chosen_sources (person_id, source_id, expires_at) VALUES (?, ?, ?)"
_CHOSEN = """
SELECT c.source_id FROM accounts AS a JOIN chosen_sources AS c ON c.person_id = a.person_id
WHERE a.platform = ? AND a.account = ? AND c.expires_at > ?
"""
_FORGET = """
DELETE FROM chosen_sources
WHERE person_id = (SELECT person_id FROM accounts WHERE platform = ? AND account = ?)
"""


def add_upload(
    db: sqlite3.Connection, origin: Origin, file: StoredFile, now: float, new_person_id: str
) -> tuple[str, ...]:
    """Repeated it stays as it is: a picture has one owner, the first."""
    person_id = people.known_or_new(db, origin.platform, origin.account, new_person_id).person_id
    upload_id = named_after(file.name)
    db.execute(_ADD_UPLOAD, (upload_id, person_id, file.name, file.media_type, file.size_bytes, now))
    return tuple(file for (file,) in db.execute(_FORGET_SPARE, (person_id, MOST_IN_VAIN)).fetchall())


def upload(db: sqlite3.Connection, upload_id: str) -> OwnedFile | None:
    row = db.execute(_UPLOAD, (upload_id,)).fetchone()
    return None if row is None else OwnedFile(row[0], StoredFile(*row[1:]))


def drop_upload(db: sqlite3.Connection, upload_id: str) -> None:
    db.execute(_DROP_UPLOAD, (upload_id,))


def forget_uploads(db: sqlite3.Connection, files: Iterable[str]) -> None:
    db.execute(_FORGET_UPLOADS, (json.dumps(tuple(files)),))


def of_message(db: sqlite3.Connection, message_id: str) -> tuple[str, ...]:
    """The files that a message's jobs are made from."""
    return tuple(file for (file,) in db.execute(_SOURCES_OF, (message_id,)))


def forget_unused_uploads(db: sqlite3.Connection, files: Iterable[str]) -> tuple[str, ...]:
    """Those of the files that were brought and that no job is made from; deleted messages have blanked theirs."""
    return tuple(file for (file,) in db.execute(_FORGET_UNUSED, (json.dumps(tuple(files)),)).fetchall())


def forget_stale_uploads(db: sqlite3.Connection, before: float) -> tuple[str, ...]:
    return tuple(file for (file,) in db.execute(_FORGET_STALE, (before,)).fetchall())


def unknown_files(db: sqlite3.Connection, files: Iterable[str]) -> tuple[str, ...]:
    return tuple(file for (file,) in db.execute(_UNKNOWN, (json.dumps(tuple(files)),)))


def choose(
    db: sqlite3.Connection, origin: Origin, source_id: str, *, now: float, expires_at: float, new_person_id: str
) -> None:
    person_id = people.known_or_new(db, origin.platform, origin.account, new_person_id).person_id
    db.execute(_FORGET_EXPIRED, (now,))
    db.execute(_CHOOSE, (person_id, source_id, expires_at))


def chosen(db: sqlite3.Connection, origin: Origin, now: float) -> str | None:
    row = db.execute(_CHOSEN, (origin.platform, origin.account, now)).fetchone()
    return None if row is None else str(row[0])


def forget(db: sqlite3.Connection, origin: Origin) -> None:
    db.execute(_FORGET, (origin.platform, origin.account))
