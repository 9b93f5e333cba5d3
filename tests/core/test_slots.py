"""Fair slots: person by person, in turn, and the place in line is true."""

import asyncio

from bot.jobs.slots import FairSlots
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
