"""Work that outlives the one who asked for it."""

from __future__ import annotations

import asyncio
import gc
import weakref
from contextlib import suppress

import pytest

from adapters.errands import Errands
from bot.errors import InvalidRequest
from bot.testing.clock import FakeClock, settle


async def abandoned(errands: Errands, error: Exception) -> None:
    """Start an errand that ends with `error` after its asker has left."""
    go_on = asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        raise error

    asking = asyncio.ensure_future(errands.run(work()))
    await settle()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    go_on.set()
    await errands.settle(FakeClock(), 5)
    await settle()


async def test_an_errand_gives_its_result_to_the_one_who_waits() -> None:
    async def work() -> int:
        return 42

    assert await Errands().run(work()) == 42


async def test_a_failure_that_nobody_waits_for_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    await abandoned(Errands(), ZeroDivisionError("on its own"))
    assert ["ZeroDivisionError: on its own" in caplog.text, len(caplog.records)] == [True, 1]


async def test_a_refusal_that_nobody_waits_for_is_no_news(caplog: pytest.LogCaptureFixture) -> None:
    await abandoned(Errands(), InvalidRequest("err.option"))
    assert caplog.records == []


class Picture:
    """Something large."""


async def test_what_an_errand_held_is_given_back_with_its_error_without_waiting_for_the_collector() -> None:
    gone = list[weakref.ref[Picture]]()

    async def work() -> None:
        picture = Picture()
        gone.append(weakref.ref(picture))
        raise InvalidRequest("err.not_picture")

    gc.disable()
    try:
        with suppress(InvalidRequest):
            await Errands().run(work())
        await settle()
        assert gone[0]() is None
    finally:
        gc.enable()
