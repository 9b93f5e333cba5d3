"""Many things at a time, each of which may fail alone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

import pytest


async def together(subtests: pytest.Subtests, work: Mapping[str, Coroutine[Any, Any, None]]) -> None:
    """Do everything at once, and then tell of each under its name."""
    ended = await asyncio.gather(*work.values(), return_exceptions=True)
    for name, outcome in zip(work, ended, strict=True):
        with subtests.test(name):
            if outcome is not None:
                raise outcome
