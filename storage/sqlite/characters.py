"""Characters: whose they are, and which ones people had made."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.model import Character, Origin
from storage.sqlite import people

_ADD = """
INSERT INTO characters (
    id, person_id, provider, reference, name, description, gender, age, avatar, made, created_at
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_THE_SAME = "SELECT id FROM characters WHERE person_id = ? AND provider = ? AND reference = ?"
_ONE = """
SELECT id, person_id, provider, reference, name, description, gender, age, avatar, made, created_at
FROM characters WHERE id = ?
"""
_OF_PERSON = """
SELECT id, person_id, provider, reference, name, description, gender, age, avatar, made, created_at
FROM characters WHERE person_id = ? ORDER BY seq
"""
_RENAME = "UPDATE characters SET name = ? WHERE id = ?"
_REMOVE = "DELETE FROM characters WHERE id = ?"
_FACELESS = "UPDATE characters SET avatar = NULL WHERE avatar IN (SELECT value FROM json_each(?))"
_NOTE_MADE = "INSERT OR IGNORE INTO made_characters (provider, reference) VALUES (?, ?)"
_MADE = "SELECT reference FROM made_characters WHERE provider = ?"


def add(db: sqlite3.Connection, new: Character) -> None:
    """A person has it once: added again it stays as it is."""
    known_as = (new.id, new.person_id, new.provider, new.reference, new.name)
    db.execute(_ADD, (*known_as, new.description, new.gender, new.age, new.avatar, new.made, new.created_at))


def adopt(db: sqlite3.Connection, origin: Origin, new: Character, new_person_id: str) -> Character:
    """The person's own, which may be there already."""
    person_id = people.known_or_new(db, origin.platform, origin.account, new_person_id).person_id
    add(db, replace(new, person_id=person_id))
    [known] = db.execute(_THE_SAME, (person_id, new.provider, new.reference)).fetchone()
    adopted = character(db, known)
    assert adopted is not None  # just found
    return adopted


def note_made(db: sqlite3.Connection, character: Character) -> None:
    """Nobody else is ever offered it, whatever becomes of the job or of the character."""
    db.execute(_NOTE_MADE, (character.provider, character.reference))


def character(db: sqlite3.Connection, character_id: str) -> Character | None:
    row = db.execute(_ONE, (character_id,)).fetchone()
    return None if row is None else _read(row)


def of_person(db: sqlite3.Connection, person_id: str) -> tuple[Character, ...]:
    return tuple(_read(row) for row in db.execute(_OF_PERSON, (person_id,)))


def made(db: sqlite3.Connection, provider: str) -> frozenset[str]:
    return frozenset(reference for (reference,) in db.execute(_MADE, (provider,)))


def rename(db: sqlite3.Connection, character_id: str, name: str) -> None:
    db.execute(_RENAME, (name, character_id))


def remove(db: sqlite3.Connection, character_id: str) -> None:
    """Preferences that name it read as if they named none."""
    db.execute(_REMOVE, (character_id,))


def forget_avatars(db: sqlite3.Connection, files: Iterable[str]) -> None:
    db.execute(_FACELESS, (json.dumps(tuple(files)),))


def _read(row: tuple[Any, ...]) -> Character:
    id_, person_id, provider, reference, name, description, gender, age, avatar, made_, created_at = row
    return Character(
        id=id_,
        person_id=person_id,
        provider=provider,
        reference=reference,
        name=name,
        description=description,
        gender=gender,
        age=age,
        avatar=avatar,
        made=bool(made_),
        created_at=created_at,
    )
