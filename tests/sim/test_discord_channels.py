"""Messages of the simulated Discord by the bot's own token: what may be done, and how it refuses."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest
from sim.discord.library import discord
from sim.discord.raw import NOBODY, raw
from sim.discord.simulation import simulated
from sim.discord.sketch import PNG, Card, picture, sketch_bot, somewhere
from sim.discord.state import USUAL, Flag, Permission

from bot.testing.clock import FakeClock

FOX = {**NOBODY, "content": "a fox"}
HARE = {**NOBODY, "content": "a hare"}
NONE = discord.AllowedMentions.none()


async def test_a_message_is_written_edited_read_and_deleted() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        channel = bot.get_partial_messageable(art.id)
        message = await channel.send(view=Card("a fox", shows="fox.png"), file=picture())
        assert message.edited_at is None
        assert len({part.id for part in discord.ui.LayoutView.from_message(message).walk_children()}) == 5
        await message.edit(view=Card("a hare", shows="fox.png"), allowed_mentions=NONE)
        told = await channel.fetch_message(message.id)
        (file,) = told.attachments
        assert (await file.read(), file.content_type) == (PNG, "image/png")
        gallery = next(part for part in _parts(told) if isinstance(part, discord.MediaGalleryComponent))
        assert gallery.items[0].media.url == file.url
        assert [one.id async for one in channel.history()] == [message.id]
        assert [one.text for one in sim.messages(art)] == ["a hare"]
        assert [one.filename for one in sim.messages(art)[0].pictures] == ["fox.png"]
        async with channel.typing():
            await message.delete()
        assert sim.messages(art) == []


def _parts(message: discord.Message) -> list[Any]:
    (box,) = message.components
    assert isinstance(box, discord.Container)
    return box.children


async def test_what_no_component_shows_cannot_be_seen() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        await bot.get_partial_messageable(art.id).send(view=Card("a fox"), file=picture())
        (message,) = sim.messages(art)
        assert (len(message.now.attachments), message.pictures) == (1, [])


async def test_a_file_can_stand_in_a_card_with_its_name_and_size() -> None:
    class Download(discord.ui.LayoutView):
        file: discord.ui.File[Any] = discord.ui.File("attachment://fox.png")

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        await bot.get_partial_messageable(art.id).send(view=Download(), file=picture())
        (component,) = sim.messages(art)[0].now.components
        assert (component["name"], component["size"], len(sim.messages(art)[0].pictures)) == ("fox.png", len(PNG), 1)


async def test_the_same_nonce_makes_one_message_for_some_minutes() -> None:
    clock = FakeClock()
    async with simulated(clock) as sim, raw(sim) as rest:
        _, art = somewhere(sim)
        told = [await rest.post(art, nonce="j1", enforce_nonce=True) for _ in range(2)]
        assert told[0].body["id"] == told[1].body["id"]
        await rest.post(art, nonce="j1")
        await clock.advance(301)
        await rest.post(art, nonce="j1", enforce_nonce=True)
        assert len(sim.messages(art)) == 3


async def test_a_direct_message_reaches_only_who_lets_it() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        ada = sim.person("ada")
        person = await bot.fetch_user(ada.id)
        await person.send("a fox")
        ada.dms_open = False
        with pytest.raises(discord.Forbidden, match="50007"):
            await person.send("a hare")
        assert [message.text for message in sim.sees(ada, sim.dm(ada))] == ["a fox"]


@pytest.mark.parametrize(
    ("trouble", "post", "edit"),
    [
        ("deleted", 10003, 10003),
        ("kicked", 50001, 50001),
        ("hidden", 50001, 50001),
        ("mute", 50013, None),
        ("archived", None, 50083),
        ("locked", 50083, 50083),
    ],
)
async def test_a_channel_that_is_closed_to_the_bot_says_why(trouble: str, post: int | None, edit: int | None) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        _, art = somewhere(sim)
        place = sim.thread(art, "foxes") if trouble in {"archived", "locked"} else art
        message = (await rest.post(place)).body["id"]
        if trouble == "kicked":
            assert art.guild is not None
            await sim.kick(art.guild)
        elif trouble in {"archived", "locked"}:
            place.archived, place.locked = True, trouble == "locked"
        place.deleted = trouble == "deleted"
        place.allowed = {"hidden": Permission(0), "mute": USUAL & ~Permission.SEND_MESSAGES}.get(trouble, USUAL)
        assert (await rest("PATCH", f"/channels/{place.id}/messages/{message}", HARE)).code == edit
        assert (await rest.post(place)).code == post
        assert place.archived == (trouble == "locked")


async def test_without_the_permission_no_file_is_taken() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        art.allowed = USUAL & ~Permission.ATTACH_FILES
        channel = bot.get_partial_messageable(art.id)
        with pytest.raises(discord.Forbidden, match="50013"):
            await channel.send(file=picture())
        message = await channel.send("a fox")
        with pytest.raises(discord.Forbidden, match="50013"):
            await message.edit(attachments=[picture()], allowed_mentions=NONE)


async def test_messages_that_are_gone_or_of_others_cannot_be_edited() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        ada, art = somewhere(sim)
        posted = sim.post(ada, art, "mine")
        path = f"/channels/{art.id}/messages/"
        assert (await rest("PATCH", f"{path}{posted.id}", FOX)).code == 50005
        assert (await rest("DELETE", f"{path}{posted.id}")).code == 50013
        posted.deleted = True
        assert (await rest("PATCH", f"{path}{posted.id}", FOX)).code == 10008
        assert (await rest("GET", f"{path}1")).code == 10008


async def test_a_group_of_friends_is_closed_to_the_bot() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        group = sim.group_dm(sim.person("ada"), sim.person("bob"))
        assert (await rest.post(group)).code == 50001


async def test_old_messages_may_be_edited_only_so_often() -> None:
    clock = FakeClock()
    async with simulated(clock) as sim, raw(sim) as rest:
        sim.channels_api.old_edits = 1
        _, art = somewhere(sim)
        path = f"/channels/{art.id}/messages/{(await rest.post(art)).body['id']}"
        await clock.advance(3600)
        assert (await rest("PATCH", path, HARE)).status == 200
        await clock.advance(60)
        said = await rest("PATCH", path, HARE)
        assert (said.status, said.code, said.body["retry_after"]) == (429, 30046, 3540.0)
        await clock.advance(3541)
        assert (await rest("PATCH", path, HARE)).status == 200


async def test_a_file_over_the_limit_of_its_place_is_refused_whole() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        ada, art = somewhere(sim)
        assert art.guild is not None
        art.guild.max_upload_bytes, ada.max_upload_bytes = 100, 200
        with pytest.raises(discord.HTTPException) as refused:
            await bot.get_partial_messageable(art.id).send(file=picture(data=bytes(101)))
        assert (refused.value.status, refused.value.code, sim.messages(art)) == (413, 40005, [])
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        assert asked.max_upload_bytes == 200


async def test_a_file_of_some_megabytes_is_taken_whole() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        await bot.get_partial_messageable(art.id).send(file=picture(data=bytes(9_000_000)))
        assert len(sim.messages(art)[0].pictures[0].data) == 9_000_000


async def test_no_request_is_larger_than_25_mib() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        _, art = somewhere(sim)
        large = io.BytesIO(bytes(25 * 1024 * 1024 + 1))
        path, headers = f"/channels/{art.id}/messages", {"Content-Type": "application/json"}
        assert (await rest("POST", path, data=large, headers=headers)).code == 40005


async def test_the_address_of_a_file_is_valid_for_a_day() -> None:
    clock = FakeClock()
    async with simulated(clock) as sim, sketch_bot(sim) as bot, aiohttp.ClientSession() as session:
        _, art = somewhere(sim)
        message = await bot.get_partial_messageable(art.id).send(file=picture())
        (file,) = message.attachments
        await clock.advance(86_401)
        with pytest.raises(discord.NotFound):
            await file.read()
        again = await message.channel.fetch_message(message.id)
        assert await again.attachments[0].read() == PNG
        async with session.get(again.attachments[0].url.replace("hm=", "hm=0")) as forged:
            assert forged.status == 404


async def test_commands_that_stay_keep_their_ids_and_servers_have_their_own() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        ada, art = somewhere(sim)
        assert art.guild is not None
        before = {command.name: command.id for command in await bot.tree.fetch_commands()}
        bot.tree.remove_command("server")
        guild = discord.Object(art.guild.id)
        bot.tree.copy_global_to(guild=guild)
        after = {command.name: command.id for command in await bot.tree.sync()}
        own = {command.name: command.id for command in await bot.tree.sync(guild=guild)}
        assert (after, own.keys()) == ({name: before[name] for name in before if name != "server"}, after.keys())
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        assert asked.data["id"] == str(own["imagine"])
        assert [one.name for one in await bot.tree.fetch_commands(guild=guild)] == list(own)


async def test_the_bot_can_look_at_places_and_people() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot, raw(sim) as rest:
        ada, art = somewhere(sim)
        assert art.guild is not None
        assert (await bot.application_info()).owner.id == sim.owner.id
        assert (await rest("GET", "/applications/@me")).body["id"] == str(sim.bot.id)
        guild = await bot.fetch_guild(art.guild.id, with_counts=False)
        assert (await guild.fetch_member(ada.id)).name == "ada"
        thread = sim.thread(art, "foxes")
        found = [await bot.fetch_channel(place.id) for place in (art, thread, sim.dm(ada))]
        assert [type(channel).__name__ for channel in found] == ["TextChannel", "Thread", "DMChannel"]
        await sim.kick(art.guild)
        with pytest.raises(discord.Forbidden, match="50001"):
            await bot.fetch_guild(guild.id)


@pytest.mark.parametrize(
    ("path", "code"), [("/guilds/1", 10004), ("/users/1", 10013), ("/channels/1", 10003), ("/channels/x", 50035)]
)
async def test_what_does_not_exist_is_unknown(path: str, code: int) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        assert (await rest("GET", path)).code == code
        sim.take_violations()


async def test_without_the_token_nobody_enters() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        said = await rest("GET", "/users/@me", headers={"Authorization": "Bot another"})
        assert (said.status, said.code) == (401, 0)


async def test_a_silent_message_is_marked_as_such() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        _, art = somewhere(sim)
        await bot.get_partial_messageable(art.id).send("a fox", silent=True)
        assert Flag.SILENT in sim.messages(art)[0].now.flags
