"""Contract: a day's credits, their reserves and refunds, over days and a clock that goes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sim.drafts import DAY_S, TODAY, TOMORROW, a_draft, admit

from bot.model import Job, JobState
from bot.store import Store
from bot.testing.clock import START

YESTERDAY, DAY_AFTER = "2026-09-20", "2026-09-23"


async def accept(store: Store, name: str, day: str, *, price: int = 1, allowance: int = 20) -> tuple[Job, int]:
    accepted = await store.accept(a_draft(name, today=day, price=price, allowance=allowance), admit)
    return accepted.message.jobs[0], accepted.balance


async def end(store: Store, job: Job, state: JobState, day: str) -> int | None:
    return await store.finish(job.state, replace(job, state=state, ended_at=START + DAY_S), today=day, shown=True)


async def test_a_person_starts_with_the_allowance(store: Store) -> None:
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 20
    await store.link("p-ada", "web", "ada")
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 20
    assert (await accept(store, "one", TODAY))[1] == 19


async def test_what_is_left_of_a_day_expires_and_a_new_day_is_full_again(store: Store) -> None:
    await accept(store, "one", TODAY, price=5)
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 15
    assert await store.balance("p-ada", today=TOMORROW, allowance=20) == 20
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 15  # a question writes nothing
    assert (await accept(store, "two", TOMORROW))[1] == 19
    assert (await accept(store, "three", TOMORROW))[1] == 18


async def test_a_spent_day_has_nothing_to_expire(store: Store) -> None:
    await accept(store, "one", TODAY, price=20)
    assert (await accept(store, "two", TOMORROW))[1] == 19


async def test_the_day_does_not_go_back_with_the_clock(store: Store) -> None:
    await accept(store, "one", TODAY, price=5)
    assert await store.balance("p-ada", today=YESTERDAY, allowance=20) == 15
    assert (await accept(store, "two", YESTERDAY))[1] == 14
    assert (await accept(store, "three", TODAY))[1] == 13


async def test_a_new_figure_for_the_allowance_counts_from_the_next_day(store: Store) -> None:
    await accept(store, "one", TODAY)
    assert (await accept(store, "two", TODAY, allowance=50))[1] == 18
    assert (await accept(store, "three", TOMORROW, allowance=50))[1] == 49
    assert (await accept(store, "four", DAY_AFTER, allowance=3))[1] == 2


async def test_a_day_without_allowance_takes_what_is_left_and_keeps_a_late_refund(store: Store) -> None:
    job, _ = await accept(store, "one", TODAY, price=5)
    assert await store.balance("p-ada", today=TOMORROW, allowance=0) == 0
    assert (await accept(store, "two", TOMORROW, price=0, allowance=0))[1] == 0
    assert await end(store, job, JobState.FAILED, TOMORROW) == 5
    assert (await accept(store, "three", TOMORROW, price=1, allowance=0))[1] == 4
    assert (await accept(store, "four", DAY_AFTER, allowance=20))[1] == 19


async def test_a_success_costs_its_price_once(store: Store) -> None:
    job, _ = await accept(store, "one", TODAY, price=5)
    assert await end(store, job, JobState.SUCCEEDED, TODAY) == 15
    assert await end(store, job, JobState.SUCCEEDED, TODAY) is None
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 15


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.REFUSED, JobState.CANCELED, JobState.LOST])
async def test_any_other_end_gives_the_price_back_once(store: Store, state: JobState) -> None:
    job, _ = await accept(store, "one", TODAY, price=5)
    assert await end(store, job, state, TODAY) == 20
    assert await end(store, job, state, TODAY) is None
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 20


async def test_a_job_that_was_refunded_is_delivered_free(store: Store) -> None:
    job, _ = await accept(store, "one", TODAY, price=5)
    await end(store, job, JobState.FAILED, TODAY)
    again = replace(job, state=JobState.DELIVERING)
    assert await store.advance(JobState.FAILED, again)
    assert await end(store, again, JobState.SUCCEEDED, TODAY) == 20
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 20


async def test_a_job_that_was_refunded_and_fails_again_is_not_refunded_again(store: Store) -> None:
    job, _ = await accept(store, "one", TODAY, price=5)
    await end(store, job, JobState.FAILED, TODAY)
    again = replace(job, state=JobState.DELIVERING)
    await store.advance(JobState.FAILED, again)
    assert await end(store, again, JobState.FAILED, TODAY) == 20


async def test_a_refund_of_yesterday_does_not_raise_today_above_its_allowance(store: Store) -> None:
    job, _ = await accept(store, "one", TODAY, price=5)
    await accept(store, "two", TOMORROW, price=2)
    assert await end(store, job, JobState.FAILED, TOMORROW) == 20  # 18 + 5, of which 3 are of yesterday


async def test_a_refund_of_yesterday_fills_what_today_has_spent(store: Store) -> None:
    job, _ = await accept(store, "one", TODAY, price=5)
    await accept(store, "two", TOMORROW, price=10)
    assert await end(store, job, JobState.FAILED, TOMORROW) == 15


async def test_several_refunds_of_yesterday_stay_within_one_allowance(store: Store) -> None:
    jobs = [(await accept(store, str(n), TODAY, price=6))[0] for n in range(3)]
    today, _ = await accept(store, "today", TOMORROW, price=4)
    assert [await end(store, job, JobState.LOST, TOMORROW) for job in jobs] == [20, 20, 20]
    assert await end(store, today, JobState.LOST, TOMORROW) == 24 - 4 + 4  # that one is of today


async def test_a_refund_before_the_new_day_has_begun_expires_with_the_old_one(store: Store) -> None:
    job, _ = await accept(store, "one", TODAY, price=5)
    assert await end(store, job, JobState.FAILED, TOMORROW) == 20
    assert await store.balance("p-ada", today=TOMORROW, allowance=20) == 20
    assert (await accept(store, "two", TOMORROW))[1] == 19
