"""Writes `.env.example` and `docs/settings.md` from the schema of `bot.config`. Run by `make settings`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from bot.config import Leaf, leaves

ROOT = Path(__file__).resolve().parent.parent
ENV_HEAD = """\
# Every setting with its default; written by `make settings`. Copy this file to .env (chmod 600 .env),
# and uncomment what you change. The environment and /run/secrets/<name> go before .env.
"""
TABLE_HEAD = """\
# Settings

*Written from the schema by `make settings`.*

Each is read from the environment, else from a file of that name in `/run/secrets` (any case), else from
`.env` in the folder that the bot is started in, else it has its default. An empty value means: not set. A `BOT_`
variable that is not listed here is named at the start, with the nearest one that is.

A provider that is a plug-in takes `BOT_PROVIDERS__<NAME>__MAX_IN_FLIGHT` and `…__DEADLINE_S` as the demo does, and
what its own documentation says.

| variable | default | meaning |
|---|---|---|
"""


def files() -> dict[Path, str]:
    """Each generated file and what belongs into it."""
    return {ROOT / ".env.example": env_example(), ROOT / "docs" / "settings.md": table()}


def env_example() -> str:
    groups = ("\n".join(_lines(leaf) for leaf in group) for _, group in groupby(leaves(), lambda leaf: leaf.path[:-1]))
    return f"{ENV_HEAD}\n" + "\n\n".join(groups) + "\n"


def table() -> str:
    return TABLE_HEAD + "".join(
        f"| `{leaf.variable}` | {_default(leaf) or 'empty'} | {leaf.description} |\n" for leaf in leaves()
    )


def _lines(leaf: Leaf) -> str:
    return f"# {leaf.description}\n#{leaf.variable}={_default(leaf)}"


def _default(leaf: Leaf) -> str:
    if leaf.default is None:
        return ""
    if isinstance(leaf.default, tuple):
        return ",".join(leaf.default)
    return f"{leaf.default:g}" if isinstance(leaf.default, float) else str(leaf.default)


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
