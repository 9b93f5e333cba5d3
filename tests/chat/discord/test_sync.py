"""The commands: registered when they changed, and only then."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
from chat.discord.stage import Stage, said

from adapters.chat.discord.commands import FIELDS, payload, read
from adapters.chat.discord.sync import in_sync
from bot.commands import Commands, MenuEntry, MenuOption
from bot.parsing import OPTIONS, Command

PUT = "PUT /applications/{application_id}/commands"
EVERYTHING = [
    MenuEntry(name, "", tuple(MenuOption(f"--{option}", "") for option in OPTIONS) if name == "imagine" else ())
    for name in Commands.names
]


def commands() -> list[dict[str, Any]]:
    return payload(EVERYTHING, "en")


def options(name: str, menu: list[MenuEntry] = EVERYTHING) -> list[str]:
    (command,) = (one for one in payload(menu, "en") if one["name"] == name)
    return [option["name"] for option in command["options"]]


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
        lambda known: known[0]["options"][4]["choices"].pop(),
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
        *("prompt", "model", "style", "style_strength", "shape", "size", "width", "height", "count", "negative"),
        *("seed", "guidance", "hidden"),
    ]
    little = [MenuEntry("imagine", "", (MenuOption("--model", ""), MenuOption("--seed", "")))]
    assert options("imagine", little) == ["prompt", "model", "seed", "hidden"]


def test_every_command_of_the_menu_is_registered_within_discords_limits() -> None:
    assert [one["name"] for one in commands()] == [*Commands.names, "Job details"]
    for command in commands()[:-1]:
        assert re.fullmatch(r"[a-z]{1,32}", command["name"])
        assert 1 <= len(command["description"]) <= 100
        for option in command["options"]:
            assert 1 <= len(option["description"]) <= 100
        required = [option.get("required", False) for option in command["options"]]
        assert required == sorted(required, reverse=True)


def test_a_command_is_read_as_it_was_typed() -> None:
    given = {"prompt": " a fox --seed 1", "style_strength": 0.8, "seed": 4294967295, "hidden": True}
    data = {"name": "imagine", "options": [{"name": name, "value": value} for name, value in given.items()]}
    typed = read(data)
    assert typed.command == Command("imagine", " a fox --seed 1", {"style-strength": "0.8", "seed": "4294967295"})
    assert typed.hidden
    line = FIELDS.line(typed.command.name, typed.command.words, typed.command.options)
    assert line == "/imagine prompt: a fox --seed 1 style_strength:0.8 seed:4294967295"
    assert read({"name": "show", "options": [{"name": "job", "value": "K7F3"}]}).command == Command("show", "K7F3", {})
