"""Commands, buttons and modals of the simulated Discord, as the real discord.py meets them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sim.discord.forms import Impossible, Picture
from sim.discord.raw import NOBODY, raw
from sim.discord.simulation import simulated
from sim.discord.sketch import PNG, Card, Interaction, JobButton, picture, sketch_bot, somewhere
from sim.discord.state import Answer, Permission

from bot.testing.clock import START, FakeClock

CANCEL = "j1:cancel:K7F3"
WEBHOOK_PATCH = "PATCH /webhooks/*"


async def test_a_card_is_the_acknowledgement_and_is_edited_until_it_shows_the_picture() -> None:
    clock = FakeClock()

    async def draw(interaction: Interaction) -> None:
        await interaction.response.send_message(view=Card("Queued"))
        await clock.advance(2)
        await interaction.edit_original_response(view=Card("Drawing"))
        await clock.advance(8)
        await interaction.edit_original_response(view=Card("A fox", shows="fox.png"), attachments=[picture()])

    async with simulated(clock) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        ada, art = somewhere(sim)
        await sim.command(ada, art, "imagine", prompt="a fox")
        (message,) = await sim.until(lambda: [one for one in sim.messages(art) if one.pictures])
        assert [(version.at - START, version.text) for version in message.history] == [
            (0, "Queued"),
            (2, "Drawing"),
            (10, "A fox"),
        ]
        assert [(one.filename, one.data, one.description) for one in message.pictures] == [("fox.png", PNG, "a fox")]
        assert sim.count(WEBHOOK_PATCH, 200) == 2


async def test_a_deferred_answer_is_filled_in_later_and_stays_hidden() -> None:
    async def draw(interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(view=Card("A fox"))

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        (ada, art), bob = somewhere(sim), sim.person("bob")
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: [one for one in sim.sees(ada, art) if not one.loading])
        assert asked.original is not None
        assert [version.text for version in asked.original.history] == ["", "A fox"]
        assert (sim.messages(art), sim.sees(bob, art)) == ([], [])


async def test_options_arrive_as_they_were_typed() -> None:
    seen: list[dict[str, Any]] = []

    async def read(interaction: Interaction) -> None:
        given = interaction.extras
        seen.append({**given, "image": await given["image"].read(), "limit": interaction.filesize_limit})
        await interaction.response.send_message(view=Card("Queued"))

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = read
        ada, art = somewhere(sim)
        sent = Picture("cat.png", PNG)
        asked = await sim.command(ada, art, "imagine", prompt="a fox", style="oil", image=sent, count=2)
        await sim.until(lambda: asked.answer or bot.errors)
        expected = {"prompt": "a fox", "style": "oil", "shape": "1:1", "image": PNG, "count": 2}
        assert seen == [expected | {"limit": 10 * 1024 * 1024}]


@pytest.mark.parametrize(
    "given",
    [{}, {"prompt": ""}, {"prompt": "x", "count": 5}, {"prompt": "x", "shape": "2:1"}, {"prompt": "x", "styl": "oil"}],
)
async def test_people_cannot_send_what_their_client_would_not(given: dict[str, Any]) -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim):
        ada, art = somewhere(sim)
        with pytest.raises(Impossible):
            await sim.command(ada, art, "imagine", **given)


async def test_commands_are_offered_only_where_and_to_whom_they_were_registered() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim):
        ada, art = somewhere(sim)
        assert art.guild is not None
        with pytest.raises(Impossible, match="may not"):
            await sim.command(ada, art, "server limits")
        art.guild.members[ada] |= Permission.MANAGE_GUILD
        asked = await sim.command(ada, art, "server limits")
        await sim.until(lambda: asked.answer)
        with pytest.raises(Impossible, match="not complete"):
            await sim.command(ada, art, "server")
        with pytest.raises(Impossible, match="place"):
            await sim.command(ada, sim.dm(ada), "server limits")
        with pytest.raises(Impossible, match="installed"):
            await sim.command(ada, sim.group_dm(ada, sim.person("bob")), "imagine", prompt="a fox")


async def test_suggestions_come_while_typing() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim):
        ada, art = somewhere(sim)
        asked = await sim.autocomplete(ada, art, "imagine", "style", "an", prompt="a fox")
        await sim.until(lambda: asked.answer)
        assert asked.choices == [{"name": "Anime", "value": "anime"}]
        with pytest.raises(Impossible):
            await sim.autocomplete(ada, art, "imagine", "prompt", "an")


async def test_a_button_is_known_after_a_restart_and_opens_a_modal_that_answers() -> None:
    async with simulated(FakeClock()) as sim:
        ada, art = somewhere(sim)
        async with sketch_bot(sim):
            asked = await sim.command(ada, art, "imagine", prompt="a fox")
            await sim.until(lambda: asked.answer)
        async with sketch_bot(sim) as bot:
            (card,) = sim.messages(art)
            pressed = await sim.press(ada, card, CANCEL)
            assert await sim.until(lambda: pressed.answer) is Answer.MODAL
            assert bot.pressed == [("cancel", "K7F3")]
            sent = await sim.submit(pressed, words="a hare", hidden=True, source=[Picture("cat.png", PNG)])
            await sim.until(lambda: sent.answer)
            assert sim.messages(art)[-1].text == "('a hare', True, 'high', ['cat.png'])"


@pytest.mark.parametrize(
    "fields",
    [{"words": ""}, {"wrds": "a"}, {"words": "x" * 4001}, {"quality": "ok"}, {"source": [Picture("a", PNG)] * 2}],
)
async def test_a_modal_takes_only_what_its_fields_offer(fields: dict[str, Any]) -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim):
        ada, art = somewhere(sim)
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: asked.answer)
        pressed = await sim.press(ada, sim.messages(art)[0], CANCEL)
        await sim.until(lambda: pressed.answer)
        with pytest.raises(Impossible):
            await sim.submit(pressed, **{"words": "a hare", **fields})


@pytest.mark.parametrize(("opened_by", "status"), [("command", 400), ("button", 204)])
async def test_a_modal_can_change_only_the_card_whose_button_opened_it(opened_by: str, status: int) -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot, raw(sim) as rest:
        ada, art = somewhere(sim)
        if opened_by == "command":
            bot.on_command = bot.on_press
        opened = await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: opened.answer)
        if opened_by == "button":
            opened = await sim.press(ada, sim.messages(art)[0], CANCEL)
            await sim.until(lambda: opened.answer)
        bot.simulation.gateway.freeze()  # so that the bot leaves this one to us
        sent = await sim.submit(opened, words="a hare")
        card = {"flags": 1 << 15, "components": [{"type": 10, "content": "a hare"}]}
        assert (await rest.answer(sent, 7, **card)).status == status
        assert bool(sim.take_violations()) == (status == 400)


async def test_nobody_presses_what_is_disabled_or_hidden_from_them() -> None:
    async def draw(interaction: Interaction) -> None:
        card = Card("a fox")
        next(item for item in card.walk_children() if isinstance(item, JobButton)).item.disabled = True
        await interaction.response.send_message(view=card)
        await interaction.followup.send(view=Card("a hare"), ephemeral=True)

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = draw
        (ada, art), bob = somewhere(sim), sim.person("bob")
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: asked.followups)
        disabled, hidden = sim.sees(ada, art)
        for person, message in ((ada, disabled), (bob, hidden)):
            with pytest.raises(Impossible):
                await sim.press(person, message, CANCEL)
        await sim.press(ada, hidden, CANCEL)


async def test_a_press_can_change_the_card_it_stands_on() -> None:
    async def change(interaction: Interaction) -> None:
        await interaction.response.edit_message(view=Card("Cancelled", act="again"))

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_press = change
        ada, art = somewhere(sim)
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        await sim.until(lambda: asked.answer)
        (card,) = sim.messages(art)
        pressed = await sim.press(ada, card, CANCEL)
        await sim.until(lambda: pressed.answer)
        assert (card.text, list(card.buttons)) == ("Cancelled", ["j1:again:K7F3"])
        with pytest.raises(Impossible):
            await sim.press(ada, card, CANCEL)


async def test_a_choice_in_a_select_arrives() -> None:
    options = [{"label": style, "value": style} for style in ("anime", "oil")]
    select = {"type": 3, "custom_id": "style", "options": options}
    body = {**NOBODY, "content": "Style", "components": [{"type": 1, "components": [select]}]}

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot, raw(sim) as rest:
        chosen = asyncio.get_running_loop().create_future()
        bot.on_choice = chosen.set_result
        ada, art = somewhere(sim)
        await rest.post(art, body)
        (message,) = sim.messages(art)
        await sim.choose(ada, message, "style", "oil")
        assert await asyncio.wait_for(chosen, 2) == ["oil"]
        with pytest.raises(Impossible):
            await sim.choose(ada, message, "style", "pastel")
        with pytest.raises(Impossible):
            await sim.choose(ada, message, "style", "oil", "anime")


async def test_menus_carry_what_they_were_opened_on() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim):
        (ada, art), bob = somewhere(sim), sim.person("bob")
        posted = sim.post(bob, art, "look", Picture("cat.png", PNG))
        on_message = await sim.message_menu(ada, posted, "Edit this picture")
        on_person = await sim.user_menu(ada, art, bob, "About")
        await sim.until(lambda: on_message.answer and on_person.answer)
        assert [message.text for message in sim.sees(ada, art)] == ["look", "cat.png", "bob"]
        assert sim.messages(art)[-1].text == "bob"
