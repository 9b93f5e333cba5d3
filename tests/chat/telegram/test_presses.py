"""Buttons: every press is answered, whoever pressed whatever, and does what it may once."""

from __future__ import annotations

from typing import Any

import pytest
from chat.telegram.stage import Stage, staged
from sim.telegram.people import MODERATOR
from sim.telegram.state import Message, Person, Query, Status

from bot.errors import ProviderRefused
from bot.model import JobState


def words(query: Query) -> str | None:
    """What the alert says that the one who pressed was shown; each press is answered once."""
    (answer,) = query.answers
    assert bool(answer.get("show_alert")) == ("text" in answer)
    text: str | None = answer.get("text")
    return text


async def opened(stage: Stage, message: Message) -> None:
    """Press More…"""
    await stage.press(message, "more")
    await stage.passes(lambda: any("delete" in one for one in message.buttons), step_s=0.25)


async def test_again_makes_a_job_of_whoever_pressed(stage: Stage) -> None:
    message = await stage.imagine(at=stage.meadow)
    query = await stage.press(message, "again", by=stage.bob)
    await stage.ended()
    assert words(query) is None
    new = stage.by_bot(stage.meadow)[1]
    assert (bool(new.photo), new.reply_to) == (True, message)
    assert len(await stage.states(stage.bob)) == 1


async def test_two_presses_within_three_seconds_are_one_job(stage: Stage) -> None:
    message = await stage.imagine()
    for _ in range(2):
        assert words(await stage.press(message, "again")) is None
    await stage.ended()
    assert len(await stage.states(stage.ada)) == 2
    await stage.clock.advance(3)
    await stage.press(message, "again")
    await stage.ended()
    assert len(await stage.states(stage.ada)) == 3


async def test_cancel_stops_a_queued_job(stage: Stage) -> None:
    message = await stage.ask("/imagine a red fox")
    await stage.press(message, "cancel")
    await stage.ended()
    assert message.text.startswith("✖️ Cancelled")
    assert await stage.states(stage.ada) == [JobState.CANCELED]


async def test_a_cancel_on_the_list_of_jobs_is_seen_on_the_list(stage: Stage) -> None:
    await stage.ask("/imagine a red fox")
    await stage.ask("/imagine a blue hen")
    listed = await stage.ask("/jobs")
    assert len(listed.buttons) == 2
    await stage.press(listed, "stop")
    await stage.passes(lambda: len(listed.buttons) == 1, step_s=0.25)


async def test_a_copy_of_a_card_that_still_changes_has_no_buttons(stage: Stage) -> None:
    await stage.ask("/imagine a red fox")
    copy = await stage.ask("/show")
    assert "The picture appears in its own message." in copy.text
    assert list(copy.buttons) == []


async def test_cancel_on_a_card_with_several_pictures_stops_them_all(stage: Stage) -> None:
    message = await stage.ask("/imagine a red fox --count 3")
    assert words(await stage.press(message, "cancel")) is None
    await stage.ended()
    assert await stage.states(stage.ada) == [JobState.CANCELED] * 3
    assert words(await stage.press(message, "again")) is None


async def test_try_again_makes_one_more_job(tmp_path: Any) -> None:
    async with staged(tmp_path, on_submit=lambda _: ProviderRefused("401")) as stage, stage.bot():
        message = await stage.ask("/imagine a red fox")
        await stage.ended()
        stage.provider.on_submit = lambda _: None
        await stage.clock.advance(100)
        for _ in range(2):
            await stage.press(message, "retry")
        await stage.ended()
        assert await stage.states(stage.ada) == [JobState.SUCCEEDED, JobState.FAILED]


async def test_more_opens_the_rest_for_everybody_and_less_closes_it(stage: Stage) -> None:
    message = await stage.imagine(at=stage.meadow)
    await stage.press(message, "more", by=stage.bob)
    await stage.passes(lambda: len(message.labels) == 2)
    assert message.labels == [["Again", "Change words", "Less"], ["Download", "Details", "Delete"]]
    assert message.photo
    await stage.press(message, "more")
    await stage.passes(lambda: message.labels == [["Again", "Change words", "More…"]])


async def test_details_are_told_and_go_away_in_groups(stage: Stage) -> None:
    message = await stage.imagine(at=stage.meadow)
    await opened(stage, message)
    await stage.press(message, "details", by=stage.bob)
    await stage.passes(lambda: len(stage.by_bot(stage.meadow)) == 2)
    details = stage.by_bot(stage.meadow)[1]
    assert "/imagine a red fox" in details.text
    await stage.clock.advance(60)
    await stage.passes(lambda: details.deleted)


async def test_the_original_comes_as_a_file(stage: Stage) -> None:
    message = await stage.imagine()
    await opened(stage, message)
    await stage.press(message, "original")
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == 2)
    original = stage.by_bot(stage.home)[1].document
    assert original is not None
    assert original.data in stage.shelf.files.values()


