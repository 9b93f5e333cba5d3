"""A provider that the operator lets rest, while the bot runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sim.house import House

from bot.errors import ProviderUnavailable, Unavailable
from bot.messages import explain
from bot.model import JobState, Rest
from bot.store import Accepted
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import SPEC, FakeProvider

DRAINED = Rest(reason="new prices", since=0)
OFF = replace(DRAINED, off=True)


async def _house(*, slots: int = 1, others: bool = False) -> House:
    clock = FakeClock()
    other = FakeProvider(clock, name="other", spec=replace(SPEC, model="other", title="Other"))
    house = House(provider=FakeProvider(clock, slots=slots), clock=clock, others={"other": other} if others else None)
    await house.manager.prepare()
    return house


async def test_a_drained_provider_takes_no_new_jobs_and_finishes_what_waits_for_it() -> None:
    house = await _house()
    drawn, waiting = await house.imagine(), await house.imagine()
    await house.store.rest("fake", DRAINED)
    with pytest.raises(Unavailable) as refusal:
        await house.say("/imagine a boat")
    assert explain(refusal.value) == "Fake is taking a break: new prices. Try again later."
    await house.clock.advance(200)
    assert [await house.state(job) for job in (drawn, waiting)] == [JobState.SUCCEEDED] * 2


async def test_a_provider_that_is_switched_off_is_handed_nothing_more_and_nobody_pays() -> None:
    house = await _house()
    drawn, waiting = await house.imagine(), await house.imagine()
    await house.store.rest("fake", OFF)
    await house.clock.advance(200)
    assert [await house.state(job) for job in (drawn, waiting)] == [JobState.SUCCEEDED, JobState.FAILED]
    assert await house.left() == 19
    assert house.cards(waiting)[-1].lines[0] == "Fake was switched off while this waited. Use another model."


async def test_others_serve_while_one_rests_and_it_is_back_without_a_restart() -> None:
    house = await _house(others=True)
    await house.store.rest("fake", DRAINED)
    assert (await house.imagine()).provider == "other"
    await house.store.rest("fake", None)
    assert (await house.imagine()).provider == "fake"
    await settle()


async def test_a_command_delivered_again_is_no_refusal_though_its_provider_rests_by_now() -> None:
    house = await _house()
    first = await house.imagine(update_id="u")
    await house.store.rest("fake", DRAINED)
    again = await house.say("/imagine a red fox", update_id="u")
    assert isinstance(again, Accepted)
    assert (again.repeated, again.message.jobs[0].id) == (True, first.id)
    with pytest.raises(Unavailable):
        await house.say("/imagine a red fox", update_id="another")
    assert await house.left() == house.rules.daily_credits - 1


async def test_a_provider_that_was_down_is_tried_again_though_others_serve_everybody_meanwhile() -> None:
    house = await _house(slots=40, others=True)
    dead: ProviderUnavailable | None = ProviderUnavailable("connection refused", not_sent=True)
    house.provider.on_submit = lambda _: dead
    for number in range(30):
        await house.imagine(account=f"p{number}")
    await house.clock.advance(120)
    assert (await house.imagine()).provider == "other"
    await house.clock.advance(700)  # those that waited have given up by now
    assert (await house.imagine()).provider == "other"
    dead = None
    await house.clock.advance(600)
    back = await house.imagine()
    await house.clock.advance(60)
    assert (back.provider, await house.state(back)) == ("fake", JobState.SUCCEEDED)
    assert (await house.imagine()).provider == "fake"
