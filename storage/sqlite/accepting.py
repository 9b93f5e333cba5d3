"""Accept: an update becomes a person, a day's allowance, a message, its jobs and their reserves, or nothing at all."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from bot.model import Message
from bot.store import Accepted, Decide, Draft, Standing
from storage.sqlite import ledger, people, reading, rows

_SEEN = "SELECT message_id, at FROM accepted_updates WHERE platform = ? AND update_id = ?"
_SEE = "INSERT OR REPLACE INTO accepted_updates (platform, update_id, at, message_id) VALUES (?, ?, ?, ?)"
_OPEN = """
SELECT
    (SELECT count(*) FROM jobs WHERE open AND person_id = ?),
    (SELECT count(*) FROM jobs WHERE open AND platform = ? AND chat = ?),
    (SELECT open_jobs FROM totals)
"""


def accept(db: sqlite3.Connection, draft: Draft, decide: Decide) -> Accepted:
    """The whole transaction; what `decide` raises undoes all of it."""
    message_id = _known(db, draft)
    if message_id is not None:
        return _repeated(db, draft, message_id)
    person_id, balance = _person_today(db, draft)
    decide(_standing(db, person_id, balance, draft.message))
    message = _owned(draft.message, person_id)
    rows.insert_message(db, message)
    for job in message.jobs:
        ledger.reserve(db, job, today=draft.today)
    for name in (draft.origin.update_id, *([draft.press] if draft.press else [])):
        _see(db, draft, name, message.id)
    return Accepted(message=message, balance=balance - sum(job.price for job in message.jobs))


def _known(db: sqlite3.Connection, draft: Draft) -> str | None:
    """The message that was made of the same update, or of the same press a moment ago."""
    platform = draft.origin.platform
    row = db.execute(_SEEN, (platform, draft.origin.update_id)).fetchone()
    if row is not None:
        return str(row[0])
    row = db.execute(_SEEN, (platform, draft.press)).fetchone() if draft.press else None
    # abs: after a clock that went back, an hour of presses must not count as repeats.
    if row is None or (draft.repeat_s is not None and abs(draft.message.created_at - row[1]) > draft.repeat_s):
        return None
    _see(db, draft, draft.origin.update_id, row[0])  # it may come once more, later
    return str(row[0])


def _see(db: sqlite3.Connection, draft: Draft, name: str, message_id: str) -> None:
    db.execute(_SEE, (draft.origin.platform, name, draft.message.created_at, message_id))


def _repeated(db: sqlite3.Connection, draft: Draft, message_id: str) -> Accepted:
    message = reading.message(db, message_id)
    assert message is not None  # a foreign key holds it
    balance = ledger.balance(db, message.person_id, today=draft.today, allowance=draft.allowance)
    return Accepted(message=message, balance=balance, repeated=True)


def _person_today(db: sqlite3.Connection, draft: Draft) -> tuple[str, int]:
    known = people.known_or_new(db, draft.origin.platform, draft.origin.account, draft.new_person_id)
    if not ledger.begins(known.day, draft.today):
        return known.person_id, known.balance
    balance = ledger.begin_day(
        db,
        known.person_id,
        known.balance,
        today=draft.today,
        allowance=draft.allowance,
        at=draft.message.created_at,
    )
    return known.person_id, balance


def _standing(db: sqlite3.Connection, person_id: str, balance: int, message: Message) -> Standing:
    by_person, by_chat, in_all = db.execute(_OPEN, (person_id, message.platform, message.chat)).fetchone()
    return Standing(balance=balance, open_by_person=by_person, open_by_chat=by_chat, open_in_all=in_all)


def _owned(message: Message, person_id: str) -> Message:
    jobs = tuple(replace(job, person_id=person_id, message_id=message.id) for job in message.jobs)
    return replace(message, person_id=person_id, jobs=jobs)
