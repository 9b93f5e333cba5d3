"""Whatever happens to a message in whichever order: its picture is seen by its person, or it is said that it is not."""

from __future__ import annotations

from pathlib import Path

from chat.cards import done, running
from chat.discord.showing import Stage, stage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sim.discord.state import USUAL, Message, Permission

from bot.model import MessageRef
from bot.surface import Delivered, Paused, Undeliverable

BY_TOKEN, BY_CHANNEL, POSTS = "PATCH /webhooks/*", "PATCH /channels/*", "POST /channels/*"
DEAD_TOKEN = 50027
CODES = (20009, 20016, 40005, 50001, 50013, 50083, 200000, 240000)
STEPS = st.one_of(
    st.sampled_from(["kick", "return", "forbid", "allow", "hide", "archive", "close dms", "delete"]),
    st.tuples(st.sampled_from([BY_TOKEN, BY_CHANNEL, POSTS]), st.sampled_from(CODES)),
    st.sampled_from([1.0, 60.0, 800.0, 900.0, 3600.0]),
)


async def take(show: Stage, message: Message, step: object) -> None:
    """Let something happen to the message, or time pass."""
    place, guild = show.art, show.art.guild
    assert guild
    match step:
        case float():
            await show.clock.advance(step)
        case (str(route), int(code)):
            show.sim.faults.refuse(route, code)
        case "kick" | "return":
            guild.bot_present = step == "return"
        case "forbid":
            place.allowed = USUAL & ~Permission.ATTACH_FILES
        case "hide":
            place.allowed = USUAL & ~Permission.VIEW_CHANNEL
        case "allow":
            place.allowed = USUAL
        case "archive":
            place.archived = place.locked = True
        case "close dms":
            show.ada.dms_open = False
        case "delete":
            message.deleted = True


async def finish(show: Stage, where: MessageRef) -> Delivered | Undeliverable:
    """The last card, as often as it has to be asked for."""
    for _ in range(10):
        result = await show.surface.edit(where, done(show.media.put("a.png")))
        if not isinstance(result, Paused):
            return result
        await show.clock.advance(result.retry_after_s)
    raise AssertionError("it never ended")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=6), hidden=st.booleans())
async def test_a_picture_is_seen_by_its_person_or_it_is_said_that_it_is_not(
    tmp_path: Path, steps: list[object], *, hidden: bool
) -> None:
    async with stage(tmp_path) as show:
        message, ref = await show.shown(hidden=hidden)
        where = ref.write()
        for percent, step in enumerate(steps):
            await take(show, message, step)
            result = await show.surface.edit(where, running(percent))
            if isinstance(result, Undeliverable):
                return
            where = result.ref or where if isinstance(result, Delivered) else where
        result = await finish(show, where)
        dms = show.sim.messages(show.sim.dm(show.ada))
        seen = [one for one in (message, *dms) if one.pictures and not one.deleted]
        left_out = isinstance(result, Delivered) and bool(result.withheld)
        assert bool(seen) == (isinstance(result, Delivered) and not left_out)
        assert len(seen) <= 1
        codes = [request.code for request in show.sim.journal.requests]
        assert codes.count(DEAD_TOKEN) == 0
        assert sum(status in (401, 403, 404) for status in (one.status for one in show.sim.journal.requests)) <= 6
        if hidden:
            assert show.sim.messages(show.art) == []
