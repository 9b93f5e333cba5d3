"""What the simulated Discord refuses of commands and modals, and how it hands over what people attach."""

from __future__ import annotations

from typing import Any

import pytest
from sim.discord import drawing
from sim.discord.forms import Impossible, Picture
from sim.discord.raw import Raw, Said, raw
from sim.discord.simulation import simulated
from sim.discord.sketch import PNG, Interaction, sketch_bot, somewhere
from sim.discord.state import Answer
from sim.discord.state import Interaction as Asked

from bot.testing.clock import FakeClock

JSON = dict[str, Any]
MODAL = 9
WORDS: JSON = {"type": 4, "custom_id": "words", "style": 2, "required": False}
UPLOAD: JSON = {"type": 19, "custom_id": "image", "required": False}
MODELS = [{"label": name, "value": name} for name in ("flux", "wan")]
SELECT: JSON = {"type": 3, "custom_id": "model", "options": MODELS, "required": False}
RADIO: JSON = {"type": 21, "custom_id": "quality", "options": MODELS}


def label(component: JSON, name: str = "Words") -> JSON:
    return {"type": 18, "label": name, "component": component}


def slash(name: str = "edit", *options: JSON, **more: Any) -> JSON:
    return {"type": 1, "name": name, "description": "Change a picture", "options": list(options), **more}


def option(name: str, kind: int = 3, **more: Any) -> JSON:
    return {"type": kind, "name": name, "description": "x", **more}


def group(*names: str) -> JSON:
    return slash("character", *(option(name, 1, options=[option("name")]) for name in names))


async def open_modal(rest: Raw, asked: Asked, fields: list[JSON]) -> Said:
    body = {"type": MODAL, "data": {"custom_id": "j1:edit:x", "title": "Edit", "components": fields}}
    return await rest("POST", f"/interactions/{asked.id}/{asked.token}/callback", body)


ALIKE = [{"name": "High", "value": value} for value in ("a", "b")]
LONG = [{"name": f"{'n' * 95}{number}", "value": "v" * 100} for number in range(10)]
COMMANDS: dict[str, tuple[list[JSON], str | None]] = {
    "subcommands": ([group("new", "list")], None),
    "an attachment": ([slash("edit", option("prompt", required=True), option("image", 11))], None),
    "two of one name": ([slash(), slash()], "stands 2 times"),
    "a name of both kinds": ([slash(), {"type": 3, "name": "edit"}], None),
    "too many menus": ([{"type": 3, "name": f"Menu {number}"} for number in range(16)], "16 commands of type 3"),
    "a menu that is described": ([{"type": 3, "name": "Edit", "description": "x"}], "a menu has no description"),
    "capitals": ([slash("Edit")], "cannot be a name"),
    "no description": ([slash(description="")], "a description is missing"),
    "too much text": ([slash("edit", *(option(name, choices=LONG) for name in "abcde"))], "characters, at most"),
    "an option twice": ([slash("edit", option("a"), option("a"))], "option a stands 2 times"),
    "required behind others": ([slash("edit", option("a"), option("b", required=True))], "a required option"),
    "both choices and suggestions": ([slash("edit", option("a", autocomplete=True, choices=ALIKE[:1]))], "suggests"),
    "choices of one name": ([slash("edit", option("a", choices=ALIKE))], "choice of a High stands 2 times"),
    "a range that holds nothing": ([slash("edit", option("a", 4, min_value=5, max_value=1))], "min_value is more"),
    "subcommands beside options": ([slash("character", option("new", 1), option("a"))], "stand beside options"),
    "26 options": ([slash("edit", *(option(f"o{number}") for number in range(26)))], "too long"),
}


@pytest.mark.parametrize("name", COMMANDS)
async def test_commands_are_registered_as_discord_takes_them(name: str) -> None:
    commands, problem = COMMANDS[name]
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        said = await rest("PUT", f"/applications/{sim.bot.id}/commands", commands)
        assert said.status == (400 if problem else 200)
        assert any(problem in found for found in sim.take_violations()) if problem else not sim.violations


