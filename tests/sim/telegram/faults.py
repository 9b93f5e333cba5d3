"""Troubles of Telegram that a test switches on."""

from __future__ import annotations

from sim import troubles
from sim.troubles import Trouble


class Faults(troubles.Faults):
    """What is called is a method as in the document, such as `send*`; files are `FILE`.

    Answers are late by the machine's clock, by which clients wait.
    """

    away = 502

    def refuse(self, method: str, code: int, reason: str, *, times: float = 1) -> None:
        """Refuse, as `refuse("sendPhoto", 400, "IMAGE_PROCESS_FAILED")`."""
        self._add(Trouble.REFUSE, method, (code, reason), times)
