"""The commands: registered when they changed, and only then."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from chat.discord.stage import Stage, said
from sim.cast import SPECS
from sim.discord.raw import raw
from sim.discord.simulation import simulated

from adapters.chat.discord.commands import FIELDS, focused, payload, read
from adapters.chat.discord.sync import in_sync
from bot.commands import MenuEntry, MenuOption
from bot.commands.menu import entries
from bot.config import Settings
from bot.parsing import Command
from bot.plugins import load_providers
from bot.policy import Offer, Rules, offers_of
from bot.provider import OptionSpec
from bot.testing.clock import FakeClock
from bot.testing.provider import SPEC

PUT = "PUT /applications/{application_id}/commands"
DRAWN = "style style_strength width height seed negative_prompt guidance"
DRAWING = replace(SPEC, options=tuple(OptionSpec(name=name) for name in DRAWN.split()))
EVERYTHING = entries([Offer("studio", "Studio", spec) for spec in (DRAWING, *SPECS[1:])], "en", browsing=True)


def commands() -> list[dict[str, Any]]:
    return payload(EVERYTHING, "en")


def options(name: str, menu: tuple[MenuEntry, ...] = EVERYTHING) -> list[str]:
    (command,) = (one for one in payload(menu, "en") if one["name"] == name)
    return [option["name"] for option in command["options"]]


def typed_in(name: str, value: object) -> dict[str, Any]:
    return {"name": name, "value": value, "type": 3}


def field(known: list[dict[str, Any]], name: str, option: str) -> dict[str, Any]:
    (command,) = (one for one in known if one["name"] == name)
    found: dict[str, Any] = next(one for one in command["options"] if one["name"] == option)
    return found


async def test_the_first_start_registers_and_the_second_does_not(empty_stage: Stage) -> None:
    async with empty_stage.bot():
        assert empty_stage.sim.count(PUT, 200) == 1
    async with empty_stage.bot():
        assert empty_stage.sim.count(PUT) == 1


async def test_a_change_is_registered_and_ids_stay(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot():
        before = {one["name"]: one["id"] for one in stage.sim.commands[None]}
    stage.sim.commands[None][0]["description"] = "Film a video"
    async with stage.bot():
        assert stage.sim.count(PUT) == 2
        assert {one["name"]: one["id"] for one in stage.sim.commands[None]} == before


async def test_a_bot_whose_commands_cannot_be_registered_answers_all_the_same(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot():
        pass
    stage.sim.faults.outage("GET /applications/*", times=1)
    async with stage.bot() as bot:
        assert bot.chat.ready()
        assert said(await stage.ask("quota"))


def test_what_discord_adds_of_its_own_is_no_difference() -> None:
    registered = deepcopy(commands())
    for command in registered:
        command |= {"id": "1", "version": "2", "nsfw": False, "name_localizations": None}
        for option in command.get("options", []):
            option.setdefault("required", False)
    assert in_sync(commands(), list(reversed(registered)))


@pytest.mark.parametrize(
    "change",
    [
        lambda known: known.pop(),
        lambda known: known.append({"type": 1, "name": "old", "description": "x"}),
        lambda known: known[0].update(description="x"),
        lambda known: known[0]["options"].pop(),
        lambda known: known[0]["options"].append({"type": 5, "name": "old", "description": "x"}),
        lambda known: field(known, "imagine", "shape")["choices"].pop(),
        lambda known: field(known, "character", "new")["options"].pop(),
        lambda known: known[0].update(contexts=[0]),
        lambda known: known[0].pop("options"),
    ],
)
def test_every_other_difference_is_seen(change: Any) -> None:
    registered = deepcopy(commands())
    change(registered)
    assert not in_sync(commands(), registered)


def test_only_what_a_model_serves_is_offered() -> None:
    assert options("imagine") == [
        *("prompt", "style", "style_strength", "shape", "size", "width", "height", "count", "seed", "negative"),
        *("guidance", "model", "hidden"),
    ]
    little = MenuEntry(
        name="imagine", summary="", options=(MenuOption("--seed", ""), MenuOption("--model", "")), makes=True
    )
    assert options("imagine", (little,)) == ["prompt", "seed", "model", "hidden"]
    assert options("edit") == [
        *("prompt", "image", "character", "result", "link", "quality", "count", "model", "hidden"),
    ]
    assert options("animate") == [
        *("prompt", "image", "character", "result", "link", "seconds", "audio", "model", "hidden"),
    ]
    assert options("effect") == [
        *("effect", "image", "character", "result", "link", "seconds", "count", "model", "hidden"),
    ]


def test_the_price_of_high_quality_stands_where_it_is_chosen() -> None:
    quality = field(commands(), "edit", "quality")
    assert quality["choices"] == [
        {"name": "Standard", "value": "standard"},
        {"name": "High takes 2 credits", "value": "high"},
    ]
    assert [one["description"] for one in commands() if one["name"] == "animate"] == [
        "Make a video of a picture or a character (5 credits)"
    ]


def test_a_group_is_one_command_with_subcommands() -> None:
    (group,) = (one for one in commands() if one["name"] == "character")
    assert {one["name"]: [option["name"] for option in one["options"]] for one in group["options"]} == {
        "new": ["description", "name", "model", "hidden"],
        "list": [],
        "browse": ["search"],
        "show": ["character"],
        "use": ["character"],
        "rename": ["character", "name"],
        "delete": ["character"],
    }


def test_menus_of_messages_are_those_of_commands_that_are_there() -> None:
    menus = [one["name"] for one in commands() if one["type"] == 3]
    assert menus == ["Edit this picture", "Animate this picture", "Use as source", "Job details"]
    few = entries([Offer("studio", "Studio", SPEC)], "en", browsing=False)
    assert [one["name"] for one in payload(few, "en") if one["type"] == 3] == ["Job details"]


EVERY_PROVIDER = {
    "eternalai": {"key": "none", "effects": "dance,melt"},
    "eigenai": {"key": "none", "models": "draw", "edit_models": "retouch", "video_models": "film"},
    "eranol": {"key": "none"},
}


def everything_of_every_provider() -> list[dict[str, Any]]:
    providers = load_providers(Settings.model_validate({"providers": EVERY_PROVIDER}), FakeClock())
    offers = offers_of({provider.name: provider for provider in providers}, Rules())
    return payload(entries(offers, "en", browsing=True), "en")


@pytest.mark.parametrize("known", [commands, everything_of_every_provider])
async def test_every_command_of_the_menu_is_taken_by_discord(known: Callable[[], list[dict[str, Any]]]) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as rest:
        said = await rest("PUT", f"/applications/{sim.bot.id}/commands", known())
        assert said.status == 200


def test_a_command_is_read_as_it_was_typed() -> None:
    given = {"prompt": " a fox --seed 1", "style_strength": 0.8, "seed": 4294967295, "hidden": True}
    typed = read({"name": "imagine", "options": [typed_in(name, value) for name, value in given.items()]})
    assert typed.command == Command("imagine", " a fox --seed 1", {"style-strength": "0.8", "seed": "4294967295"})
    assert typed.hidden
    line = FIELDS.line(typed.command.name, typed.command.words, typed.command.options)
    assert line == "/imagine prompt: a fox --seed 1 style_strength:0.8 seed:4294967295"
    assert read({"name": "show", "options": [typed_in("job", "K7F3")]}).command == Command("show", "K7F3", {})


def test_a_subcommand_is_read_with_its_two_words() -> None:
    rename = {"name": "rename", "type": 1, "options": [typed_in("character", "Bo"), typed_in("name", "Bobby")]}
    command = read({"name": "character", "options": [rename]}).command
    assert command == Command("character rename", "Bo", {"name": "Bobby"})
    line = FIELDS.line(command.name, command.words, command.options)
    assert line == "/character rename character:Bo name:Bobby"
    show = {"name": "show", "type": 1, "options": [typed_in("character", "B") | {"focused": True}]}
    assert focused({"name": "character", "options": [show]}) == ("character show", "character", "B")
    assert read({"name": "character", "options": [{"name": "list", "type": 1}]}).bare
