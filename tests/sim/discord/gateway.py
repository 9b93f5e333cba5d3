"""The gateway: sessions that outlive their connections, and the troubles of both."""

from __future__ import annotations

import itertools
import json
import math
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import WSMsgType, web
from sim.discord import payloads
from sim.discord.state import Guild
from sim.discord.world import World

from bot.clock import Clock

API_VERSION = "10"
MOST_BYTES = 4096
DAY_S = 86_400.0
GUILDS = 1 << 0
PRIVILEGED = {1 << 1: "GUILD_MEMBERS", 1 << 8: "GUILD_PRESENCES", 1 << 15: "MESSAGE_CONTENT"}
KNOWN_INTENTS = (1 << 26) - 1
NEEDS_GUILDS = frozenset({"GUILD_CREATE", "GUILD_DELETE"})
ENDS_SESSION = frozenset({1000, 1001})
FORGETS_SESSION = frozenset({4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014})


class Op(IntEnum):
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    ACK = 11


class Closed(Exception):
    """The gateway ends the connection with a code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Line:
    """One connection; compressed as one stream if the client asked for it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.frozen = False
        self.ended_here = False
        self._request = request
        self._stream = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None

    async def send(self, op: Op, data: Any = None, *, event: str | None = None, number: int | None = None) -> None:
        await self.send_text(json.dumps({"op": int(op), "d": data, "s": number, "t": event}))

    async def send_text(self, text: str) -> None:
        if self.frozen or self.socket.closed:
            return
        with suppress(ConnectionResetError):  # who is gone hears it when resuming
            if self._stream is None:
                await self.socket.send_str(text)
            else:
                compressed = self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(compressed)

    async def close(self, code: int) -> None:
        self.ended_here = True
        await self.socket.close(code=code)

    def cut(self) -> None:
        """End it without a word."""
        self.ended_here = True
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass(eq=False)
class Session:
    """What a bot may resume: everything that was sent to it, in order."""

    id: str
    shard: int
    shards: int
    intents: int
    line: Line | None
    sent: list[tuple[str, Any]] = field(default_factory=list)

    def hears_of(self, guild_id: int | None) -> bool:
        return self.shard == ((guild_id or 0) >> 22) % self.shards

    async def dispatch(self, event: str, data: Any) -> None:
        if event in NEEDS_GUILDS and not self.intents & GUILDS:
            return
        self.sent.append((event, data))
        if self.line:
            await self.line.send(Op.DISPATCH, data, event=event, number=len(self.sent))

    async def resume(self, line: Line, since: int) -> None:
        """Send what was missed, also what happens meanwhile, and go on."""
        for number in itertools.count(since):
            if number == len(self.sent):
                break
            event, data = self.sent[number]
            await line.send(Op.DISPATCH, data, event=event, number=number + 1)
        self.line = line
        await self.dispatch("RESUMED", {})


@dataclass(frozen=True, slots=True)
class Identify:
    at: float
    token: str
    intents: int
    shard: tuple[int, int]


