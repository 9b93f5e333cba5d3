"""What stands before every route: headers, the Host, the origin of a POST, the sign-in."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from adapters.chat.web.problems import Problem, see_other
from adapters.chat.web.sessions import SIGN_IN_COOKIE, Session, new_session, same, session_of
from bot.originals import PATH as ORIGINALS

SESSION = web.RequestKey("session", Session)
FRESH = web.RequestKey("fresh", bool)

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_WITHOUT_SIGN_IN = frozenset({"/healthz", "/readyz", "/login"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "limner",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where the page is served and to whom: the settings that the guards need."""

    host: str
    public_url: str | None
    password_hash: str | None

    def knows(self, authority: str) -> bool:
        """Whether a `Host` header is ours; a rebound name of another site is not.

        On a wildcard address the machine's own addresses count: an address cannot be rebound.
        """
        name = _hostname(authority)
        if name in _LOOPBACK or name == self.host.lower() or name == self._public_name:
            return True
        return self.wildcard and _is_address(name)

    def allows_origin(self, origin: str, authority: str) -> bool:
        """Whether a POST from a page of `origin` is from a page of ours."""
        url = urlsplit(origin)
        own = url.scheme in {"http", "https"} and url.netloc.lower() == authority.lower()
        return own or (self.public_url is not None and origin.lower() == self.public_url.lower())

    def secure(self, authority: str) -> bool:
        """Whether cookies may be bound to https: not when the page is opened as http://127.0.0.1."""
        https = self.public_url is not None and self.public_url.startswith("https:")
        return https and _hostname(authority) == self._public_name

    @property
    def _public_name(self) -> str | None:
        return urlsplit(self.public_url).hostname if self.public_url else None

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the page."""
        return self.host == "localhost" or (_is_address(self.host) and ipaddress.ip_address(self.host).is_loopback)

    @property
    def wildcard(self) -> bool:
        """Whether the page listens on every address of the machine."""
        return _is_address(self.host) and ipaddress.ip_address(self.host).is_unspecified


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """On every answer of the application, errors included."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


def check_host(site: Site) -> Middleware:
    """Refuse names that are not ours: another site's name may have been pointed at this machine."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not site.knows(request.headers.get("Host", "")):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                "host",
                "This page isn't served under that name. The operator can allow it with BOT_WEB__PUBLIC_URL.",
            )
        return await handler(request)

    return middleware


@web.middleware
async def know_session(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every request a session; only a page hands a new one to the browser."""
    known = session_of(request)
    request[SESSION] = known or new_session()
    request[FRESH] = known is None
    return await handler(request)


def check_sign_in(site: Site) -> Middleware:
    """Where a password is set, everything but the door itself needs it."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_signed_in(request, site) or _is_open(request.path):
            return await handler(request)
        if request.path == "/":
            return see_other("/login")
        raise Problem(HTTPStatus.UNAUTHORIZED, "sign_in", "Sign in first.")

    return middleware


def check_origin(site: Site) -> Middleware:
    """A request that changes something must come from a page that we served to this browser."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method in _SAFE_METHODS:
            return await handler(request)
        is_form = request.path == "/login"
        origin = request.headers.get("Origin")
        nameless = is_form and origin == "null"  # so say the forms of a page with the policy no-referrer
        if origin is not None and not nameless and not site.allows_origin(origin, request.headers["Host"]):
            raise Problem(HTTPStatus.FORBIDDEN, "origin", "That came from another site.")
        if not is_form:  # which carries the token in a field
            check_token(request, request.headers.get("X-CSRF-Token", ""))
        return await handler(request)

    return middleware


def check_token(request: web.Request, token: str) -> None:
    """Raise unless `token` is the one of this browser's session."""
    if request[FRESH] or not same(token, request[SESSION].csrf_token):
        raise Problem(HTTPStatus.FORBIDDEN, "csrf", "This page is out of date. Reload it, then send again.")


def is_signed_in(request: web.Request, site: Site) -> bool:
    if site.password_hash is None:
        return True
    return same(request.cookies.get(SIGN_IN_COOKIE, ""), request[SESSION].sign_in_token(site.password_hash))


def _is_open(path: str) -> bool:
    return path in _WITHOUT_SIGN_IN or path.startswith(("/static/", ORIGINALS))


def _hostname(authority: str) -> str:
    try:
        return (urlsplit(f"//{authority}").hostname or "") if "@" not in authority else ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
