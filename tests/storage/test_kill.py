"""A process that is killed in the middle of its writes loses nothing that it had answered, and nothing half."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from storage.sqlite import open_store

TESTS = Path(__file__).parents[1]

WRITES = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from sim.drafts import TODAY, a_draft, admit
from bot.model import JobState
from storage.sqlite import open_store

async def one(store, caller):
    for n in range(10_000):
        draft = a_draft(f"{caller}-{n}", account=str(caller), count=2, allowance=10**6)
        message = (await store.accept(draft, admit)).message
        print("accepted", message.id, flush=True)
        lost, done = (replace(job, ended_at=1.0) for job in message.jobs)
        await store.finish(JobState.QUEUED, replace(lost, state=JobState.LOST), today=TODAY, shown=True)
        await store.finish(JobState.QUEUED, replace(done, state=JobState.SUCCEEDED), today=TODAY, shown=True)
        print("ended", message.id, flush=True)

async def main():
    store = await open_store(Path(sys.argv[1]))
    await asyncio.gather(*(one(store, caller) for caller in range(20)))

asyncio.run(main())
"""


def answers_until_killed(path: Path, number: int) -> set[tuple[str, str]]:
    """What a writing process had answered when it was killed, after at least `number` answers."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": f"{TESTS}:{TESTS.parent}"},
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(number)]
        process.kill()
        lines += process.stdout.readlines()
    whole = [line.split() for line in lines if line.endswith("\n")]
    return {(word, message_id) for word, message_id in whole}


@pytest.mark.parametrize("number", [1, 100, 1500])
async def test_a_killed_process_loses_nothing_it_had_answered(tmp_path: Path, number: int) -> None:
    path = tmp_path / "limner.db"
    answers = answers_until_killed(path, number)
    store = await open_store(path)
    for word, message_id in answers:
        message = await store.message(message_id)
        assert message is not None
        assert len(message.jobs) == 2
        if word == "ended":
            assert message.final_shown
    await store.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        halves = "SELECT count(*) FROM messages AS m WHERE (SELECT count(*) FROM jobs WHERE message_id = m.id) <> 2"
        unpaid = "SELECT count(*) FROM jobs WHERE id NOT IN (SELECT job_id FROM ledger WHERE kind = 'reserve')"
        unended = (
            "SELECT count(*) FROM jobs WHERE open = "
            "(id IN (SELECT job_id FROM ledger WHERE kind IN ('settle', 'refund')))"
        )
        unbalanced = (
            "SELECT count(*) FROM people WHERE balance <> (SELECT sum(amount) FROM ledger WHERE person_id = people.id)"
        )
        assert [db.execute(sql).fetchone() for sql in (halves, unpaid, unended, unbalanced)] == [(0,)] * 4
