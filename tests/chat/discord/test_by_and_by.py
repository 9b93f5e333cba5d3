"""Messages that show something else by and by: before their token ends, after a press, or never again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from chat.discord.stage import Stage, staged

from bot.testing.provider import SPEC


async def test_a_hidden_card_that_stands_in_line_says_in_its_last_minutes_where_the_picture_will_come(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, slots=1, duration_s=1200, spec=replace(SPEC, deadline_s=3600)) as stage, stage.bot():
        open_ = (await stage.ask("imagine", prompt="a blue hen", by=stage.bob)).original
        asked = await stage.ask("imagine", prompt="a red fox", hidden=True)
        card = asked.original
        assert card is not None
        assert open_ is not None
        for _ in range(770):
            await stage.clock.advance(1)
        assert "Still working" not in card.text
        await stage.passes(lambda: "Still working" in card.text, most_s=40)
        assert "Still working" not in open_.text


async def test_a_cancel_on_the_list_of_jobs_is_seen_on_the_list(stage: Stage) -> None:
    await stage.ask("imagine", prompt="a red fox")
    await stage.ask("imagine", prompt="a blue hen")
    listed = (await stage.ask("jobs")).original
    assert listed is not None
    assert len(listed.buttons) == 2
    await stage.press(listed, "stop")
    await stage.sim.until(lambda: len(listed.buttons) == 1)
    await stage.press(listed, "stop")
    await stage.sim.until(lambda: "Nothing is running" in listed.text)


@pytest.mark.parametrize("place", ["hidden", "a server without the bot"])
async def test_a_cancel_is_seen_on_the_card_although_only_the_press_reaches_it(tmp_path: Path, place: str) -> None:
    async with staged(tmp_path, duration_s=2400, spec=replace(SPEC, deadline_s=3600)) as stage, stage.bot():
        hidden = place == "hidden"
        if not hidden:
            stage.ada.installed, stage.meadow.bot_present = True, False
        card = (await stage.ask("imagine", prompt="a red fox", **({"hidden": True} if hidden else {}))).original
        assert card is not None
        await stage.clock.advance(1200)
        await stage.press(card, "cancel")
        await stage.passes(lambda: "Cancelled" in card.text)
        assert stage.sim.messages(stage.sim.dm(stage.ada)) == []


async def test_a_press_on_a_copy_changes_the_card_and_does_not_move_it(tmp_path: Path) -> None:
    async with staged(tmp_path, duration_s=700, spec=replace(SPEC, deadline_s=600)) as stage, stage.bot():
        card = (await stage.ask("imagine", prompt="a red fox")).original
        assert card is not None
        await stage.passes(lambda: "too long" in card.text, most_s=900)
        copy = (await stage.ask("show")).original
        assert copy is not None
        await stage.clock.advance(200)
        await stage.press(copy, "look")
        await stage.passes(lambda: card.pictures)
        assert copy.pictures == []


async def test_a_copy_of_a_card_that_still_changes_has_no_buttons_and_no_bar(stage: Stage) -> None:
    await stage.ask("imagine", prompt="a red fox")
    copy = (await stage.ask("show")).original
    assert copy is not None
    assert "The picture appears in its own message." in copy.text
    assert list(copy.buttons) == []


async def test_cancel_on_a_card_of_several_pictures_stops_them_all(stage: Stage) -> None:
    card = (await stage.ask("imagine", prompt="a red fox", count=3)).original
    assert card is not None
    await stage.press(card, "cancel")
    await stage.sim.until(lambda: "Cancelled" in card.text)
    assert await stage.credits(stage.ada) == 20
