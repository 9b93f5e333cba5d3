"""Updates as platforms sent them, from before they are confirmed there until they can no longer come again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from bot.store import Received

REMEMBERED_S = 48 * 3600.0
"""Telegram sends what was not confirmed for 24 hours."""

_FORGET = "DELETE FROM inbox WHERE received_at < ? AND body IS NULL"
_ADD = """
INSERT INTO inbox (platform, update_id, received_at, body, reason) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (platform, update_id) DO NOTHING
"""
_HANDLED = "UPDATE inbox SET body = NULL WHERE platform = ? AND update_id = ?"
_OPEN = "SELECT update_id, body FROM inbox WHERE platform = ? AND body IS NOT NULL ORDER BY seq"


def receive(db: sqlite3.Connection, platform: str, updates: Sequence[Received], now: float) -> tuple[Received, ...]:
    db.execute(_FORGET, (now - REMEMBERED_S,))
    rows = ((update, (platform, update.id, now, update.body, update.reason)) for update in updates)
    return tuple(update for update, row in rows if db.execute(_ADD, row).rowcount)


def handled(db: sqlite3.Connection, platform: str, update_id: str) -> None:
    db.execute(_HANDLED, (platform, update_id))


def unhandled(db: sqlite3.Connection, platform: str) -> tuple[Received, ...]:
    return tuple(Received(update_id, body) for update_id, body in db.execute(_OPEN, (platform,)))
