"""Messages to the bot: commands, what only looks like one, and where the answer goes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from chat.telegram.stage import BREATH_S, Stage, staged
from sim.telegram.people import MODERATOR
from sim.telegram.state import Status

from bot.model import JobState
from bot.policy import Rules
from bot.testing.provider import PNG


async def nothing_comes(stage: Stage, chat: Any) -> bool:
    before = len(stage.by_bot(chat))
    for _ in range(4):
        await stage.clock.advance(1)
        await asyncio.sleep(BREATH_S * 3)
    return len(stage.by_bot(chat)) == before


async def test_a_command_may_name_the_bot_and_write_its_options_with_a_long_dash(stage: Stage) -> None:
    await stage.imagine("a red fox \u2014seed 7", at=stage.meadow)
    assert (await stage.ask("/Imagine@Limner_Bot a red fox", at=stage.meadow)).text.startswith("⏳ Queued")


async def test_a_command_for_another_bot_is_not_ours(stage: Stage) -> None:
    stage.sim.privacy = False
    stage.sim.says(stage.ada, stage.meadow, "/imagine@otherbot a red fox")
    assert await nothing_comes(stage, stage.meadow)


async def test_an_unknown_option_is_answered_with_the_one_that_was_meant(stage: Stage) -> None:
    answer = await stage.ask("/imagine a red fox --sead 7")
    assert "Did you mean --seed?" in answer.text


async def test_an_unknown_command_is_explained_in_private_and_ignored_in_groups(stage: Stage) -> None:
    assert "Did you mean /history?" in (await stage.ask("/histry")).text
    stage.sim.says(stage.ada, stage.meadow, "/histry")
    assert await nothing_comes(stage, stage.meadow)
    assert "Did you mean /history?" in (await stage.ask("/histry@limner_bot", at=stage.meadow)).text


async def test_plain_words_get_a_hint_in_private_and_nothing_in_groups(stage: Stage) -> None:
    stage.sim.privacy = False
    hint = await stage.ask("a red fox")
    assert hint.text.endswith("/imagine a red fox")
    assert await stage.states(stage.ada) == []
    stage.sim.says(stage.ada, stage.meadow, "a red fox")
    assert await nothing_comes(stage, stage.meadow)


@pytest.mark.parametrize("command", ["help", "privacy", "styles", "models", "history", "quota", "settings", "jobs"])
async def test_every_command_of_the_menu_is_answered(stage: Stage, command: str) -> None:
    assert (await stage.ask(f"/{command}")).text
    assert (await stage.ask(f"/{command}", at=stage.meadow)).text


@pytest.mark.parametrize("command", ["quota", "settings", "jobs", "imagine a --seed x"])
async def test_in_groups_what_concerns_one_person_goes_away_after_a_minute(stage: Stage, command: str) -> None:
    answer = await stage.ask(f"/{command}", at=stage.meadow)
    assert answer.reply_to is stage.sim.messages(stage.meadow)[0]
    await stage.clock.advance(59)
    assert not answer.deleted
    await stage.passes(lambda: answer.deleted, most_s=5)
    await stage.ask(f"/{command}")
    await stage.clock.advance(70)
    assert not stage.by_bot(stage.home)[-1].deleted


async def test_what_was_to_go_away_goes_when_the_bot_stops(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot():
        answer = await stage.ask("/quota", at=stage.meadow)
    assert answer.deleted


async def test_an_edited_command_is_not_carried_out(stage: Stage) -> None:
    await stage.imagine()
    mine = stage.sim.messages(stage.home)[0]
    stage.sim.edits(stage.ada, mine, "/imagine a blue hen")
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == 2)
    assert "a second time" in stage.by_bot(stage.home)[1].text
    assert len(await stage.states(stage.ada)) == 1


async def test_a_forwarded_command_is_not_carried_out(stage: Stage) -> None:
    mine = stage.sim.says(stage.bob, stage.bobs, "/imagine a red fox")
    stage.sim.forwards(stage.ada, mine, stage.home)
    await stage.passes(lambda: stage.by_bot(stage.home))
    assert "forwarded" in stage.by_bot(stage.home)[0].text
    assert await stage.states(stage.ada) == []


async def test_a_picture_with_a_command_under_it_is_told_that_it_is_in_the_way(stage: Stage) -> None:
    stage.sim.sends_photo(stage.ada, stage.home, PNG, "/imagine a red fox")
    await stage.passes(lambda: stage.by_bot(stage.home))
    assert stage.by_bot(stage.home)[0].text == "/imagine takes no picture. Send it without one."
    stage.sim.sends_photo(stage.ada, stage.home, PNG)
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == 2)
    assert "/imagine" in stage.by_bot(stage.home)[1].text
    assert await stage.states(stage.ada) == []


async def test_who_writes_as_the_group_is_asked_to_write_as_themselves(stage: Stage) -> None:
    stage.sim.set_member(stage.meadow, stage.ada, Status.ADMINISTRATOR, *MODERATOR)
    answer = await stage.ask("/imagine a red fox", at=stage.meadow, anonymous=True)
    assert "Write as yourself" in answer.text
    stage.sim.says(stage.ada, stage.meadow, "good morning", anonymous=True)
    assert await nothing_comes(stage, stage.meadow)


async def test_start_greets_with_a_picture_and_three_examples_to_copy(stage: Stage) -> None:
    stage.sim.starts(stage.ada)
    await stage.passes(lambda: stage.by_bot(stage.home))
    (greeting,) = stage.by_bot(stage.home)
    assert greeting.photo
    examples = [one for one in greeting.now.entities if one["type"] == "code"]
    assert len(examples) == 3
    stage.sim.starts(stage.bob)
    await stage.passes(lambda: stage.by_bot(stage.bobs))
    assert stage.by_bot(stage.bobs)[0].photo


async def test_a_link_to_a_result_shows_it_to_its_owner_alone(stage: Stage) -> None:
    message = await stage.imagine()
    job = next(iter(message.buttons)).split(":")[2]
    stage.sim.starts(stage.ada, f"j_{job}")
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == 2)
    assert stage.by_bot(stage.home)[1].photo
    stage.sim.starts(stage.bob, f"j_{job}")
    await stage.passes(lambda: stage.by_bot(stage.bobs))
    assert "can't find" in stage.by_bot(stage.bobs)[0].text


async def test_what_is_hidden_comes_in_the_private_chat(stage: Stage) -> None:
    stage.sim.starts(stage.ada, "open")
    answer = await stage.ask("/imagine a red fox --hidden", at=stage.meadow)
    assert "private chat" in answer.text
    await stage.ended()
    assert stage.by_bot(stage.home)[-1].photo
    await stage.passes(lambda: answer.deleted)
    assert stage.by_bot(stage.meadow) == []


async def test_what_is_hidden_from_somebody_unknown_is_not_charged_and_offers_the_way(stage: Stage) -> None:
    before = await stage.credits(stage.ada)
    answer = await stage.ask("/imagine a red fox \u2014hidden", at=stage.meadow)
    assert answer.labels == [["Open me"]]
    assert (await stage.states(stage.ada), await stage.credits(stage.ada)) == ([JobState.CANCELED], before)
    stage.sim.follows(stage.ada, answer, "Open me")
    await stage.passes(lambda: stage.by_bot(stage.home))
    assert "Ask again" in stage.by_bot(stage.home)[0].text


@pytest.mark.parametrize("command", ["history", "jobs"])
async def test_what_tells_of_hidden_pictures_is_told_to_its_person_alone(stage: Stage, command: str) -> None:
    answer = await stage.ask(f"/{command}", at=stage.meadow)
    assert answer.labels == [["Open me"]]
    stage.sim.starts(stage.ada, "open")
    await stage.ask("/imagine a secret fox --hidden", at=stage.meadow)
    if command == "history":
        await stage.ended()
    before = len(stage.by_bot(stage.home))
    answer = await stage.ask(f"/{command}", at=stage.meadow)
    assert "private chat" in answer.text
    assert "a secret fox" in stage.by_bot(stage.home)[-1].text
    assert len(stage.by_bot(stage.home)) > before
    assert not any("secret" in one.text for one in stage.by_bot(stage.meadow))


async def test_show_and_history_bring_pictures(stage: Stage) -> None:
    await stage.imagine("a red fox")
    await stage.imagine("a blue hen --count 2")
    shown = await stage.ask("/show")
    assert shown.photo
    await stage.passes(lambda: stage.by_bot(stage.home)[-1].labels)
    assert stage.by_bot(stage.home)[-1].labels[0] == ["1", "2"]
    before = len(stage.by_bot(stage.home))
    await stage.ask("/history")
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == before + 4)
    assert [bool(one.photo) for one in stage.by_bot(stage.home)[before:]] == [True, True, True, False]


async def test_a_refusal_says_what_is_left(tmp_path: Any) -> None:
    async with staged(tmp_path, Rules(daily_credits=1)) as stage, stage.bot():
        await stage.imagine()
        assert "0 credits left" in (await stage.ask("/imagine a blue hen")).text
