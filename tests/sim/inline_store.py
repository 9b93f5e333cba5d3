"""The real store in memory, without a thread and without a wait: for tests that own the clock."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Coroutine
from typing import Any, TypeVar

from storage.sqlite.opening import migrations
from storage.sqlite.store import SqliteStore
from storage.sqlite.unit import READ, WRITE, Function, run_together

T = TypeVar("T")


class InlineUnit:
    """Runs each function at once, in the caller; nothing in it yields to the event loop."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        db.execute("PRAGMA foreign_keys = ON")
        [(schema,)] = db.execute("PRAGMA user_version").fetchall()
        for number, sql in enumerate(migrations()[schema:], schema + 1):
            db.executescript(f"{sql}; PRAGMA user_version = {number};")

    async def write(self, function: Function[T]) -> T:
        return self._run(WRITE, function)

    async def read(self, function: Function[T]) -> T:
        return self._run(READ, function)

    async def close(self) -> None:
        self.db.close()

    def _run(self, begin: str, function: Function[T]) -> T:
        [outcome] = run_together(self.db, begin, [function])
        value: T = outcome.get()
        return value


def inline_store() -> SqliteStore:
    """A new, empty store; closed when nobody holds it any more, in whichever thread that comes out."""
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    store = SqliteStore(InlineUnit(db))
    weakref.finalize(store, db.close)
    return store


def at_once(call: Coroutine[Any, Any, T]) -> T:
    """What a verb of the inline store answers, for tests without an event loop: it never waits, one step is all."""
    try:
        call.send(None)
    except StopIteration as done:
        value: T = done.value
        return value
    raise AssertionError("the inline store waited")
