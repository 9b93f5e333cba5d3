"""The connection to Discord's gateway: kept, begun again with patience, or given up with a sentence."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket, KeepAliveHandler

from adapters.chat.discord.admission import Admission
from adapters.errands import happens_within
from bot.clock import Clock

log = logging.getLogger(__name__)

START_S = 15.0
IDENTIFY_GAP_S = 5.0
SPARE_IDENTIFIES, WINDOW_S = 4, 600.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 600.0
HEALTHY_S = 300.0
LONGEST_RATE_LIMIT_S = 30.0
BAD_TOKEN_CODE, INTENTS_CODE = 4004, 4014
FINAL_CODES = frozenset({BAD_TOKEN_CODE, 4010, 4011, 4012, 4013, INTENTS_CODE})
REFUSED = (
    "Discord refuses this bot's connection (code %s), and trying again would not help: look for a newer version. "
    "Everything but Discord goes on."
)

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here


class TooManyIdentifies(Exception):
    """Discord ends every session that is begun; it is left alone for a while."""


class Gateway(discord.AutoShardedClient):
    """discord.py's client, whose REST half stays open when it gives up its gateway half over one odd event.

    `take` is called with every interaction; `news` is set once it is known whether commands are taken.
    """

    def __init__(
        self, clock: Clock, take: Callable[[discord.Interaction[Any]], None], trace: aiohttp.TraceConfig
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            max_ratelimit_timeout=LONGEST_RATE_LIMIT_S,
            http_trace=trace,
        )
        self.leaving = False
        self.news = asyncio.Event()
        self._clock = clock
        self._take = take
        self._up: set[int] = set()
        self._identified_at: deque[float] = deque()

    @property
    def connected(self) -> bool:
        """True while every shard has a session."""
        return 0 < len(self._up) == self.shard_count

    def is_closed(self) -> bool:
        return self.leaving

    async def close(self) -> None:
        if self.leaving:
            await super().close()

    async def hang_up(self) -> None:
        """End what is left of the gateway half."""
        for shard in self.shards.values():
            await shard.disconnect()
        self._up.clear()
        for thread in threading.enumerate():  # discord.py forgets connections that never were complete
            if isinstance(thread, KeepAliveHandler) and thread.ws.token == self.http.token:
                await thread.ws.close()

    def wait_s(self, sessions: int) -> float:
        """Seconds until so many sessions may begin: Discord resets the token of a bot that begins 1000 in a day."""
        now, at = self._clock.monotonic(), self._identified_at
        while at and at[0] <= now - WINDOW_S:
            at.popleft()
        excess = len(at) + sessions - (self.shard_count or 1) - SPARE_IDENTIFIES
        return at[excess - 1] + WINDOW_S - now if excess > 0 else 0.0

    async def before_identify_hook(self, _: int | None, *, initial: bool = False) -> None:
        if not initial:
            await self._clock.sleep(IDENTIFY_GAP_S)
            if self.wait_s(1):
                raise TooManyIdentifies
        self._identified_at.append(self._clock.monotonic())

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        self._take(interaction)

    async def on_shard_connect(self, shard_id: int) -> None:
        self._up.add(shard_id)
        if self.connected:
            log.info("connected to Discord")
            self.news.set()

    async def on_shard_resumed(self, shard_id: int) -> None:
        self._up.add(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._up.discard(shard_id)


class Supervisor:
    """Owns the task that connects. `prepare` runs once, after the login; `random` is 0..1."""

    def __init__(
        self,
        gateway: Gateway,
        token: str,
        admission: Admission,
        *,
        clock: Clock,
        random: Callable[[], float],
        prepare: Callable[[], Awaitable[None]],
    ) -> None:
        self._gateway = gateway
        self._token = token
        self._admission = admission
        self._clock = clock
        self._random = random
        self._prepare = prepare
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return once commands are taken, or it is known that they cannot be for now, or after 15 s."""
        self._task = asyncio.create_task(self._keep())
        await happens_within(self._clock, START_S, self._gateway.news)

    async def close(self) -> None:
        self._gateway.leaving = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        async with self._gateway:  # closes it, however far it got
            pass

    async def _keep(self) -> None:
        failures = 0
        while not self._gateway.leaving:
            began = self._clock.monotonic()
            try:
                await self._connect()
            except Exception as error:  # noqa: BLE001 - discord.py ends with whatever an odd event raised in it
                if self._is_final(error):
                    return
                log.warning("the connection to Discord ended: %s: %s", type(error).__name__, error)
            finally:
                await self._gateway.hang_up()
                self._gateway.news.set()
            healthy = self._clock.monotonic() - began >= HEALTHY_S
            failures = 0 if healthy else failures + 1
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures, 10))
            await self._clock.sleep(pause_s * (0.5 + self._random() / 2))

    async def _connect(self) -> None:
        gateway = self._gateway
        if gateway.application is None:
            await self._login()
        shards, url, limit = await gateway.http.get_bot_gateway()
        if limit["remaining"] < shards:
            log.error("Discord lets this bot begin no more sessions today")
            gateway.news.set()
            await self._clock.sleep(limit["reset_after"] / 1000)
        gateway.shard_count = shards
        await self._clock.sleep(gateway.wait_s(shards))
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)  # where discord.py begins every session
        async with gateway:  # gives it a new queue of its shards' events
            await gateway.connect()

    async def _login(self) -> None:
        http = self._gateway.http
        http.connector = aiohttp.TCPConnector(limit=0)  # the last one was closed with its session
        try:
            await self._gateway.login(self._token)
        except BaseException:
            await http.close()
            raise
        await self._prepare()

    def _is_final(self, error: Exception) -> bool:
        """Whether trying again would be of no use; the operator is told."""
        code = _code(error)
        if code == BAD_TOKEN_CODE:
            self._admission.refuse()
        elif code in FINAL_CODES:
            log.error(REFUSED, code)
        return code in FINAL_CODES


def _code(error: Exception) -> int | None:
    """The gateway's code for what went wrong, also where it was the API that said it."""
    cause = error.__cause__ if isinstance(error, discord.GatewayNotFound) else error
    if isinstance(cause, discord.HTTPException) and cause.status == HTTPStatus.UNAUTHORIZED:
        return BAD_TOKEN_CODE
    if isinstance(error, discord.LoginFailure):
        return BAD_TOKEN_CODE
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return INTENTS_CODE
    return error.code if isinstance(error, discord.ConnectionClosed) else None
