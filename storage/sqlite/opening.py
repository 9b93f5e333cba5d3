"""Opens the database: private, checked, brought to this program's schema; or one sentence that says why not."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from bot.errors import StoreError, StoreUnavailable, StoreUnusable
from storage.sqlite.errors import translated
from storage.sqlite.folder import PRIVATE_FILE, PRIVATE_FOLDER
from storage.sqlite.store import SqliteStore
from storage.sqlite.unit import READ, WRITE, Lane, ThreadedUnit

BUSY_TIMEOUT_S = 5.0
CHECK_S = 2.0
"""How long a start may look for damage; a file too large for that is checked as far as the time reaches."""

WRITER_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",  # savepoints in files cost as much as all the statements between them
    "PRAGMA secure_delete = ON",  # what a person deletes leaves the file
)


async def open_store(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> SqliteStore:
    """The store in the file at `path`, made if it is missing; close it, or the process never exits.

    Raises `StoreUnusable` (newer schema, damaged, not ours) or `StoreUnavailable` (locked,
    disk full) with a sentence for the operator.
    """
    with _in_words(path):
        await asyncio.to_thread(_make_private, path)
        async with AsyncExitStack() as opened:
            writer = await Lane.open(path, WRITE, busy_timeout_s=busy_timeout_s)
            opened.push_async_callback(writer.close)
            await _prepare(writer.db, path)
            reader = await Lane.open(path, READ, busy_timeout_s=busy_timeout_s)
            opened.push_async_callback(reader.close)
            await reader.db.execute_fetchall("PRAGMA query_only = ON")
            opened.pop_all()
    return SqliteStore(ThreadedUnit(writer, reader))


def migrations() -> tuple[str, ...]:
    """The SQL that leads from each schema to the next; schema n is what the first n of them make."""
    folder = Path(__file__).parent / "migrations"
    return tuple(file.read_text("utf-8") for file in sorted(folder.glob("*.sql")))


async def migrate(db: aiosqlite.Connection, steps: Sequence[str]) -> None:
    """Apply what is missing, each step as one transaction together with its number."""
    for number in range(await _one(db, "PRAGMA user_version"), len(steps)):
        try:
            await db.executescript(f"BEGIN IMMEDIATE;\n{steps[number]}\n;PRAGMA user_version = {number + 1};\nCOMMIT;")
        except BaseException:
            await db.rollback()
            raise


async def check(db: aiosqlite.Connection, path: Path, *, limit_s: float) -> None:
    """Look for damage, for at most `limit_s` seconds."""
    try:
        async with asyncio.timeout(limit_s):
            verdict = await _one(db, "PRAGMA quick_check(1)")
    except TimeoutError:
        return
    finally:
        await db.interrupt()  # does nothing when the check has ended
    if verdict != "ok":
        raise _damaged(path, verdict)


async def _prepare(db: aiosqlite.Connection, path: Path) -> None:
    steps = await asyncio.to_thread(migrations)
    await _recognise(db, path, newest=len(steps))
    await check(db, path, limit_s=CHECK_S)
    # Only now is anything written: a file that is refused stays as it was found.
    mode = await _one(db, "PRAGMA journal_mode = WAL")
    if mode != "wal":
        raise StoreUnusable(f"The database {path} cannot use a write-ahead log there. Put it on a local disk.")
    for pragma in WRITER_PRAGMAS:
        await db.execute_fetchall(pragma)
    await migrate(db, steps)


async def _recognise(db: aiosqlite.Connection, path: Path, *, newest: int) -> None:
    schema = await _one(db, "PRAGMA user_version")
    if schema > newest:
        raise StoreUnusable(
            f"The database {path} is of a newer Limner (its schema is {schema}, this program knows up to {newest}). "
            "Start that version, or put the backup from before the update in its place."
        )
    if schema == 0 and await _one(db, "SELECT count(*) FROM sqlite_schema"):
        raise StoreUnusable(f"The database {path} is of another program. Move it away, or name another folder.")


async def _one(db: aiosqlite.Connection, sql: str) -> Any:
    [row] = await db.execute_fetchall(sql)
    return row[0]


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
    except FileExistsError:
        if not path.is_file():
            raise
        # Never opened here: closing it again would end the locks that SQLite holds in this process.
        for file in (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))):
            if file.exists():
                file.chmod(PRIVATE_FILE)


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnusable(f"The database {path} cannot be opened ({error.strerror}).") from error
    except sqlite3.Error as error:
        ours = translated(error)
        if isinstance(ours, StoreUnusable):
            raise _damaged(path, str(error)) from error
        if isinstance(ours, StoreUnavailable):
            raise StoreUnavailable(
                f"The database {path} takes no writes now ({error}). See whether another program uses it "
                "and whether the disk is full."
            ) from error
        raise StoreError(f"The database {path} could not be prepared ({error}).") from error


def _damaged(path: Path, detail: str) -> StoreUnusable:
    return StoreUnusable(
        f"The database {path} is damaged or none ({detail.strip()}). Nothing was changed. "
        "Put the newest backup in its place, or move it away to start with an empty one."
    )
