"""Whatever befalls the jobs of many people at three vendors, the promises hold."""

from __future__ import annotations

import pytest
from sim.faults import misfortunes
from sim.market import MODELS

JOBS = 120


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_jobs_with_random_faults_all_end_are_charged_once_and_paid_for_only_when_delivered(seed: int) -> None:
    outcome = await misfortunes(JOBS, seed)
    assert outcome.broken == []
    assert sum(outcome.states.values()) == JOBS
    assert set(outcome.providers) == set(MODELS)
    assert len(outcome.states) == 4, outcome.states  # enough went wrong, and enough went well, to mean something
