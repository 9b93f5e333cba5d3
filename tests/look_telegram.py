"""Writes pictures of what people see on Telegram: `python tests/look_telegram.py FOLDER [SCENE ...]`.

The real bot plays every scene on the simulated Telegram; each thing to look at is a page and a picture of it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ["PTB_TIMEDELTA"] = "true"

from sim.looks.pages import Look, shoot, write
from sim.looks.telegram import PLAYS, perform
from sim.telegram.drawing import CSS


async def look(names: list[str]) -> list[Look]:
    return [look for name in names or PLAYS for look in await perform(name)]


def main(folder: Path, *names: str) -> None:
    pages = write(asyncio.run(look(list(names))), CSS, folder)
    asyncio.run(shoot(pages, width=560))
    print(f"{len(pages)} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
