"""Where a message is shown: first shows that fail, messages that move, and announcements within the budget."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sim.house import House
from sim.invariants import broken_promises
from sim.tripwire import Tripwire

from bot.cards import still
from bot.errors import WrongState
from bot.model import Card, JobState, MessageRef
from bot.store import Accepted
from bot.surface import Delivered, SurfaceLimits, Undeliverable
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import FakeProvider

CALM = SurfaceLimits(gaps_s=(3, 4, 5), step_points=5, burst=5, window_s=5.0, spare=1)


async def accepted(house: House, text: str = "/imagine a red fox") -> Accepted:
    answer = await house.commands.say(house.origin(), text)
    assert isinstance(answer, Accepted)
    return answer


def place(token: str) -> MessageRef:
    return MessageRef("test", f"room/{token}")


class Wires:
    """Counts what goes through store and surface, with the clock's time."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.seen: list[tuple[str, float]] = []

    def wrap(self, name: str, port: object) -> object:
        return Tripwire(name, port, self._trip) if name in ("store", "surface") else port

    def _trip(self, event: str) -> None:
        self.seen.append((event, self.clock.monotonic()))

    def times(self, *events: str) -> list[float]:
        return [at for event, at in self.seen if event in events]


class Slow:
    """A port that lets others run before and after each verb."""

    def __init__(self, port: object) -> None:
        self._port = port

    def __getattr__(self, name: str) -> object:
        verb = getattr(self._port, name)

        async def slowly(*args: object, **kwargs: object) -> object:
            await asyncio.sleep(0)
            result = await verb(*args, **kwargs)
            await asyncio.sleep(0)
            return result

        return slowly


def slowly(name: str, port: object) -> object:
    return Slow(port) if name == "store" else port


async def test_what_could_not_be_shown_is_canceled_refunded_and_never_submitted() -> None:
    house = House()
    message = (await accepted(house, "/imagine a red fox --count 3")).message
    assert await house.left() == 17
    await house.commands.not_shown(message.id)
    await house.clock.advance(700)
    now = await house.message(message.jobs[0])
    assert [job.state for job in now.jobs] == [JobState.CANCELED] * 3
    assert {job.failure.key for job in now.jobs if job.failure} == {"fail.not_shown"}
    assert (now.ref, now.final_shown, await house.left()) == (None, True, 20)
    assert not house.provider.submits
    assert await broken_promises(house) == []
    await house.restart()
    assert house.surface.announced == []


async def test_giving_up_twice_or_at_the_same_time_is_giving_up_once() -> None:
    house = House()
    message = (await accepted(house)).message
    await asyncio.gather(*(house.commands.not_shown(message.id) for _ in range(3)))
    await house.commands.not_shown(message.id)
    await house.commands.not_shown("unknown")
    assert await house.left() == 20
    assert (await house.message(message.jobs[0])).final_shown


async def test_a_message_that_is_shown_is_not_given_up() -> None:
    house = House()
    job = await house.imagine()
    await house.commands.not_shown(job.message_id)
    await house.clock.advance(40)
    await house.commands.not_shown(job.message_id)
    assert await house.state(job) is JobState.SUCCEEDED


async def test_a_message_that_is_shown_after_all_says_that_it_was_canceled() -> None:
    house = House()
    message = (await accepted(house)).message
    await house.commands.not_shown(message.id)
    card = await house.commands.announced(message.id, place("late"))
    await house.clock.advance(700)
    assert (card.state, card.lines[0]) == ("canceled", "I could not show this in the chat, so I did not start.")
    assert not house.provider.submits
    assert await broken_promises(house) == []


@pytest.mark.parametrize("first", ["not_shown", "announced"])
@pytest.mark.parametrize("apart", range(12))
async def test_giving_up_and_showing_at_the_same_time_end_in_one_of_the_two(first: str, apart: int) -> None:
    house = House(wrap=slowly)
    message = (await accepted(house, "/imagine a red fox --count 3")).message
    acts: list[Callable[[], Coroutine[Any, Any, object]]] = [
        lambda: house.commands.not_shown(message.id),
        lambda: house.commands.announced(message.id, place("here")),
    ]
    if first == "announced":
        acts.reverse()
    tasks = [asyncio.create_task(acts[0]())]
    await settle(apart)
    tasks.append(asyncio.create_task(acts[1]()))
    await house.clock.advance(700)
    for task in tasks:
        await task
    now = await house.message(message.jobs[0])
    assert len({job.state for job in now.jobs}) == 1
    assert now.final_shown
    if now.jobs[0].state is JobState.CANCELED:
        assert not house.provider.submits
        assert await house.left() == 20
    else:
        assert now.jobs[0].state is JobState.SUCCEEDED