class Gateway:
    """Settings and troubles for tests; `identifies`, `resumes` and `heartbeats` are what bots did.

    `starts_a_day` and `max_concurrency` per `identify_gap_s` (of the machine; 0: no limit) bound how
    often a session may start. `refuse_with` closes the next identifying connection with a code.
    """

    def __init__(self, world: World, machine: Clock) -> None:
        self.url = ""
        self.heartbeat_interval_s = 41.25
        self.shards = 1
        self.starts_a_day = 1000
        self.max_concurrency = 1
        self.identify_gap_s = 0.0
        self.refuse_with: int | None = None
        self.identifies: list[Identify] = []
        self.resumes: list[str] = []
        self.heartbeats = 0
        self.sessions: list[Session] = []
        self._world = world
        self._machine = machine
        self._lines: list[Line] = []
        self._last_identify: dict[int, float] = {}

    @property
    def connected(self) -> list[Session]:
        return [session for session in self.sessions if session.line is not None]

    async def dispatch(self, event: str, data: Any, *, guild_id: int | None = None) -> None:
        """Send an event to the session that hears of this server; it waits there for a resume if need be."""
        for session in self.sessions:
            if session.hears_of(guild_id):
                await session.dispatch(event, data)

    async def reconnect(self) -> None:
        """Ask every bot to connect again and resume."""
        for line in list(self._lines):
            await line.send(Op.RECONNECT)

    async def invalidate(self, *, resumable: bool) -> None:
        """Tell every bot that its session is invalid; without `resumable` it is forgotten too."""
        for line in list(self._lines):
            await line.send(Op.INVALID_SESSION, resumable)
        if not resumable:
            self.sessions.clear()

    async def close(self, code: int) -> None:
        """End every connection with a close code; some end the session too."""
        if code in FORGETS_SESSION:
            self.sessions.clear()
        for line in list(self._lines):
            await line.close(code)

    def cut(self) -> None:
        """End every connection without a word."""
        for line in list(self._lines):
            line.cut()

    def freeze(self) -> None:
        """Let every connection stand, and say nothing on it any more: no events, no acknowledgements."""
        for line in self._lines:
            line.frozen = True

    async def send_text(self, text: str) -> None:
        """Say something that need not be JSON."""
        for line in list(self._lines):
            await line.send_text(text)

    def told(self) -> dict[str, Any]:
        """The answer to GET /gateway/bot."""
        limit = {
            "total": self.starts_a_day,
            "remaining": max(0, self._starts_left()),
            "reset_after": int(DAY_S * 1000),
            "max_concurrency": self.max_concurrency,
        }
        return {"url": self.url, "shards": self.shards, "session_start_limit": limit}

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=MOST_BYTES, timeout=1.0)
        await socket.prepare(request)
        line = Line(socket, request)
        self._lines.append(line)
        try:
            await self._converse(line, request.query.get("v"))
        except Closed as closed:
            await line.close(closed.code)
        finally:
            self._hang_up(line)
        return socket

    async def _converse(self, line: Line, version: str | None) -> None:
        if version != API_VERSION:
            raise Closed(4012)
        await line.send(Op.HELLO, {"heartbeat_interval": int(self.heartbeat_interval_s * 1000)})
        async for message in line.socket:
            if message.type is WSMsgType.TEXT:
                await self._hear(line, message.data)

    async def _hear(self, line: Line, text: str) -> None:
        op, data = _parsed(text)
        if op is Op.HEARTBEAT:
            self.heartbeats += 1
            await line.send(Op.ACK)
        elif op is Op.IDENTIFY:
            await self._identify(line, data)
        elif op is Op.RESUME:
            await self._resume(line, data)
        elif line.session is None:
            raise Closed(4003)

    async def _identify(self, line: Line, data: dict[str, Any]) -> None:
        shard, shards = data.get("shard", (0, 1))
        self.identifies.append(Identify(self._world.clock.now(), data["token"], data["intents"], (shard, shards)))
        self._judge_identify(line, data["token"], data["intents"], shard, shards)
        if self._too_soon(shard):
            await line.send(Op.INVALID_SESSION, False)
            return
        session = Session(f"{self._world.new_id():x}", shard, shards, data["intents"], line)
        line.session = session
        guilds = [guild for guild in self._world.guilds.values() if guild.bot_present and session.hears_of(guild.id)]
        self.sessions.append(session)
        await session.dispatch("READY", payloads.ready(self._world, session.id, self.url, [shard, shards], guilds))
        for guild in guilds:
            await session.dispatch("GUILD_CREATE", self.guild_created(guild))
        self._world.journal.tell()

    def guild_created(self, guild: Guild) -> dict[str, Any]:
        world = self._world
        here = [place for place in world.channels.values() if place.guild is guild and not place.deleted]
        told = {place.id: payloads.channel(place, world.bot) for place in here}
        return payloads.guild(guild, world.owner) | {
            "joined_at": payloads.LONG_AGO,
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "voice_states": [],
            "members": [payloads.member(world.bot)],
            "channels": [told[place.id] for place in here if place.parent is None],
            "threads": [told[place.id] for place in here if place.parent is not None],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def _judge_identify(self, line: Line, token: str, intents: int, shard: int, shards: int) -> None:
        if self.refuse_with is not None:
            code, self.refuse_with = self.refuse_with, None
            raise Closed(code)
        if line.session is not None:
            raise Closed(4005)
        if token != self._world.token or self._starts_left() < 0:
            raise Closed(4004)
        if not 0 <= shard < shards:
            raise Closed(4010)
        if shards < self.shards:
            raise Closed(4011)
        if intents & ~KNOWN_INTENTS:
            raise Closed(4013)
        if asked := [name for bit, name in PRIVILEGED.items() if intents & bit]:
            self._world.journal.violated("IDENTIFY", f"privileged intents: {', '.join(asked)}", body=intents)
            raise Closed(4014)

    def _starts_left(self) -> int:
        since = self._world.clock.now() - DAY_S
        return self.starts_a_day - sum(identify.at > since for identify in self.identifies)

    def _too_soon(self, shard: int) -> bool:
        now, key = self._machine.monotonic(), shard % self.max_concurrency
        if now - self._last_identify.get(key, -math.inf) < self.identify_gap_s:
            return True
        self._last_identify[key] = now
        return False

    async def _resume(self, line: Line, data: dict[str, Any]) -> None:
        if data["token"] != self._world.token:
            raise Closed(4004)
        session = next((one for one in self.sessions if one.id == data["session_id"]), None)
        if session is None:
            await line.send(Op.INVALID_SESSION, False)
            return
        if not 0 <= data["seq"] <= len(session.sent):
            raise Closed(4007)
        self.resumes.append(session.id)
        line.session = session
        await session.resume(line, data["seq"])
        self._world.journal.tell()

    def _hang_up(self, line: Line) -> None:
        self._lines.remove(line)
        self._world.journal.tell()
        session = line.session
        if session is None or session.line is not line:
            return
        session.line = None
        if not line.ended_here and line.socket.close_code in ENDS_SESSION and session in self.sessions:
            self.sessions.remove(session)


def _parsed(text: str) -> tuple[Op, Any]:
    try:
        payload = json.loads(text)
        number, data = payload["op"], payload.get("d")
    except (ValueError, KeyError, TypeError):
        raise Closed(4002) from None
    try:
        return Op(number), data
    except ValueError:
        raise Closed(4001) from None
