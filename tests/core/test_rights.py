"""Who may press what: the owner all, others in the chat what makes a job of their own, moderators what tidies up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sim.house import House

from bot.commands import Commands
from bot.errors import NotFound, ProviderRefused, UserError
from bot.model import Act, Job, JobState, Origin
from bot.testing.clock import FakeClock, settle
from bot.testing.provider import FakeProvider

HERE = Origin(platform="test", update_id="press", account="ann", chat="room")
WHO = {
    "owner": HERE,
    "owner elsewhere": replace(HERE, chat="den"),
    "somebody there": replace(HERE, account="bob"),
    "moderator there": replace(HERE, account="bob", moderator=True),
    "newcomer there": replace(HERE, account="new"),
    "somebody elsewhere": replace(HERE, account="bob", chat="den"),
    "moderator elsewhere": replace(HERE, account="bob", chat="den", moderator=True),
    "same name on another platform": replace(HERE, platform="other", moderator=True),
}
OWNER = {"owner", "owner elsewhere"}
ANYBODY = {*OWNER, "somebody there", "moderator there", "newcomer there"}
MODERATORS = {*OWNER, "moderator there"}
OF_SOURCES = {Act.EDIT, Act.ANIMATE, Act.EFFECT, Act.USE, Act.SHOW, Act.BROWSE, Act.RENAME, Act.REMOVE}
"""These are for pictures and characters, and have a table of their own."""
MAY = {
    Act.CANCEL: MODERATORS,
    Act.AGAIN: ANYBODY,
    Act.RETRY: OWNER,
    Act.WORDS: ANYBODY,
    Act.LOOK: OWNER,
    Act.DETAILS: ANYBODY,
    Act.PICK: ANYBODY,
    Act.STOP: OWNER,
    Act.ORIGINAL: MODERATORS,
    Act.DELETE: MODERATORS,
}
Press = Callable[[Commands, Origin, str], Awaitable[object]]
PRESSES: dict[Act, Press] = {
    Act.CANCEL: Commands.cancel,
    Act.AGAIN: Commands.again,
    Act.RETRY: Commands.retry,
    Act.WORDS: lambda commands, origin, job_id: commands.fill(origin, Act.WORDS, job_id, "a blue hen"),
    Act.LOOK: Commands.look,
    Act.DETAILS: Commands.details,
    Act.PICK: Commands.pick,
    Act.STOP: Commands.stop,
    Act.ORIGINAL: Commands.original,
    Act.DELETE: Commands.delete,
}


async def ready_for(act: Act) -> tuple[House, Job]:
    """A job of ann's in a state in which the act can be done."""
    clock = FakeClock()
    refusal = ProviderRefused("401") if act is Act.RETRY else None
    provider = FakeProvider(clock, duration_s=700 if act is Act.LOOK else 30, on_submit=lambda _: refusal)
    house = House(provider=provider, clock=clock)
    job = await house.imagine()
    await clock.advance(1 if act in (Act.CANCEL, Act.STOP) else 900)
    await house.imagine(account="bob", chat="attic")
    await clock.advance(0.1)
    return house, job


async def told(house: House, press: Press, origin: Origin, job_id: str) -> str | None:
    """What somebody is told who may not press; None where they may."""
    try:
        await press(house.commands, origin, job_id)
    except NotFound as error:
        return house.commands.explain(error)
    return None


def test_the_table_knows_every_act_of_the_core() -> None:
    assert set(MAY) == set(PRESSES) == set(Act) - {Act.MORE} - OF_SOURCES


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", MAY)
async def test_a_press_acts_where_it_may_and_is_not_found_elsewhere(act: Act, who: str) -> None:
    house, job = await ready_for(act)
    before, polls = await house.message(job), house.provider.polls[job.id]
    answer = await told(house, PRESSES[act], WHO[who], job.id)
    await settle()
    if who in MAY[act]:
        assert answer is None
        return
    assert answer == await told(house, PRESSES[act], WHO[who], "0" * 26) == "I can't find that, or it isn't yours."
    assert (await house.message(job), house.provider.polls[job.id]) == (before, polls)
    assert house.surface.removed == []


@pytest.mark.parametrize("who", ["somebody there", "newcomer there"])
@pytest.mark.parametrize("act", [Act.AGAIN, Act.WORDS])
async def test_what_others_ask_for_is_their_own_and_paid_by_them(act: Act, who: str) -> None:
    house, job = await ready_for(act)
    before = await house.left("ann"), await house.left(WHO[who].account)
    await PRESSES[act](house.commands, WHO[who], job.id)
    assert (await house.left("ann"), await house.left(WHO[who].account)) == (before[0], before[1] - 1)
    newest = (await house.commands.cards(WHO[who], 1))[0]
    assert (newest.job_id, newest.prompt) != (job.id, None)
    with pytest.raises(NotFound):
        await house.commands.view(HERE, newest.job_id or "")


async def test_a_moderator_who_is_none_any_more_cannot_delete() -> None:
    house, job = await ready_for(Act.DELETE)
    moderator = WHO["moderator there"]
    with pytest.raises(NotFound):
        await house.commands.delete(replace(moderator, moderator=False), job.id)
    await house.commands.delete(moderator, job.id)
    assert house.surface.removed == [job.message_id]


async def test_what_was_deleted_is_not_found_by_anybody() -> None:
    house, job = await ready_for(Act.DELETE)
    await house.commands.delete(HERE, job.id)
    for press in PRESSES.values():
        assert await told(house, press, HERE, job.id) == "I can't find that, or it isn't yours."


@pytest.mark.parametrize("job_id", ["", "x", "0" * 26, "' OR 1=1 --", "%", "../x", "\x00", "j1:delete:x"])
async def test_an_id_that_is_none_gets_an_answer(job_id: str) -> None:
    house, job = await ready_for(Act.DELETE)
    before = await house.message(job)
    for press in PRESSES.values():
        with pytest.raises(UserError):
            await press(house.commands, HERE, job_id)
    assert await house.message(job) == before


async def test_an_account_of_the_same_person_on_another_platform_is_the_owner() -> None:
    house, job = await ready_for(Act.CANCEL)
    person_id = await house.store.person("test", "ann")
    await house.store.link(person_id or "", "other", "7")
    await house.commands.cancel(Origin(platform="other", update_id="x", account="7", chat="y"), job.id)
    assert await house.state(job) is JobState.CANCELED
