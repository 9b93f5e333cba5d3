"""At start: every message that an earlier process left, brought to its end."""

from __future__ import annotations

import logging
from typing import Protocol

from bot.model import Message, MessageRef

log = logging.getLogger(__name__)


class Door(Protocol):
    """What recovery asks of the manager."""

    async def follow(self, left: Message) -> Message | None: ...

    async def announce_again(self, message: Message) -> MessageRef | None: ...

    async def announced(self, message_id: str, ref: MessageRef) -> object: ...

    async def give_up(self, message: Message) -> None: ...

    async def carry_on(self, message: Message) -> None: ...


async def recover(left: Message, door: Door) -> None:
    """Announce what was accepted and never shown, or give it up; carry on with everything else.

    A row found in `submitting` ends as `lost`, a running one is polled again, a
    delivering one is shown again from its file, an ended one gets its final card.
    """
    message = await door.follow(left)
    if message is None:
        return
    if message.ref is not None:
        await door.carry_on(message)
        return
    ended = all(job.state.terminal for job in message.jobs)
    ref = None if ended else await door.announce_again(message)
    if ref is None:
        log.warning("message %s was never shown; giving it up", message.id)
        await door.give_up(message)
    else:
        await door.announced(message.id, ref)
