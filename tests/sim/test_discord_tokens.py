"""What an interaction's token may do at the simulated Discord, how long, and where it may not."""

from __future__ import annotations

import pytest
from sim.discord.library import discord
from sim.discord.raw import raw
from sim.discord.simulation import Simulation, simulated
from sim.discord.sketch import Card, Interaction, Sketch, picture, sketch_bot, somewhere
from sim.discord.state import USUAL, Permission

from bot.testing.clock import FakeClock

WEBHOOK_PATCH = "PATCH /webhooks/*"


async def refused_with(sim: Simulation, bot: Sketch) -> int:
    """The code with which Discord refused the handler of the one command."""
    await sim.until(lambda: bot.errors)
    (error,) = bot.errors
    assert isinstance(error, discord.HTTPException)
    return error.code


async def say_nothing(_: Interaction) -> None:
    pass


async def test_after_15_minutes_only_the_channel_route_can_edit() -> None:
    clock = FakeClock()

    async def draw(interaction: Interaction) -> None:
        await interaction.response.send_message(view=Card("Filming"))
        shown = await interaction.original_response()
        await clock.advance(900)
        with pytest.raises(discord.HTTPException, match="50027"):
            await interaction.edit_original_response(view=Card("too late"))
        message = bot.get_partial_messageable(art.id).get_partial_message(shown.id)
        film = Card("A film", shows="fox.png")
        await message.edit(view=film, attachments=[picture()], allowed_mentions=discord.AllowedMentions.none())

    async with simulated(clock) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        ada, art = somewhere(sim)
        await sim.command(ada, art, "imagine", prompt="a fox")
        (message,) = await sim.until(lambda: [one for one in sim.messages(art) if one.pictures])
        assert [version.text for version in message.history] == ["Filming", "A film"]
        assert (sim.count(WEBHOOK_PATCH, 401), sim.count("PATCH /channels/*", 200)) == (1, 1)


async def test_who_answers_after_3_seconds_is_too_late() -> None:
    clock = FakeClock()

    async def dawdle(interaction: Interaction) -> None:
        await clock.advance(3.1)
        await interaction.response.send_message(view=Card("Queued"))

    async with simulated(clock) as sim, sketch_bot(sim) as bot:
        bot.on_command = dawdle
        ada, art = somewhere(sim)
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        assert await refused_with(sim, bot) == 10062
        assert (asked.answer, sim.messages(art)) == (None, [])


async def test_nobody_answers_twice() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim), raw(sim) as rest:
        ada, art = somewhere(sim)
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: asked.answer)
        assert (await rest.answer(asked, 4, content="again")).code == 40060


async def test_a_hidden_message_cannot_be_edited_by_the_channel_route_but_by_its_token() -> None:
    async def draw(interaction: Interaction) -> None:
        await interaction.response.send_message(view=Card("Queued"), ephemeral=True)
        shown = await interaction.original_response()
        with pytest.raises(discord.NotFound, match="10008"):
            await bot.get_partial_messageable(art.id).get_partial_message(shown.id).edit(view=Card("by channel"))
        await interaction.edit_original_response(view=Card("by token"))

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        ada, art = somewhere(sim)
        await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: sim.count(WEBHOOK_PATCH) or bot.errors)
        assert [message.text for message in sim.sees(ada, art)] == ["by token"]


async def test_what_a_moderator_deleted_is_unknown() -> None:
    async def draw(interaction: Interaction) -> None:
        await interaction.response.send_message(view=Card("Queued"))
        sim.messages(art)[0].deleted = True
        await interaction.edit_original_response(view=Card("A fox"))

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        ada, art = somewhere(sim)
        await sim.command(ada, art, "imagine", prompt="a fox")
        assert await refused_with(sim, bot) == 10008


