"""The page on adding a provider shows what is tested, and says what is so."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest
from providers import sample

from adapters.providers._http import Phase, Reply
from adapters.providers._http.verdicts import verdict
from bot.config import load
from bot.plugins import load_providers, provider_names
from bot.testing.clock import FakeClock

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "add-a-provider.md").read_text()
BLOCKS = dict(re.findall(r"<!-- (.+?) -->\n```\w+\n(.*?)```", PAGE, flags=re.DOTALL))
STATUSES = re.findall(r"^\| ((?:\d{3}(?:, )?)+) \| `(\w+)` \| `(\w+)` \|$", PAGE, flags=re.MULTILINE)


def test_every_block_of_code_is_known_to_a_test() -> None:
    known = {"tests/providers/sample.py", "tests/providers/test_contract_sample.py", "entry point", "settings"}
    assert set(BLOCKS) == known
    assert PAGE.count("```") == 2 * len(known)


@pytest.mark.parametrize("file", [name for name in BLOCKS if name.startswith("tests/")])
def test_the_files_are_shown_as_they_are(file: str) -> None:
    assert BLOCKS[file] == (ROOT / file).read_text(), f"docs/add-a-provider.md shows an older {file}"


def test_the_line_and_the_settings_bring_the_sample_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ((group, points),) = tomllib.loads(BLOCKS["entry point"])["project"]["entry-points"].items()
    ((name, target),) = points.items()
    (tmp_path / f"{target.partition(':')[0]}.py").write_text(BLOCKS["tests/providers/sample.py"])
    info = tmp_path / "limner_easel-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: limner-easel\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {target}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    for line in BLOCKS["settings"].splitlines():
        monkeypatch.setenv(*line.split("=", 1))

    settings, strangers = load(providers=provider_names(), env_file=tmp_path / ".env", secrets_dir=tmp_path / "none")

    assert [line for line in strangers if "EASEL" in line] == []
    (easel,) = [provider for provider in load_providers(settings, FakeClock()) if provider.name == name]
    assert (easel.title, easel.slots, easel.specs[0].deadline_s) == (sample.TITLE, 4, 120.0)


@pytest.mark.parametrize(("statuses", "submit", "ask"), STATUSES)
def test_the_table_says_what_a_status_means(statuses: str, submit: str, ask: str) -> None:
    for status in map(int, statuses.split(", ")):
        reply = Reply(status, {}, b"")
        means = [type(verdict(phase, reply, title="Easel")).__name__ for phase in (Phase.SUBMIT, Phase.ASK)]
        assert means == [submit, ask], status


def test_the_table_has_rows() -> None:
    assert len(STATUSES) >= 6
