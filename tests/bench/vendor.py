"""A vendor in a process of its own that costs next to nothing: EternalAI's image calls by hand-written HTTP.

    python tests/bench/vendor.py polls 20       success at the 20th poll
    python tests/bench/vendor.py seconds 45 60  success after so many seconds, drawn from this range

It prints its port and answers until its input ends. `GET /_counts` tells every job's prompt and polls,
when it was done, and since the last submit the GETs of polls and files, and when the first and the last
of these came, by the machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(980) + b"IEND\xaeB`\x82"
PAGE = {
    "created_at": "2026-01-14T07:43:15Z",
    "updated_at": "2026-01-14T07:44:04Z",
    "image_request_type": "generation",
    "file_name": "",
    "prompt": "a red fox in the snow",
    "magic_prompt": "a red fox in the snow",
    "model": "black-forest-labs/FLUX.1-dev",
    "result_image": "",
    "queue_info": {"queue_position": None, "total_queue_size": None, "estimated_wait_time": None},
    "post_feed": False,
    "log": "",
}


@asynccontextmanager
async def vendor(*words: str) -> AsyncIterator[str]:
    """The address of such a process, while the context lasts."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, str(Path(__file__)), *words, stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}"
    finally:
        process.stdin.close()
        await process.wait()


@dataclass(slots=True)
class _Vendor:
    origin: str
    done_after: Callable[[int], bool]
    duration_s: Callable[[], float]
    prompts: dict[int, str] = field(default_factory=dict)
    polls: Counter[int] = field(default_factory=Counter)
    done_at: dict[int, float] = field(default_factory=dict)
    took_s: dict[int, float] = field(default_factory=dict)
    gets: int = 0
    first_at: float = 0.0
    last_at: float = 0.0

    def answer(self, target: str, body: bytes) -> tuple[str, bytes]:
        if target == "/creative-ai/image":
            job = len(self.took_s) + 1
            self.gets, self.first_at = 0, 0.0
            self.prompts[job] = json.loads(body)["messages"][0]["content"][0]["text"]
            self.took_s[job] = self.duration_s()
            self.done_at[job] = time.monotonic() + self.took_s[job]
            return _json({"request_id": str(job), "status": "pending", "result": "", "progress": 0})
        if target.startswith("/feed/"):
            self._got()
            return "image/png", PNG
        if target == "/_counts":
            times = {"done_at": self.done_at, "first_at": self.first_at, "last_at": self.last_at, "gets": self.gets}
            return _json({"prompts": self.prompts, "polls": self.polls, **times})
        return _json(self._look(int(target.rpartition("=")[2])))

    def _got(self) -> None:
        self.gets += 1
        self.last_at = time.monotonic()
        self.first_at = self.first_at or self.last_at

    def _look(self, job: int) -> dict[str, Any]:
        self._got()
        self.polls[job] += 1
        left_s = self.done_at[job] - self.last_at
        done = self.done_after(self.polls[job]) and left_s <= 0
        url = f"{self.origin}/feed/{job}.png" if done else ""
        progress = 0 if done else min(99, int(100 * (1 - left_s / (self.took_s[job] or 1))))
        status = "success" if done else "pending"
        return {
            "request_id": str(job),
            "status": status,
            "progress": progress,
            **PAGE,
            "result_url": url,
            "result_image_url": url,
        }


def _json(value: Any) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


class _Connection(asyncio.Protocol):
    def __init__(self, vendor: _Vendor) -> None:
        self._vendor = vendor
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._head += data
        head, end, body = self._head.partition(b"\r\n\r\n")
        if not end or (head.startswith(b"POST") and not body):
            return
        self._head = b""
        media_type, content = self._vendor.answer(head.split(b" ", 2)[1].decode(), body)
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(content)}\r\n\r\n"
        self._transport.write(answer.encode() + content)


async def _serve(mode: str, *figures: float) -> None:
    by_polls = mode == "polls"
    new = _Vendor(
        "",
        done_after=lambda polls: polls >= figures[0] if by_polls else True,
        duration_s=lambda: 0.0 if by_polls else random.uniform(*figures),
    )
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(new), "127.0.0.1", 0, backlog=4000)
    port = server.sockets[0].getsockname()[1]
    new.origin = f"http://127.0.0.1:{port}"
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], *map(float, sys.argv[2:])))
