"""What the bot asked people and waits to be answered."""

from __future__ import annotations

import sqlite3

from bot.model import Origin

_FORGET = "DELETE FROM questions WHERE expires_at <= ?"
_ASK = "INSERT OR REPLACE INTO questions (platform, account, chat, body, expires_at) VALUES (?, ?, ?, ?, ?)"
_ASKED = "SELECT body FROM questions WHERE platform = ? AND account = ? AND chat = ? AND expires_at > ?"
_ANSWERED = "DELETE FROM questions WHERE platform = ? AND account = ? AND chat = ?"


def ask(db: sqlite3.Connection, origin: Origin, body: str, now: float, expires_at: float) -> None:
    db.execute(_FORGET, (now,))
    db.execute(_ASK, (*_who(origin), body, expires_at))


def asked(db: sqlite3.Connection, origin: Origin, now: float) -> str | None:
    row = db.execute(_ASKED, (*_who(origin), now)).fetchone()
    return None if row is None else str(row[0])


def answered(db: sqlite3.Connection, origin: Origin) -> None:
    db.execute(_ANSWERED, _who(origin))


def _who(origin: Origin) -> tuple[str, str, str]:
    return origin.platform, origin.account, origin.chat
