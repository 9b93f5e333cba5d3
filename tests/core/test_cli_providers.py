"""`python -m bot providers`, beside a bot that runs and without one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import cli, wiring
from bot.config import Settings
from storage.sqlite import lock_folder, open_store

MINUTE = r"20\d\d-\d\d-\d\d \d\d:\d\d"


@pytest.fixture(autouse=True)
def _data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "data"))


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = cli.main(["providers", *arguments])
    out, err = capsys.readouterr()
    return code, (out + err).strip()


def test_a_provider_is_drained_and_set_to_work_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert _said(capsys) == (0, "demo (Demo): on\n  demo")
    assert _said(capsys, "drain", "demo", "new paint") == (0, "demo takes no new jobs: new paint.")
    assert re.fullmatch(rf"demo \(Demo\): draining since {MINUTE} UTC: new paint\n  demo", _said(capsys)[1])
    assert _said(capsys, "off", "demo") == (0, "demo takes no new jobs: maintenance.")
    assert re.fullmatch(rf"demo \(Demo\): off since {MINUTE} UTC: maintenance\n  demo", _said(capsys)[1])
    assert _said(capsys, "on", "demo") == (0, "demo takes jobs.")
    assert _said(capsys) == (0, "demo (Demo): on\n  demo")


def test_an_unknown_provider_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _said(capsys, "off", "dema")
    assert code == 2
    assert said.startswith("There is no provider 'dema', only demo, ")


async def test_a_running_bot_is_told_too(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with lock_folder(settings.data_dir):  # as a running bot holds it
        store = await open_store(settings.data_dir / wiring.DATABASE)
        await wiring.let_rest(settings, "demo", "new paint", off=False)
        assert (await store.rests())["demo"].reason == "new paint"
        await wiring.let_work(settings, "demo")
        assert await store.rests() == {}
        await store.close()
