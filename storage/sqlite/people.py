"""People, their accounts on the platforms, and what they prefer."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from bot.model import Preferences

_OWNER = """
SELECT p.id, p.balance, p.day FROM accounts AS a JOIN people AS p ON p.id = a.person_id
WHERE a.platform = ? AND a.account = ?
"""
_ADD_PERSON = "INSERT OR IGNORE INTO people (id) VALUES (?)"
_LINK = """
INSERT INTO accounts (platform, account, person_id) VALUES (?, ?, ?)
ON CONFLICT (platform, account) DO UPDATE SET person_id = excluded.person_id
"""
_PREFERENCES = """
SELECT
    p.style, p.model, p.shape, p.ping,
    (SELECT c.id FROM characters AS c WHERE c.id = p.character AND c.person_id = p.person_id)
FROM accounts AS a JOIN preferences AS p ON p.person_id = a.person_id
WHERE a.platform = ? AND a.account = ?
"""
_PREFER = """
INSERT OR REPLACE INTO preferences (person_id, style, model, shape, ping, character) VALUES (?, ?, ?, ?, ?, ?)
"""


class Owner(NamedTuple):
    """The person behind an account: the sum of their entries, and the day of their last allowance."""

    person_id: str
    balance: int
    day: str | None


def owner(db: sqlite3.Connection, platform: str, account: str) -> Owner | None:
    row = db.execute(_OWNER, (platform, account)).fetchone()
    return None if row is None else Owner(*row)


def person(db: sqlite3.Connection, platform: str, account: str) -> str | None:
    known = owner(db, platform, account)
    return None if known is None else known.person_id


def known_or_new(db: sqlite3.Connection, platform: str, account: str, new_person_id: str) -> Owner:
    """The owner of an account, which is given to a new person if nobody has it."""
    known = owner(db, platform, account)
    if known is None:
        link(db, new_person_id, platform, account)
        known = owner(db, platform, account)
        assert known is not None  # just linked
    return known


def link(db: sqlite3.Connection, person_id: str, platform: str, account: str) -> None:
    """Give an account to a person, who may be new; an account has one owner, the last."""
    db.execute(_ADD_PERSON, (person_id,))
    db.execute(_LINK, (platform, account, person_id))


def preferences(db: sqlite3.Connection, platform: str, account: str) -> Preferences:
    """A character that is no longer theirs is none."""
    row = db.execute(_PREFERENCES, (platform, account)).fetchone()
    if row is None:
        return Preferences()
    style, model, shape, ping, character = row
    return Preferences(style=style, model=model, shape=shape, ping=bool(ping), character=character)


def prefer(db: sqlite3.Connection, platform: str, account: str, new: Preferences, new_person_id: str) -> None:
    person_id = known_or_new(db, platform, account, new_person_id).person_id
    db.execute(_PREFER, (person_id, new.style, new.model, new.shape, new.ping, new.character))
