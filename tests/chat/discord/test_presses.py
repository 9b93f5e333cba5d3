"""Buttons: answered in time, on old messages too, and only for those who may."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from chat.discord.stage import Stage, job_of, private, said, staged
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sim.discord.state import Answer, Asked, Interaction, Message, Permission, Person, Version
from sim.house import GENEROUS

from bot.errors import GenerationFailed
from bot.model import Act, JobState

BUTTON = 2


async def forge(stage: Stage, custom_id: str, *, by: Person, on: Message) -> Interaction:
    """A press that no button offers."""
    asked = stage.sim._new(
        Asked.COMPONENT,
        by,
        on.channel,
        {"custom_id": custom_id, "component_type": BUTTON, "id": 1},
        stage.sim._owners(by, on.channel, None),
    )
    asked.source = on
    await stage.sim._send(asked)
    return await stage.answered(asked)


async def test_again_by_somebody_else_is_their_own_job_and_message(stage: Stage) -> None:
    picture = await stage.imagine()
    asked = await stage.press(picture, "again", by=stage.bob)
    again = await stage.picture(asked)

    assert stage.sim.messages(stage.art) == [picture, again]
    assert f"<@{stage.bob.id}>" in again.text
    assert (await stage.credits(stage.ada), await stage.credits(stage.bob)) == (19, 19)


async def test_again_on_a_hidden_picture_stays_hidden(stage: Stage) -> None:
    picture = await stage.imagine(hidden=True)
    again = await stage.picture(await stage.press(picture, "again"))
    assert again.only_for is stage.ada


async def test_delete_on_a_hidden_picture_takes_the_picture_away(stage: Stage) -> None:
    picture = await stage.imagine(hidden=True)
    more = await stage.press(picture, "more")
    assert more.original is not None
    assert [one.split(":")[1] for one in more.original.buttons] == ["original"]
    await stage.press(picture, "delete")
    await stage.sim.until(lambda: picture.deleted)


async def test_two_presses_at_once_are_one_job(stage: Stage) -> None:
    picture = await stage.imagine()
    first = await stage.press(picture, "again")
    second = await stage.press(picture, "again")

    assert (first.answer, second.answer) == (Answer.MESSAGE, Answer.DEFER_UPDATE)
    assert len(stage.sim.messages(stage.art)) == 2
    assert len(await stage.states(stage.ada)) == 2


async def test_a_slow_second_press_leaves_nothing_behind(stage: Stage) -> None:
    picture = await stage.imagine()
    await stage.press(picture, "again")
    stage.store.waiting.clear()
    stage.store.gate.clear()
    pressed = await stage.sim.press(stage.ada, picture, f"j1:again:{job_of(picture)}")
    await stage.stalled()
    await stage.answered(pressed)
    assert pressed.answer is Answer.DEFER
    stage.store.gate.set()
    await stage.sim.until(lambda: len(stage.sim.messages(stage.art)) == 2)


async def test_words_are_changed_in_a_form_that_holds_them(stage: Stage) -> None:
    picture = await stage.imagine(prompt="a red fox --- in `snow`", seed=7)
    opened = await stage.press(picture, "words", by=stage.bob)
    field = opened.modal["components"][0]["component"]
    assert (opened.answer, field["value"]) == (Answer.MODAL, "a red fox --- in `snow`")

    sent = await stage.answered(await stage.sim.submit(opened, words="a hare"))
    assert sent.answer is Answer.MESSAGE
    assert "a hare" in said(sent)
    assert "seed 7" in said(sent)
    assert await stage.credits(stage.bob) == 19


async def test_words_that_are_refused_are_told_to_one_person(stage: Stage) -> None:
    opened = await stage.press(await stage.imagine(), "words")
    sent = await stage.answered(await stage.sim.submit(opened, words="porn"))
    assert private(sent)
    assert "I don't draw this" in said(sent)


async def test_a_form_that_cannot_be_filled_in_time_is_given_up_in_words(stage: Stage) -> None:
    picture = await stage.imagine()
    stage.store.waiting.clear()
    stage.store.gate.clear()
    pressed = await stage.sim.press(stage.ada, picture, f"j1:words:{job_of(picture)}")
    await stage.stalled()
    await stage.clock.advance(1)
    await stage.answered(pressed)
    assert private(pressed)
    assert "too long" in said(pressed)


async def test_more_shows_the_owner_what_else_can_be_done(stage: Stage) -> None:
    picture = await stage.imagine()
    more = await stage.press(picture, "more")
    assert private(more)
    assert more.original is not None
    assert [one.split(":")[1] for one in more.original.buttons] == ["original", "delete"]

    original = await stage.press(more.original, "original")
    assert private(original)
    assert original.original is not None
    assert original.original.pictures[0].data == picture.pictures[0].data

    await stage.press(more.original, "delete")
    await stage.sim.until(lambda: picture.deleted and more.original is not None and more.original.deleted)
    assert stage.shelf.files == {}


async def test_more_shows_others_only_how_it_was_made(stage: Stage) -> None:
    more = await stage.press(await stage.imagine(), "more", by=stage.bob)
    assert private(more)
    assert more.original is not None
    assert more.original.buttons == {}


async def test_cancel_changes_the_card_by_itself(stage: Stage) -> None:
    asked = await stage.ask("imagine", prompt="a red fox")
    assert asked.original is not None
    pressed = await stage.press(asked.original, "cancel")
    assert pressed.answer is Answer.DEFER_UPDATE
    await stage.passes(lambda: "Cancelled" in said(asked))
    assert await stage.credits(stage.ada) == 20


async def test_cancel_by_somebody_else_is_refused_in_private(stage: Stage) -> None:
    asked = await stage.ask("imagine", prompt="a red fox")
    assert asked.original is not None
    pressed = await stage.press(asked.original, "cancel", by=stage.bob)
    assert private(pressed)
    assert "isn't yours" in said(pressed)


async def test_what_is_slow_is_acknowledged_within_a_second(stage: Stage) -> None:
    asked = await stage.ask("imagine", prompt="a red fox")
    assert asked.original is not None
    stage.store.waiting.clear()
    stage.store.gate.clear()
    pressed = await stage.sim.press(stage.bob, asked.original, f"j1:cancel:{job_of(asked.original)}")
    await stage.stalled()
    await stage.answered(pressed)
    assert (pressed.answer, pressed.answered_at) == (Answer.DEFER_UPDATE, pressed.created_at + 1)

    stage.store.gate.set()
    await stage.sim.until(lambda: pressed.followups)
    assert pressed.followups[0].only_for is stage.bob


async def test_a_failed_job_is_tried_again_once(tmp_path: Path) -> None:
    fates = iter([GenerationFailed("no"), None])
    async with staged(tmp_path, on_submit=lambda _: next(fates)) as stage, stage.bot():
        asked = await stage.ask("imagine", prompt="a red fox")
        await stage.passes(lambda: "didn't work" in said(asked))
        assert asked.original is not None
        retried = await stage.press(asked.original, "retry")
        assert (await stage.picture(retried)).pictures
        assert (await stage.press(asked.original, "retry")).answer is Answer.DEFER_UPDATE
        assert await stage.states(stage.ada) == [JobState.SUCCEEDED, JobState.FAILED]


@pytest.mark.parametrize("slow", [False, True])
async def test_one_press_tries_all_pictures_of_a_card_again_each_in_a_message_of_its_own(
    tmp_path: Path, *, slow: bool
) -> None:
    fates = iter([GenerationFailed("no"), GenerationFailed("no"), GenerationFailed("no")])
    async with staged(tmp_path, on_submit=lambda _: next(fates, None)) as stage, stage.bot():
        asked = await stage.ask("imagine", prompt="a red fox", count=3)
        await stage.passes(lambda: "didn't work" in said(asked))
        assert asked.original is not None
        if slow:
            stage.store.waiting.clear()
            stage.store.gate.clear()
        pressed = await stage.sim.press(stage.ada, asked.original, next(iter(asked.original.buttons)))
        if slow:
            await stage.stalled()
            stage.store.gate.set()
        await stage.passes(lambda: len(stage.sim.messages(stage.art)) == 4)
        await stage.passes(lambda: all(one.pictures for one in stage.sim.messages(stage.art)[1:]))
        assert (pressed.original, *pressed.followups) == tuple(stage.sim.messages(stage.art)[1:])
        assert all(one.only_for is None for one in pressed.followups)
        await stage.press(asked.original, "retry")
        assert len(stage.sim.messages(stage.art)) == 4
        assert await stage.credits(stage.ada) == 17


async def test_what_cannot_be_tried_again_of_several_is_told_beside_what_is(tmp_path: Path) -> None:
    rules = replace(GENEROUS, daily_credits=2)
    async with staged(tmp_path, rules, on_submit=lambda _: GenerationFailed("no")) as stage, stage.bot():
        failed = (await stage.ask("imagine", prompt="a red fox", count=2)).original
        assert failed is not None
        await stage.passes(lambda: "didn't work" in failed.text)
        stage.provider.on_submit = lambda _: None
        await stage.imagine()
        pressed = await stage.press(failed, "retry")
        assert (await stage.picture(pressed)).only_for is None
        (told,) = await stage.passes(lambda: pressed.followups)
        assert told.only_for is stage.ada
        assert "You have 0 credits left" in told.text


async def test_after_a_restart_buttons_of_old_messages_still_work(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot():
        picture = await stage.imagine()
    async with stage.bot():
        assert (await stage.picture(await stage.press(picture, "again"))).pictures
        assert private(await stage.press(picture, "more"))
        opened = await stage.press(picture, "words")
    async with stage.bot():  # while the form was open
        sent = await stage.answered(await stage.sim.submit(opened, words="a hare"))
        assert "a hare" in said(sent)


ANYBODYS = {"again", "words", "more", "details", "edit", "animate", "effect"}
OWNERS = ANYBODYS | {"original", "delete"}
MAY = {
    "owner": OWNERS,
    "other": ANYBODYS,
    "moderator": OWNERS,
    "admin": OWNERS,
    "other guild": set[str](),
}


@pytest.mark.parametrize("who", MAY)
async def test_everybody_may_press_what_is_theirs_to_press(stage: Stage, who: str) -> None:
    sim, eve = stage.sim, stage.sim.person("eve")
    stage.meadow.members[eve] |= {
        "moderator": Permission.MANAGE_MESSAGES,
        "admin": Permission(1 << 3),
    }.get(who, Permission(0))
    picture = await stage.imagine()
    job_id, place = job_of(picture), picture
    if who == "other guild":
        wood = sim.guild("Wood")
        wood.members[eve] |= Permission.MANAGE_MESSAGES
        place = sim.add(sim.channel(wood, "art"), sim.bot, Version(0.0, "x"))
    by = stage.ada if who == "owner" else eve

    allowed = set()
    last = (Act.BROWSE, Act.DELETE)  # the one shows what is anybody's, and after the other nothing is left
    for act in (*(act for act in Act if act not in last), Act.DELETE):
        asked = await forge(stage, f"j1:{act}:{job_id}", by=by, on=place)
        refused = private(asked) and ("isn't yours" in said(asked))
        allowed |= set() if refused else {act.value}
    wrong_state = {"cancel", "retry", "look", "stop"} if who == "owner" else {"cancel"} if MAY[who] == OWNERS else set()
    assert allowed - wrong_state == MAY[who]
    assert picture.deleted == ("delete" in MAY[who])


async def test_a_moderator_is_one_at_the_moment_of_the_press(stage: Stage) -> None:
    picture = await stage.imagine()
    stage.meadow.members[stage.bob] |= Permission.MANAGE_MESSAGES
    more = await stage.press(picture, "more", by=stage.bob)
    stage.meadow.members[stage.bob] &= ~Permission.MANAGE_MESSAGES
    assert more.original is not None
    assert private(await stage.press(more.original, "delete", by=stage.bob))
    assert not picture.deleted


ODD_IDS = st.one_of(
    st.text(min_size=1, max_size=100),
    st.from_regex(r"j1:[a-z]{0,8}:[0-9A-Z]{20,30}(:[0-9]{0,2})?", fullmatch=True),
    st.sampled_from(["j1:", "j1:cancel", "j1:cancel:", "j2:cancel:" + "0" * 26, "j1:CANCEL:" + "0" * 26]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(custom_id=ODD_IDS)
async def test_ids_that_nobody_gave_change_nothing_and_are_answered(stage: Stage, custom_id: str) -> None:
    place = stage.sim.add(stage.art, stage.sim.bot, Version(0.0, "x"))
    asked = await forge(stage, custom_id, by=stage.ada, on=place)
    assert private(asked)
    assert "I can't find that" in said(asked)
    assert await stage.states(stage.ada) == []


async def test_a_form_of_nobody_is_answered(stage: Stage) -> None:
    opened = await stage.press(await stage.imagine(), "words")
    opened.modal["custom_id"] = "j1:words:nothing"
    sent = await stage.answered(await stage.sim.submit(opened, words="a hare"))
    assert private(sent)
    assert "I can't find that" in said(sent)
