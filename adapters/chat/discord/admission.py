"""Whether Discord lets the bot in; whoever finds out first that it does not says so, once."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)

NOT_LET_IN = (
    "Discord does not take the token in BOT_DISCORD__TOKEN: make a new one in the Developer Portal (Bot, Reset Token), "
    "set it and start again. Everything but Discord goes on."
)


class Admission:
    """Given until the bot's own token is refused. That lasts: no process reads another one."""

    def __init__(self) -> None:
        self.refused = False

    def refuse(self) -> None:
        if not self.refused:
            log.error(NOT_LET_IN)
        self.refused = True
