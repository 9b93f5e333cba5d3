"""The command line as an operator meets it: real processes, real exit codes, one sentence when a start fails."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest

LONGEST_S = 30


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free: int = listener.getsockname()[1]
    return free


@pytest.fixture
def environment(tmp_path: Path, port: int) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return {**inherited, "BOT_DATA_DIR": str(tmp_path / "data"), "BOT_WEB__PORT": str(port)}


def bot(
    *arguments: str, environment: dict[str, str], folder: Path, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment,
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


@contextmanager
def running(command: str, environment: dict[str, str], folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A started bot and the address that it printed."""
    run = [sys.executable, "-m", "bot", command]
    with subprocess.Popen(
        run, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            ready = re.fullmatch(r"Limner is ready: (http://\S+/)\n", process.stdout.readline())
            assert ready is not None
            yield process, ready[1]
        finally:
            process.kill()


def refusal(environment: dict[str, str], folder: Path) -> tuple[int, str]:
    """Exit code and stderr of a `run` that must not start, after checking that it said one sentence and no more."""
    ended = bot("run", environment=environment, folder=folder)
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1
    return ended.returncode, ended.stderr.strip()


def test_version_names_the_program_and_its_python(environment: dict[str, str], tmp_path: Path) -> None:
    ended = bot("version", environment=environment, folder=tmp_path)

    assert ended.stdout == f"limner {version('limner')} (Python {sys.version.split()[0]})\n"
    assert ended.returncode == 0


@pytest.mark.parametrize("arguments", [(), ("fly",), ("run", "--fast")])
def test_a_command_that_does_not_exist_is_explained(
    environment: dict[str, str], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ended = bot(*arguments, environment=environment, folder=tmp_path)

    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: python -m bot")


def test_run_says_where_it_is_answers_there_and_stops_cleanly(
    environment: dict[str, str], tmp_path: Path, port: int
) -> None:
    with running("run", environment, tmp_path) as (process, address):
        assert address == f"http://127.0.0.1:{port}/"
        for path in ("", "healthz", "readyz"):
            with urllib.request.urlopen(address + path, timeout=LONGEST_S) as answer:
                assert answer.status == 200

        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST_S) == 0
        assert process.stdout is not None
        assert process.stdout.readline().startswith("The demo provider draws the pictures")


def test_ctrl_c_stops_it_cleanly_too(environment: dict[str, str], tmp_path: Path) -> None:
    with running("run", environment, tmp_path) as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(LONGEST_S) == 0


def test_logs_are_json_lines_away_from_a_terminal(environment: dict[str, str], tmp_path: Path) -> None:
    with running("run", {**environment, "BOT_WEB__PROT": "1"}, tmp_path) as (process, _):
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=LONGEST_S)

    first = json.loads(stderr.splitlines()[0])
    assert {name: first[name] for name in ("level", "logger", "event")} == {
        "level": "warning",
        "logger": "bot.cli",
        "event": "BOT_WEB__PROT is not a setting; did you mean BOT_WEB__PORT?",
    }
    assert all(json.loads(line)["ts"] for line in stderr.splitlines())


def test_demo_keeps_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with running("demo", {**environment, "TMPDIR": str(temporary)}, tmp_path) as (process, _):
        assert len(list(temporary.glob("limner-demo-*"))) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST_S) == 0

    assert list(tmp_path.rglob("*")) == [temporary]


def test_settings_that_cannot_be_used_end_the_start_with_2(environment: dict[str, str], tmp_path: Path) -> None:
    assert refusal({**environment, "BOT_WEB__PORT": "http"}, tmp_path) == (
        2,
        "BOT_WEB__PORT cannot be used: it should be a valid integer, unable to parse string as an integer.",
    )


def test_no_provider_at_all_ends_the_start_with_2(environment: dict[str, str], tmp_path: Path) -> None:
    code, sentence = refusal({**environment, "BOT_PROVIDERS__DEMO__ENABLED": "no"}, tmp_path)

    assert (code, sentence) == (2, "No provider is switched on: set BOT_PROVIDERS__DEMO__ENABLED=true.")


def test_a_second_process_on_the_same_folder_does_not_start(environment: dict[str, str], tmp_path: Path) -> None:
    with running("run", environment, tmp_path):
        code, sentence = refusal(environment, tmp_path)

    assert code == 69
    assert sentence.startswith(f"Another Limner is already running on the data folder {tmp_path / 'data'}.")


