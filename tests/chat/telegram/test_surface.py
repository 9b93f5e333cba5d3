"""One message per job, from the first card to the picture, whatever happens to it on the way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from chat.cards import done
from chat.stage import Shelf
from chat.telegram.stage import Stage
from sim.telegram.state import Message

from adapters.chat.telegram.files import PHOTO_BYTES
from adapters.chat.telegram.refs import Ref
from bot.model import Artifact, JobState, RemoteArtifact, StoredFile
from bot.originals import Originals
from bot.surface import Delivered, Paused
from bot.testing.provider import PNG


def shown(message: Message) -> list[str]:
    """The first line of everything that a message ever showed, without repeats."""
    return list(dict.fromkeys(version.text.split("\n")[0].split(" ·")[0] for version in message.history))


def labels(message: Message) -> list[str]:
    return [label for row in message.labels for label in row]


async def test_one_message_goes_from_queued_to_the_picture_with_its_buttons(stage: Stage) -> None:
    message = await stage.imagine("a red fox")
    assert shown(message) == ["⏳ Queued", "🎨 Drawing", "✅ a red fox"]
    assert message.photo is not None
    assert labels(message) == ["Again", "Change words", "More…"]
    assert stage.by_bot(stage.home) == [message]


async def test_in_a_group_the_card_answers_the_command_in_its_topic(stage: Stage) -> None:
    forum = stage.sim.supergroup("Forum", forum=True)
    topic = stage.sim.topic(forum, "Art")
    message = await stage.imagine(at=forum, topic=topic)
    assert (message.topic, message.reply_to) == (topic, stage.sim.messages(forum)[0])


async def test_a_running_card_counts_down_by_itself(stage: Stage) -> None:
    message = await stage.imagine()
    ticking = [one for version in message.history for one in version.entities if one["type"] == "date_time"]
    assert {one["date_time_format"] for one in ticking} == {"r"}


async def test_where_telegram_does_not_know_times_they_are_words(stage: Stage) -> None:
    stage.sim.knows_time = False
    first, second = await stage.imagine(), await stage.imagine()
    assert any("ready in" in version.text for version in first.history)
    assert first.photo
    assert second.photo
    assert len([line for line in stage.sim.journal.told if "tg-time" in line]) == 1


async def test_several_pictures_come_as_an_album_and_the_card_has_a_number_for_each(stage: Stage) -> None:
    card = await stage.imagine("a red fox --count 3")
    album = stage.by_bot(stage.home)[1:]
    assert [bool(one.photo) for one in album] == [True] * 3
    assert {one.reply_to for one in album} == {card}
    assert (card.photo, labels(card)) == (None, ["1", "2", "3", "Again", "Change words", "More…"])
    assert "Press a number" in card.text


async def test_a_number_brings_its_picture_with_its_own_buttons(stage: Stage) -> None:
    card = await stage.imagine("a red fox --count 2")
    second = [one for one in card.buttons if one.startswith("j1:pick:")][1]
    stage.sim.press(stage.ada, card, second)
    await stage.passes(lambda: len(stage.by_bot(stage.home)) == 4)
    picked = stage.by_bot(stage.home)[-1]
    assert picked.photo
    assert picked.reply_to is card
    assert {one.split(":")[2] for one in picked.buttons} == {second.split(":")[2]}


async def test_an_album_of_which_nobody_knows_whether_it_came_is_not_sent_again(stage: Stage) -> None:
    stage.sim.faults.drop("sendMediaGroup", after=True)
    card = await stage.imagine("a red fox --count 2")
    assert stage.sim.count("sendMediaGroup") == 1
    assert labels(card)[:2] == ["1", "2"]


async def test_an_album_that_telegram_refuses_for_now_comes_later_and_once(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.shelf.files = {"a.png": PNG, "b.png": PNG}
    stage.provider.duration_s = 500
    async with stage.bot() as bot:
        await stage.ask("/imagine a red fox --count 2")
        (message,) = await stage.store.unfinished()
        card = done("a.png", "b.png", message_id=message.id)

        async def edit() -> object:
            (now,) = await stage.store.unfinished()
            task = asyncio.create_task(bot.chat.surface.edit(now.ref, card))
            await stage.passes(task.done)
            return task.result()

        stage.sim.limits.flood(stage.home.id, 3)
        assert isinstance(await edit(), Paused)
        assert (await stage.store.unfinished())[0].ref == message.ref
        shown = await edit()
        assert isinstance(shown, Delivered)
        assert shown.ref is not None
        await bot.commands.moved(message.id, shown.ref)
        await stage.clock.advance(5)
        assert isinstance(await edit(), Delivered)
        assert [stage.sim.count("sendMediaGroup", status) for status in (429, 200)] == [1, 1]


async def test_an_album_that_a_kill_cut_off_leaves_numbers_that_show_each_picture(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot():
        card = await stage.ask("/imagine a red fox --count 2")
        await stage.passes(lambda: stage.provider.submits)
        (message,) = await stage.store.unfinished()
        place = Ref.read(message.ref)
        assert place is not None
    marked = Ref(chat=place.chat, message=place.message, sending=True)
    await stage.store.announced(message.id, marked.write())
    async with stage.bot():
        await stage.ended()
        assert stage.sim.count("sendMediaGroup") == 0
        assert labels(card)[:2] == ["1", "2"]


@pytest.mark.parametrize("words", ["a red fox", "a red fox --count 2"])
async def test_a_picture_whose_card_was_deleted_comes_as_a_new_message_once(stage: Stage, words: str) -> None:
    card = await stage.ask(f"/imagine {words}")
    stage.sim.deletes(stage.ada, card)
    await stage.ended()
    *album, new = stage.by_bot(stage.home)
    assert labels(new)[-1] == "More…"
    assert (bool(new.photo), len(album)) == (("count" not in words), 2 * ("count" in words))


async def test_a_person_who_blocks_the_bot_pays_and_finds_the_picture_later(stage: Stage) -> None:
    await stage.ask("/imagine a red fox")
    stage.sim.blocks(stage.ada)
    await stage.ended()
    assert await stage.states(stage.ada) == [JobState.SUCCEEDED]
    stage.sim.unblocks(stage.ada)
    found = await stage.ask("/show")
    assert found.photo


async def test_a_group_that_becomes_a_supergroup_gets_its_picture_there(stage: Stage) -> None:
    group = stage.sim.group("Hut")
    await stage.ask("/imagine a red fox", at=group)
    new = stage.sim.upgrade(stage.ada, group)
    await stage.ended()
    (message,) = stage.by_bot(new)
    assert message.photo
    query = await stage.press(message, "again", by=stage.bob)
    assert [answer.get("text") for answer in query.answers] == [None]


class Heavy(Shelf):
    """Keeps pictures that are too large for a photo, and has smaller copies of them where `smaller` says so."""

    def __init__(self, folder: Path, smaller: bytes | None) -> None:
        super().__init__(folder)
        self.folder, self.smaller = folder, smaller

    async def keep(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        kept = await super().keep(name, artifact)
        self.files[kept.name] += bytes(PHOTO_BYTES)
        return kept

    async def preview(self, file: str, *, max_bytes: int, max_side_px: int | None = None) -> Path | None:
        if self.smaller is None:
            return None
        (self.folder / "small.png").write_bytes(self.smaller)
        return self.folder / "small.png"


@pytest.mark.parametrize("smaller", [PNG, None])
async def test_a_picture_too_large_for_a_photo_is_shown_smaller_or_goes_as_a_file(
    empty_stage: Stage, tmp_path: Path, smaller: bytes | None
) -> None:
    empty_stage.shelf = Heavy(tmp_path, smaller)
    async with empty_stage.bot():
        message = await empty_stage.imagine()
        shown = message.photo or message.document
        assert shown is not None
        assert (shown.kind, shown.data) == (("photo", PNG) if smaller else ("document", PNG + bytes(PHOTO_BYTES)))
        assert "Original" not in message.text


@pytest.mark.parametrize("count", [1, 2])
async def test_a_picture_too_large_for_a_photo_leads_to_its_original(
    empty_stage: Stage, tmp_path: Path, count: int
) -> None:
    originals = empty_stage.originals = Originals("https://draw.example.org", bytes(32))
    empty_stage.shelf = Heavy(tmp_path, PNG)
    async with empty_stage.bot():
        message = await empty_stage.imagine(f"a red fox --count {count}")
        wanted = [originals.link_to(file) for file in sorted(empty_stage.shelf.files)]
        assert [one["url"] for one in message.now.entities if one["type"] == "text_link"] == wanted
        assert ("Original 2" in message.text) is (count == 2)


async def test_a_picture_that_is_shown_as_it_is_needs_no_link(empty_stage: Stage) -> None:
    empty_stage.originals = Originals("https://draw.example.org", bytes(32))
    async with empty_stage.bot():
        assert "Original" not in (await empty_stage.imagine()).text


async def test_a_picture_that_telegram_does_not_take_as_a_photo_goes_as_a_file(stage: Stage) -> None:
    stage.sim.faults.refuse("editMessageMedia", 400, "PHOTO_INVALID_DIMENSIONS")
    message = await stage.imagine()
    assert message.document
    assert labels(message) == ["Again", "Change words", "More…"]


async def test_a_flood_pauses_a_card_and_its_picture_comes_all_the_same(stage: Stage) -> None:
    message = await stage.ask("/imagine a red fox")
    stage.sim.limits.flood(stage.home.id, 60)
    await stage.ended()
    assert message.photo


async def test_a_command_that_was_accepted_and_not_shown_is_shown_at_the_start(empty_stage: Stage) -> None:
    stage = empty_stage
    forum = stage.sim.supergroup("Forum", forum=True)
    topic = stage.sim.topic(forum, "Art")
    async with stage.bot():
        stage.sim.faults.outage("sendMessage")
        stage.sim.says(stage.ada, forum, "/imagine a red fox", topic=topic)
        await stage.passes(lambda: stage.sim.count("sendMessage"))
    stage.sim.faults.clear()
    async with stage.bot():
        await stage.ended()
        (message,) = stage.by_bot(forum)
        assert (message.topic, bool(message.photo)) == (topic, True)


async def test_what_can_be_shown_nowhere_is_not_drawn_and_not_charged(stage: Stage) -> None:
    stage.sim.faults.refuse("sendMessage", 400, "not enough rights to send text messages to the chat")
    before = await stage.credits(stage.ada)
    stage.sim.says(stage.ada, stage.meadow, "/imagine a red fox")
    await stage.passes(lambda: stage.sim.count("sendMessage"))
    await stage.ended()
    assert (await stage.states(stage.ada), await stage.credits(stage.ada)) == ([JobState.CANCELED], before)
    assert not stage.provider.submits


async def test_who_waited_long_is_told_once_that_the_picture_is_there(stage: Stage) -> None:
    stage.provider.duration_s = 90
    message = await stage.imagine(at=stage.meadow)
    await stage.passes(lambda: len(stage.by_bot(stage.meadow)) == 2)
    ping = stage.by_bot(stage.meadow)[1]
    assert ping.reply_to is message
    assert str(stage.ada.id) in str(ping.now.entities)
