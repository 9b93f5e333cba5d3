"""Fair slots: person by person, in turn, and the place in line is true."""

import asyncio
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.slots import FairSlots, TurnedAway
from bot.testing.clock import settle


async def _serve(slots: FairSlots, order: list[str], *jobs: tuple[str, str]) -> list[asyncio.Task[None]]:
    async def take(job_id: str, person_id: str) -> None:
        await slots.take(job_id, person_id)
        order.append(job_id)

    tasks = []
    for job_id, person_id in jobs:
        tasks.append(asyncio.create_task(take(job_id, person_id)))
        await settle()
    return tasks


async def test_one_person_with_many_jobs_does_not_hold_up_the_others() -> None:
    slots, order = FairSlots(1), list[str]()
    await _serve(slots, order, ("a1", "ann"), ("a2", "ann"), ("a3", "ann"), ("b1", "bob"), ("c1", "cyd"))
    for _ in range(4):
        slots.give_back()
        await settle()
    assert order == ["a1", "a2", "b1", "c1", "a3"]


async def test_the_place_in_line_is_the_order_of_service() -> None:
    slots, order = FairSlots(1), list[str]()
    await _serve(slots, order, ("a1", "ann"), ("a2", "ann"), ("a3", "ann"), ("b1", "bob"))
    assert [slots.ahead(job) for job in ("a1", "a2", "b1", "a3")] == [None, 0, 1, 2]


async def test_a_job_that_leaves_the_line_moves_the_others_up() -> None:
    moved: list[tuple[str, ...]] = []
    slots, order = FairSlots(1, moved.append), list[str]()
    tasks = await _serve(slots, order, ("a1", "ann"), ("b1", "bob"), ("c1", "cyd"))
    tasks[1].cancel()
    await settle()
    assert order == ["a1"]
    assert moved == [("c1",)]


async def test_a_canceled_waiter_gives_its_slot_to_the_next() -> None:
    slots, order = FairSlots(1), list[str]()
    tasks = await _serve(slots, order, ("a1", "ann"), ("b1", "bob"), ("c1", "cyd"))
    slots.give_back()  # granted to b1, which is canceled before it runs
    tasks[1].cancel()
    await settle()
    assert order == ["a1", "c1"]
    tasks[2].cancel()
    slots.give_back()
    await asyncio.wait_for(slots.take("d1", "dan"), 1)


async def test_a_recovered_job_counts_even_above_the_capacity() -> None:
    slots, order = FairSlots(1), list[str]()
    slots.occupy()
    slots.occupy()
    await _serve(slots, order, ("a1", "ann"))
    slots.give_back()
    await settle()
    assert order == []
    slots.give_back()
    await settle()
    assert order == ["a1"]


async def test_a_slot_that_is_given_back_while_the_next_in_line_is_being_canceled_goes_to_the_one_behind() -> None:
    slots, order = FairSlots(1), list[str]()
    tasks = await _serve(slots, order, ("a1", "ann"), ("b1", "bob"), ("c1", "cyd"))
    tasks[1].cancel()  # has not run yet when the slot comes free
    slots.give_back()
    await settle()
    assert order == ["a1", "c1"]
    slots.give_back()
    await asyncio.wait_for(slots.take("d1", "dan"), 1)


async def test_a_job_at_the_front_is_next_and_the_line_knows_of_it() -> None:
    moved: list[tuple[str, ...]] = []
    slots, order = FairSlots(1, moved.append), list[str]()
    await _serve(slots, order, ("a1", "ann"), ("b1", "bob"), ("c1", "cyd"))
    with slots.at_the_front("a1"):
        assert [slots.ahead(job) for job in ("a1", "b1", "c1")] == [0, 1, 2]
    assert [slots.ahead(job) for job in ("a1", "b1", "c1")] == [None, 0, 1]
    assert moved == [("a1", "b1", "c1"), ("b1", "c1")]


async def test_the_place_of_several_jobs_of_one_person_is_that_of_the_first() -> None:
    slots = FairSlots(1)
    await _serve(slots, [], ("x", "xen"), ("a1", "ann"), ("a2", "ann"), ("b1", "bob"), ("a3", "ann"))
    assert slots.ahead("a3", "a2") == slots.ahead("a2") == 2
    assert slots.ahead("a1", "a2", "a3") == 0
    assert slots.ahead("x", "y") is None


async def test_who_waits_too_long_is_turned_away_and_the_others_wait_on() -> None:
    slots = FairSlots(1)
    await slots.take("x", "xen")
    waiting = {who: asyncio.create_task(slots.take(who, who, since)) for who, since in (("ann", 1.0), ("bob", 2.0))}
    await settle()
    slots.turn_away(1.0)
    with pytest.raises(TurnedAway):
        await waiting["ann"]
    assert (slots.ahead("ann"), slots.ahead("bob")) == (None, 0)
    slots.give_back()
    await asyncio.wait_for(waiting["bob"], 1)


async def test_a_job_that_is_canceled_while_it_is_turned_away_gives_back_no_slot_that_it_never_had() -> None:
    slots = FairSlots(1)
    await slots.take("x", "xen")
    waiting = asyncio.create_task(slots.take("ann", "ann"))
    await settle()
    slots.turn_away(0.0)
    waiting.cancel()
    await settle()
    second = asyncio.create_task(slots.take("bob", "bob"))
    await settle()
    assert (waiting.cancelled(), second.done()) == (True, False)
    second.cancel()
    await settle()


_people = st.sampled_from("abcdefgh")
_acts = st.lists(st.one_of(st.tuples(st.just("join"), _people), st.just(("serve", "")), st.just(("leave", ""))))


@given(_acts, st.integers(0, 2))
async def test_every_place_is_the_number_of_jobs_that_are_served_before(
    acts: list[tuple[str, str]], front: int
) -> None:
    slots, order = FairSlots(1), list[str]()
    await slots.take("x", "xen")
    tasks: dict[str, asyncio.Task[None]] = {}

    async def wait(job_id: str, person_id: str) -> None:
        await slots.take(job_id, person_id)
        order.append(job_id)

    for number, (act, person_id) in enumerate(acts):
        if act == "join":
            job_id, expected = f"{person_id}{number}", slots.ahead_of_next(person_id)
            tasks[job_id] = asyncio.create_task(wait(job_id, person_id))
            await settle(4)
            assert slots.ahead(job_id) == expected
        elif act == "serve" and len(order) < len(tasks):
            slots.give_back()
        elif act == "leave" and tasks:
            tasks.pop(list(tasks)[number % len(tasks)]).cancel()
        await settle(4)
    with ExitStack() as stack:
        for number in range(front):
            stack.enter_context(slots.at_the_front(f"front {number}"))
        places = {job_id: slots.ahead(job_id) for job_id in tasks if job_id not in order}
    served = len(order)
    for _ in tasks:
        slots.give_back()
        await settle(4)
    waited = [job_id for job_id in order[served:] if job_id in places]
    assert places == {job_id: front + place for place, job_id in enumerate(waited)}
