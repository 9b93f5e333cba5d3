"""A kill while Telegram's updates are taken loses no command that was confirmed, and makes no job twice."""

from __future__ import annotations

from pathlib import Path

from sim.kills import COMMANDS, killed

ROUNDS = 2


async def test_a_kill_in_a_batch_of_updates_loses_none_and_doubles_none(tmp_path: Path) -> None:
    kills = await killed(tmp_path, ROUNDS)
    assert kills.commands == ROUNDS * COMMANDS
    assert any(0 < accepted < COMMANDS for accepted in kills.accepted_at_kill)
    assert (kills.lost, kills.doubled, kills.unfinished) == (0, 0, 0)
    assert kills.orphans <= kills.in_flight
