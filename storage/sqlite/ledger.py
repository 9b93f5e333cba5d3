"""Credits: entries that never change; their sum is a person's balance.

A day's allowance lasts a day. The first accept of a day writes

    expire     -what is left of the last allowance (grants and transfers stay)
    allowance  +the credits of the day

and each job writes `reserve` -n, then either `settle` 0 or `refund` +n. A refund that
comes after the next allowance is of an earlier day: with it expires what the day's
entries then hold beyond that allowance.
"""

from __future__ import annotations

import sqlite3

from bot.model import Job, JobState

_ENTER = "INSERT INTO ledger (job_id, kind, person_id, amount, day, at) VALUES (?, ?, ?, ?, ?, ?)"
_BEGIN_DAY = "UPDATE people SET day = ? WHERE id = ?"
_BALANCE_AND_DAY = "SELECT balance, day FROM people WHERE id = ?"
_LEFT = """
SELECT max(0, coalesce(sum(amount), 0)) FROM ledger
WHERE
    person_id = ?
    AND kind NOT IN ('grant', 'transfer')
    AND id >= (SELECT coalesce(max(id), 0) FROM ledger WHERE person_id = ? AND kind = 'allowance')
"""
_OF_JOB = "SELECT kind, id, amount FROM ledger WHERE job_id = ?"
_LAST_ALLOWANCE = """
SELECT id, amount FROM ledger WHERE person_id = ? AND kind = 'allowance' ORDER BY id DESC LIMIT 1
"""


def begin_day(db: sqlite3.Connection, person_id: str, balance: int, *, today: str, allowance: int, at: float) -> int:
    """Replace what is left of the last allowance by today's; returns the new balance."""
    left = min(balance, _left(db, person_id))
    if left:
        db.execute(_ENTER, (None, "expire", person_id, -left, today, at))
    if allowance:
        db.execute(_ENTER, (None, "allowance", person_id, allowance, today, at))
    # Kept apart from the entries: an allowance of 0 has none, and its day begins only once as well.
    db.execute(_BEGIN_DAY, (today, person_id))
    return balance - left + allowance


def reserve(db: sqlite3.Connection, job: Job, *, today: str) -> None:
    """Take a job's price; a job that costs nothing has no entries."""
    if job.price:
        db.execute(_ENTER, (job.id, "reserve", job.person_id, -job.price, today, job.created_at))


def end(db: sqlite3.Connection, job: Job, *, today: str) -> None:
    """Settle the reserve of a job that succeeded, give back that of any other; once."""
    entries = {kind: (entry, amount) for kind, entry, amount in db.execute(_OF_JOB, (job.id,))}
    if "reserve" not in entries or "settle" in entries or "refund" in entries:
        return
    if job.state is JobState.SUCCEEDED:
        db.execute(_ENTER, (job.id, "settle", job.person_id, 0, today, job.ended_at))
        return
    reserved_as, amount = entries["reserve"]
    db.execute(_ENTER, (job.id, "refund", job.person_id, -amount, today, job.ended_at))
    _expire_excess(db, job, reserved_as, today)


def stored_balance(db: sqlite3.Connection, person_id: str) -> int:
    """The sum of a person's entries."""
    balance: int = db.execute(_BALANCE_AND_DAY, (person_id,)).fetchone()[0]
    return balance


def balance(db: sqlite3.Connection, person_id: str, *, today: str, allowance: int) -> int:
    """What an accept would find today."""
    row = db.execute(_BALANCE_AND_DAY, (person_id,)).fetchone()
    if row is None:
        return allowance
    stored, day = row
    if begins(day, today):
        return int(stored - min(stored, _left(db, person_id)) + allowance)
    return int(stored)


def begins(day: str | None, today: str) -> bool:
    """Whether `today` is a new day for a person whose last one was `day`; never an earlier one."""
    return day is None or day < today


def _left(db: sqlite3.Connection, person_id: str) -> int:
    left: int = db.execute(_LEFT, (person_id, person_id)).fetchone()[0]
    return left


def _expire_excess(db: sqlite3.Connection, job: Job, reserved_as: int, today: str) -> None:
    row = db.execute(_LAST_ALLOWANCE, (job.person_id,)).fetchone()
    if row is None or row[0] < reserved_as:
        return
    excess = min(stored_balance(db, job.person_id), _left(db, job.person_id) - row[1])
    if excess > 0:
        db.execute(_ENTER, (job.id, "expire", job.person_id, -excess, today, job.ended_at))