@pytest.mark.parametrize("apart", range(12))
async def test_giving_up_while_somebody_cancels_or_gives_up_too_is_one_end(apart: int) -> None:
    house = House(wrap=slowly)
    message = (await accepted(house, "/imagine a red fox --count 2")).message
    work = [asyncio.create_task(house.commands.cancel(house.origin(), message.jobs[1].id))]
    for _ in range(2):
        await settle(apart)
        work.append(asyncio.create_task(house.commands.not_shown(message.id)))
    cancel, *give_ups = await asyncio.gather(*work, return_exceptions=True)
    assert give_ups == [None, None]
    assert cancel is None or isinstance(cancel, WrongState)  # it may come too late
    now = await house.message(message.jobs[0])
    assert ([job.state for job in now.jobs], now.final_shown) == ([JobState.CANCELED] * 2, True)
    assert await house.left() == 20


async def test_somebody_who_canceled_before_it_could_not_be_shown_is_refunded_once() -> None:
    house = House()
    message = (await accepted(house)).message
    await house.commands.cancel(house.origin(), message.jobs[0].id)
    await house.commands.not_shown(message.id)
    assert await house.left() == 20
    assert (await house.message(message.jobs[0])).final_shown


async def test_a_message_that_moved_is_edited_at_its_new_place_and_kept_there_once() -> None:
    clock = FakeClock()
    wires = Wires(clock)
    house = House(clock=clock, limits=CALM, wrap=wires.wrap)
    house.surface.answers.extend([Delivered(), Delivered(place("new")), Delivered(place("new")), Delivered()])
    job = await house.imagine()
    await clock.advance(3)
    assert (await house.message(job)).ref == place("new")
    await clock.advance(100)
    places = [edit.ref.token.partition("/")[2] for edit in house.surface.edits]
    assert places == [job.message_id, job.message_id] + ["new"] * (len(places) - 2)
    assert house.cards(job)[-1].state == "succeeded"
    assert len(wires.times("before store.announced")) == 2  # the announcement and the move
    await house.commands.delete(house.origin(), job.id)
    assert house.surface.removed == [job.message_id]


async def test_a_message_that_moves_with_its_final_card_is_kept_before_it_counts_as_shown() -> None:
    clock = FakeClock()
    wires = Wires(clock)
    house = House(clock=clock, limits=SurfaceLimits(gaps_s=(1000,)), wrap=wires.wrap)
    house.surface.answers.extend([Delivered(), Delivered(place("final"))])
    job = await house.imagine()
    await clock.advance(100)
    assert (await house.message(job)).ref == place("final")
    writes = [event for event, _ in wires.seen if event in ("before store.announced", "before store.finish")]
    assert writes == ["before store.announced"] * 2 + ["before store.finish"]


async def test_a_failed_message_may_move_too() -> None:
    house = House(limits=SurfaceLimits(gaps_s=(1000,)))
    job = await house.imagine()
    await house.clock.advance(1)
    house.surface.answers.append(Delivered(place("final")))
    await house.commands.cancel(house.origin(), job.id)
    await settle()
    now = await house.message(job)
    assert (now.ref, now.final_shown) == (place("final"), True)


async def test_a_moved_message_is_found_again_after_a_restart() -> None:
    house = House(limits=CALM)
    house.surface.answers.append(Delivered(place("new")))
    job = await house.imagine()
    await house.clock.advance(10)
    await house.manager.stop()
    house.surface.edits.clear()
    await house.restart()
    await house.clock.advance(60)
    assert {edit.ref for edit in house.surface.edits} == {place("new")}
    assert house.cards(job)[-1].state == "succeeded"


async def test_announcements_and_edits_of_a_chat_share_one_budget_after_a_restart() -> None:
    clock = FakeClock()
    house = House(clock=clock, limits=CALM, provider=FakeProvider(clock, duration_s=20, slots=50))
    running = [await house.imagine() for _ in range(3)]
    await clock.advance(1)
    left = [(await accepted(house)).message for _ in range(17)]
    await house.manager.stop()
    wires = Wires(clock)
    await house.restart(wires.wrap)
    await clock.advance(200)
    shown_at = wires.times("before surface.announce", "before surface.edit")
    assert len(wires.times("before surface.announce")) == 17
    assert all(later - earlier >= 5 for earlier, later in zip(shown_at, shown_at[5:], strict=False))
    jobs = [*running, *(message.jobs[0] for message in left)]
    assert {await house.state(job) for job in jobs} == {JobState.SUCCEEDED}
    assert await broken_promises(house) == []


