"""Providers that the operator lets rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from bot.model import Rest

_RESTS = "SELECT provider, off, reason, since FROM rests ORDER BY provider"
_REST = "INSERT OR REPLACE INTO rests (provider, off, reason, since) VALUES (?, ?, ?, ?)"
_WORK = "DELETE FROM rests WHERE provider = ?"


def rests(db: sqlite3.Connection) -> Mapping[str, Rest]:
    rows = db.execute(_RESTS).fetchall()
    return {provider: Rest(reason=reason, off=bool(off), since=since) for provider, off, reason, since in rows}


def rest(db: sqlite3.Connection, provider: str, how: Rest | None) -> None:
    if how is None:
        db.execute(_WORK, (provider,))
    else:
        db.execute(_REST, (provider, how.off, how.reason, how.since))
