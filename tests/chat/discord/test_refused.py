"""What Discord refuses to show: progress gives way, and a last card tries every way that there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from chat.cards import done, running
from chat.discord.showing import Stage, stage
from sim.discord.buckets import Limit
from sim.discord.state import USUAL, Flag, Message, Permission

from bot.surface import Delivered, Paused, Undeliverable

BY_TOKEN, BY_CHANNEL = "PATCH /webhooks/*", "PATCH /channels/*"
DMS, POSTS = "POST /users/@me/channels", "POST /channels/*"
BLOCKED, HARMFUL, ARCHIVED, TOO_LARGE, SLOW = 200000, 240000, 50083, 40005, 20016


def dms(show: Stage) -> list[Message]:
    return show.sim.messages(show.sim.dm(show.ada))


@pytest.mark.parametrize("after_s", [0, 900])
@pytest.mark.parametrize("code", [BLOCKED, HARMFUL, ARCHIVED, TOO_LARGE])
async def test_refused_progress_is_not_repeated_and_the_picture_comes_where_it_was_asked_for(
    tmp_path: Path, code: int, after_s: float
) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        await show.clock.advance(after_s)
        show.sim.faults.refuse("PATCH *", code)
        where = await show.edit(ref, running())
        where = await show.edit(where, running(60))
        assert show.sim.count("PATCH *") == 1
        await show.edit(where, done(show.media.put("a.png")))
        assert message.pictures
        assert dms(show) == []


@pytest.mark.parametrize("code", [BLOCKED, TOO_LARGE])
async def test_refused_progress_of_a_hidden_message_does_not_make_its_picture_a_dm(tmp_path: Path, code: int) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown(hidden=True)
        show.sim.faults.refuse(BY_TOKEN, code)
        where = await show.edit(ref, running())
        await show.edit(where, done(show.media.put("a.png")))
        assert message.pictures
        assert dms(show) == []


async def test_what_a_place_regains_is_used_for_the_last_card(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        await show.clock.advance(900)
        show.art.allowed = USUAL & ~Permission.VIEW_CHANNEL
        where = await show.edit(ref, running())
        show.art.allowed = USUAL
        await show.edit(where, done(show.media.put("a.png")))
        assert message.pictures


async def test_a_thread_that_stays_archived_is_not_opened_again_and_the_picture_comes_as_a_dm(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        thread = show.sim.thread(show.art, "foxes")
        message, ref = await show.shown(thread)
        thread.archived = True
        where = await show.edit(ref, running())
        await show.edit(where, done(show.media.put("a.png")))
        (sent,) = dms(show)
        assert sent.pictures
        assert "where you asked for it" in sent.text
        assert thread.archived
        assert len(message.history) == 1


@pytest.mark.parametrize("after_s", [0, 900])
async def test_slow_mode_is_not_waited_for(tmp_path: Path, after_s: float) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        await show.clock.advance(after_s)
        show.sim.faults.refuse("PATCH *", SLOW, times=9)
        where = await show.edit(ref, running())
        assert show.surface.wait_s(where, keep=0) == 0
        await show.edit(where, done())
        assert len(dms(show)) == 1


async def test_what_comes_as_a_dm_rings_by_itself_and_nothing_else_does(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown(hidden=True)
        await show.clock.advance(900)
        where = await show.edit(ref, done(show.media.put("a.png")))
        await show.surface.notify(where, str(show.ada.id), done())
        (sent,) = dms(show)
        assert Flag.SILENT not in sent.now.flags
        assert show.sim.messages(show.art) == []


@pytest.mark.parametrize("dms_open", [True, False])
async def test_after_a_kick_the_token_shows_the_rest_and_then_a_dm_if_any(tmp_path: Path, *, dms_open: bool) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        assert show.art.guild
        show.art.guild.bot_present, show.ada.dms_open = False, dms_open
        where = await show.edit(ref, running())
        assert len(message.history) == 2
        await show.clock.advance(900)
        where = await show.edit(where, running(60))
        result = await show.surface.edit(where, done(show.media.put("a.png")))
        assert isinstance(result, Delivered if dms_open else Undeliverable)
        assert len(dms(show)) == dms_open
        assert show.sim.count(BY_CHANNEL, 403) == 2


async def test_a_ban_of_the_address_stops_every_way_for_as_long_as_it_says(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        refs = [(await show.shown(hidden=hidden))[1].write() for hidden in (False, True)]
        show.sim.api.shield.limit = Limit(0, 3600.0)
        result = await show.surface.edit(refs[0], running())
        assert isinstance(result, Paused)
        assert 3590 < result.retry_after_s <= 3601
        await show.clock.advance(1000)
        assert all(show.surface.wait_s(ref, keep=0) > 2000 for ref in refs)
        assert isinstance(await show.surface.edit(refs[0], running()), Paused)
        assert show.sim.count("PATCH *", 429) == 1


async def test_a_ban_that_does_not_say_how_long_is_no_crash(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        show.sim.faults.outage("PATCH *", status=429, times=1)
        assert await show.surface.edit(ref.write(), running()) == Paused(1.0)
        await show.clock.advance(1)
        await show.edit(ref, running())


async def test_the_operator_hears_once_of_a_token_that_is_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(tmp_path) as show:
        refs = [(await show.shown())[1].expired().write() for _ in range(3)]
        show.sim.token = "another"
        for ref in (*refs, *refs):
            assert isinstance(await show.surface.edit(ref, done()), Paused)
        said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
        assert len(said) == 1
        assert said[0].startswith("Discord does not take the token in BOT_DISCORD__TOKEN")
        assert show.sim.api.shield.invalid == 1
