"""What a process that decodes may do, how long it may live, and what it leaves behind."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.media import imaging
from adapters.media.sandbox import LIMIT_S, Sandbox
from bot.errors import BadResult
from bot.testing.clock import FakeClock, settle

CONFINED = f"""
import runpy, sys
imaging = runpy.run_path({imaging.__file__!r})
limits = imaging["LIMITS"]

def confine():
    imaging["confine"](limits)
"""
HANGS = """
import time
print("here", flush=True)
time.sleep(60)
"""

TELLS = """
import json, os, sys
print(json.dumps({
    "arguments": sys.argv[1:], "folder": os.getcwd(), "own session": os.getsid(0) == os.getpid(),
    "environment": dict(os.environ), "files": os.listdir("/proc/self/fd"),
}))
"""


def running(program: Path) -> list[int]:
    """Processes of it, ended ones that nobody has waited for included."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments, stat = (process / "cmdline").read_bytes(), (process / "stat").read_text()
        except OSError:  # it has ended meanwhile
            continue
        state, parent = stat.rpartition(")")[2].split()[:2]
        if str(program).encode() in arguments or (state, int(parent)) == ("Z", os.getpid()):
            found.append(int(process.name))
    return found


class Written:
    """What a program wrote; `begun` is set with its first bytes."""

    def __init__(self) -> None:
        self.data = b""
        self.begun = asyncio.Event()

    async def take(self, data: bytes) -> None:
        self.data += data
        self.begun.set()


Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def program(source: str) -> Path:
        path = tmp_path / "program.py"
        path.write_text(source)
        return path

    return program


async def run(program: Path, *arguments: str) -> tuple[int, str]:
    written = Written()
    async with asyncio.timeout(30):
        status = await Sandbox(FakeClock(), program).run(*arguments, sink=written.take, max_bytes=10**6)
    assert running(program) == []
    return status, written.data.decode()


async def test_a_program_gets_its_arguments_and_nothing_else(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DISCORD__TOKEN", "canary")
    status, said = await run(write(TELLS), "7", "8")
    told = json.loads(said)
    assert (status, told["arguments"], told["folder"], told["own session"]) == (0, ["7", "8"], "/", True)
    assert set(told["environment"]) <= {"LC_CTYPE"}  # which Python sets itself
    assert sorted(told["files"]) == ["0", "1", "2", "3"]  # the last one is what lists them


FORBIDDEN = {
    "open a file": ("open('/etc/passwd')", "OSError"),
    "make a file": ("open('/tmp/x', 'w')", "OSError"),
    "dial": ("socket.socket()", "OSError"),
    "take a gigabyte": ("bytes(2**30)", "MemoryError"),
    "raise its limits again": ("resource.setrlimit(resource.RLIMIT_CPU, (99, 99))", "ValueError"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
async def test_a_confined_program_cannot(write: Write, what: str) -> None:
    deed, error = FORBIDDEN[what]
    nobody = "os.geteuid() == 0 and os.setuid(65534)"  # root may raise its limits again
    imports = "import os, resource, socket"
    source = f"{CONFINED}\n{imports}\n{nobody}\nconfine()\ntry:\n    {deed}\nexcept {error}:\n    print('held')\n"
    assert await run(write(source)) == (0, "held\n")


async def test_a_confined_program_that_computes_for_ever_is_ended(write: Write) -> None:
    shorter = "import resource\nlimits[resource.RLIMIT_CPU] = 1\n"
    status, _ = await run(write(f"{CONFINED}\n{shorter}confine()\nwhile True: pass\n"))
    assert status in (-signal.SIGXCPU, -signal.SIGKILL)


async def test_a_status_and_a_signal_are_told(write: Write) -> None:
    assert await run(write("print('a', flush=True); raise SystemExit(3)")) == (3, "a\n")
    assert await run(write("import os; os.kill(os.getpid(), 11)")) == (-signal.SIGSEGV, "")


async def test_a_program_that_takes_too_long_is_ended(write: Write) -> None:
    program = write(HANGS)
    clock, written = FakeClock(), Written()
    job = asyncio.create_task(Sandbox(clock, program).run(sink=written.take, max_bytes=100))
    async with asyncio.timeout(30):
        await written.begun.wait()
        await clock.advance(LIMIT_S - 1)
        assert len(running(program)) == 1
        await clock.advance(1)
        assert await job == -signal.SIGKILL
    assert running(program) == []


async def test_a_program_that_writes_too_much_is_ended(write: Write) -> None:
    program = write("import sys\nwhile True: sys.stdout.buffer.write(bytes(2**20))")
    written = Written()
    with pytest.raises(BadResult):
        async with asyncio.timeout(10):
            await Sandbox(FakeClock(), program).run(sink=written.take, max_bytes=10**6)
    assert len(written.data) <= 10**6
    assert running(program) == []


async def test_a_sink_that_fails_ends_the_program(write: Write) -> None:
    async def full(_: bytes) -> None:
        raise OSError(28, "no room")

    program = write(HANGS)
    with pytest.raises(OSError, match="no room"):
        async with asyncio.timeout(10):
            await Sandbox(FakeClock(), program).run(sink=full, max_bytes=100)
    assert running(program) == []


@pytest.mark.parametrize("turns", range(12))
async def test_whoever_stops_waiting_leaves_no_process(write: Write, turns: int) -> None:
    program = write(HANGS)
    written = Written()
    job = asyncio.create_task(Sandbox(FakeClock(), program).run(sink=written.take, max_bytes=100))
    async with asyncio.timeout(10):
        await settle(turns)
        if turns == 11:
            await written.begun.wait()
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
    assert running(program) == []
    assert asyncio.all_tasks() == {asyncio.current_task()}


BOT = """
import asyncio, sys
from pathlib import Path
from adapters.media.sandbox import Sandbox
from bot.clock import SystemClock

async def tell(data):
    print(data.decode(), flush=True)

asyncio.run(Sandbox(SystemClock(), Path(sys.argv[1])).run(sink=tell, max_bytes=100))
"""


def test_a_confined_program_ends_with_a_killed_bot(write: Write) -> None:
    program = write(f"{CONFINED}\nconfine()\nprint('here', flush=True)\nwhile True: pass")
    with subprocess.Popen([sys.executable, "-c", BOT, str(program)], stdout=subprocess.PIPE) as bot:
        assert bot.stdout is not None
        assert bot.stdout.readline() == b"here\n"
        (left,) = [pid for pid in running(program) if pid != bot.pid]
        end = os.fdopen(os.pidfd_open(left))
        bot.kill()
    with end:
        assert select.select([end], [], [], 2)[0] == [end]
