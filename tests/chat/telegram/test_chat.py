"""A picture from the command to the message, and the platform's own life."""

from __future__ import annotations

from chat.telegram.stage import Stage

from bot.model import JobState


async def test_a_picture_comes_in_the_message_that_the_command_was_answered_with(stage: Stage) -> None:
    message = await stage.imagine("a red fox")
    assert message.now.media is not None
    assert stage.by_bot(stage.home)[0] is message
    assert await stage.states(stage.ada) == [JobState.SUCCEEDED]
