"""What the schema guarantees, whoever writes: the ledger's rules, an index for every verb, rows of other versions."""

from __future__ import annotations

import inspect
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sim.drafts import DAY_S, TODAY, TOMORROW, a_draft, admit
from sim.inline_store import InlineUnit

from bot.model import (
    Capability,
    Character,
    Failure,
    GenerationRequest,
    JobState,
    MessageRef,
    Origin,
    Preferences,
    Rest,
    StoredFile,
)
from bot.store import Received
from bot.testing.clock import START
from storage.sqlite import SqliteStore

Entry = tuple[str | None, str, int, str]


class Recorder(sqlite3.Connection):
    """Keeps the SQL of everything that is executed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements: dict[str, Sequence[Any]] = {}

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self.statements[sql] = parameters
        return super().execute(sql, parameters)


@pytest.fixture
def db() -> Recorder:
    return sqlite3.connect(":memory:", isolation_level=None, factory=Recorder)


@pytest.fixture
async def store(db: Recorder) -> SqliteStore:
    return SqliteStore(InlineUnit(db))


def entries(db: sqlite3.Connection) -> list[Entry]:
    return db.execute("SELECT job_id, kind, amount, day FROM ledger ORDER BY id").fetchall()


async def test_the_ledger_tells_what_became_of_every_credit(db: Recorder, store: SqliteStore) -> None:
    message = (await store.accept(a_draft("one", count=2, price=5), admit)).message
    bad, good = (replace(job, ended_at=START + DAY_S) for job in message.jobs)
    await store.accept(a_draft("two", today=TOMORROW, price=3), admit)
    await store.finish(JobState.QUEUED, replace(good, state=JobState.SUCCEEDED), today=TOMORROW, shown=True)
    await store.finish(JobState.QUEUED, replace(bad, state=JobState.LOST), today=TOMORROW, shown=True)
    assert entries(db) == [
        (None, "allowance", 20, TODAY),
        ("j-one-0", "reserve", -5, TODAY),
        ("j-one-1", "reserve", -5, TODAY),
        (None, "expire", -10, TOMORROW),
        (None, "allowance", 20, TOMORROW),
        ("j-two-0", "reserve", -3, TOMORROW),
        ("j-one-1", "settle", 0, TOMORROW),
        ("j-one-0", "refund", 5, TOMORROW),
        ("j-one-0", "expire", -2, TOMORROW),
    ]
    assert db.execute("SELECT balance FROM people").fetchall() == [(20,)]
    await store.close()


async def test_granted_credits_do_not_expire(db: Recorder, store: SqliteStore) -> None:
    await store.accept(a_draft("one", price=1), admit)
    db.execute("INSERT INTO ledger (kind, person_id, amount, day, at) VALUES ('grant', 'p-ada', 50, ?, 0)", (TODAY,))
    assert (await store.accept(a_draft("two", today=TOMORROW, price=30), admit)).balance == 40  # 50 + 20 - 30
    assert await store.balance("p-ada", today="2026-09-23", allowance=20) == 60  # of the grant 40 are left
    await store.close()


async def test_no_entry_changes_or_goes(db: Recorder, store: SqliteStore) -> None:
    await store.accept(a_draft(), admit)
    before = entries(db)
    for sql in ("UPDATE ledger SET amount = 100", "UPDATE ledger SET id = id + 9", "DELETE FROM ledger"):
        with pytest.raises(sqlite3.IntegrityError, match="entry of the ledger"):
            db.execute(sql)
    assert entries(db) == before
    await store.close()


WRONG_ENTRIES = [
    ("j-one-0", "reserve", -1, TODAY),  # a second reserve
    ("j-two-0", "settle", 0, TODAY),  # after its refund
    ("j-two-0", "refund", 1, TODAY),
    (None, "allowance", 20, TODAY),  # a second one for the day
    (None, "allowance", 0, TOMORROW),
    (None, "expire", 5, TOMORROW),
    (None, "expire", 0, TOMORROW),
    ("j-one-0", "settle", 1, TODAY),
    ("j-one-0", "refund", -1, TODAY),
    ("j-one-0", "refund", 0, TODAY),
    (None, "refund", 1, TODAY),
    (None, "settle", 0, TODAY),
    ("j-none", "refund", 1, TODAY),  # no such job
    (None, "expire", -100, TOMORROW),  # below zero
    (None, "transfer", -100, TOMORROW),
    (None, "grant", 0, TODAY),
    (None, "gift", 5, TODAY),
]


@pytest.mark.parametrize("entry", WRONG_ENTRIES, ids=str)
async def test_a_wrong_entry_cannot_be_written(db: Recorder, store: SqliteStore, entry: Entry) -> None:
    await store.accept(a_draft("one"), admit)
    [job] = (await store.accept(a_draft("two"), admit)).message.jobs
    failed = replace(job, state=JobState.FAILED, ended_at=START)
    await store.finish(JobState.QUEUED, failed, today=TODAY, shown=True)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(
            "INSERT INTO ledger (job_id, kind, amount, day, person_id, at) VALUES (?, ?, ?, ?, 'p-ada', 0)", entry
        )
    assert db.execute("SELECT balance, (SELECT sum(amount) FROM ledger) FROM people").fetchall() == [(19, 19)]
    await store.close()


async def use_every_verb_of_sources(store: SqliteStore) -> None:
    brought = Origin(platform="web", update_id="", account="ada", chat="hall")
    mina = Character(id="c", person_id="", provider="demo", reference="r", name="Mina")
    await store.adopt(brought, mina, new_person_id="p-new")
    await store.character("c")
    await store.characters("p-ada")
    await store.made_characters("demo")
    await store.rename_character("c", "Mia")
    await store.remove_character("c")
    await store.add_upload(brought, StoredFile("U.png", "image/png", 7), now=START, new_person_id="p-new")
    await store.upload("U")
    await store.drop_upload("U")
    await store.stale_uploads(before=1.0)
    await store.unknown_files(("U.png", "V.png"))
    await store.choose_source(brought, "c", now=START, expires_at=START + 600, new_person_id="p-new")
    await store.chosen_source(brought, now=START)
    await store.forget_source(brought)


async def use_every_verb(store: SqliteStore) -> None:
    for name, today in (("one", TODAY), ("two", TOMORROW)):
        await store.accept(a_draft(name, today=today), admit)
    [job] = (await store.accept(a_draft("three", today=TOMORROW), admit)).message.jobs
    await store.accept(a_draft("three", today=TOMORROW), admit)
    await store.announced("m-one", MessageRef("web", "token"))
    old = await store.job("j-one-0")
    assert old is not None
    await store.advance(JobState.QUEUED, replace(job, state=JobState.RUNNING, file="F.png"))
    mia = Character(id="j-three-0", person_id="p-ada", provider="demo", reference="s", name="Mia")
    done = replace(job, state=JobState.SUCCEEDED, file="F.png", submitted_at=START, ended_at=START + 5, character=mia)
    await store.finish(JobState.RUNNING, done, today=TOMORROW, shown=True)
    await store.finish(
        JobState.QUEUED,
        replace(old, state=JobState.LOST, submitted_at=START, ended_at=START + 5),
        today=TOMORROW,
        shown=False,
    )
    await store.advance(JobState.LOST, replace(old, state=JobState.DELIVERING))
    await store.final_shown("m-one")
    await store.unstore(("F.png", "G.png"))
    await store.delete("m-three")
    await store.link("p-ada", "discord", "7")
    await store.person("web", "ada")
    await store.prefer("web", "ada", Preferences(style="ink"), new_person_id="p-new")
    await store.preferences("web", "ada")
    await store.balance("p-ada", today="2026-09-23", allowance=20)
    await store.message("m-one")
    await store.messages("p-ada", limit=5)
    await store.unfinished()
    await store.durations("demo", "demo-1", Capability.TEXT_TO_IMAGE, limit=5)
    await use_every_verb_of_sources(store)
    await store.receive("telegram", (Received("7", "{}"),), now=START)
    await store.unhandled("telegram")
    await store.handled("telegram", "7")
    asker = Origin(platform="telegram", update_id="", account="ada", chat="hall")
    await store.ask(asker, "{}", now=START, expires_at=START + 600)
    await store.asked(asker, now=START)
    await store.answered(asker)
    await store.move_chat("web", "hall", "super")
    await store.rest("demo", Rest(reason="paint", since=START))
    await store.rests()
    await store.rest("demo", None)


WHOLE_SCANS = re.compile(
    r"SCAN (?!CONSTANT ROW|json_each VIRTUAL TABLE|totals$|rests$)(?!messages USING .*messages_not_final)"
)


async def test_no_verb_reads_a_whole_table(db: Recorder, store: SqliteStore) -> None:
    source = inspect.getsource(use_every_verb) + inspect.getsource(use_every_verb_of_sources)
    assert [verb for verb in vars(SqliteStore) if verb[0] != "_" and f"store.{verb}(" not in source] == ["close"]
    db.statements.clear()
    await use_every_verb(store)
    scans = []
    for sql, parameters in list(db.statements.items()):
        if sql.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            plan = [step for *_, step in db.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
            scans += [(step, sql) for step in plan if WHOLE_SCANS.match(step)]
    assert scans == []
    await store.close()


async def test_rows_of_other_versions_read_with_defaults(db: Recorder, store: SqliteStore) -> None:
    await store.accept(a_draft("old"), admit)
    await store.accept(a_draft("new"), admit)
    db.execute("UPDATE jobs SET request = '{}', failure = '{}' WHERE id = 'j-old-0'")
    mina = Character(id="j-new-0", person_id="p-ada", provider="demo", reference="6870", name="Mina")
    newer = '{"prompt": "a boat", "seed": 7, "weather": 5, "options": {"fps": 24}}'
    failure = '{"key": "fail.new", "params": {"n": 1}, "detail": "x"}'
    made = '{"id":"j-new-0","person_id":"p-ada","provider":"demo","reference":"6870","name":"Mina","mood":"calm"}'
    db.execute("UPDATE jobs SET request = ?, failure = ?, character = ? WHERE id = 'j-new-0'", (newer, failure, made))
    old, new = await store.job("j-old-0"), await store.job("j-new-0")
    assert old is not None
    assert new is not None
    assert (old.request, old.failure) == (GenerationRequest(prompt=""), Failure(""))
    assert (new.request, new.failure) == (GenerationRequest(prompt="a boat", seed=7), Failure("fail.new", {"n": 1}))
    assert (old.character, new.character) == (None, mina)
    await store.close()


async def test_a_state_that_is_none_cannot_be_written(db: Recorder, store: SqliteStore) -> None:
    await store.accept(a_draft(), admit)
    for state in ("done", "", "QUEUED"):
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("UPDATE jobs SET state = ?", (state,))
    with pytest.raises(sqlite3.IntegrityError):  # an end has its time
        db.execute("UPDATE jobs SET state = 'failed'")
    for state in JobState:
        db.execute("UPDATE jobs SET state = ?, ended_at = 1", (state.value,))
        opened = db.execute("SELECT open, open_jobs FROM jobs, totals").fetchall()
        assert opened == [(not state.terminal, not state.terminal)]
    await store.close()
