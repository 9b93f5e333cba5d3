"""The bot as a process of its own, and a person at its page."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import aiohttp

TESTS = Path(__file__).parents[1]
START_S = 30.0
TERMINAL = frozenset({"succeeded", "failed", "refused", "canceled", "lost"})


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, port: int, **settings: str) -> dict[str, str]:
    """The variables of a bot that shares nothing with the one who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return {
        **kept,
        "BOT_DATA_DIR": str(folder / "data"),
        "BOT_WEB__PORT": str(port),
        "BOT_PROVIDERS__DEMO__DURATION_S": "1",
        "PYTHONPATH": str(TESTS),
        **settings,
    }


class Bot:
    """One process; `words` are what follows `python`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, folder: Path, port: int, *words: str, **settings: str) -> Self:
        """Start it and wait until it says that it is ready."""
        bot = await cls.launch(folder, port, *words, **settings)
        assert bot.process.stdout is not None
        async with asyncio.timeout(START_S):
            line = await bot.process.stdout.readline()
        assert b"ready" in line, (line, await bot.process.communicate())
        return bot

    @classmethod
    async def launch(cls, folder: Path, port: int, *words: str, **settings: str) -> Self:
        """Start it and wait for nothing."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(words or ("-m", "bot", "run")),
            cwd=folder,
            env=environment(folder, port, **settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return cls(process)

    async def end(self) -> tuple[int, str]:
        """Wait until it has ended by itself: its exit code and what it wrote to stderr."""
        async with asyncio.timeout(START_S):
            _, stderr = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, stderr.decode()

    async def terminate(self) -> tuple[int, str]:
        self.process.terminate()
        return await self.end()

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()


class Page:
    """A person at the page: one cookie, one CSRF token."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self._http = http
        self._base = base
        self._token = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int) -> AsyncIterator[Self]:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            page = cls(http, f"http://127.0.0.1:{port}")
            await page.reload()
            yield page

    async def reload(self) -> None:
        async with self._http.get(f"{self._base}/") as answer:
            found = re.search(r'<meta name="csrf-token" content="([^"]+)"', await answer.text())
        assert found is not None
        self._token = found[1]

    async def say(self, text: str, key: str | None = None) -> tuple[int, Any]:
        """The status and the JSON of a line that was sent."""
        form = aiohttp.FormData({"text": text, **({"key": key} if key else {})}, default_to_multipart=True)
        return await self.post("/api/messages", form)

    async def press(self, act: str, job_id: str) -> tuple[int, Any]:
        return await self.post(f"/api/jobs/{job_id}/{act}")

    async def post(self, path: str, data: Any = None) -> tuple[int, Any]:
        async with self._http.post(self._base + path, data=data, headers={"X-CSRF-Token": self._token}) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> Any:
        async with self._http.get(self._base + path) as answer:
            return await answer.json()

    async def file(self, path: str) -> bytes:
        async with self._http.get(self._base + path) as answer:
            assert answer.status == 200, answer.status
            return await answer.read()

    async def ended(self, job_id: str) -> dict[str, Any]:
        """The job once it has ended."""
        async with asyncio.timeout(START_S):
            while True:
                job: dict[str, Any] = await self.get(f"/api/jobs/{job_id}")
                if job["state"] in TERMINAL:
                    return job
                await asyncio.sleep(0.05)
