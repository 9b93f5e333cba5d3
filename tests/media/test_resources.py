"""What a fetch takes of the machine; each measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MB = 10**6

SERVE_AND_KEEP = """
import asyncio, resource, sys, zlib
from pathlib import Path
from adapters.media import Fetcher, FileMedia
from bot.clock import SystemClock
from bot.errors import BotError
from bot.model import RemoteArtifact
from bot.testing.wire import Wire

FILM = b"\\0\\0\\0\\x18ftypisom\\0\\0\\0\\0isommp42\\0\\0\\0\\x08moov\\0\\0\\0\\0mdat"
BLOCK = bytes(100_000)
PACKER = zlib.compressobj(9, wbits=31)
PACKED = PACKER.compress(bytes(2**20)) + PACKER.flush(zlib.Z_FULL_FLUSH)

class Flood:
    def __init__(self, head, first, block, times):
        self.blocks = [b"HTTP/1.1 200 OK\\r\\n" + head + b"\\r\\n" + first, *[block] * times]
    async def play(self, writer):
        for block in self.blocks:
            writer.write(block)
            await writer.drain()
        return False

ANSWERS = {
    "film": Flood(b"", FILM, BLOCK, 600),
    "endless": Flood(b"", FILM, BLOCK, 10_000),
    "bomb": Flood(b"Content-Encoding: gzip\\r\\n", PACKED, PACKED[10:], 300),
}

async def main(folder, name, most_bytes):
    async with Wire(lambda _: ANSWERS[name]) as wire:
        fetcher = Fetcher(allowed=[wire.origin.removeprefix("http://")])
        media = FileMedia(Path(folder), clock=SystemClock(), fetcher=fetcher, links=fetcher, keep_days=1,
                          max_bytes=1)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most_bytes), int(most_bytes)))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            print((await media.keep("A", RemoteArtifact(wire.origin))).size_bytes)
        except BotError as error:
            print(type(error).__name__)
        print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
        await media.close()

asyncio.run(main(*sys.argv[1:]))
"""


def kept(folder: Path, name: str, most_bytes: int = 100 * MB) -> tuple[str, int]:
    """What became of the result, and by how many bytes the process grew."""
    command = [sys.executable, "-W", "error", "-c", SERVE_AND_KEEP, str(folder / "media"), name, str(most_bytes)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    outcome, grown_bytes = done.stdout.split()
    return outcome, int(grown_bytes)


@pytest.mark.parametrize(
    ("name", "outcome"), [("film", str(60 * MB + 40)), ("endless", "TooLarge"), ("bomb", "BadResult")]
)
def test_a_large_result_never_sits_in_memory(tmp_path: Path, name: str, outcome: str) -> None:
    found, grown_bytes = kept(tmp_path, name)
    assert found == outcome
    assert grown_bytes < 20 * MB


def test_a_disk_that_fills_up_under_a_fetch_is_said_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    assert kept(tmp_path, "film", 5 * MB)[0] == "Unavailable"
    assert list((tmp_path / "media").iterdir()) == []