async def test_of_one_picture_of_several_one_original_comes_and_of_the_card_all(stage: Stage) -> None:
    card = await stage.imagine("a red fox --count 2")
    second = [one for one in card.buttons if ":pick:" in one][1]
    stage.sim.press(stage.ada, card, second)
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == 4)
    picked = stage.by_bot(stage.home)[-1]
    await stage.press(picked, "more")
    await stage.passes(lambda: any("original" in one for one in picked.buttons))
    await stage.press(picked, "original")
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == 5)
    await opened(stage, card)
    await stage.press(card, "original")
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == 7)
    names = [one.document.name for one in stage.by_bot(stage.home) if one.document]
    assert names[0] == names[2] != names[1]


async def test_delete_takes_away_whatever_else_shows_the_pictures(stage: Stage) -> None:
    card = await stage.imagine("a red fox --count 2", at=stage.meadow)
    await stage.press(card, "pick", by=stage.bob)
    await opened(stage, card)
    await stage.press(card, "original")
    await stage.ask("/show")
    await stage.press(card, "details")
    await stage.passes(lambda: len(stage.by_bot(stage.meadow)) == 7)
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == 3)
    await stage.press(card, "delete")
    await stage.passes(lambda: not any(one.now.media for one in stage.by_bot(stage.meadow)))
    await stage.passes(lambda: not stage.by_bot(stage.home))
    assert len(stage.by_bot(stage.meadow)) == 1  # the details, which go by themselves


async def test_delete_takes_the_message_and_its_album_away(stage: Stage) -> None:
    card = await stage.imagine("a red fox --count 2")
    await opened(stage, card)
    await stage.press(card, "delete")
    await stage.passes(lambda: not stage.by_bot(stage.home))


async def test_what_is_too_old_to_be_removed_is_emptied(stage: Stage) -> None:
    message = await stage.imagine()
    picture = message.photo
    await opened(stage, message)
    stage.sim.faults.refuse("deleteMessage", 400, "message can't be deleted")
    await stage.press(message, "delete")
    await stage.passes(lambda: message.text == "Deleted.")
    assert message.photo
    assert message.photo is not picture
    assert message.labels == []


@pytest.mark.parametrize("act", ["original", "delete"])
async def test_what_is_somebody_elses_is_not_found(stage: Stage, act: str) -> None:
    message = await stage.imagine(at=stage.meadow)
    await opened(stage, message)
    query = await stage.press(message, act, by=stage.bob)
    assert "can't find" in str(words(query))
    assert not message.deleted


def moderates(stage: Stage, person: Person, *rights: str) -> None:
    stage.sim.set_member(stage.meadow, person, Status.ADMINISTRATOR, *rights)


async def test_a_moderator_of_this_moment_may_delete(stage: Stage) -> None:
    first, second = await stage.imagine(at=stage.meadow), await stage.imagine(at=stage.meadow)
    for message in (first, second):
        await opened(stage, message)
    moderates(stage, stage.bob, "can_pin_messages")
    assert "can't find" in str(words(await stage.press(first, "delete", by=stage.bob)))
    moderates(stage, stage.bob, *MODERATOR)
    await stage.clock.advance(6)
    assert words(await stage.press(first, "delete", by=stage.bob)) is None
    assert first.deleted
    stage.sim.set_member(stage.meadow, stage.bob, Status.MEMBER)
    await stage.clock.advance(6)
    assert "can't find" in str(words(await stage.press(second, "delete", by=stage.bob)))


async def test_owners_are_never_looked_up(stage: Stage) -> None:
    message = await stage.imagine(at=stage.meadow)
    await opened(stage, message)
    await stage.press(message, "delete")
    assert stage.sim.count("getChatMember") == 0


@pytest.mark.parametrize(
    "data", ["j1:again:01J9ZQ8F6V3M5T7W2X4Y6ZK7F3", "j1:dance:01J9ZQ8F6V3M5T7W2X4Y6ZK7F3", "j1:again:x", "x", "q1:back"]
)
async def test_a_button_that_is_unknown_is_answered_all_the_same(stage: Stage, data: str) -> None:
    message = await stage.imagine()
    message.history.append(
        type(message.now)(at=0, text="x", keyboard=(({"text": "x", "callback_data": data},),), media=message.now.media)
    )
    query = stage.sim.press(stage.ada, message, data)
    await stage.passes(lambda: query.answers)
    assert words(query)


async def test_a_press_that_waited_too_long_for_an_answer_counts(stage: Stage) -> None:
    message = await stage.imagine()
    stage.sim.faults.refuse("answerCallbackQuery", 400, "query is too old and response timeout expired")
    stage.sim.press(stage.ada, message, next(one for one in message.buttons if ":again:" in one))
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == 2)


async def test_buttons_work_after_a_restart(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot():
        message = await stage.imagine()
    async with stage.bot():
        assert words(await stage.press(message, "again")) is None
        await stage.ended()
        assert len(await stage.states(stage.ada)) == 2
