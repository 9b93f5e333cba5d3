"""Calls that platforms make by themselves: they have no session and need none, each hook knows its own callers."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.chat import Hook

PREFIX = "/hooks/"


def answer_hooks(hooks: Mapping[str, Hook]) -> Middleware:
    """POSTs to /hooks/<name> go to the hook of that name; everything else goes on."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        hook = hooks.get(request.path.removeprefix(PREFIX)) if request.path.startswith(PREFIX) else None
        if hook is None or request.method != "POST":
            return await handler(request)
        return web.Response(status=await hook(await request.read(), request.headers))

    return middleware
