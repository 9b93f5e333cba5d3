"""Truths about the project as a whole: its files, its locks, its documents, and what it is deployed with."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import settings_docs
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot import doctor
from storage.sqlite import open_store

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MOST_LINES, LONGEST_FUNCTION = 400, 60
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.|(docker|ghcr|quay|gcr)\.io|index[-_]url\s*=|jsdelivr|unpkg"
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
BARE_EXCEPTION = re.compile(r"# noqa(?!: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \w)|# type: ignore(?!\[[a-z-, ]+\]  ?# \w)")
WORST_EXPOSURE = "20"  # in tenths, as systemd counts: 0 is closed, 100 open


def tracked(*endings: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name.endswith(endings or "")]
    return [path for path in paths if path.is_file()]


def offenders(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """The lines that match, but for this file's own, where the patterns stand."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def block(name: str) -> str:
    """The commands of the operating manual that a test carries out."""
    manual = (ROOT / "docs" / "operating.md").read_text()
    found = re.search(rf"<!-- test: {name} -->\n((?:    .*\n)+)", manual)
    assert found is not None
    return re.sub("^    ", "", found[1], flags=re.MULTILINE)


def pins(lock: str) -> dict[str, list[str]]:
    """Name and version of each locked package, and its hashes."""
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text())
    found = (re.match(r"([a-z0-9.-]+)==(\S+)", entry) for entry in entries)
    return {f"{m[1]}=={m[2]}": re.findall(r"sha256:[0-9a-f]{64}", m.string) for m in found if m is not None}


def requirements(*extras: str) -> list[Requirement]:
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (REGISTRIES, "--extra-index-url=https://mirror.example/simple"),
        (REGISTRIES, "image: ghcr.io/somebody/limner"),
        (UNFINISHED, "# TODO: later"),
        (BARE_EXCEPTION, "x = 1  # noqa"),
        (BARE_EXCEPTION, "x = 1  # noqa: E501"),
        (BARE_EXCEPTION, "x = 1  # type: ignore"),
        (BARE_EXCEPTION, "x = 1  # type: ignore[arg-type]"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_no_file_names_a_package_registry() -> None:
    assert offenders(REGISTRIES, tracked()) == []


def test_nothing_is_left_unfinished() -> None:
    code = tracked(".py", ".js", ".css", ".html", ".sql", ".sh", ".toml", ".yaml", "Makefile", "Dockerfile", ".service")
    assert offenders(UNFINISHED, code) == []


def test_every_exception_from_lint_and_types_has_its_reason_on_the_line() -> None:
    assert offenders(BARE_EXCEPTION, tracked(".py")) == []


def test_no_module_is_longer_than_a_person_reads() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in tracked(".py", ".sql")}
    assert {str(path): lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    found = []
    for path in tracked(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                found += [f"{path}:{node.lineno}"] if lines > LONGEST_FUNCTION else []
    assert found == []


def test_every_module_says_what_it_is() -> None:
    modules = [path for path in tracked(".py") if path.read_text().strip()]
    assert [str(path) for path in modules if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_tests_use_no_mocks_and_are_no_packages() -> None:
    tests = [path for path in tracked(".py") if path.is_relative_to(ROOT / "tests")]
    assert offenders(re.compile(r"^\s*(from|import) (unittest\.)?mock|unittest import mock"), tests) == []
    assert [path for path in tests if path.name == "__init__.py"] == []


def test_only_its_own_adapter_and_its_settings_know_a_service_by_name() -> None:
    services = [path.name for path in (ROOT / "adapters" / "providers").iterdir() if path.is_dir()]
    names = "|".join(name for name in services if name != "demo" and not name.startswith("_"))
    rooms = [ROOT / "bot", ROOT / "storage", ROOT / "adapters" / "chat", ROOT / "adapters" / "media"]
    core = [path for path in tracked(".py") if any(path.is_relative_to(room) for room in rooms)]
    beside_settings = [path for path in core if not path.is_relative_to(ROOT / "bot" / "config")]
    assert offenders(re.compile(rf"(?i){names}"), beside_settings) == []


def test_links_between_the_documents_lead_somewhere() -> None:
    broken = [
        f"{path.name}: {target}"
        for path in tracked(".md")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_what_is_written_from_the_schema_is_what_the_schema_says() -> None:
    for path, text in settings_docs.files().items():
        assert path.read_text() == text, f"`make settings` writes {path}"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_address_and_a_hash_for_every_package(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    stray = re.compile(r"(?!\S+==\S+ |    --hash=sha256:[0-9a-f]{64}( \\)?$|    #  ? ?\S+)")
    assert [line for line in lines if stray.match(line) or "://" in line] == []
    assert [pin for pin, hashes in pins(lock).items() if not hashes] == []


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ["install"]), ("requirements-dev.lock", ["install", "dev"])]
)
def test_a_lock_holds_what_the_project_asks_for(lock: str, extras: list[str]) -> None:
    locked = dict(pin.split("==") for pin in pins(lock))
    for wanted in requirements(*extras):
        assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)]), wanted


