"""People, their accounts on the platforms, and their characters."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from bot.model import Character

_OWNER = """
SELECT p.id, p.balance, p.day FROM accounts AS a JOIN people AS p ON p.id = a.person_id
WHERE a.platform = ? AND a.account = ?
"""
_ADD_PERSON = "INSERT OR IGNORE INTO people (id) VALUES (?)"
_LINK = """
INSERT INTO accounts (platform, account, person_id) VALUES (?, ?, ?)
ON CONFLICT (platform, account) DO UPDATE SET person_id = excluded.person_id
"""
_ADD_CHARACTER = """
INSERT INTO characters (id, person_id, provider, reference, name, age, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_CHARACTERS = """
SELECT id, person_id, provider, reference, name, age, created_at FROM characters WHERE person_id = ? ORDER BY seq
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


def link(db: sqlite3.Connection, person_id: str, platform: str, account: str) -> None:
    """Give an account to a person, who may be new; an account has one owner, the last."""
    db.execute(_ADD_PERSON, (person_id,))
    db.execute(_LINK, (platform, account, person_id))


def add_character(db: sqlite3.Connection, new: Character) -> None:
    db.execute(_ADD_CHARACTER, (new.id, new.person_id, new.provider, new.reference, new.name, new.age, new.created_at))


def characters(db: sqlite3.Connection, person_id: str) -> tuple[Character, ...]:
    names = ("id", "person_id", "provider", "reference", "name", "age", "created_at")
    rows = db.execute(_CHARACTERS, (person_id,)).fetchall()
    return tuple(Character(**dict(zip(names, row, strict=True))) for row in rows)
