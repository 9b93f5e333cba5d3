"""Looks at a data folder without changing anything in it."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage.sqlite.folder import LOCK_FILE
from storage.sqlite.opening import migrations


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreReport:
    """What was found: `schema` is None while there is no database, `trouble` is None while all is well."""

    database: Path
    held: bool
    schema: int | None
    newest_schema: int
    trouble: str | None


def inspect(database: Path) -> StoreReport:
    """Who holds the folder of `database`, which schema it has, and whether it is whole."""
    schema, trouble = _look(database) if database.exists() else (None, None)
    return StoreReport(
        database=database,
        held=_held(database.with_name(LOCK_FILE)),
        schema=schema,
        newest_schema=len(migrations()),
        trouble=trouble,
    )


def _look(database: Path) -> tuple[int | None, str | None]:
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
            [schema] = db.execute("PRAGMA user_version").fetchone()
            [verdict] = db.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        return None, str(error)
    return schema, None if verdict == "ok" else str(verdict)


def _held(lock: Path) -> bool:
    """Tried with a shared lock, which is given back at once."""
    try:
        tried = os.open(lock, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(tried, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(tried)
    return False
