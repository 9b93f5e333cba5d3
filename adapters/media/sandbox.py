"""A process of its own for everything that is decoded."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from bot.clock import Clock
from bot.errors import BadResult

PROGRAM = Path(__file__).with_name("imaging.py")
LIMIT_S = 4.0  # people wait five; its processor time has a limit of its own
BATCH_BYTES = 256_000

Sink = Callable[[bytes], Awaitable[None]]


class Sandbox:
    """Runs `program`, which limits itself; here it gets no environment, no session and limited time.

    One at a time: the machine may be small, and a large picture takes half a gigabyte of it.
    """

    def __init__(self, clock: Clock, program: Path = PROGRAM) -> None:
        self._clock = clock
        self._program = program
        self._turn = asyncio.Lock()

    async def run(self, *arguments: str, sink: Sink, max_bytes: int) -> int:
        """Hand what the program writes to `sink`; its exit status, or the negative number of the signal that ended it.

        It is ended after `LIMIT_S` seconds, and however this ends, it has ended too. Raises `BadResult`
        when it writes more than `max_bytes`, and `OSError` when none can be started.
        """
        async with self._turn:
            return await self._run(*arguments, sink=sink, max_bytes=max_bytes)

    async def _run(self, *arguments: str, sink: Sink, max_bytes: int) -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-IB", str(self._program), *arguments,
            stdin=PIPE,  # never written to: it is closed when this process dies, and that ends the other one
            stdout=PIPE, stderr=DEVNULL, env={}, cwd="/",
            start_new_session=True,  # Ctrl-C is for the bot alone
        )  # fmt: skip
        limit = asyncio.create_task(self._end_late(process))
        try:
            await _pour(process, sink, max_bytes)
            return await process.wait()
        finally:
            limit.cancel()
            _kill(process)
            await process.communicate()  # reads what is left, without which some Pythons wait for ever

    async def _end_late(self, process: Process) -> None:
        await self._clock.sleep(LIMIT_S)
        _kill(process)


async def _pour(process: Process, sink: Sink, max_bytes: int) -> None:
    assert process.stdout is not None
    total_bytes = 0
    while batch := await process.stdout.read(BATCH_BYTES):
        total_bytes += len(batch)
        if total_bytes > max_bytes:
            raise BadResult(f"the program wrote more than {max_bytes} bytes")
        await sink(batch)


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
