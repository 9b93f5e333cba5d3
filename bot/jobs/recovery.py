"""At start: every message that an earlier process left, brought to its end."""

from __future__ import annotations

import logging
from typing import Protocol

from bot.model import Message, MessageRef

log = logging.getLogger(__name__)


class Door(Protocol):
    """What recovery asks of the manager."""

    async def announce_again(self, message: Message) -> MessageRef | None: ...

    async def announced(self, message_id: str, ref: MessageRef) -> object: ...

    async def give_up(self, message: Message) -> None: ...

    async def carry_on(self, message: Message) -> None: ...


async def recover(message: Message, door: Door) -> None:
    """Announce what was accepted and never shown, or give it up; carry on with everything else.

    A row found in `submitting` ends as `lost`, a running one is polled again, a
    delivering one is shown again from its file, an ended one gets its final card.
    """
    if message.ref is not None or all(job.state.terminal for job in message.jobs):
        await door.carry_on(message)
        return
    ref = await door.announce_again(message)
    if ref is None:
        log.warning("message %s was never shown; giving it up", message.id)
        await door.give_up(message)
    else:
        await door.announced(message.id, ref)
