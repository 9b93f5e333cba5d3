"""The legal moves of a job, as one table.

queued ──► submitting ──► running ──► delivering ──► succeeded
  │  ▲          │            │             ▲
  │  └──────────┤            └► failed · refused · canceled · lost
  ▼  not sent   ├► lost · failed · refused · canceled
canceled        └► delivering (answered inline)       failed ──► delivering (Look again)
failed · refused
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.model import Job, JobState

_ENDS = frozenset({JobState.FAILED, JobState.REFUSED, JobState.CANCELED, JobState.LOST})

MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.SUBMITTING, JobState.FAILED, JobState.REFUSED, JobState.CANCELED}),
    JobState.SUBMITTING: _ENDS | {JobState.QUEUED, JobState.RUNNING, JobState.DELIVERING},
    JobState.RUNNING: _ENDS | {JobState.DELIVERING},
    JobState.DELIVERING: frozenset({JobState.SUCCEEDED, JobState.FAILED}),
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset({JobState.DELIVERING}),
    JobState.REFUSED: frozenset(),
    JobState.CANCELED: frozenset(),
    JobState.LOST: frozenset(),
}


def moved(job: Job, to: JobState, **changes: Any) -> Job:
    """The job after a legal move; an illegal one is a bug and says so."""
    if to not in MOVES[job.state]:
        raise ValueError(f"job {job.id} cannot go from {job.state} to {to}")
    return replace(job, state=to, **changes)
