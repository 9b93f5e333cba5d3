"""Characters: made, listed, found, used, renamed and removed, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from chat.telegram.stage import Stage
from sim.cast import Cast
from sim.telegram.state import Message

from bot.model import CharacterSource, JobState


async def astrid(stage: Stage) -> Message:
    """A character of ada's that was just made."""
    return await stage.done(
        lambda: stage.sim.says(stage.ada, stage.home, "/character new a young engineer --name Astrid")
    )


def asked(stage: Stage) -> Any:
    """The last request that went to the provider."""
    assert isinstance(stage.provider, Cast)
    return list(stage.provider.requests.values())[-1]


async def press(stage: Stage, message: Message, act: str) -> Message:
    """Press a button, and wait for what comes of it."""
    data = next(one for one in message.buttons if one.split(":")[1] == act)
    return await stage.answer_to(lambda: stage.sim.press(stage.ada, message, data))


async def test_a_new_character_is_a_card_with_its_picture_and_what_can_be_done(studio: Stage) -> None:
    card = await astrid(studio)
    assert card.photo is not None
    assert card.text.startswith("✅ Astrid")
    assert card.text.count("builds bridges") == 1
    assert "20 · just made" in card.text
    assert "a young engineer" not in card.text
    assert [label for row in card.labels for label in row][:5] == ["Use", "Edit", "Animate", "Rename", "Remove"]


async def test_a_description_is_asked_for_where_there_is_none(studio: Stage) -> None:
    question = await studio.ask("/character new")
    assert question.text.startswith("Who is it?")
    assert question.asks_reply["force_reply"]
    await studio.done(lambda: studio.sim.says(studio.ada, studio.home, "a young engineer"))
    assert asked(studio).prompt == "a young engineer"


@pytest.mark.parametrize("line", ["/edit at night --character Astrid --quality high", "/edit at night"])
async def test_a_character_is_edited_by_name_and_by_a_reply_to_its_card(studio: Stage, line: str) -> None:
    card = await astrid(studio)
    message = await studio.done(
        lambda: studio.sim.says(studio.ada, studio.home, line, reply_to=None if "--" in line else card)
    )
    assert message.photo is not None
    assert isinstance(asked(studio).source, CharacterSource)
    assert asked(studio).quality == ("high" if "--quality" in line else None)


async def test_a_character_is_filmed_from_its_card(studio: Stage) -> None:
    question = await press(studio, await astrid(studio), "animate")
    assert question.text.startswith("Animate this")
    message = await studio.done(lambda: studio.sim.says(studio.ada, studio.home, "she waves --audio off"))
    assert message.video is not None
    assert (asked(studio).source.name, asked(studio).audio) == ("Astrid", False)


async def test_the_one_that_is_used_needs_no_name(studio: Stage) -> None:
    used = await press(studio, await astrid(studio), "use")
    assert "unless you name another source" in used.text
    await studio.ask("/animate she waves")
    await studio.ended()
    assert asked(studio).source.name == "Astrid"


@pytest.mark.parametrize("line", ["/character", "/character list", "/Character List"])
async def test_the_list_has_a_button_for_each(studio: Stage, line: str) -> None:
    await astrid(studio)
    listed = await studio.ask(line)
    assert listed.labels == [["Astrid"]]
    shown = await press(studio, listed, "show")
    assert "20 · yours" in shown.text
    assert shown.photo


async def test_a_reply_to_a_list_points_at_none_of_it(studio: Stage) -> None:
    await astrid(studio)
    listed = await studio.ask("/character list")
    assert "Which picture?" in (await studio.ask("/edit at night", reply_to=listed)).text


async def test_ready_made_ones_are_browsed_page_by_page_in_one_message(studio: Stage) -> None:
    assert isinstance(studio.provider, Cast)
    studio.provider.ready = tuple(
        type(studio.provider.ready[0])(reference=f"r{n}", name=f"Elara {n}", age=25) for n in range(8)
    )
    card = await studio.ask("/character browse")
    assert card.labels[-1][-1] == "More"
    await studio.press(card, "browse")
    await studio.passes(lambda: "Elara 7" in card.text, step_s=0.25)
    assert card.labels == [["Elara 6", "Elara 7", "Back"]]
    assert studio.by_bot(studio.home) == [card]


async def test_a_ready_made_one_is_taken_and_used(studio: Stage) -> None:
    shown = await press(studio, await studio.ask("/character browse julia"), "show")
    await press(studio, shown, "use")
    await studio.ask("/animate she waves")
    await studio.ended()
    assert asked(studio).source.name == "Julia"


@pytest.mark.parametrize("name", ["Kim", "Tess"])
async def test_nobody_without_a_known_age_of_eighteen_is_used(studio: Stage, name: str) -> None:
    told = await studio.ask(f"/character use {name}")
    assert "Commands use" not in told.text
    assert "Which picture?" in (await studio.ask("/animate she waves")).text


async def test_a_name_is_changed_from_the_card_and_in_a_line(studio: Stage) -> None:
    question = await press(studio, await astrid(studio), "rename")
    assert question.text.startswith("Rename this character\nSend me the new name. Tap the old words to copy them:")
    assert question.asks_reply["force_reply"]
    renamed = await studio.answer_to(lambda: studio.sim.says(studio.ada, studio.home, "Bo --style ink"))
    assert renamed.text.startswith("Bo --style ink")
    await studio.ask("/character rename Bo --name Kai")
    assert (await studio.ask("/character list")).labels == [["Kai"]]


async def test_one_that_is_removed_is_gone(studio: Stage) -> None:
    card = await astrid(studio)
    assert "gone from your list" in (await press(studio, card, "remove")).text
    assert "You have no characters" in (await studio.ask("/character list")).text
    query = await studio.press(card, "edit")
    assert "isn't yours" in query.answers[0]["text"] or "can't find" in query.answers[0]["text"]


async def test_the_character_of_somebody_else_is_refused_in_every_way(studio: Stage) -> None:
    card = await astrid(studio)
    theirs = await studio.ask("/character list", by=studio.bob, at=studio.bobs)
    theirs.history.append(type(theirs.now)(at=0, text="x", keyboard=card.now.keyboard))
    for act in ("use", "edit", "animate", "rename", "remove"):
        query = await studio.press(theirs, act, by=studio.bob)
        assert query.answers[0]["text"], act
    told = await studio.ask("/edit at night --character Astrid", by=studio.bob, at=studio.bobs)
    assert "no characters" in told.text
    told = await studio.ask("/edit at night", by=studio.bob, at=studio.bobs, reply_to=theirs)
    assert JobState.SUCCEEDED not in await studio.states(studio.bob)
    assert await studio.states(studio.bob) == []


async def test_in_a_group_a_list_goes_and_a_card_stays(studio: Stage) -> None:
    await astrid(studio)
    listed = await studio.ask("/character list", at=studio.meadow)
    shown = await studio.ask("/character show Astrid", at=studio.meadow)
    await studio.passes(lambda: listed.deleted, most_s=70)
    assert not shown.deleted


async def test_the_menu_has_one_word_for_them_all(studio: Stage) -> None:
    menu = studio.sim.application.menu("all_private_chats")
    assert {"edit", "animate", "effect", "character"} <= set(menu)
    assert "character" not in studio.sim.application.menu("all_group_chats")
    assert "edit" in studio.sim.application.menu("all_group_chats")
