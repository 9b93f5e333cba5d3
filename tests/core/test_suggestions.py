"""What an option is completed to, at once, and what is told of how a picture was made."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from sim.atelier import Atelier, with_atelier
from sim.house import House

from bot.commands import Suggestion
from bot.errors import ProviderUnavailable, WrongState
from bot.model import Act, Card, Job
from bot.provider import Style
from bot.testing.clock import FakeClock
from bot.testing.provider import SPEC, FakeProvider

STYLES = (Style("RM_v1", "RandomMaxx"), Style("psycho_art", "Anime Art-Style"), Style("art_oil", "Oil"))


def both() -> tuple[House, Atelier]:
    return with_atelier(*STYLES)


async def suggested(
    house: House, option: str, typed: str = "", account: str = "ann", command: str = "imagine"
) -> list[str]:
    return [one.value for one in await house.commands.suggest(house.origin(account), command, option, typed)]


async def test_models_are_found_by_title_and_by_id() -> None:
    house, _ = both()
    assert await house.commands.suggest(house.origin(), "imagine", "model", "") == (
        Suggestion("Fake One", "fake-1"),
        Suggestion("Painter", "painter-1"),
    )
    assert await suggested(house, "model", "paint") == await suggested(house, "model", "ER-1") == ["painter-1"]


async def test_what_can_be_canceled_is_what_is_open_and_can_still_be_stopped() -> None:
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, slots=1, spec=replace(SPEC, cancel=False)), clock=clock)
    await house.imagine("/imagine a red fox")
    await clock.advance(60)
    await house.imagine("/imagine a blue hen")
    waiting = await house.imagine("/imagine a cow")
    assert await house.commands.suggest(house.origin(), "cancel", "job", "") == (
        Suggestion(f"#{waiting.id[-4:]} · a cow · Queued", waiting.id),
    )
    assert await suggested(house, "job", "cow", command="cancel") == [waiting.id]
    assert await suggested(house, "job", "fox", command="cancel") == []


async def test_styles_that_begin_as_typed_come_first() -> None:
    house, _ = both()
    assert await suggested(house, "style") == ["RM_v1", "psycho_art", "art_oil"]
    assert await suggested(house, "style", " ART") == ["art_oil", "psycho_art"]
    assert await suggested(house, "style", "random") == ["RM_v1"]


async def test_no_more_than_25_are_suggested() -> None:
    house, atelier = both()
    atelier.known = tuple(Style(f"style-{n}", f"Style {n}") for n in range(200))
    assert await suggested(house, "style") == [f"style-{n}" for n in range(25)]
    assert await suggested(house, "style", "199") == ["style-199"]


@pytest.mark.parametrize("trouble", [None, ProviderUnavailable("502")])
async def test_a_service_that_does_not_say_its_styles_keeps_nobody_waiting(trouble: Exception | None) -> None:
    house, atelier = both()
    atelier.known = trouble
    began = time.monotonic()
    assert await suggested(house, "style") == []
    atelier.known = STYLES
    assert await suggested(house, "style", "oil") == ["art_oil"]
    atelier.known = trouble
    assert await suggested(house, "style", "oil") == ["art_oil"]  # as it was known last
    assert time.monotonic() - began < 2.5


async def test_jobs_are_the_persons_own_results_newest_first() -> None:
    house, _ = both()
    fox = await house.imagine("/imagine a red fox")
    await house.clock.advance(60)
    hen = await house.imagine("/imagine a blue hen")
    await house.clock.advance(60 + 90)
    running = await house.imagine("/imagine a cow")
    assert await house.commands.suggest(house.origin(), "show", "job", "") == (
        Suggestion(f"#{hen.id[-4:]} · a blue hen · 2 min ago", hen.id),
        Suggestion(f"#{fox.id[-4:]} · a red fox · 3 min ago", fox.id),
    )
    assert await suggested(house, "job", "fox") == await suggested(house, "job", f"#{fox.id[-4:]}") == [fox.id]
    assert await suggested(house, "job", "", "bob") == await suggested(house, "job", "cow") == []
    assert running.id
    card = await house.say(f"/show {fox.id}")
    assert isinstance(card, Card)
    assert card.job_id == fox.id


async def test_a_long_prompt_fits_where_it_is_suggested() -> None:
    house, _ = both()
    await house.imagine("/imagine " + "a very red fox " * 100)
    await house.clock.advance(60)
    [one] = await house.commands.suggest(house.origin(), "show", "job", "")
    assert len(one.label) <= 100


async def test_an_option_without_suggestions_has_none() -> None:
    assert await suggested(House(), "seed") == []
    assert await suggested(House(), "style") == []


async def details(house: House, job: Job, account: str = "ann", *, moderator: bool = False) -> Card:
    return await house.commands.details(replace(house.origin(account), moderator=moderator), job.id)


async def test_details_say_how_a_picture_was_made_and_how_to_ask_for_it_again() -> None:
    house, _ = both()
    job = await house.imagine("/imagine a red fox --shape wide --seed 7")
    await house.clock.advance(60)
    card = await details(house, job)
    assert card.lines == (
        "Fake One, by Fake",
        "Size: 1368×768",  # noqa: RUF001 - the sign that people write between pixels
        "Seed: 7",
        "Drawn for 30 seconds",
        "30 seconds in all",
        "1 credit",
    )
    assert (card.title, card.tag, card.command) == (
        "Details",
        job.id[-4:],
        "/imagine a red fox --shape wide --seed 7",
    )


async def test_details_of_a_style_name_it_with_its_strength() -> None:
    house, _ = both()
    job = await house.imagine("/imagine a red fox --style oil --style-strength 1.5")
    assert (await details(house, job)).lines == (
        "Painter, by Atelier",
        "Style: art_oil",
        "Style strength: 1.5",
        "1 credit",
    )


async def test_details_tell_the_whole_price_the_time_in_line_and_no_name_twice() -> None:
    clock = FakeClock()
    house = House(clock=clock, provider=FakeProvider(clock, slots=4, spec=replace(SPEC, title="Fake")))
    await house.imagine("/imagine a hen --count 4")
    job = await house.imagine("/imagine a fox --count 3")
    await clock.advance(120)
    card = await details(house, job)
    assert card.lines == ("Fake", "In line for 30 seconds", "Drawn for 30 seconds", "60 seconds in all", "3 credits")


async def test_details_of_a_job_that_was_never_handed_over_say_only_what_there_is() -> None:
    clock = FakeClock()
    house = House(clock=clock, provider=FakeProvider(clock, slots=1))
    _, job = await house.imagine(), await house.imagine()
    await clock.advance(2)
    await house.commands.cancel(house.origin(), job.id)
    assert (await details(house, job)).lines == ("Fake One, by Fake", "2 seconds in all", "0 credits")


async def test_details_offer_what_the_one_who_looks_may_press() -> None:
    house, _ = both()
    job = await house.imagine()
    running = await details(house, job)
    await house.clock.advance(60)
    mine, theirs = await details(house, job), await details(house, job, account="bob")
    moderators = await details(house, job, account="bob", moderator=True)
    acts = [[button.act for button in card.buttons] for card in (running, mine, theirs, moderators)]
    assert acts == [[], [Act.ORIGINAL, Act.DELETE], [], [Act.ORIGINAL, Act.DELETE]]


async def test_details_are_a_command_too() -> None:
    house, _ = both()
    first, second = await house.imagine("/imagine a fox"), await house.imagine("/imagine a hen")
    newest, named = await house.say("/details"), await house.say(f"/details #{first.id[-4:]}")
    assert isinstance(newest, Card)
    assert isinstance(named, Card)
    assert (newest.job_id, named.job_id) == (second.id, first.id)


async def test_the_original_is_every_stored_picture_of_the_message() -> None:
    house, _ = both()
    job = await house.imagine("/imagine a red fox --count 2")
    with pytest.raises(WrongState):
        await house.commands.original(house.origin(), job.id)
    await house.clock.advance(60)
    media = await house.commands.original(house.origin(), job.id)
    assert [one.file for one in media] == [f"{each.id}.png" for each in (await house.message(job)).jobs]
