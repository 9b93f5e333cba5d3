"""`make sim`: a simulated vendor in the foreground, for a person who tries the bot against it."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from typing import Any

from sim.vendors import guide
from sim.vendors.eigenai import EigenAI
from sim.vendors.eranol import Eranol
from sim.vendors.eternalai import EternalAI
from sim.vendors.plan import Plan
from sim.vendors.server import Server
from sim.vendors.vendor import Vendor

from bot.clock import SystemClock

VENDORS: dict[str, type[Vendor[Any]]] = {kind.name: kind for kind in (EternalAI, Eranol, EigenAI)}


def main() -> int:
    asked = _arguments()
    kind = VENDORS[asked.vendor]
    plan = Plan(asked.seed, catalogue=kind.catalogue) if asked.random else None
    vendor = kind(SystemClock(), key=asked.key, seed=asked.seed, plan=plan, tell=_tell)
    try:
        vendor.weather.change({"duration_s": asked.duration, "concurrency": asked.jobs})
        asyncio.run(_serve(Server(vendor, port=asked.port, files_port=asked.files_port), asked))
    except OSError as error:
        print(f"The simulator cannot listen: {error.strerror}. Try --port and --files-port.", file=sys.stderr)
        return 69
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


async def _serve(server: Server, asked: argparse.Namespace) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with server:
        print(guide.listing(type(server.vendor)))
        print(f"\n{server.vendor.plan or 'No random fates'}; seed {asked.seed}.")
        print(f"State and switches: {server.vendor.files}/_sim/state, docs/simulator.md. Ctrl+C ends.")
        print("\nIn another terminal, to draw with it:\n")
        command = guide.command(server.vendor.origin, server.vendor.files, asked.key, type(server.vendor))
        print(f"    {command}\n", flush=True)
        await stop.wait()
    total = server.vendor.count()
    print(f"\n{total}, {len(server.vendor.violations)} violations.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make sim", description="A simulated vendor on this machine.")
    parser.add_argument("--vendor", choices=VENDORS, default="eternalai", help="which one (%(default)s)")
    parser.add_argument("--port", type=int, default=guide.PORT, help="of the API (%(default)s)")
    parser.add_argument("--files-port", type=int, default=guide.FILES_PORT, help="of the pictures (%(default)s)")
    parser.add_argument("--key", default=guide.KEY, help="the key that it takes (%(default)s)")
    parser.add_argument("--duration", type=_span, default=(20.0, 30.0), help="seconds for a job (20:30)")
    parser.add_argument("--jobs", type=int, help="jobs that it works on at a time (all)")
    parser.add_argument("--seed", type=int, default=0, help="of its dice (%(default)s)")
    parser.add_argument("--random", action="store_true", help="random fates for prompts that name none")
    return parser.parse_args()


def _span(text: str) -> tuple[float, float]:
    low, _, high = text.partition(":")
    return float(low), float(high or low)


def _tell(event: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {event}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
