"""The whole bot with its demo provider, for a browser to talk to."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.config import DemoSettings, ProvidersSettings, Settings, WebSettings
from bot.wiring import running


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Bot:
    """The whole bot with the demo provider on one port; it can be stopped and started."""

    def __init__(self, folder: Path, duration_s: float = 1.5) -> None:
        self.settings = Settings(
            data_dir=folder / "data",
            web=WebSettings(port=free_port()),
            providers=ProvidersSettings(demo=DemoSettings(enabled=True, duration_s=duration_s)),
        )
        self.url = f"http://127.0.0.1:{self.settings.web.port}/"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Bot]:
        async with running(self.settings):
            yield self
