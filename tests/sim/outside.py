"""The world outside of a media folder: this machine alone, with every dial written down."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Iterable
from pathlib import Path

from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver

from adapters.media import Fetcher, FileMedia
from adapters.media.guard import open_socket
from bot.testing.clock import FakeClock


class Outside:
    """Makes media that share a folder; `dialed` are the addresses that they wanted a socket for, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dialed: list[str] = []
        self._media: list[FileMedia] = []

    def media(
        self,
        *allowed: str,
        limit_s: float = 10.0,
        max_file_bytes: int = 10**6,
        max_bytes: int = 10**9,
        resolver: AbstractResolver | None = None,
        links: Iterable[str] = (),
        ffmpeg: str = "ffmpeg",
    ) -> FileMedia:
        """Results may lie at the hosts that are `allowed`, what people point at at those of `links`."""
        media = FileMedia(
            self.folder,
            clock=FakeClock(),
            fetcher=self._fetcher(allowed, limit_s, resolver),
            links=self._fetcher(links, limit_s, resolver),
            keep_days=30,
            max_bytes=max_bytes,
            min_free_bytes=0,
            max_file_bytes=max_file_bytes,
            ffmpeg=ffmpeg,
        )
        self._media.append(media)
        return media

    def left(self) -> list[Path]:
        """All that lies in the folder."""
        return list(self.folder.iterdir())

    async def close(self) -> None:
        for media in self._media:
            await media.close()

    def _fetcher(self, hosts: Iterable[str], limit_s: float, resolver: AbstractResolver | None) -> Fetcher:
        names = [host.removeprefix("http://") for host in hosts]
        return Fetcher(allowed=names, limit_s=limit_s, resolver=resolver, opener=self._open)

    def _open(self, info: AddrInfoType) -> socket.socket:
        address = str(info[4][0])
        self.dialed.append(address)
        if not ipaddress.ip_address(address).is_loopback:
            raise OSError(errno.ECONNREFUSED, "tests stay on this machine")
        return open_socket(info)
