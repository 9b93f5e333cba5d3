"""Characters on Discord: made, listed, browsed, shown, used, renamed and taken away, and each its owner's alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chat.discord.stage import Stage, job_of, private, said
from chat.discord.test_pictures import NIGHT, last_request, sent
from sim.cast import MP4, READY, Cast
from sim.discord.components import Kind, walk
from sim.discord.forms import Picture
from sim.discord.state import Answer, Asked, Interaction, Message

from bot.model import Capability, CharacterSource
from bot.testing.provider import PNG

BO = "a brilliant student who builds bridges"


async def made(stage: Stage, name: str | None = "Bo") -> Message:
    more = {"name": name} if name else {}
    return await stage.picture(await stage.ask("character new", description=BO, **more))


def labels(message: Message) -> list[str]:
    return [str(button["label"]) for button in message.buttons.values()]


def thumbnails(message: Message) -> list[str]:
    return [
        str(part["media"]["attachment_id"])
        for part in walk(list(message.now.components))
        if part["type"] == Kind.THUMBNAIL
    ]


async def test_a_character_is_made_of_words_and_stands_small_beside_them(studio: Stage) -> None:
    message = await made(studio)
    assert last_request(studio).capability is Capability.CREATE_CHARACTER
    assert message.text.startswith("### ✅ Bo")
    assert "20 · just made" in message.text
    assert thumbnails(message) == [str(message.pictures[0].id)]
    assert labels(message) == ["Use", "Edit", "Animate", "Rename", "Remove", "More…"]
    assert message.only_for is None


@pytest.mark.parametrize("quality", ["standard", "high"])
async def test_a_character_is_edited_by_its_name(studio: Stage, quality: str) -> None:
    await made(studio)
    typed = await studio.answered(await studio.sim.autocomplete(studio.ada, studio.art, "edit", "character", "b"))
    assert [choice["name"] for choice in typed.choices] == ["Bo · 20 · yours"]
    before = await studio.credits(studio.ada)
    await studio.picture(await studio.ask("edit", prompt=NIGHT, character=typed.choices[0]["value"], quality=quality))
    source = last_request(studio).source
    assert isinstance(source, CharacterSource)
    assert source.name == "Bo"
    assert before - await studio.credits(studio.ada) == (2 if quality == "high" else 1)


@pytest.mark.parametrize("audio", [True, False])
async def test_a_character_is_filmed_by_its_button(studio: Stage, *, audio: bool) -> None:
    opened = await studio.press(await made(studio), "animate")
    film = await studio.picture(
        await sent(studio, opened, words="she waves", seconds="3", audio="on" if audio else "off")
    )
    request = last_request(studio)
    assert isinstance(request.source, CharacterSource)
    assert (request.duration_s, request.audio) == (3, audio)
    assert film.pictures[0].data == MP4


async def test_an_effect_is_applied_to_a_character(studio: Stage) -> None:
    await made(studio)
    await studio.picture(await studio.ask("effect", effect="e-oil", character="Bo"))
    assert isinstance(last_request(studio).source, CharacterSource)


async def test_the_character_in_use_is_what_a_command_takes_that_names_nothing(studio: Stage) -> None:
    message = await made(studio)
    used = await studio.press(message, "use")
    assert private(used)
    assert "use this one now" in said(used)
    await studio.picture(await studio.ask("animate", prompt="she waves"))
    assert isinstance(last_request(studio).source, CharacterSource)
    assert "no character now" in said(await studio.ask("character use"))


async def test_the_own_ones_are_listed_and_shown_to_their_owner_alone(studio: Stage) -> None:
    assert "You have no characters" in said(await studio.ask("character list"))
    await made(studio)
    listed = await studio.ask("character list")
    assert private(listed)
    assert listed.original is not None
    assert labels(listed.original) == ["Bo"]
    shown = await studio.press(listed.original, "show")
    assert private(shown)
    assert shown.original is not None
    assert shown.original.text.startswith("### Bo")
    assert thumbnails(shown.original)
    assert said(await studio.ask("character show", character="Bo")) == said(shown)
    assert "You have no characters" in said(await studio.ask("character list", by=studio.bob))


async def test_ready_made_ones_are_browsed_and_taken(studio: Stage) -> None:
    browsed = await studio.ask("character browse", search="elara")
    assert browsed.original is not None
    assert labels(browsed.original) == ["Elara"]
    shown = await studio.press(browsed.original, "show")
    assert shown.original is not None
    assert "25 · female · ready-made" in said(shown)
    used = await studio.press(shown.original, "use")
    assert "25 · female · yours" in said(used)
    for nobody in ("Kim", "Tess"):
        assert said(await studio.ask("character show", character=nobody)).startswith(("I can't", "You have no"))


async def test_pages_turn_in_place(studio: Stage) -> None:
    assert isinstance(studio.provider, Cast)
    studio.provider.ready = tuple(replace(READY[0], reference=f"{n}", name=f"Elara {n}") for n in range(20))
    browsed = await studio.ask("character browse")
    assert browsed.original is not None
    first = labels(browsed.original)
    assert first[-1] == "More"
    turned = await studio.press(browsed.original, "browse")
    assert turned.answer is Answer.UPDATE
    assert labels(browsed.original)[0] not in first
    assert labels(browsed.original)[-2:] == ["Back", "More"]


async def test_a_character_is_renamed_by_its_button_and_by_command(studio: Stage) -> None:
    message = await made(studio)
    opened = await studio.press(message, "rename")
    renamed = await sent(studio, opened, words="Bobby")
    assert private(renamed)
    assert said(renamed).startswith("### Bobby")
    again = await studio.ask("character rename", character="Bobby", name="Bo the Second")
    assert said(again).startswith("### Bo the Second")


async def test_a_character_that_is_taken_away_is_gone(studio: Stage) -> None:
    message = await made(studio)
    listed = await studio.ask("character list")
    assert listed.original is not None
    removed = await studio.press(message, "remove")
    assert private(removed)
    assert "Bo" in said(removed)
    assert "isn't" in said(await studio.press(listed.original, "show"))
    assert "isn't" in said(await studio.press(message, "edit"))
    await made(studio, "Max")
    assert "Max" in said(await studio.ask("character delete", character="Max"))
    assert "You have no characters" in said(await studio.ask("character list"))


async def forge(stage: Stage, custom_id: str, on: Message) -> Interaction:
    data = {"custom_id": custom_id, "component_type": 2, "id": 1}
    asked = stage.sim._new(Asked.COMPONENT, stage.bob, stage.art, data, {"0": "1"})
    asked.source = on
    return await stage.told(await stage.sim._send(asked))


@pytest.mark.parametrize("act", ["edit", "animate", "effect", "use", "show", "rename", "remove"])
async def test_somebody_elses_character_is_not_found_whatever_is_pressed(studio: Stage, act: str) -> None:
    message = await made(studio)
    asked = await forge(studio, f"j1:{act}:{job_of(message)}", message)
    assert private(asked)
    assert "isn't" in said(asked)
    assert await studio.states(studio.bob) == []


async def test_somebody_elses_character_is_not_found_by_command_or_menu(studio: Stage) -> None:
    message = await made(studio)
    character = job_of(message)
    for name, given in {
        "edit": {"prompt": NIGHT, "character": character},
        "animate": {"prompt": NIGHT, "character": character},
        "effect": {"effect": "e-oil", "character": "Bo"},
        "character show": {"character": character},
        "character use": {"character": character},
        "character delete": {"character": character},
        "character rename": {"character": character, "name": "Mine"},
    }.items():
        asked = await studio.ask(name, by=studio.bob, **given)
        assert private(asked), name
        assert said(asked).startswith(("You have no characters", "I can't find", "That character isn't")), name
    for name in ("Edit this picture", "Animate this picture", "Use as source"):
        asked = await studio.told(await studio.sim.message_menu(studio.bob, message, name))
        assert "isn't" in said(asked), name
    assert await studio.states(studio.bob) == []
    assert await studio.credits(studio.bob) == 20


async def test_a_brought_picture_is_its_owners_alone_whatever_is_pressed(studio: Stage) -> None:
    posted = studio.sim.post(studio.ada, studio.art, "my cat", Picture("cat.png", PNG))
    opened = await studio.told(await studio.sim.message_menu(studio.ada, posted, "Edit this picture"))
    upload_id = opened.modal["custom_id"].split(":")[2]
    await studio.picture(await sent(studio, opened, words=NIGHT))
    for act in ("edit", "animate", "effect"):
        asked = await forge(studio, f"j1:{act}:{upload_id}", posted)
        assert "isn't yours" in said(asked), act
