"""What only one person sees in a room is nobody else's there."""

from __future__ import annotations

import pytest
from chat.discord.stage import Stage, job_of

from bot.model import Act, Origin
from bot.rights import may


@pytest.mark.parametrize("hidden", [False, True])
async def test_others_in_the_room_may_edit_a_picture_unless_it_is_hidden(stage: Stage, *, hidden: bool) -> None:
    picture = await stage.imagine(hidden=hidden)
    kept = await stage.store.message((await stage.store.job(job_of(picture))).message_id)
    other = Origin(platform="discord", update_id="1", account="7", chat=str(stage.art.id), moderator=True)
    assert may(Act.EDIT, other, kept, owner=False) is not hidden
    assert may(Act.DELETE, other, kept, owner=False) is not hidden
