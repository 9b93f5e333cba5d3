"""After a kill before a first card is noted: it is shown now, or found by its buttons, or given up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chat.cards import JOB, button, done, queued, running
from chat.discord.showing import Stage, stage
from chat.discord.stage import Stage as WholeStage
from chat.discord.stage import job_of
from sim.discord.buckets import Limit
from sim.discord.state import USUAL, Permission

from adapters.chat.discord.refs import Ref
from adapters.chat.discord.render import draw, payload
from adapters.chat.discord.rest import Away
from bot.errors import StoreUnavailable
from bot.model import Act, Card, GenerationRequest, Job, JobState, Message

OTHER = JOB[:-1] + "4"


def accepted(show: Stage, **more: Any) -> Message:
    """What the store kept of a command before it was killed."""
    job = Job(
        id=JOB,
        message_id="m",
        person_id="p",
        position=0,
        state=JobState.QUEUED,
        request=GenerationRequest(prompt="a red fox"),
        provider="demo",
        model="demo",
        price=1,
        created_at=show.clock.now(),
    )
    place = {"platform": "discord", "account": str(show.ada.id), "chat": str(show.art.id), **more}
    return Message(id="m", person_id="p", created_at=show.clock.now(), jobs=(job,), **place)


async def posted(show: Stage, card: Card) -> None:
    body = payload(draw(card, now=show.clock.now()))
    assert (await show.rest("POST", f"/channels/{show.art.id}/messages", body)).status == 200


async def test_a_first_card_that_was_shown_is_found_and_can_be_edited(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        left = accepted(show)
        message, _ = await show.shown()
        await posted(show, running(buttons=(button(Act.CANCEL, OTHER),)))
        show.sim.post(show.ada, show.art, "nice")
        await show.clock.advance(3600)
        ref = await show.surface.announce(left, queued())
        assert ref is not None
        assert Ref.read(ref) == Ref(
            application=show.sim.bot.id, channel=show.art.id, message=message.id, account=show.ada.id, by_channel=True
        )
        await show.edit(ref, done())
        assert len(message.history) == 2


async def test_what_was_never_shown_or_only_to_one_person_is_given_up(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        left = accepted(show)
        await show.shown(hidden=True)
        await posted(show, running(buttons=(button(Act.CANCEL, OTHER),)))
        assert await show.surface.announce(left, queued()) is None


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_command_that_everybody_saw_the_bot_think_about_gets_its_card(tmp_path: Path, *, hidden: bool) -> None:
    async with stage(tmp_path) as show:
        asked = await show.sim.command(show.ada, show.art, "imagine")
        await show.rest.answer(asked, 5, flags=64 if hidden else 0)
        assert asked.original is not None
        place = show.ref_of(asked, asked.original)
        ref = await show.surface.announce(accepted(show, provisional=replace(place, message=None).write()), queued())
        assert ref == place.write()
        assert "Queued" in asked.original.text
        assert not asked.original.loading


async def test_a_command_that_was_not_answered_in_time_is_given_up(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        asked = await show.sim.command(show.ada, show.art, "imagine")
        place = replace(show.ref_of(asked, show.sim.post(show.ada, show.art, "nice")), message=None)
        assert await show.surface.announce(accepted(show, provisional=place.write()), queued()) is None
        await show.clock.advance(3600)
        assert await show.surface.announce(accepted(show, provisional=place.write()), queued()) is None
        assert show.sim.count("PATCH /webhooks/*") == 1


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_kill_before_the_first_card_is_noted_costs_nobody_a_picture(
    empty_stage: WholeStage, *, hidden: bool
) -> None:
    stage = empty_stage

    async def announced(*_: object) -> None:
        raise StoreUnavailable("killed")

    async with stage.bot():
        stage.store.announced = announced
        asked = await stage.ask("imagine", prompt="a red fox", hidden=hidden)
    del stage.store.announced
    async with stage.bot():
        message = await stage.picture(asked)
    kept = await stage.store.message((await stage.store.job(job_of(message))).message_id)
    assert (kept.provisional, asked.token in repr(kept.ref.token)) == (None, False)


async def test_others_messages_are_not_taken_for_ours(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        left = accepted(show)
        message, _ = await show.shown()
        message.author, message.interaction = show.sim.person("another bot"), None
        assert await show.surface.announce(left, queued()) is None


@pytest.mark.parametrize("place", ["ada", ""])
async def test_a_room_that_is_none_of_discord_is_not_asked_for(tmp_path: Path, place: str) -> None:
    async with stage(tmp_path) as show:
        assert await show.surface.announce(accepted(show, chat=place), queued()) is None
        assert show.sim.count("GET /channels/*") == 0


async def test_where_the_bot_may_not_read_it_gives_up(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await show.shown()
        show.art.allowed = USUAL & ~Permission.READ_MESSAGE_HISTORY
        assert await show.surface.announce(accepted(show), queued()) is None


async def test_a_discord_that_does_not_answer_now_is_asked_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await show.shown()
        show.sim.buckets.messages = Limit(0, 5.0)
        with pytest.raises(Away):
            await show.surface.announce(accepted(show), queued())
        show.sim.faults.outage()
        with pytest.raises(Away):
            await show.surface.announce(accepted(show), queued())