def test_the_developers_run_what_the_operators_run() -> None:
    operators, developers = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {pin: developers.get(pin) for pin in operators} == operators


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text()
    assert [wanted.name for wanted in requirements("install", "dev") if f"`{wanted.name}`" not in reasons] == []


def test_every_place_agrees_on_the_pythons() -> None:
    oldest, newest = doctor.OLDEST_PYTHON, doctor.NEWEST_PYTHON
    assert PROJECT["requires-python"] == f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"
    assert f"{oldest} <= sys.version_info[:2] <= {newest}" in (ROOT / "deploy" / "find-python.sh").read_text()


def carry_out(name: str, folder: Path) -> None:
    subprocess.run(["/bin/sh", "-eu"], cwd=folder, input=block(name), text=True, check=True)


async def test_a_backup_by_the_manual_of_a_running_bot_can_be_restored_by_the_manual(tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(sys.prefix)
    data = tmp_path / "data"
    store = await open_store(data / "limner.db")
    try:
        await store.link("person", "web", "account")
        (data / "media").mkdir()
        (data / "media" / "a.png").write_bytes(b"picture")
        carry_out("back up", tmp_path)
    finally:
        await store.close()
    (data / "limner.db").write_bytes(b"ruined")

    carry_out("restore", tmp_path)

    restored = await open_store(data / "limner.db")
    assert await restored.person("web", "account") == "person"
    await restored.close()
    assert (data / "media" / "a.png").read_bytes() == b"picture"
    assert [path.stat().st_mode & 0o077 for path in (data, data / "limner.db")] == [0, 0]


def find_python(path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    script = ["/bin/sh", str(ROOT / "deploy" / "find-python.sh")]
    environment = {"PATH": str(path), **variables}
    return subprocess.run(script, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with all that a bare Debian lacks nothing of."""
    (tmp_path / "cat").symlink_to("/bin/cat")
    for name in ("git", "python3"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    return tmp_path


def test_a_complete_debian_is_found_complete(programs: Path) -> None:
    found = find_python(programs)
    assert (found.returncode, found.stdout) == (0, f"{programs / 'python3'}\n")


@pytest.mark.parametrize("missing", ["git", "python3"])
def test_what_is_missing_ends_in_the_one_line_that_installs_it(programs: Path, missing: str) -> None:
    (programs / missing).unlink()

    found = find_python(programs)

    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.splitlines()[1:] == ["apt-get update && apt-get install -y git make python3 python3-venv"]


def test_a_python_without_venv_or_of_the_wrong_age_is_passed_over(programs: Path) -> None:
    (programs / "python3").write_text("#!/bin/sh\nexit 1\n")
    assert find_python(programs).returncode == 1

    (programs / "python3.12").write_text("#!/bin/sh\n")
    (programs / "python3.12").chmod(0o755)
    assert find_python(programs).stdout == f"{programs / 'python3.12'}\n"
    assert find_python(programs, PYTHON="python3.12").stdout == f"{programs / 'python3.12'}\n"


def test_the_container_runs_as_nobody_and_without_a_shell() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text().replace("\\\n", "")
    steps = re.findall(r"^(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK.*? CMD) +(.)", dockerfile, flags=re.MULTILINE)
    final = dockerfile[dockerfile.rindex("FROM ") :]

    assert set(steps) == {"["}
    assert len(steps) == 8
    assert re.search(r"^USER [1-9][0-9]*:[1-9][0-9]*$", final, flags=re.MULTILINE)
    assert "VOLUME" in final
    assert re.search(r"^HEALTHCHECK .*/healthz", final, flags=re.MULTILINE)
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, flags=re.MULTILINE):
        assert all((ROOT / source).exists() for source in sources.split())


needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None and os.environ.get("CI") != "true", reason="needs systemd-analyze"
)


@needs_systemd
def test_systemd_accepts_the_service() -> None:
    verify = ["systemd-analyze", "verify", str(ROOT / "deploy" / "bot.service")]
    said = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


@needs_systemd
def test_the_service_is_well_closed() -> None:
    rate = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={WORST_EXPOSURE}"]
    said = subprocess.run([*rate, str(ROOT / "deploy" / "bot.service")], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
