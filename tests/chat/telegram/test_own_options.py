"""Options that only some models know are written in the line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from chat.telegram.stage import Stage, staged

from bot.model import Value
from bot.provider import OptionKind, OptionSpec
from bot.testing.provider import SPEC

FLAG = OptionSpec(name="realtime", kind=OptionKind.FLAG, hint="looks things up")
LOOKING = replace(SPEC, options=(*SPEC.options, FLAG))


async def extras(stage: Stage) -> list[dict[str, Value]]:
    """What was asked for, newest first."""
    person_id = await stage.store.person("telegram", str(stage.ada.id))
    messages = await stage.store.messages(person_id, limit=10)
    return [dict(message.jobs[0].request.extra) for message in messages]


async def test_a_flag_may_stand_alone_with_words_and_before_they_are_asked_for(tmp_path: Path) -> None:
    async with staged(tmp_path, spec=LOOKING) as stage, stage.bot():
        await stage.imagine("a red fox --realtime")
        question = await stage.ask("/imagine --realtime")
        assert question.labels == [["Shape: as usual"], ["Never mind"]]
        stage.sim.says(stage.ada, stage.home, "a red fox")
        await stage.passes(lambda: question.deleted)
        await stage.ended()
        assert await extras(stage) == [{"realtime": True}] * 2
