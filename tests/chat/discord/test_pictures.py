"""Edits, videos and effects of pictures that people bring or that we made, from an interaction to the file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chat.discord.stage import Stage, job_of, private, said, staged
from sim.cast import MP4, SPECS, Cast
from sim.discord.forms import Picture
from sim.discord.state import Answer, Asked, Interaction, Message
from sim.house import GENEROUS

from adapters.chat.discord.brought import LIMIT_S
from bot.model import Capability, GenerationRequest, PictureSource
from bot.policy import Terms
from bot.testing.provider import PNG

CAT = Picture("cat.png", PNG)
FETCHES = "CDN"
NIGHT = "make it night"


def last_request(stage: Stage) -> GenerationRequest:
    assert isinstance(stage.provider, Cast)
    return list(stage.provider.requests.values())[-1]


def source_of(stage: Stage) -> PictureSource:
    source = last_request(stage).source
    assert isinstance(source, PictureSource)
    return source


def brought_in(stage: Stage) -> bool:
    return source_of(stage).uploaded


async def menu(stage: Stage, message: Message, name: str, **more: Any) -> Interaction:
    return await stage.told(await stage.sim.message_menu(more.get("by", stage.ada), message, name))


async def sent(stage: Stage, opened: Interaction, **fields: Any) -> Interaction:
    assert opened.answer is Answer.MODAL, said(opened)
    return await stage.told(await stage.sim.submit(opened, **fields))


async def test_what_somebody_attaches_is_edited_and_shown(studio: Stage) -> None:
    asked = await studio.ask("edit", prompt=NIGHT, image=CAT, quality="high")
    message = await studio.picture(asked)
    request = last_request(studio)
    assert (request.capability, request.prompt, request.quality) == (Capability.EDIT_IMAGE, NIGHT, "high")
    assert brought_in(studio)
    assert [one.media_type for one in message.pictures] == ["image/png"]
    assert studio.sim.count(FETCHES, 200) == 1
    assert await studio.credits(studio.ada) == 18


async def test_what_somebody_attaches_is_filmed_and_plays_in_its_message(studio: Stage) -> None:
    asked = await studio.ask("animate", prompt="it waves", image=CAT, seconds=3, audio=False)
    message = await studio.picture(asked)
    request = last_request(studio)
    assert (request.capability, request.duration_s, request.audio) == (Capability.IMAGE_TO_VIDEO, 3, False)
    assert [(one.media_type, one.data) for one in message.pictures] == [("video/mp4", MP4)]
    assert await studio.credits(studio.ada) == 15


async def test_an_effect_is_found_while_typing_and_applied(studio: Stage) -> None:
    typed = await studio.answered(await studio.sim.autocomplete(studio.ada, studio.art, "effect", "effect", "da"))
    assert typed.choices == [{"name": "Dance", "value": "e-dance"}]
    message = await studio.picture(await studio.ask("effect", effect="e-dance", image=CAT))
    assert (last_request(studio).effect, len(message.pictures)) == ("e-dance", 1)


async def test_an_own_result_is_a_source_by_its_name(studio: Stage) -> None:
    first = await studio.imagine()
    typed = await studio.answered(await studio.sim.autocomplete(studio.ada, studio.art, "edit", "result", "fox"))
    assert [choice["value"] for choice in typed.choices] == [job_of(first)]
    await studio.picture(await studio.ask("edit", prompt=NIGHT, result=typed.choices[0]["value"]))
    source = source_of(studio)
    assert (source.job_id, source.uploaded) == (job_of(first), False)


@pytest.mark.parametrize("command", ["edit", "animate"])
async def test_a_command_alone_asks_for_everything_its_picture_too(studio: Stage, command: str) -> None:
    opened = await studio.ask(command)
    asked = await sent(studio, opened, words=NIGHT, image=[CAT], **({"quality": "high"} if command == "edit" else {}))
    assert (await studio.picture(asked)).only_for is None
    request = last_request(studio)
    assert brought_in(studio)
    assert request.prompt == NIGHT
    assert request.quality == ("high" if command == "edit" else None)


async def test_a_picture_without_words_asks_for_the_words(studio: Stage) -> None:
    opened = await studio.ask("edit", image=CAT, hidden=True)
    assert [part["label"] for part in opened.modal["components"]] == ["What should be different", "Quality"]
    assert (await studio.picture(await sent(studio, opened, words=NIGHT))).only_for is studio.ada
    assert brought_in(studio)


async def test_a_hidden_command_alone_is_answered_in_private(studio: Stage) -> None:
    await studio.imagine()
    asked = await sent(studio, await studio.ask("edit", hidden=True), words=NIGHT)
    assert (await studio.picture(asked)).only_for is studio.ada
    assert not brought_in(studio)


async def test_the_models_of_a_form_are_called_as_people_call_them(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        collage = replace(SPECS[1], model="collage", title="Collage")
        stage.provider = Cast(stage.clock, specs=(*SPECS, collage))
        async with stage.bot():
            opened = await stage.ask("edit")
            model = next(part["component"] for part in opened.modal["components"] if part["label"] == "Model")
            offered = [(one["label"], one["value"]) for one in model["options"]]
            assert offered == [("Cast Edit", "edit"), ("Collage", "collage")]
            await stage.picture(await sent(stage, opened, words=NIGHT, model=["collage"], image=[CAT]))
            assert last_request(stage).model == "collage"


@pytest.mark.parametrize(("act", "kind"), [("edit", "image/png"), ("animate", "video/mp4")])
async def test_the_buttons_of_a_result_ask_and_do(studio: Stage, act: str, kind: str) -> None:
    first = await studio.imagine()
    labels = [button["label"] for button in first.buttons.values()]
    assert labels == ["Again", "Change words", "Edit", "Animate", "More…"]
    opened = await studio.press(first, act, by=studio.bob)
    assert opened.modal["title"] == f"{act.title()} this picture ({'1 credit' if act == 'edit' else '5 credits'})"
    message = await studio.picture(await sent(studio, opened, words=NIGHT))
    assert message.pictures[0].media_type == kind
    assert await studio.credits(studio.ada) == 19
    assert len(await studio.states(studio.bob)) == 1


async def test_what_cannot_be_done_with_a_result_has_no_button(studio: Stage) -> None:
    film = await studio.picture(await studio.ask("animate", prompt="it waves", image=CAT))
    assert [button["label"] for button in film.buttons.values()] == ["Again", "Change words", "More…"]
    job_id = job_of(film)
    forged = studio.sim._new(
        Asked.COMPONENT, studio.ada, studio.art, {"custom_id": f"j1:edit:{job_id}", "component_type": 2, "id": 1}, {}
    )
    forged.source = film
    asked = await studio.told(await studio.sim._send(forged))
    assert "That is a video" in said(asked)


@pytest.mark.parametrize("name", ["Edit this picture", "Animate this picture"])
async def test_a_picture_in_anybodys_message_is_taken_from_its_menu(studio: Stage, name: str) -> None:
    posted = studio.sim.post(studio.bob, studio.art, "my cat", CAT)
    opened = await menu(studio, posted, name)
    assert opened.answered_at == opened.created_at  # before the picture was there
    await studio.sim.until(lambda: studio.sim.count(FETCHES, 200))
    message = await studio.picture(await sent(studio, opened, words=NIGHT))
    assert brought_in(studio)
    assert message.only_for is None
    assert studio.sim.count(FETCHES) == 1


async def test_a_form_opens_while_the_picture_is_still_on_its_way(studio: Stage) -> None:
    studio.sim.faults.slow(FETCHES, 5, times=1)
    opened = await menu(studio, studio.sim.post(studio.bob, studio.art, "my cat", CAT), "Edit this picture")
    asked = await studio.sim.submit(opened, words=NIGHT)
    await asyncio.sleep(0.05)
    await studio.clock.advance(1)
    await studio.answered(asked)
    assert asked.answer is Answer.DEFER
    message = await studio.picture(asked)
    assert message.pictures


async def test_of_several_pictures_one_is_chosen_in_the_form(studio: Stage) -> None:
    dog = Picture("dog.png", PNG + b"dog")
    posted = studio.sim.post(studio.bob, studio.art, "mine", CAT, dog, Picture("notes.txt", b"x"))
    opened = await menu(studio, posted, "Edit this picture")
    which = next(part["component"] for part in opened.modal["components"] if part["label"] == "Which picture")
    assert [one["label"] for one in which["options"]] == ["1. cat.png", "2. dog.png"]
    await studio.picture(await sent(studio, opened, words=NIGHT, which=["2"]))
    assert studio.shelf.files[source_of(studio).file] == dog.data
    assert studio.sim.count(FETCHES) == 1


async def test_a_picture_behind_a_link_is_taken_from_discords_own_copy(studio: Stage) -> None:
    posted = studio.sim.post_link(studio.bob, studio.art, "https://example.org/cat.png", CAT)
    await studio.picture(await sent(studio, await menu(studio, posted, "Edit this picture"), words=NIGHT))
    assert brought_in(studio)


async def test_the_menu_of_an_own_message_takes_its_result(studio: Stage) -> None:
    first = await studio.imagine()
    opened = await menu(studio, first, "Edit this picture", by=studio.bob)
    await studio.picture(await sent(studio, opened, words=NIGHT))
    source = source_of(studio)
    assert (source.job_id, source.uploaded) == (job_of(first), False)
    assert studio.sim.count(FETCHES) == 0


async def test_of_several_results_one_is_chosen_in_the_form(studio: Stage) -> None:
    several = await studio.imagine(count=3)
    assert "Edit" not in [button["label"] for button in several.buttons.values()]
    opened = await menu(studio, several, "Animate this picture", by=studio.bob)
    which = next(part["component"] for part in opened.modal["components"] if part["label"] == "Which picture")
    third = which["options"][2]
    await studio.picture(await sent(studio, opened, words=NIGHT, which=[third["value"]]))
    assert source_of(studio).job_id == third["value"] != job_of(several)


async def test_what_is_used_as_source_is_taken_by_the_next_command(studio: Stage) -> None:
    await studio.imagine()
    posted = studio.sim.post(studio.bob, studio.art, "my cat", CAT)
    chosen = await menu(studio, posted, "Use as source")
    assert private(chosen)
    assert "Your next /edit or /animate" in said(chosen)
    await studio.picture(await studio.ask("edit", prompt=NIGHT))
    assert source_of(studio).job_id is None
    await studio.picture(await studio.ask("edit", prompt=NIGHT))
    assert source_of(studio).job_id is not None


@pytest.mark.parametrize("name", ["Edit this picture", "Animate this picture", "Use as source"])
async def test_a_message_without_a_picture_is_told_as_that(studio: Stage, name: str) -> None:
    asked = await menu(studio, studio.sim.post(studio.bob, studio.art, "hello"), name)
    assert private(asked)
    assert said(asked) == "There is no picture in that message."


LARGE = PNG + bytes(20_000_001 - len(PNG))
BAD = {
    "words": (Picture("cat.png", b"not a picture"), "isn't a picture I can read"),
    "said to be too large": (Picture("cat.png", PNG, told_bytes=30_000_000), "larger than 20 MB"),
    "too large though it is said not to be": (Picture("cat.png", LARGE, told_bytes=10), "larger than 20 MB"),
    "a page by the type of a picture": (Picture("cat.png", b"<svg onload=x>", "image/png"), "isn't a picture I can"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("way", ["option", "form", "menu"])
async def test_what_is_no_picture_is_told_in_a_sentence_and_costs_nothing(studio: Stage, name: str, way: str) -> None:
    file, sentence = BAD[name]
    if way == "option":
        asked = await studio.ask("edit", prompt=NIGHT, image=file)
    elif way == "form":
        asked = await sent(studio, await studio.ask("edit"), words=NIGHT, image=[file])
    else:
        posted = studio.sim.post(studio.bob, studio.art, "mine", file)
        asked = await menu(studio, posted, "Edit this picture")
        if asked.answer is Answer.MODAL:  # what is said of it already may be enough
            asked = await sent(studio, asked, words=NIGHT)
    assert sentence in said(asked)
    assert "Nothing was charged" in said(asked)
    assert (await studio.states(studio.ada), studio.provider.asked) == ([], [])
    assert await studio.credits(studio.ada) == 20


async def test_a_file_that_never_comes_is_given_up_and_costs_nothing(studio: Stage) -> None:
    studio.sim.faults.slow(FETCHES, 3600)
    asked = await studio.send("edit", prompt=NIGHT, image=CAT)
    await asyncio.sleep(0.05)
    await studio.clock.advance(1)
    assert (await studio.answered(asked)).answer is Answer.DEFER
    await studio.clock.advance(LIMIT_S)
    await studio.sim.until(lambda: "didn't hand me that picture" in said(asked))
    assert await studio.states(studio.ada) == []
    studio.sim.faults.clear()
    await studio.clock.advance(3600)


async def test_words_that_are_refused_are_refused_before_anything_is_fetched(studio: Stage) -> None:
    asked = await studio.ask("edit", prompt="porn", image=CAT)
    assert private(asked)
    assert "I don't draw this" in said(asked)
    assert studio.sim.count(FETCHES) == 0


async def test_where_nobody_may_bring_pictures_no_form_opens_about_one(tmp_path: Path) -> None:
    async with staged(tmp_path, replace(GENEROUS, terms={"cast": Terms(uploads=False)})) as stage:
        stage.provider = Cast(stage.clock)
        async with stage.bot():
            asked = await menu(stage, stage.sim.post(stage.bob, stage.art, "mine", CAT), "Edit this picture")
            assert private(asked)
            assert "can't be used for this here" in said(asked)
            assert "can't be used for this here" in said(await stage.ask("edit", prompt=NIGHT, image=CAT))
            assert stage.sim.count(FETCHES) == 0


async def test_a_form_outlives_the_process_unless_its_picture_was_on_its_way(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.provider = Cast(stage.clock)
        async with stage.bot():
            first = await stage.imagine()
            about = await stage.press(first, "edit")
            alone = await stage.ask("edit")
            posted = stage.sim.post(stage.bob, stage.art, "mine", CAT, CAT)
            lost = await menu(stage, posted, "Edit this picture")
        async with stage.bot():
            for opened in (about, alone):
                assert (await stage.picture(await sent(stage, opened, words=NIGHT))).pictures
            assert "can't find that" in said(await sent(stage, lost, words=NIGHT, which=["1"]))


async def forged_form(stage: Stage, custom_id: str, by: Any, **values: str) -> Interaction:
    parts = [
        {"id": number, "type": 18, "component": {"id": 10 + number, "type": 4, "custom_id": name, "value": value}}
        for number, (name, value) in enumerate(values.items(), 1)
    ]
    asked = stage.sim._new(Asked.MODAL, by, stage.art, {"custom_id": custom_id, "components": parts}, {"0": "1"})
    asked.cause = await stage.ask("quota", by=by)
    return await stage.told(await stage.sim._send(asked))


@pytest.mark.parametrize("pictures", [1, 2])
async def test_a_picture_on_its_way_is_its_owners_alone(studio: Stage, pictures: int) -> None:
    posted = studio.sim.post(studio.bob, studio.art, "mine", *[CAT] * pictures)
    opened = await menu(studio, posted, "Edit this picture")
    custom_id = opened.modal["custom_id"]
    asked = await forged_form(studio, custom_id, studio.bob, words=NIGHT, **({} if pictures == 1 else {"which": "1"}))
    assert private(asked)
    assert "isn't yours" in said(asked)
    assert await studio.states(studio.bob) == []
    fields = {} if pictures == 1 else {"which": ["2"]}
    assert (await studio.picture(await sent(studio, opened, words=NIGHT, **fields))).pictures  # still there for ada


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"words": NIGHT, "quality": "best"}, "is one of Standard, High"),
        ({"words": NIGHT, "seconds": "3"}, "doesn't support"),
        ({"words": NIGHT, "oddity": "1"}, "I don't know"),
        ({"words": NIGHT, "model": "../x"}, "I don't know the model"),
        ({"words": ""}, "Say what"),
        ({}, "Say what"),
    ],
)
async def test_forged_fields_are_refused_in_a_sentence(studio: Stage, values: dict[str, str], sentence: str) -> None:
    first = await studio.imagine()
    asked = await forged_form(studio, f"j1:edit:{job_of(first)}", studio.ada, **values)
    assert sentence in said(asked)
    assert len(await studio.states(studio.ada)) == 1


@pytest.mark.parametrize(
    "custom_id", ["", "d1:imagine", "d1:edit:x", "j1:edit:K7F3", ":hidden", "j1:cancel:" + "0" * 26]
)
async def test_forms_that_nobody_opened_are_answered(studio: Stage, custom_id: str) -> None:
    asked = await forged_form(studio, custom_id or "x", studio.ada, words=NIGHT)
    assert private(asked)
    assert "can't find that" in said(asked)
