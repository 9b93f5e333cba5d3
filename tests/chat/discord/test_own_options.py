"""Options that only some models know are fields of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chat.discord.stage import Stage, said, staged

from adapters.chat.discord.commands import payload
from bot.commands import MenuEntry, MenuOption
from bot.commands.menu import entries
from bot.policy import Offer
from bot.provider import CapabilitySpec, OptionKind, OptionSpec
from bot.testing.provider import SPEC

OWN = (
    OptionSpec(name="realtime", kind=OptionKind.FLAG, hint="looks things up"),
    OptionSpec(name="sample_steps", kind=OptionKind.WHOLE, low=1, high=50),
    OptionSpec(name="shift", kind=OptionKind.NUMBER, low=-2, high=2.5, hint="words " * 30),
    OptionSpec(name="sampler", choices=("Euler", "euler-a")),
    OptionSpec(name="trigger", choices=tuple(f"word {number}" for number in range(26))),
)
LOOKING = CapabilitySpec(capability=SPEC.capability, model="looking", title="Looking", options=OWN)


def fields(menu: tuple[MenuEntry, ...]) -> dict[str, dict[str, Any]]:
    (imagine,) = (command for command in payload(menu, "en") if command["name"] == "imagine")
    return {field["name"]: field for field in imagine["options"]}


def test_each_is_a_field_of_its_kind_within_discords_limits() -> None:
    known = fields(entries([Offer("looking", "Looking", LOOKING)], "en", browsing=False))
    assert {name: {key: value for key, value in known[name].items() if key != "name"} for name in list(known)[-5:]} == {
        "realtime": {"type": 5, "description": "looks things up"},
        "sample_steps": {"type": 4, "description": "1 to 50", "min_value": 1, "max_value": 50},
        "shift": {
            "type": 10,
            "description": ("words " * 17)[:100].rstrip(),
            "min_value": -2,
            "max_value": 2.5,
        },
        "sampler": {
            "type": 3,
            "description": "sampler",
            "choices": [{"name": "Euler", "value": "Euler"}, {"name": "euler-a", "value": "euler-a"}],
        },
        "trigger": {"type": 3, "description": "trigger", "max_length": 100},
    }


def test_no_command_has_more_than_25() -> None:
    own = [OptionSpec(name=f"o{number}", hint="x") for number in range(30)]
    menu = MenuEntry(
        name="imagine",
        summary="",
        options=tuple(MenuOption(f"--{one.name}", "x", (), one) for one in own),
        makes=True,
    )
    known = fields((menu,))
    assert len(known) == 25
    assert {"prompt", "hidden"} <= known.keys()


async def test_what_is_chosen_reaches_the_model_and_stands_in_the_details_as_it_is_typed_there(tmp_path: Path) -> None:
    async with staged(tmp_path, spec=LOOKING) as stage, stage.bot():
        picture = await stage.imagine(realtime=True, sample_steps=7, shift=1.5, sampler="euler-a")
        request = await _request(stage)
        assert request.extra == {"realtime": True, "sample_steps": 7, "shift": 1.5, "sampler": "euler-a"}
        assert picture.pictures
        wrong = await stage.ask("imagine", prompt="a red fox --realtime")
        assert "realtime" in said(wrong)
        assert len(await stage.states(stage.ada)) == 1


async def _request(stage: Stage) -> Any:
    person_id = await stage.store.person("discord", str(stage.ada.id))
    [message] = await stage.store.messages(person_id, limit=10)
    return message.jobs[0].request
