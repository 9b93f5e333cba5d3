"""A process of its own for every picture that is decoded."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from bot.clock import Clock

PROGRAM = Path(__file__).with_name("imaging.py")
LIMIT_S = 15.0  # its processor time has a limit of its own, and the machine may be busy
BATCH_BYTES = 256_000

Sink = Callable[[bytes], Awaitable[None]]


class Sandbox:
    """Runs `program`, which limits itself; here it gets no environment, no session and no time beyond `LIMIT_S`."""

    def __init__(self, clock: Clock, program: Path = PROGRAM) -> None:
        self._clock = clock
        self._program = program

    async def run(self, *arguments: str, sink: Sink) -> int:
        """Hand what the program writes to `sink`; its exit status, or the negative number of the signal that ended it.

        However this ends, the process has ended too. Raises `OSError` when none can be started.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-IB", str(self._program), *arguments,
            stdin=PIPE,  # never written to: it is closed when this process dies, and that ends the other one
            stdout=PIPE, stderr=DEVNULL, env={}, cwd="/",
            start_new_session=True,  # Ctrl-C is for the bot alone
        )  # fmt: skip
        limit = asyncio.create_task(self._end_late(process))
        try:
            assert process.stdout is not None
            while batch := await process.stdout.read(BATCH_BYTES):
                await sink(batch)
            return await process.wait()
        finally:
            limit.cancel()
            _kill(process)
            await process.communicate()  # reads what is left, without which some Pythons wait for ever

    async def _end_late(self, process: Process) -> None:
        await self._clock.sleep(LIMIT_S)
        _kill(process)


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
