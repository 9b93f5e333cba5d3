"""Troubles of Discord that a test switches on."""

from __future__ import annotations

from sim import troubles
from sim.troubles import Trouble


class Faults(troubles.Faults):
    """What is called is a route as in the journal, such as `PATCH *`; also `GATEWAY` and `CDN`."""

    def refuse(self, route: str, code: int, *, times: float = 1) -> None:
        """Refuse with a code of `refusals.KNOWN`."""
        self._add(Trouble.REFUSE, route, code, times)

    def garble(self, route: str, *, times: float = 1) -> None:
        """Do what was asked and break the answer off."""
        self._add(Trouble.GARBLE, route, None, times)