async def test_follow_ups_are_made_changed_and_deleted() -> None:
    async def draw(interaction: Interaction) -> None:
        await interaction.response.send_message(view=Card("Queued"))
        said = await interaction.followup.send(view=Card("Ready"), ephemeral=True, wait=True)
        await said.edit(view=Card("Really ready"))
        await interaction.delete_original_response()
        again = await interaction.followup.send("gone soon", wait=True)
        await again.delete()

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        ada, art = somewhere(sim)
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: sim.count("DELETE /webhooks/*") == 2 or bot.errors)
        assert [message.text for message in sim.sees(ada, art)] == ["Really ready"]
        assert len(asked.followups) == 2


async def test_the_first_follow_up_of_a_deferred_answer_is_the_answer() -> None:
    async def draw(interaction: Interaction) -> None:
        await interaction.response.defer()
        await interaction.followup.send("A fox", wait=True)

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        ada, art = somewhere(sim)
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: sim.count("POST /webhooks/*") or bot.errors)
        assert (len(sim.messages(art)), asked.followups) == (1, [])


async def test_a_personal_app_writes_five_follow_ups_and_does_not_edit_by_channel() -> None:
    async def draw(interaction: Interaction) -> None:
        assert interaction.is_user_integration()
        await interaction.response.send_message(view=Card("Queued"))
        with pytest.raises(discord.Forbidden, match="50001"):
            await bot.get_partial_messageable(art.id).get_partial_message(interaction.id).edit(view=Card("no"))
        for number in range(6):
            await interaction.followup.send(str(number), wait=True)

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        sim.buckets.messages = sim.buckets.others
        ada, art = sim.person("ada", installed=True), sim.channel(sim.guild("Elsewhere", bot_present=False), "art")
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        assert await refused_with(sim, bot) == 40094
        assert asked.owners == {"1": str(ada.id)}
        assert len(sim.messages(art)) == 6


async def test_a_personal_app_is_hidden_from_others_where_members_may_not_use_such() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim):
        elsewhere = sim.guild("Elsewhere", bot_present=False)
        ada, art = sim.person("ada", installed=True), sim.channel(elsewhere, "art")
        elsewhere.members[ada] = USUAL & ~Permission.USE_EXTERNAL_APPS
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: asked.answer)
        assert (len(sim.sees(ada, art)), sim.messages(art)) == (1, [])


@pytest.mark.parametrize("kind", ["dm", "group"])
async def test_commands_work_in_private_conversations(kind: str) -> None:
    seen: list[tuple[bool, bool]] = []

    async def look(interaction: Interaction) -> None:
        seen.append((interaction.context.dm_channel is True, interaction.context.private_channel is True))
        await interaction.response.send_message(view=Card("Queued"))

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = look
        ada = sim.person("ada", installed=True)
        place = sim.dm(ada) if kind == "dm" else sim.group_dm(ada, sim.person("bob"))
        asked = await sim.command(ada, place, "imagine", prompt="a fox")
        await sim.until(lambda: asked.answer or bot.errors)
        assert seen == [(kind == "dm", kind == "group")]


async def test_a_token_is_unknown_before_the_answer_and_invalid_when_foreign() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot, raw(sim) as rest:
        ada, art = somewhere(sim)
        bot.on_command = say_nothing
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        original = f"/webhooks/{sim.bot.id}/{asked.token}/messages/@original"
        assert (await rest("GET", original)).code == 10015
        assert (await rest("GET", original.replace(asked.token, "abc"))).code == 50027
        assert (await rest.answer(asked, 5)).status == 204
        assert (await rest("GET", original)).status == 200


@pytest.mark.parametrize(("answered_with", "status"), [(4, 204), (5, 204), (6, 400), (7, 400), (8, 400)])
async def test_a_command_is_answered_with_a_message_or_not_at_all(answered_with: int, status: int) -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot, raw(sim) as rest:
        ada, art = somewhere(sim)
        bot.on_command = say_nothing
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        data = {4: {"content": "a fox"}, 7: {"content": "a fox"}}.get(answered_with, {})
        body = {"type": 8, "data": {"choices": []}} if answered_with == 8 else None
        path = f"/interactions/{asked.id}/{asked.token}/callback"
        said = await (rest("POST", path, body) if body else rest.answer(asked, answered_with, **data))
        assert said.status == status
        assert bool(sim.take_violations()) == (status == 400)
