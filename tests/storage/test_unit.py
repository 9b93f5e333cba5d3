"""Callers that wait together share a transaction, and nothing else."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import pytest
from sim.drafts import TODAY, a_draft, admit
from sim.inline_store import InlineUnit

from bot.errors import QuotaExceeded, StoreError, StoreUnavailable
from bot.model import GenerationRequest
from bot.store import Standing
from storage.sqlite import SqliteStore, open_store
from storage.sqlite.unit import WRITE, Lane, Unit

Write = Callable[[sqlite3.Connection], object]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = await open_store(tmp_path / "limner.db", busy_timeout_s=0.05)
    yield opened
    await opened.close()


@pytest.fixture
def unit(store: SqliteStore) -> Unit:
    return store._unit


def adds(person_id: str) -> Write:
    return lambda db: db.execute("INSERT INTO people (id) VALUES (?)", (person_id,))


def people(db: sqlite3.Connection) -> list[str]:
    return [person_id for (person_id,) in db.execute("SELECT id FROM people ORDER BY id")]


class Pause:
    """Holds the connection's thread, so that what comes meanwhile waits for one batch."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._held = asyncio.Event()
        self._go_on = threading.Event()

    async def hold(self, run: Callable[[Write], Coroutine[None, None, object]]) -> asyncio.Task[object]:
        holding = asyncio.create_task(run(self._wait))
        await self._held.wait()
        return holding

    def go_on(self) -> None:
        self._go_on.set()

    def _wait(self, _: sqlite3.Connection) -> None:
        self._loop.call_soon_threadsafe(self._held.set)
        assert self._go_on.wait(timeout=30)


async def together(unit: Unit, *functions: Write) -> list[object]:
    """Run functions in one batch; what each returned or raised."""
    pause = Pause()
    holding = await pause.hold(unit.write)
    tasks = [asyncio.create_task(unit.write(function)) for function in functions]
    await asyncio.sleep(0)  # each is queued now
    pause.go_on()
    await holding
    return await asyncio.gather(*tasks, return_exceptions=True)


def breaks_after(person_id: str, error: BaseException) -> Write:
    def function(db: sqlite3.Connection) -> None:
        adds(person_id)(db)
        raise error

    return function


async def test_many_callers_share_one_commit(unit: Unit) -> None:
    statements: list[str] = []
    await unit.write(lambda db: db.set_trace_callback(statements.append))
    statements.clear()
    await together(unit, *(adds(str(n)) for n in range(50)))
    assert statements.count("BEGIN IMMEDIATE") == statements.count("COMMIT") == 2  # the pause, and all the others
    assert len(await unit.read(people)) == 50


async def test_a_function_that_raises_undoes_its_own_work_only(unit: Unit) -> None:
    error = QuotaExceeded("err.quota")
    before, raised, after = await together(unit, adds("a"), breaks_after("b", error), adds("c"))
    assert raised is error
    assert not isinstance(before, BaseException)
    assert not isinstance(after, BaseException)
    assert await unit.read(people) == ["a", "c"]


async def test_a_constraint_that_fails_is_an_error_of_its_caller_only(unit: Unit) -> None:
    _, refused = await together(unit, adds("a"), adds("a"))
    assert isinstance(refused, StoreError)
    assert isinstance(refused.__cause__, sqlite3.IntegrityError)
    assert await unit.read(people) == ["a"]


@pytest.mark.parametrize("error", [StopIteration(), SystemExit(), KeyboardInterrupt()], ids=repr)
async def test_whatever_a_function_raises_nobody_waits_for_ever(unit: Unit, error: BaseException) -> None:
    # The store refuses to hand these out as they are; a task that ended with them would end the loop.
    async def guarded() -> str:
        try:
            await unit.write(breaks_after("b", error))
        except BaseException as raised:  # noqa: BLE001 - the test is about all of them
            return type(raised).__name__
        return "nothing"

    async with asyncio.timeout(10):
        raised, _ = await asyncio.gather(guarded(), unit.write(adds("a")))
    assert raised in (type(error).__name__, "RuntimeError")  # a coroutine turns StopIteration into RuntimeError
    assert await unit.read(people) == ["a"]


async def test_a_canceled_caller_harms_nobody_and_its_transaction_is_whole(unit: Unit) -> None:
    def adds_two(db: sqlite3.Connection) -> None:
        adds("b1")(db)
        adds("b2")(db)

    pause = Pause()
    holding = await pause.hold(unit.write)
    first, canceled, last = (asyncio.create_task(unit.write(write)) for write in (adds("a"), adds_two, adds("c")))
    await asyncio.sleep(0)
    canceled.cancel()
    pause.go_on()
    await asyncio.gather(holding, first, last)
    assert canceled.cancelled()
    assert await unit.read(people) == ["a", "b1", "b2", "c"]