def test_a_data_folder_that_cannot_be_one_does_not_start(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    code, sentence = refusal(environment, tmp_path)

    assert code == 69
    assert str(tmp_path / "data") in sentence


def test_a_port_that_is_taken_does_not_start(environment: dict[str, str], tmp_path: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        code, sentence = refusal(environment, tmp_path)

    assert code == 69
    assert f"{port}" in sentence
    assert "BOT_WEB__PORT" in sentence


def test_a_damaged_database_does_not_start(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "limner.db").write_bytes(b"not a database, but long enough to be taken for one " * 100)

    code, sentence = refusal(environment, tmp_path)

    assert code == 69
    assert "limner.db" in sentence


def test_a_newer_database_does_not_start(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "limner.db")) as db:
        db.execute("PRAGMA user_version = 99")

    code, sentence = refusal(environment, tmp_path)

    assert code == 69
    assert "newer" in sentence


def test_the_printed_password_line_is_a_setting_that_can_be_used(environment: dict[str, str], tmp_path: Path) -> None:
    made = bot("password", environment=environment, folder=tmp_path, stdin="correct horse\n")
    assert made.returncode == 0
    assert re.fullmatch(r"BOT_WEB__PASSWORD_HASH=[\w:-]+\n", made.stdout)

    (tmp_path / ".env").write_text(made.stdout)
    with running("run", {**environment, "BOT_WEB__HOST": "0.0.0.0"}, tmp_path) as (process, _):
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST_S) == 0


def test_a_short_password_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    ended = bot("password", environment=environment, folder=tmp_path, stdin="short\n")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "A password needs at least 8 characters.\n"


def examined(environment: dict[str, str], folder: Path) -> tuple[int, dict[str, tuple[str, str, str]]]:
    ended = bot("doctor", "--json", environment=environment, folder=folder)
    checks = json.loads(ended.stdout)
    return ended.returncode, {check["name"]: (check["status"], check["detail"], check["fix"]) for check in checks}


def test_doctor_finds_a_fresh_installation_well_and_changes_nothing(
    environment: dict[str, str], tmp_path: Path, port: int
) -> None:
    code, checks = examined(environment, tmp_path)

    assert {name: status for name, (status, _, _) in checks.items()} == dict.fromkeys(
        ["python", "settings", "providers", "data folder", "disk", "running", "database", "port", "reach"], "ok"
    )
    assert checks["port"][1] == f"127.0.0.1 port {port} is free"
    assert code == 0
    assert list(tmp_path.iterdir()) == []


def test_doctor_recognises_the_running_bot(environment: dict[str, str], tmp_path: Path, port: int) -> None:
    with running("run", environment, tmp_path):
        code, checks = examined(environment, tmp_path)

    assert checks["running"][1] == "yes, on this data folder"
    assert checks["port"][1] == f"127.0.0.1 port {port} is answered by the running bot"
    assert checks["database"][1].startswith("whole, schema ")
    assert code == 0


def test_doctor_names_what_is_wrong_and_how_to_mend_it(environment: dict[str, str], tmp_path: Path, port: int) -> None:
    (tmp_path / ".env").write_text("BOT_WEB__PROT=1\n")
    (tmp_path / ".env").chmod(0o644)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "limner.db").write_bytes(b"not a database " * 100)
    with socket.create_server(("127.0.0.1", port)):
        code, checks = examined(environment, tmp_path)

    assert code == 2
    assert checks["env file"] == ("warning", "other users can read .env", "chmod 600 .env")
    assert checks["settings"][0] == "warning"
    assert checks["database"][0] == "failed"
    assert checks["port"][0] == "failed"
    assert all(fix for status, _, fix in checks.values() if status != "ok")


def test_doctor_stops_at_settings_that_cannot_be_read(environment: dict[str, str], tmp_path: Path) -> None:
    code, checks = examined({**environment, "BOT_WEB__HOST": "0.0.0.0"}, tmp_path)

    assert code == 2
    assert list(checks) == ["python", "settings"]
    assert checks["settings"][1].startswith("BOT_WEB__HOST lets other machines in")


def test_doctor_warns_of_a_page_that_travels_unencrypted(environment: dict[str, str], tmp_path: Path) -> None:
    made = bot("password", environment=environment, folder=tmp_path, stdin="correct horse\n").stdout.strip()
    name, _, value = made.partition("=")
    code, checks = examined({**environment, "BOT_WEB__HOST": "0.0.0.0", name: value}, tmp_path)

    assert code == 1
    assert checks["reach"][:2] == ("warning", "the password and the pictures travel unencrypted")


def test_doctor_reads_like_a_list_for_people(environment: dict[str, str], tmp_path: Path) -> None:
    ended = bot("doctor", environment={**environment, "BOT_WEB__PROT": "1"}, folder=tmp_path)

    assert ended.returncode == 1
    assert "warning  settings: BOT_WEB__PROT is not a setting; did you mean BOT_WEB__PORT?\n" in ended.stdout
    assert "         fix: correct or remove it\n" in ended.stdout