MODALS: dict[str, tuple[list[JSON], str | None]] = {
    "all kinds": ([label(WORDS), label(UPLOAD), label(SELECT), label(RADIO)], None),
    "six fields": ([label(WORDS | {"custom_id": str(number)}) for number in range(6)], "6 fields, at most 5"),
    "an id twice": ([label(WORDS), label(WORDS)], "custom_id words stands 2 times"),
    "words that are too long": ([label(WORDS | {"value": "x" * 11, "max_length": 10})], "too short or too long"),
    "a disabled select": ([label(SELECT | {"disabled": True})], "disabled"),
    "none of what is required": ([label(UPLOAD | {"required": True, "min_values": 0})], "none is enough"),
    "a value twice": ([label(SELECT | {"options": MODELS[:1] * 2})], "value flux stands 2 times"),
    "two chosen of one": ([label(RADIO | {"options": [one | {"default": True} for one in MODELS]})], "more is chosen"),
    "one radio alone": ([label(RADIO | {"options": MODELS[:1]})], "too short"),
    "a long label": ([label(WORDS, "x" * 46)], "too long"),
    "a bare field": ([UPLOAD], "none of what may stand here"),
}


@pytest.mark.parametrize("name", MODALS)
async def test_modals_are_opened_as_discord_takes_them(name: str) -> None:
    fields, problem = MODALS[name]
    async with simulated(FakeClock()) as sim, raw(sim) as rest, sketch_bot(sim):
        sim.gateway.freeze()
        ada, art = somewhere(sim)
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        said = await open_modal(rest, asked, fields)
        assert said.status == (400 if problem else 204)
        assert any(problem in found for found in sim.take_violations()) if problem else asked.answer is Answer.MODAL


async def test_a_modal_sends_what_was_filled_in_and_what_it_showed() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest, sketch_bot(sim):
        sim.gateway.freeze()
        ada, art = somewhere(sim)
        asked = await sim.command(ada, art, "imagine", prompt="a fox")
        chosen = RADIO | {"options": [MODELS[0], MODELS[1] | {"default": True}]}
        fields = [label(one) for one in (WORDS, UPLOAD, SELECT, chosen)]
        await open_modal(rest, asked, fields)
        for odd in ({"model": ["oil"]}, {"quality": "oil"}, {"image": [Picture("a.png", PNG)] * 2}):
            with pytest.raises(Impossible):
                await sim.submit(asked, **odd)
        sent = await sim.submit(asked, words="at night", image=[Picture("a.png", PNG)], model=["wan"])
        parts = {part["component"].pop("custom_id"): part["component"] for part in sent.data["components"]}
        (key,) = parts["image"]["values"]
        assert sent.data["resolved"]["attachments"][key]["filename"] == "a.png"
        assert (parts["words"]["value"], parts["model"]["values"]) == ("at night", ["wan"])
        assert (parts["quality"]["value"], parts["quality"]["type"]) == ("wan", 21)


async def test_an_attachment_is_read_from_where_it_lies_and_may_be_other_than_is_said() -> None:
    read: list[tuple[int, str | None, bytes]] = []

    async def look(interaction: Interaction) -> None:
        image = interaction.extras["image"]
        read.append((image.size, image.content_type, await image.read()))
        await interaction.response.send_message("ok")

    async with simulated(FakeClock()) as sim, sketch_bot(sim) as bot:
        bot.on_command = look
        ada, art = somewhere(sim)
        lying = Picture("cat.png", b"no picture", "image/png", told_bytes=3)
        asked = await sim.command(ada, art, "imagine", prompt="a fox", image=lying)
        await sim.until(lambda: asked.answer)
        assert read == [(3, "image/png", b"no picture")]
        assert sim.count("CDN", 200) == 1


async def test_a_menu_tells_of_a_picture_behind_a_link() -> None:
    async with simulated(FakeClock()) as sim, sketch_bot(sim):
        sim.gateway.freeze()
        ada, art = somewhere(sim)
        posted = sim.post_link(ada, art, "https://example.org/cat.png", Picture("cat.png", PNG))
        asked = await sim.message_menu(ada, posted, "Edit this picture")
        told = asked.data["resolved"]["messages"][asked.data["target_id"]]
        assert told["embeds"][0]["thumbnail"]["proxy_url"].startswith(sim.cdn.base)
        assert told["attachments"] == []


def test_every_field_of_a_form_is_drawn() -> None:
    chosen = RADIO | {"options": [MODELS[0], MODELS[1] | {"default": True}]}
    fields = [label(one) | {"description": "why"} for one in (WORDS, UPLOAD, SELECT, chosen)]
    shown = drawing.modal({"title": "Edit", "components": fields})
    assert ["Drag and drop" in shown, "Make a selection ▾" in shown, "◉ <div>wan" in shown, "<p>why" in shown] == [
        True
    ] * 4
