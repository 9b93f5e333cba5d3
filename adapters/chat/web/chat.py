"""The web page as a chat platform: a server in the bot's own loop."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import web

from adapters.chat.web import guards, password
from adapters.chat.web.api import Api
from adapters.chat.web.files import Files
from adapters.chat.web.hooks import answer_hooks
from adapters.chat.web.hub import Hub
from adapters.chat.web.originals import OriginalPages
from adapters.chat.web.pages import Pages, load_assets
from adapters.chat.web.problems import catch_problems
from adapters.chat.web.surface import WebSurface
from bot.chat import Health, Hook
from bot.clock import Clock
from bot.commands import Commands
from bot.errors import StartError
from bot.media import Media
from bot.originals import Originals
from bot.surface import Surface

CLOSE_S = 2.0


class WebChat:
    """Serves the page, its API and its pictures."""

    def __init__(
        self,
        *,
        commands: Commands,
        media: Media,
        clock: Clock,
        health: Health,
        host: str,
        port: int,
        hooks: Mapping[str, Hook] = MappingProxyType({}),
        public_url: str | None = None,
        password_hash: str | None = None,
        originals: Originals | None = None,
    ) -> None:
        self._commands = commands
        self._media = media
        self._clock = clock
        self._health = health
        self._hooks = hooks
        self._originals = originals
        self._port = port
        self._public_url = public_url
        self._site = guards.Site(host=host, public_url=public_url, password_hash=password_hash)
        self._hub = Hub(clock)
        self._runner: web.AppRunner | None = None
        surface = WebSurface(self._hub, media)
        self.surface: Surface = surface
        self._api = Api(commands=commands, media=media, surface=surface, hub=self._hub, clock=clock)

    @property
    def address(self) -> str:
        """Where people open the page."""
        return self._public_url or self.local_address

    @property
    def local_address(self) -> str:
        """Where a browser on this machine finds the page, once it is served."""
        port = self._runner.addresses[0][1] if self._runner else self._port
        host = "127.0.0.1" if self._site.wildcard else self._site.host
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    async def start(self) -> None:
        _check(self._site)
        runner = web.AppRunner(
            await self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=CLOSE_S
        )
        await runner.setup()
        self._runner = runner
        try:
            await web.TCPSite(runner, self._site.host, self._port).start()
        except OSError as error:
            await self.close()
            raise StartError(_why_not(error, self._site.host, self._port)) from error

    async def stop_intake(self) -> None:
        await self._api.stop_intake()

    async def close(self) -> None:
        self._hub.close()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def ready(self) -> bool:
        return self._runner is not None

    async def _application(self) -> web.Application:
        site = self._site
        pages = Pages(
            site=site,
            assets=await asyncio.to_thread(load_assets),
            clock=self._clock,
            health=self._health,
        )
        app = web.Application(
            middlewares=[
                catch_problems(self._commands),
                guards.check_host(site),
                answer_hooks(self._hooks),
                guards.know_session,
                guards.check_sign_in(site),
                guards.check_origin(site),
            ]
        )
        app.on_response_prepare.append(guards.add_headers)
        app.add_routes([*pages.routes(), *Files(self._commands, self._media).routes(), *self._api.routes()])
        if self._originals is not None:
            app.add_routes(OriginalPages(self._originals, self._media).routes())
        return app


def _check(site: guards.Site) -> None:
    if site.password_hash is None:
        if not site.loopback:
            raise StartError(
                f"The page would be open to everybody who can reach {site.host}: set BOT_WEB__PASSWORD_HASH "
                "(`python -m bot password` makes the line), or leave BOT_WEB__HOST at 127.0.0.1."
            )
        return
    try:
        password.parse(site.password_hash)
    except ValueError:
        raise StartError(
            "BOT_WEB__PASSWORD_HASH cannot be read: it must be a line that `python -m bot password` printed."
        ) from None


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use: stop the program that has it, or choose another with BOT_WEB__PORT."
    if error.errno == errno.EACCES:
        return f"This user may not open port {port}: choose one above 1023 with BOT_WEB__PORT."
    return f"The page cannot listen on {host}, port {port} ({error.strerror or error}): check BOT_WEB__HOST."
