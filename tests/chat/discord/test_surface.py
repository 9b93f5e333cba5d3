"""One message on Discord, from its first card to its last, whichever way is still open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from chat.cards import done, queued, running
from chat.discord.showing import PNG, stage
from sim.discord.state import USUAL, Flag, Message, Permission

from adapters.chat.discord.refs import Ref
from adapters.chat.discord.rest import Away
from bot.model import Bar, MessageRef
from bot.surface import Delivered, Metered, Notifies, Paused, Surface, Undeliverable

BY_TOKEN, BY_CHANNEL = "PATCH /webhooks/*", "PATCH /channels/*"
DMS, POSTS = "POST /users/@me/channels", "POST /channels/*"


def texts(message: Message) -> list[str]:
    """The second line of every version: the prompt is the first or the third."""
    return [version.text for version in message.history]


async def test_it_is_what_the_core_asks_of_a_surface(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        surface: Surface = show.surface
        assert isinstance(surface, Metered)
        assert isinstance(surface, Notifies)


async def test_inside_15_minutes_the_interactions_token_edits(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        await show.edit(ref, running())
        await show.edit(ref, done(show.media.put("a.png")))
        assert [("Queued" in text, "42 %" in text) for text in texts(message)] == [
            (True, False),
            (False, True),
            (False, False),
        ]
        assert [picture.data for picture in message.pictures] == [PNG]
        assert (show.sim.count(BY_TOKEN, 200), show.sim.count(BY_CHANNEL)) == (2, 0)


async def test_after_14_minutes_the_bots_own_token_edits_the_same_message(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        await show.clock.advance(13 * 60 + 59)
        where = await show.edit(ref, running())
        await show.clock.advance(1)
        assert "your DMs" not in message.text
        where = await show.edit(where, done(show.media.put("a.png")))
        assert show.sim.messages(show.art) == [message]
        assert len(message.pictures) == 1
        assert (show.sim.count(BY_TOKEN), show.sim.count(BY_CHANNEL, 200)) == (1, 1)
        assert "token" not in where.token


async def test_the_token_is_kept_for_as_long_as_the_message_changes(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        where = await show.edit(ref, running())
        assert Ref.read(where) == ref
        where = await show.edit(where, done())
        assert Ref.read(where) == ref.expired()


async def test_where_nothing_has_changed_no_new_reference_is_given(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        assert await show.surface.edit(ref.write(), running()) == Delivered()


@pytest.mark.parametrize("code", [50027, 10015, 10008, 50013])
async def test_a_token_that_fails_inside_its_life_is_never_tried_again(tmp_path: Path, code: int) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        show.sim.faults.refuse(BY_TOKEN, code)
        where = await show.edit(ref, running())
        await show.edit(where, done())
        assert len(message.history) == 3
        assert (show.sim.count(BY_TOKEN), show.sim.count(BY_CHANNEL, 200)) == (1, 2)


async def test_an_answer_whose_id_is_not_known_is_the_interactions_own(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        where = Ref.read(await show.edit(replace(ref, message=None), running()))
        assert where == ref
        assert len(message.history) == 2


async def test_a_hidden_message_is_edited_while_its_token_lives_and_then_its_result_comes_as_a_dm(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown(hidden=True)
        where = await show.edit(ref, running())
        await show.clock.advance(13 * 60)
        where = await show.edit(where, running(60, bar=Bar(60, eta_at=show.clock.now() + 600)))
        assert "<t:" not in message.text  # it would run out, and nobody could change it
        await show.clock.advance(120)
        where = await show.edit(where, running(80))
        where = await show.edit(where, done(show.media.put("a.png")))
        assert ["your DMs" in text for text in texts(message)] == [False, False, True]
        (sent,) = show.sim.messages(show.sim.dm(show.ada))
        assert len(sent.pictures) == 1
        assert Flag.SILENT not in sent.now.flags
        await show.edit(where, done())  # it can be edited from now on
        assert not sent.pictures
        assert show.sim.messages(show.art) == []


async def test_who_may_not_be_written_to_has_it_in_the_history(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown(hidden=True)
        show.ada.dms_open = False
        await show.clock.advance(900)
        assert isinstance(await show.surface.edit(ref.write(), done()), Undeliverable)
        assert show.sim.count(POSTS, 403) == 1


async def test_a_personal_app_in_a_strange_server_never_uses_the_bots_own_token_there(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        cyd = show.sim.person("cyd", installed=True)
        elsewhere = show.sim.channel(show.sim.guild("Elsewhere", bot_present=False), "art")
        message, ref = await show.shown(elsewhere, cyd)
        await show.clock.advance(13 * 60 + 1)
        where = await show.edit(ref, running())
        await show.clock.advance(120)
        await show.edit(where, done())
        assert "your DMs" in message.text
        assert len(show.sim.messages(show.sim.dm(cyd))) == 1
        assert show.sim.count(BY_CHANNEL) == 0


async def test_in_a_group_the_result_comes_as_a_dm_after_the_token(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        cyd = show.sim.person("cyd", installed=True)
        _, ref = await show.shown(show.sim.group_dm(cyd, show.ada), cyd)
        await show.clock.advance(900)
        await show.edit(ref, done())
        assert len(show.sim.messages(show.sim.dm(cyd))) == 1


async def test_in_the_bots_own_conversation_the_same_message_shows_the_result(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown(show.sim.dm(show.ada))
        await show.clock.advance(900)
        await show.edit(ref, done(show.media.put("a.png")))
        assert show.sim.messages(show.sim.dm(show.ada)) == [message]
        assert message.pictures


async def test_what_somebody_deleted_is_not_posted_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        message.deleted = True
        assert isinstance(await show.surface.edit(ref.write(), done()), Undeliverable)
        assert show.sim.count("POST *", 200) == 0


@pytest.mark.parametrize("lost", ["kicked", "forbidden", "channel", "archived", "hidden"])
async def test_where_the_bot_has_no_way_any_more_one_dm_is_tried(tmp_path: Path, lost: str) -> None:
    async with stage(tmp_path) as show:
        place = show.sim.thread(show.art, "foxes") if lost == "archived" else show.art
        message, ref = await show.shown(place)
        await show.clock.advance(900)
        if lost == "kicked":
            assert place.guild
            place.guild.bot_present = False
        elif lost == "forbidden":
            place.allowed = USUAL & ~Permission.ATTACH_FILES
        elif lost == "hidden":
            place.allowed = USUAL & ~Permission.VIEW_CHANNEL
        place.deleted, place.archived = lost == "channel", lost == "archived"
        await show.edit(ref, done(show.media.put("a.png")))
        (sent,) = show.sim.messages(show.sim.dm(show.ada))
        assert sent.pictures
        assert len(message.history) == 1


async def test_progress_that_finds_no_way_is_not_sent_again_and_the_result_is(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        await show.clock.advance(900)
        assert show.art.guild
        show.art.guild.bot_present = False
        where = await show.edit(ref, running())
        where = await show.edit(where, running(60))
        assert (show.sim.count(BY_CHANNEL), show.sim.count(DMS)) == (1, 0)
        await show.edit(where, done())
        assert len(show.sim.messages(show.sim.dm(show.ada))) == 1


async def test_a_dm_whose_answer_was_lost_is_not_sent_twice(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown(hidden=True)
        await show.clock.advance(900)
        show.sim.faults.drop("POST /channels/*", after=True)
        with pytest.raises(Exception, match="disconnected"):
            await show.surface.edit(ref.write(), done())
        await show.edit(ref, done())
        assert len(show.sim.messages(show.sim.dm(show.ada))) == 1


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_an_outage_is_left_to_who_asked_and_the_edit_repeated_by_nobody_else(tmp_path: Path, status: int) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        show.sim.faults.outage(status=status, for_s=20)
        for _ in range(3):
            with pytest.raises(Away):
                await show.surface.edit(ref.write(), done())
        assert show.sim.count(BY_TOKEN, status) == 3
        await show.clock.advance(20)
        await show.edit(ref, done())
        assert len(message.history) == 2


async def test_an_answer_that_breaks_off_is_left_to_who_asked(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        show.sim.faults.garble(BY_TOKEN)
        with pytest.raises(Away):
            await show.surface.edit(ref.write(), done())
        await show.edit(ref, done())
        assert len(message.history) == 3


async def test_a_reference_of_somebody_else_is_undeliverable(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        ref = MessageRef("discord", "ada:1")
        assert isinstance(await show.surface.edit(ref, done()), Undeliverable)
        assert show.surface.wait_s(ref, keep=0) == 0
        await show.surface.remove(ref, "m")
        await show.surface.notify(ref, "1", done())
        assert show.surface.bucket(ref) == ""


async def test_before_the_login_nothing_is_sent(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, ref = await show.shown()
        await show.client.http.close()
        with pytest.raises(Away):
            await show.surface.edit(ref.write(), queued())


async def test_a_refused_bot_token_stops_all_that_needs_it_and_nothing_else(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, young = await show.shown()
        message, old = await show.shown()
        show.sim.token = "another"
        for _ in range(5):
            assert isinstance(await show.surface.edit(old.expired().write(), done()), Paused)
        assert show.sim.api.shield.invalid == 1
        await show.edit(young, done())
        assert len(message.history) == 1


async def test_one_reply_pings_one_person(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        await show.surface.notify(ref.write(), str(show.ada.id), done(title="@everyone"))
        said = show.sim.messages(show.art)[-1]
        assert said is not message
        assert said.text == f"<@{show.ada.id}> Your result is ready."
        assert said.now.flags == Flag.SUPPRESS_EMBEDS
        body = show.sim.journal.requests[-1].body
        assert body["allowed_mentions"] == {"parse": [], "users": [str(show.ada.id)]}
        assert body["message_reference"]["message_id"] == str(message.id)


async def test_nobody_is_pinged_where_others_would_see_it_or_it_fails(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        _, hidden = await show.shown(hidden=True)
        await show.surface.notify(hidden.write(), str(show.ada.id), done())
        assert show.sim.count(POSTS) == 0
        _, ref = await show.shown()
        show.sim.faults.outage(POSTS, times=1)
        show.sim.faults.refuse(POSTS, 50013)
        for _ in range(2):
            await show.surface.notify(ref.write(), str(show.ada.id), done())


@pytest.mark.parametrize("after_s", [0, 900])
async def test_a_message_is_taken_away(tmp_path: Path, after_s: float) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        await show.clock.advance(after_s)
        await show.surface.remove(ref.write(), "m")
        assert message.deleted
        await show.surface.remove(ref.write(), "m")  # once more does no harm


async def test_what_cannot_be_taken_away_stays(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown()
        show.sim.faults.outage("DELETE *")
        await show.surface.remove(ref.write(), "m")
        assert not message.deleted
