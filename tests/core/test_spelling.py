"""How options are written on a platform stands everywhere where people read them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sim.atelier import with_atelier
from sim.house import House

from bot.errors import InvalidRequest
from bot.model import Act, Card, Origin
from bot.parsing import Command
from bot.provider import Style
from bot.testing.clock import FakeClock
from bot.testing.surface import FakeSurface


class Shouts:
    """Options in capital letters, commands with a question mark."""

    def flags(self, flags: str) -> str:
        return flags.replace("--", "").upper()

    def line(self, command: str, words: str, options: Mapping[str, str | float]) -> str:
        return "?" + " ".join([command, words, *(f"{name.upper()}={value}" for name, value in options.items())])


class Loud(FakeSurface):
    spelling = Shouts()


@pytest.fixture
def house() -> House:
    house, _ = with_atelier(Style("ink", "Ink"))
    house.surface = Loud(house.clock)
    house._build()
    return house


async def answered(house: House, name: str) -> Card:
    answer = await house.commands.do(house.origin(), Command(name, "", {}))
    assert isinstance(answer, Card)
    return answer


async def test_answers_that_show_options_write_them_as_the_platform_does(house: House) -> None:
    help_, styles, models = [await answered(house, name) for name in ("help", "styles", "models")]
    assert help_.lines[1] == "Options: STYLE, STYLE-STRENGTH, SHAPE, SIZE, WIDTH, HEIGHT, COUNT, SEED, MODEL"
    assert help_.lines[0] == "?imagine <words> draws a picture"
    assert "for example ?settings  PING=False;" in " ".join(help_.lines)
    history = await answered(house, "history")
    assert history.lines == ("Nothing here yet. Try ?imagine a lighthouse in a storm",)
    assert styles.lines[1] == "Use one with STYLE, for example ?imagine a red fox STYLE=ink"
    assert "SEED" in models.lines[0]
    assert not any("--" in line for card in (help_, styles, models) for line in card.lines)


async def test_the_command_on_a_card_can_be_sent_again_on_its_platform(house: House) -> None:
    job = await house.imagine("/imagine a red fox --seed 7")
    await house.clock.advance(60)
    assert {card.command for card in house.cards(job)} == {"?imagine a red fox SEED=7"}
    assert (await house.commands.details(house.origin(), job.id)).command == "?imagine a red fox SEED=7"


async def test_who_looks_from_elsewhere_reads_it_as_it_is_written_there(house: House) -> None:
    await house.imagine("/imagine a red fox --seed 7")
    person = await house.store.person("test", "ann")
    await house.store.link(person or "", "page", "ann")
    [card] = await house.commands.cards(Origin(platform="page", update_id="1", account="ann", chat=""), 1)
    assert card.command == "/imagine a red fox --seed 7"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"negative": "dogs"}, "Fake One doesn't support NEGATIVE. Remove it."),
        ({"count": "9"}, "COUNT is a whole number from 1 to 4. You wrote “9”."),
        ({"style-strength": "1"}, "STYLE-STRENGTH needs a STYLE to go with. Add one, or leave it out."),
        ({"sead": "1"}, "I don't know SEAD. Did you mean SEED? I know STYLE, "),
        ({"seed": "--1"}, "SEED is a whole number from 0 to 4294967295. You wrote “--1”."),
    ],
)
async def test_refusals_name_options_as_people_write_them(house: House, options: dict[str, str], sentence: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await house.commands.do(house.origin(), Command("imagine", "a fox", options))
    assert house.commands.explain(refused.value, Shouts()).startswith(sentence)


async def test_the_words_of_a_job_are_whole() -> None:
    house, words = House(clock=FakeClock()), "a red fox \\--seed " + "and a hen " * 100
    job = await house.imagine(f"/imagine {words}")
    form = await house.commands.form(house.origin(), Act.WORDS, job.id)
    assert form.words == words.replace("\\", "").strip()