async def test_a_first_card_knows_its_place_in_line() -> None:
    clock = FakeClock()
    house = House(clock=clock, provider=FakeProvider(clock, duration_s=500, slots=1), limits=CALM)
    first = (await accepted(house)).message
    assert house.commands.first_card(first).lines == ("Handing it over",)
    await house.commands.announced(first.id, place(first.id))
    second = (await accepted(house)).message
    assert house.commands.first_card(second).lines == ("You're next",)
    await house.commands.announced(second.id, place(second.id))
    third = (await accepted(house)).message
    assert house.commands.first_card(third).lines == ("1 job ahead",)
    await clock.advance(4)
    assert house.surface.cards(second.id) == []


async def test_a_first_card_whose_place_was_taken_meanwhile_is_brought_up_to_date() -> None:
    clock = FakeClock()
    house = House(clock=clock, provider=FakeProvider(clock, duration_s=500, slots=1), limits=CALM)
    message = (await accepted(house)).message
    assert house.commands.first_card(message).lines == ("Handing it over",)
    await house.imagine()
    await house.commands.announced(message.id, place(message.id))
    await clock.advance(4)
    assert [card.lines for card in house.surface.cards(message.id)] == [("You're next",)]


async def test_chats_do_not_wait_for_each_others_announcements() -> None:
    house = House(limits=CALM)
    for n in range(20):
        answer = await house.commands.say(house.origin(chat=f"room {n}"), "/imagine a red fox")
        assert isinstance(answer, Accepted)
    await house.manager.stop()
    await house.restart()
    assert len(house.surface.announced) == 20


async def test_a_restart_knows_where_a_message_was_about_to_be_shown_and_forgets_it_then() -> None:
    house = House()
    soon = MessageRef("test", "a secret that ends soon")
    for text in ("/imagine a red fox", "/imagine a blue fox"):
        await house.commands.say(house.origin(provisional=soon), text)
    house.surface.can_announce = False
    await house.restart()
    [fox, other] = await house.store.messages(await house.store.person("test", "ann") or "", limit=9)
    assert (fox.final_shown, fox.provisional, other.provisional) == (True, None, None)
    assert house.surface.asked_for == [soon, soon]


async def test_a_message_that_no_chat_takes_any_more_keeps_only_what_is_worth_keeping() -> None:
    house = House()
    job = await house.imagine()
    house.surface.answers.append(Undeliverable("deleted", place("without its secret")))
    await house.clock.advance(60)
    message = await house.message(job)
    assert (message.final_shown, message.ref) == (True, place("without its secret"))


async def test_a_copy_that_would_not_change_says_where_the_picture_comes() -> None:
    house = House()
    job = await house.imagine()
    await house.clock.advance(10)
    open_ = await house.say(f"/show {job.id}")
    assert isinstance(open_, Card)
    copy = still(open_, "en")
    assert (copy.title, copy.lines) == ("Drawing", ("The picture appears in its own message.",))
    assert (copy.bar, copy.buttons) == (None, ())
    await house.clock.advance(60)
    done = await house.say(f"/show {job.id}")
    assert isinstance(done, Card)
    assert still(done, "en") == done


async def test_what_is_left_is_told_where_it_is_known_to_be_so() -> None:
    clock = FakeClock()
    clock.jump(-clock.now() % 86_400 - 60)  # a minute before midnight
    house = House(clock=clock)
    first, second = await house.imagine(), await house.imagine()
    await clock.advance(31)
    assert {house.cards(job)[-1].footer for job in (first, second)} == {"AI-generated · 1 credit · 18 left"}
    third, fourth = await house.imagine(), await house.imagine("/imagine a hen", "bob")
    await clock.advance(31)  # past midnight
    assert house.cards(third)[-1].footer == "AI-generated · 1 credit"
    assert house.cards(fourth)[-1].footer == "AI-generated · 1 credit"
    [*_, shown_later] = await house.commands.cards(house.origin(), 5)
    assert shown_later.footer == "AI-generated · 1 credit"
