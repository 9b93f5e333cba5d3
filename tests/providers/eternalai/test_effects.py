"""EternalAI's effects: of a catalogue that changes, those that the operator allows, as what they make."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from providers.eternalai.scene import HUG, Scene, before_the_vendor
from providers.eternalai.service import Make
from sim.vendors.effects import SHAPES

from adapters.providers.eternalai.effects import read
from bot.errors import InvalidRequest
from bot.model import Capability
from bot.provider import Effect
from bot.testing.wire import Answer, Call, Wire, reply


@pytest.mark.parametrize("shape", sorted(SHAPES.keys() - {"nothing", "null", "html", "failing"}))
async def test_of_any_form_of_the_catalogue_only_what_is_allowed_is_offered(shape: str) -> None:
    async with before_the_vendor(effects=("sketch", "hug", "of-yesterday")) as scene:
        scene.vendor.weather.effects = shape
        effects = await scene.provider.effects()
        assert {(effect.key, effect.video) for effect in effects} == {("sketch", False), ("hug", True)}


@pytest.mark.parametrize("shape", ["nothing", "null", "html", "failing"])
async def test_without_a_catalogue_no_effect_is_offered(shape: str) -> None:
    async with before_the_vendor(effects=("sketch",)) as scene:
        scene.vendor.weather.effects = shape
        assert await scene.provider.effects() == ()


async def test_the_catalogue_is_asked_for_once_in_an_hour_and_not_at_all_where_nothing_is_allowed() -> None:
    async with before_the_vendor(effects=("sketch", "hug")) as scene:
        for _ in range(3):
            assert len(await scene.provider.effects()) == 2
        await scene.clock.advance(3599)
        await scene.provider.effects()
        asked = scene.vendor.books.effects_lists
        await scene.clock.advance(1)
        await scene.provider.effects()
        assert (asked, scene.vendor.books.effects_lists) == (3, 6)
    async with before_the_vendor() as scene:
        assert await scene.provider.effects() == ()
        assert scene.vendor.books.effects_lists == 0


@pytest.mark.parametrize(
    ("pages", "asked"),
    [
        ({"image": [["a"], ["sketch"], ["b"], []], "video": [["hug"], []]}, 5),
        ({"image": [["a"], []], "video": [["b"], []]}, 4),
        ({"image": [["a"]] * 9, "video": [["hug"]] * 9}, 4),
    ],
    ids=["until all are found", "until the end", "until it is the same again"],
)
async def test_the_catalogue_is_read_page_by_page(
    wire: Wire, make: Make, pages: dict[str, list[list[str]]], asked: int
) -> None:
    def answer(call: Call) -> Answer:
        query = dict(parse_qsl(call.target.partition("?")[2]))
        return reply(body=pages[query["effect_type"]][int(query["page"]) - 1])

    wire.answer = answer
    names = {name for page in (*pages["image"], *pages["video"]) for name in page}
    assert {effect.key for effect in await make(effects="sketch,hug").effects()} == names & {"sketch", "hug"}
    assert len(wire.calls) == asked


async def test_an_effect_says_itself_what_it_makes_whichever_list_it_is_on() -> None:
    item = {"id": "hug", "type": "video", "title": "A hug"}
    assert read([item], "image", frozenset({"hug"})) == (Effect("hug", "A hug", video=True),)
    assert read([{"id": 7}, {"id": "x"}], "image", frozenset({"7"})) == (Effect("7", "7", video=False),)


async def test_an_effect_that_is_not_allowed_is_refused_before_anything_is_sent() -> None:
    async with before_the_vendor(effects=("hug",)) as scene:
        with pytest.raises(InvalidRequest):
            await scene.submitted(replace(HUG, model="effect", effect="sketch"))
        assert scene.vendor.count().submissions == 0


def _offered(scene: Scene) -> dict[str, tuple[str, ...]]:
    """The effects that can be asked for, by model."""
    specs = [spec for spec in scene.provider.specs if spec.capability is Capability.APPLY_EFFECT]
    return {spec.model: option.choices for spec in specs if (option := spec.option("effect"))}


async def test_without_allowed_effects_there_is_no_model_for_them() -> None:
    async with before_the_vendor() as scene:
        await scene.provider.effects()
        assert _offered(scene) == {}


async def test_each_effect_is_offered_as_what_it_makes_once_that_is_known() -> None:
    async with before_the_vendor(effects=("hug", "sketch", "of-yesterday")) as scene:
        everything = ("hug", "sketch", "of-yesterday")
        assert _offered(scene) == {"effect": everything, "effect-video": everything}
        await scene.provider.effects()
        assert _offered(scene) == {"effect": ("sketch",), "effect-video": ("hug",)}


@pytest.mark.parametrize(
    ("allowed", "offered"), [(("hug",), {"effect-video": ("hug",)}), (("of-yesterday",), {})], ids=str
)
async def test_there_is_a_model_only_for_the_kinds_of_effects_that_the_service_reports(
    allowed: tuple[str, ...], offered: dict[str, tuple[str, ...]]
) -> None:
    async with before_the_vendor(effects=allowed) as scene:
        await scene.provider.effects()
        assert _offered(scene) == offered


async def test_while_the_catalogue_cannot_be_had_what_is_allowed_may_be_asked_for() -> None:
    async with before_the_vendor(effects=("hug",)) as scene:
        scene.vendor.weather.effects = "failing"
        assert await scene.provider.effects() == ()
        assert set(_offered(scene)) == {"effect", "effect-video"}


async def test_an_effect_that_the_service_no_longer_has_is_refused_before_anything_is_sent() -> None:
    async with before_the_vendor(effects=("hug", "of-yesterday")) as scene:
        await scene.provider.effects()
        with pytest.raises(InvalidRequest):
            await scene.submitted(replace(HUG, effect="of-yesterday"))
        assert scene.vendor.count().submissions == 0


@pytest.mark.parametrize("item", [{"id": "64f0a1", "name": "Take off her clothes"}, {"id": "undress"}], ids=str)
async def test_an_effect_that_undresses_is_not_offered_although_it_is_allowed(
    wire: Wire, make: Make, item: dict[str, str]
) -> None:
    wire.answer = lambda _: reply(body=[item, {"id": "hug", "name": "Hug"}])
    provider = make(effects=f"{item['id']},hug")
    assert [effect.key for effect in await provider.effects()] == ["hug"]
    with pytest.raises(InvalidRequest):
        await provider.submit(replace(HUG, effect=item["id"]), model="effect", key="JOB1")
