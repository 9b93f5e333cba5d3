"""What Telegram does not take, and what people see instead."""

from __future__ import annotations

import pytest
from chat.telegram.stage import Stage
from sim.telegram.state import Message


def labels(message: Message) -> list[str]:
    return [label for row in message.labels for label in row]


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, "not enough rights to send photos to the chat"), (400, "IMAGE_PROCESS_FAILED"), (413, "Too Large")],
)
async def test_a_picture_that_telegram_does_not_take_at_all_ends_in_a_card_that_leads_to_it(
    stage: Stage, status: int, reason: str
) -> None:
    stage.sim.faults.refuse("editMessageMedia", status, reason, times=2)
    message = await stage.imagine()
    assert "The result can't be shown here." in message.text
    assert labels(message) == ["1", "Again", "Change words", "More…"]
    await stage.press(message, "pick")
    await stage.passes(lambda: stage.by_bot(stage.home)[1:])
    assert stage.by_bot(stage.home)[1].photo


async def test_where_no_picture_is_taken_the_way_to_it_is_told(stage: Stage) -> None:
    stage.sim.faults.refuse("editMessageMedia", 400, "not enough rights to send photos to the chat", times=2)
    stage.sim.faults.refuse("send[PD]*", 400, "not enough rights to send photos to the chat", times=2)
    card = await stage.imagine(at=stage.meadow)
    await stage.press(card, "pick")
    await stage.passes(lambda: stage.by_bot(stage.meadow)[1:])
    told = stage.by_bot(stage.meadow)[1].text
    assert "Send me /show" in told
    assert (await stage.ask(told[told.index("/show") : told.index(" alone")])).photo


async def test_the_card_of_an_album_does_not_come_too_soon(stage: Stage) -> None:
    await stage.imagine("a red fox --count 4")
    await stage.imagine("a red fox --count 4", at=stage.meadow)
    assert stage.sim.count("*", 429) == 0


async def test_an_album_that_telegram_does_not_take_as_photos_goes_as_files(stage: Stage) -> None:
    stage.sim.faults.refuse("sendMediaGroup", 400, "PHOTO_INVALID_DIMENSIONS")
    card = await stage.imagine("a red fox --count 2")
    assert [bool(message.document) for message in stage.by_bot(stage.home)] == [False, True, True]
    assert labels(card)[:2] == ["1", "2"]


async def test_a_picture_for_a_group_that_threw_the_bot_out_comes_in_the_private_chat(stage: Stage) -> None:
    stage.sim.starts(stage.ada, "open")
    await stage.ask("/imagine a red fox --count 2", at=stage.meadow)
    stage.sim.kicks_bot(stage.bob, stage.meadow)
    await stage.ended()
    card = stage.by_bot(stage.home)[-1]
    assert "where you asked for it" in card.text
    assert labels(card)[:2] == ["1", "2"]
    assert [bool(message.photo) for message in stage.by_bot(stage.home)[-3:]] == [True, True, False]
    assert stage.sim.count("*", 403) <= 2


async def test_who_blocks_the_bot_and_thinks_better_of_it_finds_the_picture_in_its_place(stage: Stage) -> None:
    message = await stage.ask("/imagine a red fox")
    stage.sim.blocks(stage.ada)
    await stage.passes(lambda: stage.sim.count("editMessageText", 403))
    stage.sim.unblocks(stage.ada)
    await stage.ended()
    assert message.photo


@pytest.mark.parametrize("count", [1, 2])
async def test_in_a_group_that_became_a_supergroup_no_other_message_is_taken_for_the_card(
    stage: Stage, count: int
) -> None:
    """Numbers begin again there, so that of the old card is soon that of something else."""
    group = stage.sim.group("Elders")
    await stage.ask(f"/imagine a red fox --count {count}", at=group)
    new = stage.sim.upgrade(stage.ada, group)
    await stage.ended()
    *album, card = stage.by_bot(new)
    assert len(album) == (count if count > 1 else 0)
    assert all(picture.now.media and not picture.text for picture in album)
    assert labels(card)[-3:] == ["Again", "Change words", "More…"]
    assert stage.sim.count("editMessage*", 200) == len(stage.by_bot(group)[0].history) - 1
