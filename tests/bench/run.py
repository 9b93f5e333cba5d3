"""`make bench`: every benchmark in a process of its own, and what its figures are held against.

python tests/bench/run.py            run all, print the table
python tests/bench/run.py --keep     the same, and keep it in docs/benchmarks.md
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs" / "benchmarks.md"
START, END = "<!-- figures -->\n", "<!-- /figures -->\n"

WANTED: dict[str, dict[str, str]] = {
    "edits": {
        "edits of a 30-s job": "at most 7",
        "edits of a 48-s job": "at most 8",
    },
    "ledger": {
        "ratio": "at least 15",
        "batches_per_s": "the faster side of the ratio",
        "awaits_per_s": "the slower side of the ratio",
    },
    "jobs": {
        "resident KB per job": "at most 5",
        "poll lag p99, s": "below 0.5",
        "database writes per poll": "0",
        "transactions per job": "at most 6",
        "polls seen": "",
        "share of one core while polling": "",
        "accepts per second, 200 at a time": "",
    },
    "http": {
        "GETs/s, 1 at a time, httpx's own": "",
        "GETs/s, 1 at a time, ours": "",
        "GETs/s, 50 at a time, httpx's own": "",
        "GETs/s, 50 at a time, ours": "",
        "ours : httpx's own, 50 at a time": "at least 5",
        "GETs/s, 200 at a time, httpx's own": "",
        "GETs/s, 200 at a time, ours": "",
        "ours : httpx's own, 200 at a time": "at least 5",
        "Api.ask : ours, 200 at a time": "at least 0.8",
    },
    "submits": {
        **{
            f"{fate}: {what}": "exactly 1,000"
            for fate in ("submit-drop", "submit-reset", "submit-500")
            for what in ("submissions", "lost")
        },
        "refused connections: submissions": "exactly 1,000",
        "refused connections: lost": "0",
        "refused connections: succeeded": "1,000",
    },
    "polls": {
        "GETs/s of the manager": "",
        "GETs/s of a bare loop": "",
        "manager : bare loop": "at least 0.7",
    },
    "pacing": {
        "done to final card p95, s": "at most 2.3",
        "mean polls": "at most 13",
        "polls of a fixed 2-s timer": "",
        "share of one core": "",
    },
    "faults": {
        "jobs that ended": "2,000",
        "broken promises": "0",
        "charged by the vendors": "",
        "jobs of eternalai": "",
        "jobs of eranol": "",
        "jobs of eigenai": "",
        "ended as succeeded": "",
        "ended as failed": "",
        "ended as refused": "",
        "ended as lost": "",
        "the seed": "",
    },
    "previews": {
        "4 million pixels, s": "",
        "hostile pictures": "207",
        "of which could be shown": "",
        "longest, s": "at most 5",
        "MB more in the bot": "at most 50",
    },
    "uploads": {
        "hostile pictures": "207",
        "of which were taken": "",
        "of which were refused in words": "",
        "longest, s": "below 5",
        "MB more in the bot": "at most 50",
        "files left by refusals": "0",
    },
    "discord": {
        "commands acknowledged": "1,200",
        "acknowledgement p99, s": "below 0.3",
        "longest acknowledgement, store stalled, s": "below 1.5",
        "done to final card by token, s": "at most 5",
        "earliest to final card by channel, s": "at most 2",
        "most edits of a 30-s job": "at most 8",
        "requests while none was left": "0",
        "answers 429": "0",
        "long renders in their own message, %": "100",
        "uses of a dead token": "0",
        "troubles: commands": "17",
        "troubles: commands answered": "17",
        "troubles: results in their own message": "17",
        "outage to result, s": "at most 45",
        "identifies": "at most 6",
        "MB more after 1,000 pictures than after 100": "at most 20",
        "sends with a hostile prompt": "",
        "sends that may ping whom the prompt names": "0",
        "violations": "0",
    },
    "markup": {
        "strings": "at least 10,000",
        "refused by the parser": "0",
        "cut inside a character": "0",
        "too long": "0",
    },
    "telegram": {
        "kills": "20",
        "commands": "2,000",
        "commands confirmed and lost": "0",
        "commands with two jobs": "0",
        "messages without a last card": "0",
        "orphans : sends in flight": "at most 1",
        "20 jobs at once in a group end after, s": "at most 110",
        "most calls of a group in a minute": "at most 20",
        "calls while nothing was left": "0",
        "answers 429": "0",
    },
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--keep", action="store_true", help=f"write the table into {KEPT.relative_to(ROOT)}")
    arguments.add_argument("--one", choices=WANTED, help="run this one here, and print its figures as JSON")
    asked = arguments.parse_args()
    if asked.one:
        sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "bench")]
        print(json.dumps(asyncio.run(importlib.import_module(f"bench_{asked.one}").main())))
    else:
        _run_all(keep=asked.keep)


def _run_all(*, keep: bool) -> None:
    rows = ["| benchmark | figure | measured | wanted |", "|---|---|---:|---|"]
    for name, wanted in WANTED.items():
        figures = _measured(name)
        rows += [f"| {name} | {figure} | {_short(figures[figure])} | {goal} |" for figure, goal in wanted.items()]
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    table = "\n".join([f"{where}:", "", *rows, ""])
    print(table)
    if keep:
        before, _, rest = KEPT.read_text(encoding="utf-8").partition(START)
        KEPT.write_text(f"{before}{START}\n{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _measured(name: str) -> dict[str, float]:
    """The figures of one benchmark, run alone so that none warms or fattens another."""
    print(f"{name} …", file=sys.stderr, flush=True)
    run = subprocess.run([sys.executable, __file__, "--one", name], stdout=subprocess.PIPE, check=True, text=True)
    figures: dict[str, float] = json.loads(run.stdout)
    return figures


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 or figure == int(figure) else f"{figure:.3g}"


if __name__ == "__main__":
    main()
