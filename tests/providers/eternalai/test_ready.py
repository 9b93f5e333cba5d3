"""The ready-made characters of EternalAI: all that are there for everybody, and nobody's own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from providers.eternalai.scene import before_the_vendor
from providers.eternalai.service import Make, answering
from sim.vendors.eternalai_characters import CATALOGUE, READY_MADE

from adapters.providers.eternalai.ready import MOST_PAGES, PAGE
from bot.model import CharacterSource
from bot.testing.clock import FakeClock
from bot.testing.wire import Answer, Call, Wire, reply

ELARA = {"id": 6790, "display_name": "Elara", "age": 25, "category": "default", "status": "approved"}


def full_page(number: int) -> list[dict[str, Any]]:
    return [{**ELARA, "id": number * 1000 + at} for at in range(PAGE)]


def in_pages(page: Callable[[int], list[dict[str, Any]]]) -> Callable[[Call], Answer]:
    return lambda call: reply(body={"result": page(int(dict(parse_qsl(call.target.partition("?")[2]))["page"]))})


async def test_of_a_long_list_everything_ready_made_is_found_whatever_its_age_and_nothing_else() -> None:
    async with before_the_vendor() as scene:
        listed = {card.reference: card.age for card in await scene.provider.characters()}
    assert listed == {str(item["id"]): item["age"] if type(item["age"]) is int else None for item in READY_MADE}
    assert {None, 16, 17, 18} <= set(listed.values())
    assert len(listed) < len(CATALOGUE) == 120


@pytest.mark.parametrize(
    "other",
    [{"category": "internal"}, {"category": None}, {"status": "pending"}, {"status": "rejected"}, {"id": None}],
    ids=str,
)
async def test_what_is_not_said_to_be_there_for_everybody_is_not_listed(
    wire: Wire, make: Make, other: dict[str, Any]
) -> None:
    wire.answer = answering({"result": [ELARA, {**ELARA, "id": 7, **other}]})
    assert [card.reference for card in await make().characters()] == ["6790"]


@pytest.mark.parametrize("told", [{"display_name": "Naked Eve"}, {"description": "she is naked"}], ids=str)
async def test_one_that_is_told_of_in_words_that_nobody_may_use_is_not_listed(
    wire: Wire, make: Make, told: dict[str, Any]
) -> None:
    wire.answer = answering({"result": [ELARA, {**ELARA, "id": 7, **told}]})
    assert [card.reference for card in await make().characters()] == ["6790"]


async def test_one_without_a_status_is_listed(wire: Wire, make: Make) -> None:
    wire.answer = answering({"result": [{name: value for name, value in ELARA.items() if name != "status"}]})
    assert len(await make().characters()) == 1


@pytest.mark.parametrize("age", [None, 0, -3, "20", 20.5, True, 151, [20]], ids=str)
async def test_an_age_that_is_no_whole_number_of_years_is_no_age(wire: Wire, make: Make, age: object) -> None:
    wire.answer = answering({"result": [{**ELARA, "age": age}]})
    assert [card.age for card in await make().characters()] == [None]


async def test_one_without_a_name_is_not_called_by_its_id(wire: Wire, make: Make) -> None:
    wire.answer = answering({"result": [{"id": 6790, "category": "default"}]})
    assert [card.name for card in await make().characters()] == ["Unnamed"]


@pytest.mark.parametrize(
    ("page", "asked", "found"),
    [
        (lambda number: full_page(number)[: 7 if number == 3 else PAGE], 3, 107),
        (lambda number: full_page(number) if number < 3 else [], 3, 100),
        (lambda _: full_page(1), 2, 50),
        (full_page, MOST_PAGES, MOST_PAGES * PAGE),
    ],
    ids=["until one is short", "until one is empty", "until it is the same again", "and not for ever"],
)
async def test_the_list_is_read_page_by_page(
    wire: Wire, make: Make, page: Callable[[int], list[dict[str, Any]]], asked: int, found: int
) -> None:
    wire.answer = in_pages(page)
    assert len(await make().characters()) == found
    assert len(wire.calls) == asked


async def test_it_is_read_once_in_an_hour_and_stands_while_it_cannot_be_had(
    wire: Wire, make: Make, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    wire.answer = answering({"result": [ELARA]})
    provider = make()
    for _ in range(3):
        assert len(await provider.characters()) == 1
    assert len(wire.calls) == 1
    await clock.advance(3600)
    wire.answer = answering({}, status=500)
    with caplog.at_level(logging.WARNING):
        assert len(await provider.characters()) == 1
    assert len(wire.calls) == 2
    assert "the list of characters cannot be had" in caplog.text


async def test_its_id_is_in_no_text_that_a_log_could_show(wire: Wire, make: Make) -> None:
    wire.answer = answering({"result": [ELARA]})
    (card,) = await make().characters()
    source = CharacterSource(character_id="01K", provider="eternalai", reference=card.reference)
    assert card.reference == "6790"
    assert "6790" not in f"{card} {source}"
