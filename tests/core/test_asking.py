"""What people are asked in chats without forms, what they may choose from, and one picture of several."""

from __future__ import annotations

import pytest
from sim.house import House

from bot.commands.asking import ANSWER_S
from bot.errors import InvalidRequest, NotFound, UserError, WrongState
from bot.model import Act, MessageRef
from bot.store import Accepted


async def as_it_is(job_id: str) -> str:
    return job_id


async def test_a_question_waits_ten_minutes_for_its_answer_a_restart_included() -> None:
    house = House()
    await house.commands.ask(house.origin(), "which words?")
    await house.restart()
    await house.clock.advance(ANSWER_S - 1)
    assert await house.commands.question(house.origin()) == "which words?"
    assert await house.commands.question(house.origin("bob")) is None
    await house.clock.advance(1)
    assert await house.commands.question(house.origin()) is None


async def test_an_answered_question_waits_no_more() -> None:
    house = House()
    await house.commands.ask(house.origin(), "which words?")
    await house.commands.answered(house.origin())
    assert await house.commands.question(house.origin()) is None


async def test_what_was_picked_counts_where_the_line_says_nothing() -> None:
    house = House()
    picked = {"shape": "wide", "seed": "7"}
    made = await house.commands.say(house.origin(), "/imagine a red fox --seed 8", picked)
    assert isinstance(made, Accepted)
    request = made.message.jobs[0].request
    assert (request.seed, (request.width or 0) > (request.height or 0)) == (8, True)


async def test_what_was_picked_is_checked_like_what_is_written() -> None:
    house = House()
    with pytest.raises(InvalidRequest):
        await house.commands.say(house.origin(), "/imagine a red fox", {"shape": "round"})


async def test_everything_that_an_option_takes_can_be_chosen() -> None:
    house = House()
    shapes = [choice.value for choice in await house.commands.choices(house.origin(), "shape")]
    assert shapes == ["square", "portrait", "landscape", "tall", "wide"]
    assert [choice.value for choice in await house.commands.choices(house.origin(), "model")] == ["fake-1"]
    assert await house.commands.choices(house.origin(), "seed") == ()


async def test_one_picture_of_several_is_a_card_of_its_own() -> None:
    house = House()
    job = await house.imagine("/imagine a red fox --count 2")
    await house.clock.advance(120)
    _, second = (await house.message(job)).jobs
    card = await house.commands.pick(house.origin("bob"), second.id)
    assert [one.file for one in card.media] == [second.file]
    assert {button.jobs for button in card.buttons} == {(second.id,)}
    assert Act.DELETE not in {button.act for button in card.buttons}
    assert not any("pictures" in chip for chip in card.chips)


async def test_a_press_that_a_platform_delivers_again_much_later_makes_no_second_job() -> None:
    house = House()
    job = await house.imagine()
    await house.clock.advance(120)
    first = await house.commands.again(house.origin(update_id="press-1"), job.id)
    double = await house.commands.again(house.origin(update_id="press-2"), job.id)
    await house.clock.advance(60)
    late = await house.commands.again(house.origin(update_id="press-1"), job.id)
    late_double = await house.commands.again(house.origin(update_id="press-2"), job.id)
    assert {one.message.id for one in (double, late, late_double)} == {first.message.id}


async def test_a_button_stands_for_all_jobs_of_its_card_that_it_still_concerns() -> None:
    house = House()
    job = await house.imagine("/imagine a red fox --count 3")
    first, second, third = (one.id for one in (await house.message(job)).jobs)
    assert await house.commands.each(Act.CANCEL, first, as_it_is) == [first, second, third]
    await house.commands.cancel(house.origin(), first)
    assert await house.commands.each(Act.CANCEL, first, as_it_is) == [second, third]
    assert await house.commands.each(Act.RETRY, second, as_it_is) == [second]


async def test_a_button_is_refused_only_where_all_of_its_jobs_are() -> None:
    house = House()
    job = await house.imagine("/imagine a red fox --count 2")
    first, second = (one.id for one in (await house.message(job)).jobs)

    async def refused_for(*jobs: str) -> list[str | UserError]:
        async def do(one: str) -> str:
            if one in jobs:
                raise NotFound("err.not_found")
            return one

        return await house.commands.each(Act.CANCEL, first, do)

    refusal, done = await refused_for(first)
    assert (isinstance(refusal, NotFound), done) == (True, second)
    with pytest.raises(NotFound):
        await refused_for(first, second)


async def test_a_picture_that_is_not_there_cannot_be_picked() -> None:
    house = House()
    job = await house.imagine()
    with pytest.raises(WrongState):
        await house.commands.pick(house.origin(), job.id)


async def test_a_message_that_moved_is_shown_there_from_then_on() -> None:
    house = House()
    job = await house.imagine()
    place = MessageRef("test", "room/elsewhere")
    await house.commands.moved(job.message_id, place)
    await house.clock.advance(120)
    assert (await house.message(job)).ref == place
    assert house.surface.edits[-1].ref == place


async def test_what_is_unfinished_goes_with_its_chat() -> None:
    house = House()
    job = await house.imagine()
    await house.commands.move_chat("test", "room", "super")
    assert (await house.message(job)).chat == "super"
    await house.commands.cancel(house.origin(), job.id)