async def test_a_commit_that_fails_fails_everybody_in_it(unit: Unit) -> None:
    def breaks_the_commit(db: sqlite3.Connection) -> None:
        db.execute("PRAGMA defer_foreign_keys = ON")
        db.execute("INSERT INTO accounts VALUES ('web', 'a', 'nobody')")

    quota = QuotaExceeded("err.quota")  # decided upon what never came to be
    outcomes = await together(unit, adds("a"), breaks_after("b", quota), breaks_the_commit)
    assert [type(outcome) for outcome in outcomes] == [StoreError] * 3
    await unit.write(adds("later"))
    assert await unit.read(people) == ["later"]


async def test_a_transaction_that_sqlite_gave_up_fails_everybody_in_it(unit: Unit) -> None:
    def gives_up(db: sqlite3.Connection) -> None:
        db.execute("INSERT OR ROLLBACK INTO people (id) VALUES ('a')")

    outcomes = await together(unit, adds("a"), gives_up, adds("c"))
    assert [type(outcome) for outcome in outcomes] == [StoreError] * 3
    assert ["UNIQUE" in str(outcome) for outcome in outcomes] == [True] * 3  # each is told why
    assert await unit.read(people) == []


async def test_a_locked_database_is_unavailable_and_then_serves_again(store: SqliteStore, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "limner.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    drafts = [a_draft(str(n)) for n in range(3)]
    outcomes = await asyncio.gather(*(store.accept(draft, admit) for draft in drafts), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert await store.unfinished() == ()  # who reads is not in the way of who writes
    other.execute("ROLLBACK")
    other.close()
    assert (await store.accept(drafts[0], admit)).balance == 19


async def test_a_full_disk_is_unavailable_keeps_what_it_has_and_serves_again(store: SqliteStore) -> None:
    unit = store._unit
    await store.accept(a_draft("first"), admit)
    await unit.write(lambda db: db.execute("PRAGMA max_page_count = 1").fetchall())  # SQLite takes: no page more
    long = GenerationRequest(prompt="x" * 100_000)
    outcomes = await together(
        unit,
        adds("nobody"),
        lambda db: db.execute("UPDATE jobs SET handle = ?", (long.prompt,)),
    )
    assert StoreUnavailable in [type(outcome) for outcome in outcomes]
    with pytest.raises(StoreUnavailable):
        await store.accept(a_draft("second", request=long), admit)
    assert [message.id for message in await store.unfinished()] == ["m-first"]
    await unit.write(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchall())
    assert (await store.accept(a_draft("second", request=long), admit)).balance == 18
    assert await unit.read(lambda db: db.execute("PRAGMA integrity_check").fetchall()) == [("ok",)]


async def test_a_read_sees_every_write_that_ended_before_it(store: SqliteStore) -> None:
    async def write_then_read(n: int) -> bool:
        await store.link(f"p-{n}", "web", str(n))
        return await store.person("web", str(n)) == f"p-{n}"

    assert all(await asyncio.gather(*(write_then_read(n) for n in range(300))))


async def test_who_reads_cannot_write(unit: Unit) -> None:
    with pytest.raises(StoreUnavailable):
        await unit.read(adds("a"))


async def test_closing_commits_what_waits_and_refuses_what_comes_later(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "limner.db")
    links = [asyncio.create_task(store.link(f"p-{n}", "web", str(n))) for n in range(20)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*links)
    await store.close()
    for call in (store.link("p", "web", "a"), store.person("web", "1")):
        with pytest.raises(StoreUnavailable, match="closed"):
            await call
    again = await open_store(tmp_path / "limner.db")
    assert await again.person("web", "19") == "p-19"
    await again.close()


async def test_a_canceled_close_leaves_no_caller_waiting_and_no_thread(tmp_path: Path) -> None:
    lane = await Lane.open(tmp_path / "any.db", WRITE, busy_timeout_s=1)
    pause = Pause()
    holding = await pause.hold(lane.run)
    late = [asyncio.create_task(lane.run(lambda _: "done")) for _ in range(20)]
    closing = asyncio.create_task(lane.close())
    await asyncio.sleep(0)  # it waits for the batch that is held
    closing.cancel()
    await asyncio.sleep(0)
    pause.go_on()
    async with asyncio.timeout(10):
        outcomes = await asyncio.gather(closing, holding, *late, return_exceptions=True)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert outcomes[1] is None
    assert {type(outcome) for outcome in outcomes[2:]} <= {str, StoreUnavailable}
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            thread.join(timeout=10)
            assert not thread.is_alive()


async def test_the_inline_unit_never_yields() -> None:
    ran: list[str] = []
    asyncio.get_running_loop().call_soon(ran.append, "something else")
    store = SqliteStore(InlineUnit(sqlite3.connect(":memory:", isolation_level=None)))

    def refuse(_: Standing) -> None:
        raise QuotaExceeded("err.quota")

    await store.accept(a_draft("one"), admit)
    with pytest.raises(QuotaExceeded):
        await store.accept(a_draft("two"), refuse)
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 19
    await store.close()
    assert ran == []
