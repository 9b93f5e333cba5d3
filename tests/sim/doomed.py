"""A whole bot that kills itself with SIGKILL at a named event: `doomed.py "after media.keep" 1`.

Events are `before|after <port>.<verb>`; the number says at which occurrence it dies (0:
never). Every submit is written to `submits.log` in the data folder before it is made.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from sim.tripwire import Tripwire

from bot import config, plugins, wiring


async def main(event: str, occurrence: int) -> None:
    settings, _ = config.load(providers=plugins.provider_names())
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "submits.log").touch()
    seen = 0

    def trip(happened: str) -> None:
        nonlocal seen
        if happened == "before provider.submit":
            with (settings.data_dir / "submits.log").open("a", encoding="ascii") as submits:
                submits.write("submit\n")
        seen += happened == event
        if happened == event and seen == occurrence:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrap(name: str, port: Any) -> Tripwire:
        return Tripwire(name, port, trip)

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with wiring.running(settings, wrap):
        print("ready", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
