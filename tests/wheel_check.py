"""Builds the wheel, installs it into a fresh environment, starts it there, and stops it. Run by `make check`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_S = 45.0


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="limner-wheel-") as name:
        folder = Path(name)
        python = _install(_build(folder), folder)
        print(_output(python, "version", cwd=folder))
        _start_and_stop(python, folder)
    print("The wheel installs, starts, answers and stops.")


def _build(folder: Path) -> Path:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _install(wheel: Path, folder: Path) -> Path:
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    subprocess.run([*pip[:-1], "check"], check=True)
    return python


def _output(python: Path, command: str, *, cwd: Path) -> str:
    run = [str(python), "-m", "bot", command]
    return subprocess.run(run, check=True, cwd=cwd, capture_output=True, text=True).stdout.strip()


def _start_and_stop(python: Path, folder: Path) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    environment = {**inherited, "BOT_DATA_DIR": str(folder / "data"), "BOT_WEB__PORT": str(_free_port())}
    run = [str(python), "-m", "bot", "run"]
    with subprocess.Popen(run, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        silence = threading.Timer(LONGEST_S, process.kill)
        silence.start()
        try:
            address = _address(process)
            for path in ("", "healthz", "readyz"):
                urllib.request.urlopen(address + path, timeout=LONGEST_S).close()
            process.send_signal(signal.SIGTERM)
            code = process.wait(LONGEST_S)
        finally:
            silence.cancel()
            process.kill()
    if code != 0:
        sys.exit(f"After SIGTERM it ended with {code}.")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if "http://" not in line:
        sys.exit(f"It did not say where it is, but {line!r}.")
    return line[line.index("http://") :].strip()


if __name__ == "__main__":
    main()
