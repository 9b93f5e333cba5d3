"""Contract: one update makes at most one accept, whole or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sim.drafts import DAY_S, TODAY, a_draft, admit

from bot.errors import QuotaExceeded, StoreError
from bot.model import GenerationRequest, Message
from bot.store import Accepted, Draft, Standing, Store
from bot.testing.clock import START

EVERYTHING = GenerationRequest(
    prompt="ein Leuchtturm 🗼 'im' \"Sturm\"; DROP TABLE ledger; --\n\u202e\u200d",
    negative_prompt="fog",
    style="anime",
    style_strength=1.5,
    width=1024,
    height=768,
    seed=4_294_967_295,
    guidance=7.25,
    count=2,
    model="demo-1",
)


def owned(draft: Draft, person_id: str) -> Message:
    jobs = tuple(replace(job, person_id=person_id) for job in draft.message.jobs)
    return replace(draft.message, person_id=person_id, jobs=jobs)


async def test_an_accepted_message_reads_back_as_it_was_answered(store: Store) -> None:
    draft = a_draft(count=2, price=3, request=EVERYTHING)
    expected = owned(draft, "p-ada")
    assert await store.accept(draft, admit) == Accepted(message=expected, balance=14)
    assert await store.message("m-one") == expected
    assert await store.job("j-one-1") == expected.jobs[1]
    assert await store.person("web", "ada") == "p-ada"


async def test_what_is_unknown_reads_as_nothing(store: Store) -> None:
    assert await store.message("m-none") is None
    assert await store.job("j-none") is None
    assert await store.person("web", "nobody") is None
    assert await store.messages("p-none", limit=5) == ()
    assert await store.unfinished() == ()
    assert await store.characters("p-none") == ()
    assert await store.unstore(("none.png",)) == ()


async def test_an_account_keeps_its_person(store: Store) -> None:
    await store.accept(a_draft("one"), admit)
    second = await store.accept(replace(a_draft("two"), new_person_id="p-other"), admit)
    assert second == Accepted(message=owned(a_draft("two"), "p-ada"), balance=18)


async def test_a_person_may_own_several_accounts_and_an_account_may_change_hands(store: Store) -> None:
    await store.link("p-eve", "web", "eve")
    await store.link("p-eve", "discord", "42")
    assert (await store.accept(a_draft(account="eve"), admit)).message.person_id == "p-eve"
    assert await store.person("discord", "42") == "p-eve"
    await store.link("p-ada", "discord", "42")
    assert await store.person("discord", "42") == "p-ada"
    assert await store.person("web", "eve") == "p-eve"


async def test_a_repeated_update_answers_with_the_first_message_and_asks_nothing(store: Store) -> None:
    first = await store.accept(a_draft("one", update_id="u"), admit)

    def refuse(_: Standing) -> None:
        raise QuotaExceeded("err.quota")

    again = await store.accept(a_draft("two", update_id="u"), refuse)
    assert again == Accepted(message=first.message, balance=19, repeated=True)
    assert await store.message("m-two") is None


async def test_an_update_id_is_only_unique_on_its_platform(store: Store) -> None:
    await store.accept(a_draft("one", update_id="u"), admit)
    other = a_draft("two", update_id="u")
    other = replace(other, origin=replace(other.origin, platform="telegram"))
    assert not (await store.accept(other, admit)).repeated


@pytest.mark.parametrize(
    ("later_s", "answered"), [(0.0, "m-one"), (3.0, "m-one"), (3.1, "m-two"), (-2.0, "m-one"), (-3600.0, "m-two")]
)
async def test_a_press_repeats_within_its_seconds_only(store: Store, later_s: float, answered: str) -> None:
    await store.accept(a_draft("one", press="again", repeat_s=3), admit)
    second = await store.accept(a_draft("two", press="again", repeat_s=3, at=START + later_s), admit)
    assert (second.repeated, second.message.id) == (answered == "m-one", answered)
    third = await store.accept(a_draft("three", press="again", repeat_s=3, at=START + later_s), admit)
    assert (third.repeated, third.message.id) == (True, answered)


async def test_a_press_that_comes_once_more_much_later_is_the_same_all_the_same(store: Store) -> None:
    await store.accept(a_draft("one", press="again", repeat_s=3), admit)
    await store.accept(a_draft("two", press="again", repeat_s=3, at=START + 1), admit)
    for name in ("one", "two"):
        late = a_draft("three", update_id=f"u-{name}", press="again", repeat_s=3, at=START + DAY_S)
        answer = await store.accept(late, admit)
        assert (answer.repeated, answer.message.id) == (True, "m-one")


async def test_what_may_be_pressed_once_is_the_same_for_ever(store: Store) -> None:
    await store.accept(a_draft("one", press="retry"), admit)
    assert (await store.accept(a_draft("two", press="retry", at=START + DAY_S), admit)).repeated


async def test_decide_sees_the_allowance_and_the_open_jobs(store: Store) -> None:
    seen: list[Standing] = []
    await store.accept(a_draft("one", account="ada", chat="hall", count=2), seen.append)
    await store.accept(a_draft("two", account="eve", chat="hall"), seen.append)
    await store.accept(a_draft("three", account="eve", chat="attic", price=5), seen.append)
    await store.accept(a_draft("four", account="ada", chat="attic"), seen.append)
    assert seen == [
        Standing(balance=20, open_by_person=0, open_by_chat=0, open_in_all=0),
        Standing(balance=20, open_by_person=0, open_by_chat=2, open_in_all=2),
        Standing(balance=19, open_by_person=1, open_by_chat=0, open_in_all=3),
        Standing(balance=18, open_by_person=2, open_by_chat=1, open_in_all=4),
    ]


async def test_a_refusal_leaves_nothing_behind(store: Store) -> None:
    def refuse(_: Standing) -> None:
        raise QuotaExceeded("err.quota", n=3)

    with pytest.raises(QuotaExceeded) as refused:
        await store.accept(a_draft(), refuse)
    assert (refused.value.key, refused.value.params) == ("err.quota", {"n": 3})
    assert await store.person("web", "ada") is None
    assert await store.message("m-one") is None
    assert not (await store.accept(a_draft(), admit)).repeated


async def test_credits_never_go_below_zero_even_where_nobody_refuses(store: Store) -> None:
    with pytest.raises(StoreError):
        await store.accept(a_draft(price=21), admit)
    assert await store.message("m-one") is None
    assert await store.balance("p-ada", today=TODAY, allowance=20) == 20


async def test_a_job_that_costs_nothing_is_accepted(store: Store) -> None:
    assert (await store.accept(a_draft(price=0), admit)).balance == 20


async def test_200_accepts_at_once_on_a_quota_of_10_give_exactly_10(store: Store) -> None:
    def decide(standing: Standing) -> None:
        if standing.balance < 1:
            raise QuotaExceeded("err.quota")

    drafts = [a_draft(str(n), allowance=10) for n in range(200)]
    answers = await asyncio.gather(*(store.accept(draft, decide) for draft in drafts), return_exceptions=True)
    accepted = [answer for answer in answers if isinstance(answer, Accepted)]
    refused = [answer for answer in answers if isinstance(answer, QuotaExceeded)]
    assert (len(accepted), len(refused)) == (10, 190)
    assert sorted(answer.balance for answer in accepted) == list(range(10))
    assert len(await store.messages("p-ada", limit=200)) == 10
    assert await store.balance("p-ada", today=TODAY, allowance=10) == 0
