"""Credit transactions per second: group commit against one await at a time under a lock.

Both sides run the statements of `SqliteStore.accept` (dedupe, person, open jobs, message,
job, reserve, update id) with the same pragmas, for 200 callers at a time, alternating in
one process. The slow side is plain aiosqlite: `await execute`, for a question also `await
fetchone`. Its statements are recorded from the fast side, so they cannot drift apart.
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import aiosqlite
from sim.drafts import a_draft, admit
from sim.inline_store import InlineUnit

from bot.store import Draft
from storage.sqlite import SqliteStore, open_store
from storage.sqlite.opening import WRITER_PRAGMAS

CALLERS = 200
EACH_BY_BATCHES = 20
EACH_BY_AWAITS = 4
ROUNDS = 5

Statement = tuple[str, Sequence[Any]]
Act = Callable[[Draft], Awaitable[object]]


class Recorder(sqlite3.Connection):
    """Keeps what is executed, so that the slow side runs exactly the fast side's statements."""

    statements: list[Statement]

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self.statements.append((sql, parameters))
        return super().execute(sql, parameters)


async def recorded(drafts: Sequence[Draft]) -> dict[str, list[Statement]]:
    """The statements of each draft's accept, without the savepoint that only batches need."""
    db = sqlite3.connect(":memory:", isolation_level=None, factory=Recorder)
    db.statements = []
    store = SqliteStore(InlineUnit(db))
    scripts = {}
    for draft in drafts:
        db.statements = []
        await store.accept(draft, admit)
        scripts[draft.message.id] = [(sql, values) for sql, values in db.statements if "one" not in sql.split()]
    await store.close()
    return scripts


async def by_batches(path: Path) -> float:
    store = await open_store(path)

    async def act(draft: Draft) -> None:
        await store.accept(draft, admit)

    try:
        return await per_second(act, EACH_BY_BATCHES)
    finally:
        await store.close()


async def by_awaits(path: Path, scripts: dict[str, list[Statement]]) -> float:
    await (await open_store(path)).close()
    lock = asyncio.Lock()
    async with aiosqlite.connect(path, isolation_level=None) as db:
        for pragma in WRITER_PRAGMAS:
            await db.execute_fetchall(pragma)

        async def act(draft: Draft) -> None:
            async with lock:
                for sql, values in scripts[draft.message.id]:
                    cursor = await db.execute(sql, values)
                    if sql.lstrip().startswith("SELECT"):
                        await cursor.fetchone()

        return await per_second(act, EACH_BY_AWAITS)


async def per_second(act: Act, each: int) -> float:
    """Every caller has had its first accept (person, allowance of the day) before the clock starts."""
    callers = [drafts_of(caller, each + 1) for caller in range(CALLERS)]
    gc.collect()
    gc.freeze()  # the drafts are the input, not the work
    await asyncio.gather(*(act(drafts[0]) for drafts in callers))

    async def call(drafts: Sequence[Draft]) -> None:
        for draft in drafts[1:]:
            await act(draft)

    began = time.perf_counter()
    await asyncio.gather(*(call(drafts) for drafts in callers))
    rate = CALLERS * each / (time.perf_counter() - began)
    gc.unfreeze()
    return rate


def drafts_of(caller: int, number: int) -> list[Draft]:
    # Ids grow with time, as ULIDs do.
    return [
        a_draft(f"{n:020}{caller:04}", account=f"{caller:018}", chat=f"{caller:018}", allowance=1000)
        for n in range(number)
    ]


async def main() -> dict[str, float]:
    """The median of each side, and their ratio."""
    scripts = await recorded([draft for caller in range(CALLERS) for draft in drafts_of(caller, EACH_BY_AWAITS + 1)])
    batches, awaits = [], []
    with tempfile.TemporaryDirectory() as folder:
        names = count()
        for _ in range(ROUNDS):
            batches.append(await by_batches(Path(folder) / f"{next(names)}.db"))
            awaits.append(await by_awaits(Path(folder) / f"{next(names)}.db", scripts))
    fast, slow = statistics.median(batches), statistics.median(awaits)
    return {"batches_per_s": fast, "awaits_per_s": slow, "ratio": fast / slow}
