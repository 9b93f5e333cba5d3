"""Pictures on their way to Discord: each is sent once, what does not fit is said, nothing fills the memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from chat.cards import done, running
from chat.discord.showing import PNG, Stage, stage
from sim.discord.state import MIB

from adapters.chat.discord.files import pack
from bot.model import CardMedia
from bot.originals import Originals
from bot.surface import Delivered, Undeliverable

PATCHES = "PATCH *"
ORIGINALS = Originals("https://draw.example.org", bytes(32))


def uploads(show: Stage) -> list[list[str]]:
    """The names of what was newly attached, edit by edit."""
    bodies = [one.body for one in show.sim.journal.requests if one.route.startswith("PATCH") and one.status == 200]
    return [[entry["filename"] for entry in body["attachments"] if "filename" in entry] for body in bodies]


async def test_a_picture_that_the_message_has_is_not_sent_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        show.sim.buckets.messages = show.sim.buckets.others
        message, ref = await show.shown()
        files = [show.media.put(f"{number}.png", PNG + bytes([number])) for number in range(3)]
        for count in (1, 2):
            await show.edit(ref, running(media=done(*files[:count]).media))
            await show.edit(ref, running(60, media=done(*files[:count]).media))
        await show.edit(ref, done(*files))
        assert uploads(show) == [["0.png"], [], ["1.png"], [], ["2.png"]]
        assert [picture.data[-1] for picture in message.pictures] == [0, 1, 2]


async def test_after_a_restart_all_pictures_are_sent_and_none_stands_twice(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        show.media.put("a.png")
        await show.edit(ref, done("a.png"))
        again = await show.edit(ref, done("a.png"))
        assert uploads(show) == [["a.png"], ["a.png"]]
        assert len(message.now.attachments) == 1
        await show.edit(again, done())
        assert not message.now.attachments


async def test_a_picture_that_vanished_from_its_message_is_sent_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        media = done(show.media.put("a.png")).media
        await show.edit(ref, running(media=media))
        message.history.append(replace(message.now, attachments=()))
        await show.edit(ref, done("a.png"))
        assert len(message.pictures) == 1
        assert ["neither sent" in problem for problem in show.sim.take_violations()] == [True]


async def test_a_file_over_the_limit_of_the_place_is_shown_smaller_and_its_original_named(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        show.media.put("small.png")
        show.media.put("large.png", PNG + bytes(11 * MIB))
        result = await show.surface.edit(ref.write(), done("large.png", "small.png"))
        assert isinstance(result, Delivered)
        assert result.withheld == frozenset()
        assert [len(picture.data) for picture in message.pictures] == [show.media.smallest_bytes, len(PNG)]
        assert "Shown smaller" in message.text
        assert "/show K7F3" in message.text
        assert show.sim.count(PATCHES) == 1


async def test_a_smaller_picture_leads_to_its_original_on_the_bot_s_own_page(tmp_path: Path) -> None:
    async with stage(tmp_path, originals=ORIGINALS) as show:
        message, ref = await show.shown()
        show.media.put("small.png")
        show.media.put("large.png", PNG + bytes(11 * MIB))
        await show.edit(ref, done("small.png", "large.png"))
        assert "Shown smaller" in message.text
        assert "/show" not in message.text
        assert f"[Original 2](<{ORIGINALS.link_to('large.png')}>)" in message.text
        assert ORIGINALS.link_to("small.png") not in message.text


async def test_a_smaller_copy_that_the_message_has_is_not_sent_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        media = done(show.media.put("large.png", PNG + bytes(11 * MIB))).media
        await show.edit(ref, running(media=media))
        await show.edit(ref, running(60, media=media))
        assert uploads(show) == [["large.png.jpg"], []]
        assert len(message.pictures) == 1


async def test_what_cannot_be_made_small_enough_is_named_and_told_to_who_charges_for_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        show.media.smallest_bytes = 11 * MIB
        show.media.put("large.png", PNG + bytes(11 * MIB))
        show.media.put("small.png")
        result = await show.surface.edit(ref.write(), done("large.png", "small.png"))
        assert isinstance(result, Delivered)
        assert result.withheld == {"large.png"}
        assert [picture.filename for picture in message.pictures] == ["small.png"]
        assert "A picture of 11.5 MB is more than this chat takes" in message.text


async def test_what_only_a_link_can_show_is_not_withheld(tmp_path: Path) -> None:
    async with stage(tmp_path, originals=ORIGINALS) as show:
        message, ref = await show.shown()
        show.media.smallest_bytes = 11 * MIB
        show.media.put("large.png", PNG + bytes(11 * MIB))
        result = await show.surface.edit(ref.write(), done("large.png"))
        assert isinstance(result, Delivered)
        assert result.withheld == frozenset()
        assert message.pictures == []
        assert "A picture of 11.5 MB is more than this chat takes" in message.text
        assert f"[Original](<{ORIGINALS.link_to('large.png')}>)" in message.text


@pytest.mark.parametrize(("smallest_bytes", "shown", "tries"), [(1000, 1, 2), (2 * MIB, 0, 3)])
async def test_a_place_that_takes_less_than_it_said_gets_a_much_smaller_copy_or_none(
    tmp_path: Path, smallest_bytes: int, shown: int, tries: int
) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        show.media.smallest_bytes = smallest_bytes
        show.sim.faults.refuse(PATCHES, 40005, times=tries - 1)
        show.media.put("a.png", PNG + bytes(3 * MIB))
        result = await show.surface.edit(ref.write(), done("a.png"))
        assert isinstance(result, Delivered)
        assert (len(message.pictures), len(result.withheld)) == (shown, 1 - shown)
        assert "more than this chat takes" in message.text
        assert show.sim.count(PATCHES) == tries


async def test_no_request_is_larger_than_discord_takes(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        assert show.art.guild
        show.art.guild.max_upload_bytes = 50 * MIB
        message, ref = await show.shown()
        files = [show.media.put(f"{number}.png", PNG + bytes(9 * MIB)) for number in range(3)]
        await show.edit(ref, done(*files))
        assert [picture.filename for picture in message.pictures] == [*files[:2], "2.png.jpg"]
        assert message.text.count("more than this chat takes") == 1
        assert show.sim.count(PATCHES, 413) == 0


async def test_a_picture_that_is_no_longer_stored_is_not_the_end_of_its_card(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        await show.edit(ref, done("gone.png", "../etc/passwd"))
        assert message.text.count("A picture is no longer stored.") == 1
        assert message.pictures == []


async def test_alternative_text_is_what_was_asked_for_and_not_too_long(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        media = (CardMedia(show.media.put("a.png"), "image/png", "a *fox*\n" * 400),)
        await show.edit(ref, done(media=media))
        (item,) = message.now.components[0]["components"][1]["items"]
        assert item["description"].startswith("a *fox* a *fox*")
        assert 1000 < len(item["description"]) <= 1024


async def test_a_dm_takes_the_usual_ten_megabytes_whatever_the_server_took(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown(hidden=True)
        await show.clock.advance(900)
        show.media.put("a.png", PNG + bytes(11 * MIB))
        await show.edit(replace(ref, max_file_bytes=50 * MIB), done("a.png"))
        (sent,) = show.sim.messages(show.sim.dm(show.ada))
        assert "more than this chat takes" in sent.text
        assert show.sim.count("* *", 413) == 0


async def test_a_file_that_vanishes_before_it_is_opened_leaves_nothing_open(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        card = done(show.media.put("a.png"), show.media.put("b.png"))
        packed = await pack(card, show.media, None, max_bytes=MIB)
        (tmp_path / "b.png").unlink()
        _, ref = await show.shown()
        with pytest.raises(FileNotFoundError):
            await show.surface._messages.create(ref.channel, {}, packed.paths)


async def test_what_nobody_takes_is_undeliverable_and_not_tried_for_ever(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        show.sim.faults.refuse("* *", 20009, times=9)
        assert isinstance(await show.surface.edit(ref.write(), done(show.media.put("a.png"))), Undeliverable)


async def test_nothing_is_remembered_of_messages_that_show_their_last_card(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        show.media.put("a.png")
        for after_s in (0, 900):
            for hidden in (True, False):
                _, ref = await show.shown(hidden=hidden)
                await show.clock.advance(after_s)
                where = await show.edit(ref, running(media=done("a.png").media))
                await show.edit(where, done("a.png"))
        assert show.surface._delivery._shown == {}


async def test_a_video_plays_in_its_message_and_one_that_is_too_large_is_a_link_or_withheld(tmp_path: Path) -> None:
    for originals, withheld in ((ORIGINALS, frozenset[str]()), (None, frozenset({"large.mp4"}))):
        async with stage(tmp_path, originals=originals) as show:
            _, ref = await show.shown()
            media = [CardMedia(show.media.put("a.mp4"), "video/mp4", "a fox")]
            media += [CardMedia(show.media.put("large.mp4", PNG + bytes(11 * MIB)), "video/mp4", "a fox")]
            result = await show.surface.edit(ref.write(), done(media=tuple(media)))
            assert isinstance(result, Delivered)
            assert result.withheld == withheld
            (message,) = show.sim.messages(show.art)
            assert [(one.filename, one.media_type) for one in message.pictures] == [("a.mp4", "video/mp4")]
            assert "A video of 11.5 MB is more than this chat takes" in message.text
            assert ("https://draw.example.org/o/large.mp4" in message.text) == (originals is not None)
