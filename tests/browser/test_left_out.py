"""What happens where no chromium is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BROWSER_TESTS = Path(__file__).parent


def collect(**env: str) -> subprocess.CompletedProcess[str]:
    """Collect the browser tests on a machine whose path is empty."""
    quiet = {name: value for name, value in os.environ.items() if name not in {"CHROMIUM", "CI"}}
    command = [sys.executable, "-m", "pytest", str(BROWSER_TESTS), "--collect-only", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(
        command,
        cwd=BROWSER_TESTS.parent.parent,
        env={**quiet, "PATH": "/nonexistent", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_browser_tests_are_left_out_in_one_line_without_a_browser() -> None:
    outcome = collect()
    lines = [line for line in outcome.stdout.splitlines() if "left out" in line]
    assert len(lines) == 1
    assert "no chromium was found" in lines[0]
    assert "test_cards.py" not in outcome.stdout
    assert outcome.returncode == 0


def test_a_missing_browser_fails_in_ci() -> None:
    outcome = collect(CI="true")
    assert outcome.returncode == 4
    assert "No chromium was found, and CI=true" in outcome.stderr
