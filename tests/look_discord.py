"""Writes pictures of what people see on Discord: `python tests/look_discord.py FOLDER [SCENE ...]`.

The real bot plays every scene on the simulated Discord; each thing to look at is a page and a picture of it.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from sim.discord.drawing import CSS
from sim.looks.discord_sources import PLAYS, perform
from sim.looks.pages import Look, shoot, write


async def look(names: list[str]) -> list[Look]:
    return [look for name in names or PLAYS for look in await perform(name)]


def main(folder: Path, *names: str) -> None:
    pages = write(asyncio.run(look(list(names))), CSS, folder)
    asyncio.run(shoot(pages))
    print(f"{len(pages)} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
