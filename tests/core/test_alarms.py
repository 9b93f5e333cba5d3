"""Alarms ring in the order of their times, from one task that is set anew only for an earlier one."""

from __future__ import annotations

import asyncio

import pytest

from bot.jobs.alarms import Alarms
from bot.testing.clock import FakeClock


class Rung:
    """An alarm clock that writes down what it rang for, and when."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.alarms = Alarms(self.clock, self.ring)
        self.heard: list[tuple[float, str]] = []

    def ring(self, what: str) -> None:
        self.heard.append((self.clock.monotonic(), what))
        if what == "again":
            self.alarms.set(self.clock.monotonic() + 5, "after that")
        if what == "broken":
            raise ValueError(what)


async def test_each_rings_once_at_its_time_whatever_was_set_first() -> None:
    rung = Rung()
    for at, what in ((30, "late"), (10, "early"), (20, "again"), (10, "too")):
        rung.alarms.set(at, what)
    await rung.clock.advance(100)
    assert rung.heard == [(10, "early"), (10, "too"), (20, "again"), (25, "after that"), (30, "late")]
    rung.alarms.set(150, "after a rest")
    await rung.clock.advance(100)
    assert rung.heard[-1] == (150, "after a rest")


async def test_what_is_late_already_rings_at_once() -> None:
    rung = Rung()
    await rung.clock.advance(50)
    rung.alarms.set(10, "late")
    await rung.clock.advance(0)
    assert rung.heard == [(50, "late")]


async def test_an_alarm_that_breaks_takes_no_other_with_it(caplog: pytest.LogCaptureFixture) -> None:
    rung = Rung()
    rung.alarms.set(10, "broken")
    rung.alarms.set(11, "next")
    await rung.clock.advance(20)
    assert rung.heard == [(10, "broken"), (11, "next")]
    assert "broke" in caplog.text


async def test_a_thousand_alarms_are_one_task_and_none_when_nothing_is_set() -> None:
    rung, before = Rung(), len(asyncio.all_tasks())
    for at in range(1000, 0, -1):
        rung.alarms.set(at, "")
    await rung.clock.advance(0)
    assert len(asyncio.all_tasks()) == before + 1
    await rung.clock.advance(1000)
    assert (len(rung.heard), len(asyncio.all_tasks())) == (1000, before)


async def test_after_close_nothing_rings() -> None:
    rung = Rung()
    rung.alarms.set(10, "never")
    rung.alarms.close()
    await rung.clock.advance(20)
    assert rung.heard == []
