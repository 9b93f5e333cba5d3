"""The routes that a browser opens: the page, the sign-in, static files, health."""

from __future__ import annotations

import asyncio
import hashlib
import math
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.chat.web import password
from adapters.chat.web.forms import read_form
from adapters.chat.web.guards import FRESH, SESSION, Site, check_token, is_signed_in
from adapters.chat.web.problems import see_other
from adapters.chat.web.sessions import SESSION_COOKIE, SIGN_IN_COOKIE, keep
from bot.chat import Health
from bot.clock import Clock

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file, read once; its version is part of its address."""

    body: bytes
    media_type: str

    @property
    def version(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:12]


def load_assets() -> dict[str, Asset]:
    """Read all static files. Blocks: call it before serving, in a thread."""
    files = sorted((_HERE / "static").iterdir())
    return {file.name: Asset(file.read_bytes(), _TYPES[file.suffix]) for file in files if file.suffix in _TYPES}


class Pages:
    """Everything that is not the API."""

    def __init__(
        self,
        *,
        site: Site,
        assets: dict[str, Asset],
        clock: Clock,
        health: Health,
    ) -> None:
        self._site = site
        self._assets = assets
        self._health = health
        self._attempts = password.Attempts(clock)
        self._one_guess = asyncio.Lock()
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page),
            web.get("/login", self.login),
            web.post("/login", self.sign_in),
            web.get("/static/{name}", self.static),
            web.get("/healthz", self.alive),
            web.get("/readyz", self.ready),
        ]

    async def page(self, request: web.Request) -> web.Response:
        if _came_from_elsewhere(request):
            return self._html("knock.html", request)
        return self._with_session(request, self._html("page.html", request))

    async def login(self, request: web.Request) -> web.Response:
        if _came_from_elsewhere(request):
            return self._html("knock.html", request)
        if is_signed_in(request, self._site):
            return see_other("/")
        return self._with_session(request, self._html("login.html", request, problem=None))

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        form = await read_form(request)
        check_token(request, form.get("csrf", ""))
        if is_signed_in(request, self._site):
            return see_other("/")
        problem, status = await self._judge(request.remote or "", form.get("password", ""))
        if problem is not None:
            return self._html("login.html", request, status=status, problem=problem)
        response = see_other("/")
        token = request[SESSION].sign_in_token(self._site.password_hash or "")
        keep(response, SIGN_IN_COOKIE, token, secure=self._site.secure(request.headers["Host"]))
        return response

    async def static(self, request: web.Request) -> web.Response:
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        current = request.query.get("v") == asset.version
        caching = "public, max-age=31536000, immutable" if current else "no-cache"
        return web.Response(body=asset.body, content_type=asset.media_type, headers={"Cache-Control": caching})

    async def alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(self, _request: web.Request) -> web.Response:
        parts = dict(self._health())
        ready = all(parts.values())
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response({"ready": ready, "parts": parts}, status=status)

    async def _judge(self, address: str, given: str) -> tuple[str | None, HTTPStatus]:
        """What is wrong with a guess, if anything. One at a time: each takes 32 MiB."""
        async with self._one_guess:
            wait_s = self._attempts.wait_s(address)
            if wait_s > 0:
                seconds = math.ceil(wait_s)
                sentence = f"Too many tries. Wait {seconds} second{'' if seconds == 1 else 's'}."
                return sentence, HTTPStatus.TOO_MANY_REQUESTS
            self._attempts.count(address)
            if not await asyncio.to_thread(password.verify, given, self._site.password_hash or ""):
                return "That isn't the password.", HTTPStatus.UNAUTHORIZED
            self._attempts.forgive(address)
            return None, HTTPStatus.SEE_OTHER

    def _html(
        self, template: str, request: web.Request, *, status: HTTPStatus = HTTPStatus.OK, problem: str | None = None
    ) -> web.Response:
        versions = {name: f"/static/{name}?v={asset.version}" for name, asset in self._assets.items()}
        text = self._templates.get_template(template).render(
            csrf_token=request[SESSION].csrf_token, assets=versions, problem=problem
        )
        return web.Response(text=text, content_type="text/html", status=status)

    def _with_session(self, request: web.Request, response: web.Response) -> web.Response:
        secure = self._site.secure(request.headers["Host"])
        keep(response, SESSION_COOKIE, request[SESSION].secret, secure=secure)
        return response


def _came_from_elsewhere(request: web.Request) -> bool:
    """A link on another site opens the page without its strict cookie: come again from here, do not start anew."""
    return request[FRESH] and request.headers.get("Sec-Fetch-Site") == "cross-site"
