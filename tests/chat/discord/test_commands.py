"""Slash commands: every one is answered in time, and nothing runs that is not shown."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from chat.discord.stage import CALLBACK, Stage, private, said, staged
from sim.discord.state import MIB, Answer, ChannelKind, Permission

from adapters.chat.discord.asked import LEAST_PATIENCE_S
from adapters.chat.discord.rest import SLOW_MODE
from bot.model import Artifact, JobState
from bot.policy import Rules
from bot.provider import Finished
from bot.testing.provider import PNG, SPEC

WIDE = "1368×768"  # noqa: RUF001 - the sign that people write between pixels


async def test_the_queued_card_is_the_answer_and_becomes_the_picture(stage: Stage) -> None:
    asked = await stage.ask("imagine", prompt="a red fox", shape="wide", seed=7, count=2)
    assert (asked.answer, asked.answered_at) == (Answer.MESSAGE, asked.created_at)

    message = await stage.picture(asked)
    assert ["Queued" in version.text for version in message.history][:2] == [True, False]
    assert WIDE in message.text
    assert "seed 7" in message.text
    assert len(message.pictures) == 2
    assert stage.sim.messages(stage.art) == [message]
    assert await stage.states(stage.ada) == [JobState.SUCCEEDED] * 2


async def test_every_command_ends_in_a_card(stage: Stage) -> None:
    await stage.imagine()
    for name in ("again", "show", "details", "jobs", "cancel", "quota", "settings", "styles", "models"):
        assert said(await stage.ask(name)), name
    for name in ("history", "help", "privacy"):
        asked = await stage.ask(name)
        assert private(asked), name
        assert said(asked).startswith("### "), name


async def test_commands_are_written_as_people_see_them_on_discord(stage: Stage) -> None:
    help_ = re.sub(r"\\(.)", r"\1", said(await stage.ask("help")))
    assert "/imagine prompt:<words> draws a picture" in help_
    assert "/show job:<tag> shows one of your results, for example /show job:K7F3" in help_
    assert "for example /settings ping:False;" in help_
    history = re.sub(r"\\(.)", r"\1", said(await stage.ask("history")))
    assert "Try /imagine prompt:a lighthouse in a storm" in history


async def test_what_somebody_asks_about_is_told_to_them_alone(stage: Stage) -> None:
    picture = await stage.imagine()
    shown = await stage.ask("show")
    assert private(shown)
    assert shown.answer is Answer.DEFER  # so that a large picture has its time
    assert shown.original is not None
    assert shown.original.pictures[0].data == picture.pictures[0].data
    assert stage.sim.sees(stage.bob, stage.art) == [picture]


async def test_the_line_in_the_details_can_be_put_into_discord(stage: Stage) -> None:
    await stage.imagine(prompt="a red fox", seed=7)
    assert "/imagine prompt:a red fox seed:7" in said(await stage.ask("details"))


async def test_a_hidden_picture_is_seen_by_one_person(stage: Stage) -> None:
    message = await stage.imagine(hidden=True)
    assert message.only_for is stage.ada
    assert stage.sim.sees(stage.bob, stage.art) == []


@pytest.mark.parametrize("where", ["server", "dm"])
async def test_a_picture_that_takes_longer_than_the_token_lives_is_shown_all_the_same(
    tmp_path: Path, where: str
) -> None:
    async with staged(tmp_path, duration_s=1200, spec=replace(SPEC, deadline_s=3600)) as stage, stage.bot():
        asked = await stage.ask(
            "imagine", prompt="a red fox", at=stage.art if where == "server" else stage.sim.dm(stage.ada)
        )
        await stage.passes(lambda: asked.original and asked.original.pictures, most_s=1500, step_s=10)
        assert stage.sim.count("PATCH /channels/*", 200)


@pytest.mark.parametrize("where", ["dm", "group"])
async def test_a_person_who_installed_the_bot_draws_anywhere(stage: Stage, where: str) -> None:
    stage.ada.installed = True
    place = stage.sim.dm(stage.ada) if where == "dm" else stage.sim.group_dm(stage.ada, stage.bob)
    assert place.kind in (ChannelKind.DM, ChannelKind.GROUP_DM)
    assert (await stage.imagine(at=place)).pictures


async def test_nobody_pays_for_a_picture_that_the_chat_cannot_show(tmp_path: Path) -> None:
    large = Artifact(PNG + bytes(11 * MIB), "image/png")
    async with staged(tmp_path, on_poll=lambda _: Finished(large)) as stage, stage.bot():
        asked = await stage.ask("imagine", prompt="a red fox")
        await stage.passes(lambda: "larger than this chat can show" in said(asked))
        assert "Your credit is back" in said(asked)
        await stage.become(JobState.FAILED)
        assert await stage.credits(stage.ada) == 20


async def test_a_slow_accept_is_acknowledged_within_a_second_and_not_canceled(stage: Stage) -> None:
    stage.store.gate.clear()
    asked = await stage.send("imagine", prompt="a red fox")
    await stage.stalled()
    await stage.answered(asked)
    assert (asked.answer, asked.answered_at) == (Answer.DEFER, asked.created_at + 1)
    assert asked.original is not None
    assert asked.original.loading

    await stage.clock.advance(20)
    stage.store.gate.set()
    message = await stage.picture(asked)
    assert stage.sim.messages(stage.art) == [message]


async def test_while_something_is_overdue_what_comes_after_it_is_acknowledged_at_once(stage: Stage) -> None:
    stage.store.gate.clear()
    first = await stage.send("imagine", prompt="a red fox")
    await stage.stalled()
    await stage.answered(first)
    stage.store.waiting.clear()
    second = await stage.send("imagine", prompt="a hare")
    await stage.store.waiting.wait()
    await stage.clock.advance(2 * LEAST_PATIENCE_S)
    await stage.answered(second)
    assert second.answer is Answer.DEFER

    stage.store.gate.set()
    await stage.picture(first)
    await stage.picture(second)
    assert (await stage.ask("imagine", prompt="an owl")).answer is Answer.MESSAGE


@pytest.mark.parametrize(("late_s", "patience_s"), [(0.5, 0.5), (2.0, LEAST_PATIENCE_S), (-60.0, 1.0)])
async def test_time_that_a_command_took_to_come_is_taken_from_the_patience(
    stage: Stage, late_s: float, patience_s: float
) -> None:
    stage.store.gate.clear()
    asked = await stage.send("imagine", prompt="a red fox")
    stage.clock.jump(late_s)
    await stage.store.waiting.wait()
    await stage.clock.advance(patience_s - 0.05)
    await asyncio.sleep(0.02)
    assert asked.answer is None
    await stage.clock.advance(0.1)
    await stage.answered(asked)
    stage.store.gate.set()
    await stage.picture(asked)


async def test_a_slow_hidden_command_thinks_in_private(stage: Stage) -> None:
    stage.store.gate.clear()
    asked = await stage.send("imagine", prompt="a red fox", hidden=True)
    await stage.stalled()
    await stage.answered(asked)
    assert stage.sim.sees(stage.bob, stage.art) == []
    stage.store.gate.set()
    assert (await stage.picture(asked)).only_for is stage.ada


async def test_a_refusal_in_time_is_told_to_one_person(stage: Stage) -> None:
    asked = await stage.ask("imagine", prompt="porn")
    assert private(asked)
    assert "I don't draw this" in said(asked)
    assert await stage.credits(stage.ada) == 20


async def test_a_refusal_after_everybody_saw_the_bot_think_goes_away_after_a_minute(tmp_path: Path) -> None:
    async with staged(tmp_path, Rules(daily_credits=0)) as stage, stage.bot():
        stage.store.gate.clear()
        asked = await stage.send("imagine", prompt="a red fox")
        await stage.stalled()
        await stage.answered(asked)
        stage.store.gate.set()
        await stage.sim.until(lambda: "credits left" in said(asked))
        assert asked.original is not None

        await stage.clock.advance(59)
        assert stage.sim.messages(stage.art) == [asked.original]
        await stage.clock.advance(1)
        await stage.sim.until(lambda: stage.sim.messages(stage.art) == [])


async def test_a_bot_that_stops_leaves_no_refusal_behind(tmp_path: Path) -> None:
    async with staged(tmp_path, Rules(daily_credits=0)) as stage:
        async with stage.bot():
            stage.store.gate.clear()
            asked = await stage.send("imagine", prompt="a red fox")
            await stage.stalled()
            await stage.answered(asked)
            stage.store.gate.set()
            await stage.sim.until(lambda: "credits left" in said(asked))
        assert stage.sim.messages(stage.art) == []


async def test_a_missed_window_submits_nothing_and_costs_nothing(stage: Stage) -> None:
    stage.sim.faults.refuse(CALLBACK, 10062)
    await stage.send("imagine", prompt="a red fox")
    await stage.become(JobState.CANCELED)
    assert await stage.credits(stage.ada) == 20
    assert stage.provider.asked == []
    assert stage.sim.messages(stage.art) == []


async def test_a_window_that_is_missed_while_the_accept_is_slow_costs_nothing(stage: Stage) -> None:
    stage.sim.faults.refuse(CALLBACK, 10062, times=2)
    stage.store.gate.clear()
    await stage.send("imagine", prompt="a red fox")
    await stage.stalled()
    stage.store.gate.set()
    await stage.become(JobState.CANCELED)
    assert await stage.credits(stage.ada) == 20


@pytest.mark.parametrize("garbled", [False, True])
async def test_a_card_that_is_there_although_nobody_said_so_is_kept(stage: Stage, *, garbled: bool) -> None:
    if garbled:
        stage.sim.faults.garble(CALLBACK)
    else:
        stage.sim.faults.drop(CALLBACK, after=True)
    asked = await stage.send("imagine", prompt="a red fox")
    await stage.answered(asked)
    assert (await stage.picture(asked)).pictures
    assert stage.provider.submits.total() == 1


async def test_pictures_that_discord_refuses_in_an_answer_leave_nobody_waiting(stage: Stage) -> None:
    await stage.imagine()
    stage.sim.faults.refuse("PATCH /webhooks/*", 240000)
    asked = await stage.ask("history")
    assert private(asked)
    assert "Something broke on my side" in said(asked)


async def test_a_card_that_did_not_get_through_costs_nothing(stage: Stage) -> None:
    stage.sim.faults.drop(CALLBACK)
    asked = await stage.ask("imagine", prompt="a red fox")
    assert private(asked)
    assert "so I did not start" in said(asked)
    assert await stage.states(stage.ada) == [JobState.CANCELED]
    assert (await stage.credits(stage.ada), stage.provider.asked) == (20, [])


async def test_an_odd_answer_to_a_first_card_leaves_no_job_behind(stage: Stage) -> None:
    stage.sim.faults.refuse(CALLBACK, SLOW_MODE)  # without saying how long, which discord.py cannot read
    await stage.send("imagine", prompt="a red fox")
    await stage.become(JobState.CANCELED)
    assert await stage.credits(stage.ada) == 20


@pytest.mark.parametrize("code", [200000, 240000, 50013])
async def test_a_first_card_that_discord_refuses_costs_nothing(stage: Stage, code: int) -> None:
    stage.sim.faults.refuse(CALLBACK, code)
    asked = await stage.ask("imagine", prompt="a red fox")
    assert private(asked)
    assert "so I did not start" in said(asked)
    assert (await stage.credits(stage.ada), stage.provider.asked) == (20, [])


async def test_a_card_that_cannot_take_the_place_of_thinking_costs_nothing(stage: Stage) -> None:
    stage.sim.faults.refuse("PATCH *", 50013)
    stage.store.gate.clear()
    asked = await stage.send("imagine", prompt="a red fox")
    await stage.stalled()
    stage.store.gate.set()
    await stage.become(JobState.CANCELED)
    await stage.sim.until(lambda: "so I did not start" in said(asked))
    await stage.clock.advance(60)
    await stage.sim.until(lambda: stage.sim.messages(stage.art) == [])


async def test_an_answer_that_does_not_get_through_hurts_nobody(stage: Stage) -> None:
    stage.sim.faults.refuse(CALLBACK, 10062)
    await stage.send("quota")
    await stage.sim.until(lambda: stage.sim.count(CALLBACK, 404))
    assert private(await stage.ask("quota"))


@pytest.mark.parametrize(
    ("taken", "named"),
    [
        (Permission.ATTACH_FILES, "Attach Files"),
        (Permission.SEND_MESSAGES | Permission.VIEW_CHANNEL, "View Channels, Send Messages"),
    ],
)
async def test_a_missing_permission_is_said_before_anything_is_charged(
    stage: Stage, taken: Permission, named: str
) -> None:
    stage.art.allowed &= ~taken
    asked = await stage.ask("imagine", prompt="a red fox")
    assert private(asked)
    assert f"I lack {named}" in said(asked)
    assert await stage.states(stage.ada) == []
    assert (await stage.imagine(hidden=True)).pictures  # no other permission is needed for this


async def test_in_a_thread_another_permission_counts(stage: Stage) -> None:
    thread = stage.sim.thread(stage.art, "foxes")
    thread.allowed &= ~Permission.SEND_MESSAGES
    assert (await stage.imagine(at=thread)).pictures
    thread.allowed &= ~Permission.SEND_MESSAGES_IN_THREADS
    assert "Send Messages in Threads" in said(await stage.ask("imagine", at=thread, prompt="a red fox"))


async def test_a_place_in_line_is_shown_once_it_is_known(tmp_path: Path) -> None:
    async with staged(tmp_path, slots=1) as stage, stage.bot():
        await stage.ask("imagine", prompt="a red fox")
        await stage.ask("imagine", by=stage.bob, prompt="a hare")
        waiting = await stage.ask("imagine", by=stage.bob, prompt="an owl")
        await stage.passes(lambda: "1 job ahead" in said(waiting), most_s=10)


async def test_the_same_interaction_twice_is_one_job(stage: Stage) -> None:
    asked = await stage.ask("imagine", prompt="a red fox")
    await stage.sim._send(asked)
    await stage.picture(asked)
    assert len(await stage.states(stage.ada)) == 1
    assert len(stage.sim.messages(stage.art)) == 1


async def test_settings_are_used_where_a_command_says_nothing(stage: Stage) -> None:
    await stage.ask("settings", shape="wide", ping=False)
    asked = await stage.ask("settings")
    assert "Shape\\: wide" in said(asked)
    assert "I don't ping you" in said(asked)
    assert WIDE in said(await stage.ask("imagine", prompt="a red fox"))

    await stage.ask("settings", shape="none")
    assert WIDE not in said(await stage.ask("imagine", prompt="a red fox"))


async def test_suggestions_come_while_somebody_types(stage: Stage) -> None:
    picture = await stage.imagine(prompt="a red fox")
    asked = await stage.answered(await stage.sim.autocomplete(stage.ada, stage.art, "show", "job", "fox"))
    (choice,) = asked.choices
    assert choice["name"].startswith(f"#{choice['value'][-4:]} · a red fox")
    assert next(iter(picture.buttons)).endswith(choice["value"])
    assert said(await stage.ask("show", job=choice["value"])).startswith("✅ a red fox")


async def test_suggestions_that_cannot_be_had_are_none(stage: Stage) -> None:
    stage.store.broken = True
    asked = await stage.answered(await stage.sim.autocomplete(stage.ada, stage.art, "show", "job", "fox"))
    assert asked.choices == []


async def test_suggestions_that_are_too_slow_are_none_and_in_time(stage: Stage) -> None:
    await stage.imagine()
    stage.store.waiting.clear()
    stage.store.gate.clear()
    asked = await stage.sim.autocomplete(stage.ada, stage.art, "show", "job", "fox")
    await stage.stalled()
    assert asked.answer is None
    await stage.clock.advance(1)
    await stage.answered(asked)
    assert asked.choices == []
    stage.store.gate.set()


async def test_the_menu_of_a_message_tells_how_it_was_made(stage: Stage) -> None:
    picture = await stage.imagine(prompt="a red fox")
    asked = await stage.answered(await stage.sim.message_menu(stage.bob, picture, "Job details"))
    assert private(asked)
    assert "/imagine prompt:a red fox" in said(asked)

    other = stage.sim.post(stage.bob, stage.art, "look")
    asked = await stage.answered(await stage.sim.message_menu(stage.bob, other, "Job details"))
    assert "none of my pictures" in said(asked)
