"""What only an interaction's token reaches says in time where the picture will come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from chat.discord.stage import staged

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
