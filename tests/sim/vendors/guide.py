"""Writes `docs/simulator.md` from the tables: PYTHONPATH=tests python -m sim.vendors.guide."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.vendors.eigenai import EigenAI
from sim.vendors.eranol import Eranol
from sim.vendors.eternalai import EternalAI
from sim.vendors.fates import FATES, Fate, Where
from sim.vendors.vendor import Vendor
from sim.vendors.weather import Weather

PAGE = Path(__file__).parents[3] / "docs" / "simulator.md"
PORT, FILES_PORT, KEY = 9100, 9101, "simulated"
ORIGIN, FILES = f"http://127.0.0.1:{PORT}", f"http://127.0.0.1:{FILES_PORT}"

INTRO = """\
# The simulated vendors

*Written from the tables of the simulator; `PYTHONPATH=tests .venv/bin/python -m sim.vendors.guide` writes it anew.*

`make sim` starts a vendor on this machine that speaks as EternalAI's documentation does, makes small pictures and
films, costs nothing, and fails in every way that you ask it to. In another terminal:

    {command}

`make sim ARGS="--vendor eranol"` and `make sim ARGS="--vendor eigenai"` start the two others in its place, on the same
ports unless you name others.

Then type `/imagine a red fox [poll-500 x3]` on the bot's page. The simulator prints a line for every submit, end and
fetch, with the counts, and one that begins with `VIOLATION` for every request that the vendor's page does not allow.
`make sim ARGS=--help` lists its options: ports, key, duration, jobs at a time, seed, random fates. Ctrl+C ends it.

The same vendors serve the tests: over sockets (`tests/sim/vendors/server.py`), or without any and on a fake clock
(`tests/sim/vendors/transport.py`). `Plan(seed)` gives every prompt one to six random fates; the same seed gives the
same ones.

## Fates

Words in square brackets in a prompt choose what happens to its job: `[poll-500]`, with a value `[poll-429=30]`, three
times `[poll-404 x3]`. Several may stand in one prompt: of one kind they strike in their order, those that strike always
last. Other words in brackets are drawn like all words. These are EternalAI's; the others' follow.

At EternalAI they may also stand behind the id of an effect (`hug [poll-500]`), and a key that begins with `sk_`
(`make sim ARGS="--key sk_simulated"`) opens its newer API and no other.
"""

OTHERS = """\
## {title}

{does}
Its own are:

| in the prompt | what happens | how often |
|---|---|---|
"""

OUTRO = """\
## For everybody

These hold for all who ask, until they are changed; `GET /_sim/state` answers with them and with all counts:

    curl -d '{{"concurrency": 1}}' {files}/_sim/weather
    curl -d '{{"seconds": 20, "retry_after": "20"}}' {files}/_sim/limit
    curl {files}/_sim/state

`limit` answers everybody 429 for so long; `retry_after` is its header, by default the seconds that are left.

| switch of `weather` | default | meaning |
|---|---|---|
"""


def command(origin: str = ORIGIN, files: str = FILES, key: str = KEY, vendor: type[Vendor[Any]] = EternalAI) -> str:
    """What starts the bot against a simulator at these addresses."""
    own = {"BASE_URL": origin, "KEY": key, **vendor.settings}
    settings = {f"BOT_PROVIDERS__{vendor.name.upper()}__{name}": value for name, value in own.items()}
    settings["BOT_MEDIA__ALLOW_PRIVATE_HOSTS"] = files.removeprefix("http://")
    return " \\\n      ".join([*(f"{name}={value}" for name, value in settings.items()), "make run"])


def page() -> str:
    """The whole document."""
    parts = [INTRO.format(command=command())]
    for where, fates in groupby(FATES, lambda fate: fate.where):
        parts.append(f"### {where}\n\n| in the prompt | what happens | how often |\n|---|---|---|\n" + _rows(fates))
    parts += [_other(Eranol), _other(EigenAI)]
    parts.append(OUTRO.format(files=FILES) + _switches())
    return "\n".join(parts)


def listing(vendor: type[Vendor[Any]] = EternalAI) -> str:
    """The fates for a terminal."""
    lines = []
    by_place = sorted(vendor.catalogue.fates, key=lambda fate: list(Where).index(fate.where))
    for where, fates in groupby(by_place, lambda fate: fate.where):
        lines += ["", f"{where}:", *(f"  {_typical(fate):<32} {fate.does.replace('`', '')}" for fate in fates)]
    return "\n".join(lines)


def _other(vendor: type[Vendor[Any]]) -> str:
    lacking = ", ".join(f"`{fate.name}`" for fate in FATES if fate not in vendor.catalogue.fates)
    does = f"{' '.join((vendor.__doc__ or '').split())} Of the fates above it lacks {lacking}."
    own = (fate for fate in vendor.catalogue.fates if fate not in FATES)
    return OTHERS.format(title=vendor.title, does=textwrap.fill(does, 120, break_on_hyphens=False)) + _rows(own)


def _typical(fate: Fate) -> str:
    return next((mark for mark in fate.marks if "=" in mark), fate.marks[0])


def _rows(fates: Iterable[Fate]) -> str:
    return "".join(f"| {_marks(fate)} | {fate.does} | {_often(fate)} |\n" for fate in fates)


def _marks(fate: Fate) -> str:
    return ", ".join(f"`{mark}`" for mark in fate.marks)


def _often(fate: Fate) -> str:
    if fate.spoil is None:
        return ""
    return "always" if fate.times is None else "once"


def _switches() -> str:
    rows = []
    for name, field in Weather.model_fields.items():
        rows.append(f"| `{name}` | `{json.dumps(field.default)}` | {field.description} |\n")
    return "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
