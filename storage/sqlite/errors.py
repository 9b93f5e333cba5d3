"""What SQLite's failures mean for the bot; the only place that knows their codes."""

from __future__ import annotations

import sqlite3

from bot.errors import StoreError, StoreUnavailable, StoreUnusable

_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def translated(error: BaseException) -> BaseException:
    """A new error of ours for one of SQLite's; any other error as it is."""
    if not isinstance(error, sqlite3.Error):
        return error
    code = getattr(error, "sqlite_errorcode", -1) & 0xFF  # without its extension; the Python module's own have none
    ours: StoreError
    if code in _PASSING:
        ours = StoreUnavailable(f"the database takes no transaction: {error}")
    elif code in _DAMAGE:
        ours = StoreUnusable(f"The database is damaged ({error}). Stop the bot and put the newest backup in its place.")
    else:
        ours = StoreError(f"the database refused: {error}")
    ours.__cause__ = error
    return ours
