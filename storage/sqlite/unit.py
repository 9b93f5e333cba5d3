"""Runs functions on one SQLite file, each as one transaction; those that wait together share a COMMIT.

`await db.commit()` runs our own `commit` in the connection's thread: one hop for a whole
batch instead of one per statement, one flush of the disk instead of one per transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self, TypeVar

import aiosqlite

from bot.errors import StoreUnavailable
from storage.sqlite.errors import translated

T = TypeVar("T")
Function = Callable[[sqlite3.Connection], T]
"""The body of one transaction; runs in the connection's thread, must not commit or wait."""

WRITE = "BEGIN IMMEDIATE"
READ = "BEGIN DEFERRED"


class Unit(Protocol):
    """Runs a function as one transaction; what it raises undoes all that it did."""

    async def write(self, function: Function[T]) -> T: ...

    async def read(self, function: Function[T]) -> T: ...

    async def close(self) -> None: ...


class Outcome(NamedTuple):
    """What a function returned, or what it raised."""

    value: Any
    error: BaseException | None

    def get(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


class Call(NamedTuple):
    """A function that waits for its transaction, and who waits for its outcome."""

    function: Function[Any]
    outcome: asyncio.Future[Outcome]


def run_together(db: sqlite3.Connection, begin: str, functions: Sequence[Function[Any]]) -> list[Outcome]:
    """Run functions in one transaction, a savepoint each; where it fails as a whole, all of them fail.

    Also those that had raised: what they saw (a spent balance) may never have been committed.
    """
    try:
        db.execute(begin)
        outcomes = [_run_in_savepoint(db, function) for function in functions]
        db.execute("COMMIT")
    except BaseException as error:  # noqa: BLE001 - handed to every caller, so that none waits for ever
        # Nothing is left to undo where SQLite has rolled back by itself.
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        return [Outcome(None, translated(error)) for _ in functions]
    return outcomes


def _run_in_savepoint(db: sqlite3.Connection, function: Function[Any]) -> Outcome:
    db.execute("SAVEPOINT one")
    try:
        value = function(db)
    except BaseException as error:
        if not db.in_transaction:  # a full disk or an I/O error may end the whole transaction
            raise
        db.execute("ROLLBACK TO one")
        db.execute("RELEASE one")
        return Outcome(None, translated(error))
    db.execute("RELEASE one")
    return Outcome(value, None)


class GroupCommit(sqlite3.Connection):
    """A connection whose `commit` runs all calls that wait, in one transaction."""

    def __init__(self, *args: Any, calls: deque[Call], begin: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._calls = calls
        self._begin = begin

    def commit(self) -> None:
        # What comes later waits for the next batch: a read must see every write that ended before it.
        batch = _take(self._calls)
        if batch:
            outcomes = run_together(self, self._begin, [call.function for call in batch])
            batch[0].outcome.get_loop().call_soon_threadsafe(_hand_back, batch, outcomes)


def _take(calls: deque[Call]) -> list[Call]:
    """What waits now. Two threads may take at once (when `close` is canceled), each call goes to one."""
    batch = []
    with contextlib.suppress(IndexError):
        for _ in range(len(calls)):
            batch.append(calls.popleft())  # noqa: PERF401 - a comprehension would lose what it took before the error
    return batch


def _hand_back(batch: Sequence[Call], outcomes: Sequence[Outcome]) -> None:
    for call, outcome in zip(batch, outcomes, strict=True):
        if not call.outcome.done():  # its caller may have been canceled meanwhile
            call.outcome.set_result(outcome)


class Lane:
    """One connection with its thread, and the task that commits while calls wait. Owns both until `close`."""

    def __init__(self, db: aiosqlite.Connection, calls: deque[Call]) -> None:
        self.db = db
        self._calls = calls
        self._wake = asyncio.Event()
        self._closing = False
        self._committing = asyncio.create_task(self._commit_while_open())

    @classmethod
    async def open(cls, path: Path, begin: str, *, busy_timeout_s: float) -> Self:
        calls: deque[Call] = deque()
        factory = partial(GroupCommit, calls=calls, begin=begin)
        return cls(await aiosqlite.connect(path, factory=factory, isolation_level=None, timeout=busy_timeout_s), calls)

    async def run(self, function: Function[T]) -> T:
        """The function's outcome once it is committed; a canceled caller does not stop it."""
        if self._closing:
            raise StoreUnavailable("the store is closed")
        call = Call(function, asyncio.get_running_loop().create_future())
        self._calls.append(call)
        self._wake.set()
        value: T = (await call.outcome).get()
        return value

    async def close(self) -> None:
        """Commit what waits, then end the thread (it is no daemon: left open, the process would never exit)."""
        self._closing = True
        self._wake.set()
        try:
            await self._committing
        finally:
            await self.db.close()

    async def _commit_while_open(self) -> None:
        try:
            while self._calls or not self._closing:
                await self._wake.wait()
                self._wake.clear()
                await self.db.commit()
        finally:
            self._closing = True
            left = _take(self._calls)
            _hand_back(left, [Outcome(None, StoreUnavailable("the store is closed")) for _ in left])


class ThreadedUnit:
    """Writes through one connection, reads through another; each has its own thread."""

    def __init__(self, writer: Lane, reader: Lane) -> None:
        self._writer = writer
        self._reader = reader

    async def write(self, function: Function[T]) -> T:
        return await self._writer.run(function)

    async def read(self, function: Function[T]) -> T:
        return await self._reader.run(function)

    async def close(self) -> None:
        """The writer goes last: the last connection folds the log into the file."""
        try:
            await self._reader.close()
        finally:
            await self._writer.close()
