"""Who is at the page: a random cookie, and what is derived from it.

The cookie's value is never stored or logged; the database knows its hash as the account.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from aiohttp import web

from bot.model import Origin

PLATFORM = "web"
SESSION_COOKIE = "session"
SIGN_IN_COOKIE = "signed_in"
SESSION_BYTES = 32
MAX_AGE_S = 400 * 24 * 3600  # the longest that browsers keep a cookie

_SESSION = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in base64url


@dataclass(frozen=True, slots=True)
class Session:
    """One browser; `secret` is the value of its cookie."""

    secret: str = field(repr=False)

    @property
    def account(self) -> str:
        """The person's id on this platform."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    @property
    def csrf_token(self) -> str:
        """Known to pages that we served to this browser; needs no memory, so it outlives a restart."""
        return _mac(self.secret, "csrf")

    def sign_in_token(self, password_hash: str) -> str:
        """Proof that this browser gave the password; another password makes it worthless."""
        return _mac(password_hash, self.secret)

    def seal(self, file: str) -> str:
        """Proof that a card which shows `file` was answered to this browser."""
        return _mac(self.secret, f"file {file}")

    def origin(self, update_id: str | None = None) -> Origin:
        """Where a command of this browser comes from."""
        account = self.account
        return Origin(
            platform=PLATFORM, update_id=update_id or secrets.token_urlsafe(16), account=account, chat=account
        )


def session_of(request: web.Request) -> Session | None:
    """The session that the browser sent, if it sent one of ours."""
    value = request.cookies.get(SESSION_COOKIE, "")
    return Session(value) if _SESSION.fullmatch(value) else None


def new_session() -> Session:
    return Session(secrets.token_urlsafe(SESSION_BYTES))


def keep(response: web.StreamResponse, name: str, value: str, *, secure: bool) -> None:
    """Give the browser a cookie that no script and no other site can use."""
    response.set_cookie(name, value, max_age=MAX_AGE_S, path="/", httponly=True, samesite="Strict", secure=secure)


def same(given: str, wanted: str) -> bool:
    """Compare secrets in constant time; `given` may hold any characters."""
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


def _mac(key: str, message: str) -> str:
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()
