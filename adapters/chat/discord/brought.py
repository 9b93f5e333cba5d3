"""Pictures that people bring: found in what Discord tells of them, and fetched from where it keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any

import aiohttp
import discord
from yarl import URL

from adapters.chat.discord.rest import Away, session_of
from adapters.errands import ends_within
from bot.clock import Clock
from bot.commands import Upload
from bot.errors import InvalidRequest
from bot.media import MAX_UPLOAD_BYTES, picture_large
from bot.model import Artifact

LIMIT_S = 20.0
LIMITS = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=10)
HEADERS = {"Accept-Encoding": "identity"}
FILES, COPIES = "cdn.discordapp.com", ".discordapp.net"

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as Discord tells of it, which may be of any type; whoever knows the address can read it."""

    name: str
    url: str = field(repr=False)
    size_bytes: int | None = None


def attached(data: Told, file_id: str) -> Brought:
    """What somebody attached to a command or a form, whatever it is, by the data of the interaction."""
    return _file(data["resolved"]["attachments"][file_id])


def pictures_in(message: Told) -> list[Brought]:
    """The pictures that a message shows or forwards, in order: attached ones, then those behind its links."""
    parts = [message, *(one["message"] for one in message.get("message_snapshots", ()))]
    files = [one for part in parts for one in part["attachments"]]
    linked = [Brought("…", url) for part in parts for url in _embedded(part["embeds"])]
    return [_file(one) for one in files if one.get("content_type", "").startswith("image/")] + linked


def _file(told: Told) -> Brought:
    return Brought(told["filename"], told["url"], told["size"])


def _embedded(embeds: list[Told]) -> Iterator[str]:
    """Addresses of Discord's own copies."""
    for embed in embeds:
        shown = embed.get("image") or embed.get("thumbnail") or {}
        if url := shown.get("proxy_url"):
            yield url


class Files:
    """Fetches from Discord alone: hosts of its own, or the one in front of its API; nothing that leads elsewhere."""

    def __init__(self, client: discord.Client, clock: Clock, api_base: str) -> None:
        self._client = client
        self._clock = clock
        self._api = _origin(URL(api_base))

    def upload(self, file: Brought) -> Upload:
        """The file as a command takes it: read only when it is needed."""
        return Upload(partial(self._read, file), file.size_bytes)

    async def _read(self, file: Brought) -> Artifact:
        _check(file.size_bytes or 0)
        reading = asyncio.create_task(self._fetch(file.url))
        try:
            if await ends_within(self._clock, LIMIT_S, reading):
                return Artifact(await reading)
        except (aiohttp.ClientError, OSError, Away) as error:
            raise InvalidRequest("discord.err.unread") from error
        finally:
            reading.cancel()
            await asyncio.wait({reading})
        raise InvalidRequest("discord.err.unread")

    async def _fetch(self, url: str) -> bytes:
        data = bytearray()
        session, address = session_of(self._client), self._known(url)
        async with session.get(address, headers=HEADERS, timeout=LIMITS, allow_redirects=False) as response:
            if response.status != HTTPStatus.OK:
                raise Away(f"Discord answered {response.status} to a file")
            async for part in response.content.iter_any():
                data += part
                _check(len(data))
        return bytes(data)

    def _known(self, url: str) -> URL:
        """The address, if it is Discord's; raises `Away`."""
        address = URL(url, encoded=True)
        scheme, host, _ = origin = _origin(address)
        if origin == self._api or (scheme == "https" and (host == FILES or host.endswith(COPIES))):
            return address
        raise Away("a file does not lie with Discord")


def _check(size_bytes: int) -> None:
    if size_bytes > MAX_UPLOAD_BYTES:
        raise picture_large()


def _origin(address: URL) -> tuple[str, str, int | None]:
    return address.scheme, address.host or "", address.port
