"""Contract: what a platform sent is kept until it was handled, and known for as long as it may come again."""

from __future__ import annotations

from bot.store import Received, Store
from bot.testing.clock import START

FIRST, SECOND, THIRD = (Received(str(number), f'{{"update_id":{number}}}') for number in (7, 8, 9))
ODD = Received("10", None, "no message at all")
DAY_S = 86_400.0


async def test_what_was_received_waits_in_its_order_until_it_was_handled(store: Store) -> None:
    assert await store.receive("telegram", (SECOND, FIRST, ODD), now=START) == (SECOND, FIRST, ODD)
    assert await store.receive("telegram", (THIRD,), now=START) == (THIRD,)
    assert await store.unhandled("telegram") == (SECOND, FIRST, THIRD)

    await store.handled("telegram", FIRST.id)

    assert await store.unhandled("telegram") == (SECOND, THIRD)


async def test_what_comes_again_is_not_new_whether_it_was_handled_or_not(store: Store) -> None:
    await store.receive("telegram", (FIRST, SECOND, ODD), now=START)
    await store.handled("telegram", FIRST.id)

    assert await store.receive("telegram", (FIRST, SECOND, ODD, THIRD), now=START + DAY_S) == (THIRD,)
    assert await store.unhandled("telegram") == (SECOND, THIRD)


async def test_what_can_no_longer_come_again_is_forgotten_but_for_what_was_not_handled(store: Store) -> None:
    await store.receive("telegram", (FIRST, SECOND, ODD), now=START)
    await store.handled("telegram", FIRST.id)

    assert await store.receive("telegram", (FIRST, SECOND, ODD), now=START + 3 * DAY_S) == (FIRST, ODD)


async def test_platforms_may_use_the_same_ids(store: Store) -> None:
    await store.receive("telegram", (FIRST,), now=START)
    assert await store.receive("other", (FIRST,), now=START) == (FIRST,)
    await store.handled("telegram", FIRST.id)
    assert await store.unhandled("other") == (FIRST,)
