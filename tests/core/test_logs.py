"""Log lines: what a machine and what a person read."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import Settings
from bot.logs import TALKATIVE, JsonFormatter, Redactor, TextFormatter, configure

CANARIES = ["canary-of-a-provider", "canary-of-a-plug-in", "scrypt:1:1:canary:page"]
MISFIT = "not enough %s %s"  # what cannot be formatted with one value
SETTINGS = {
    "providers": {"eternalai": {"key": CANARIES[0]}, "plugged": {"key": CANARIES[1]}},
    "web": {"password_hash": CANARIES[2]},
}
PLAIN = Redactor()


def settings(**log: str) -> Settings:
    return Settings.model_validate({**SETTINGS, "log": log})


def record(event: str, /, **extra: object) -> logging.LogRecord:
    plain = {"name": "bot.jobs", "levelname": "WARNING", "levelno": logging.WARNING, "created": 0.5}
    return logging.makeLogRecord({**plain, "msg": event, **extra})


def failed() -> logging.LogRecord:
    return record("broken", exc_info=(ValueError, ValueError("why"), None))


def test_a_json_line_holds_when_how_bad_who_what_and_the_extra_fields() -> None:
    line = JsonFormatter(PLAIN).format(record("job ended", job="01J", took_s=1.5, event="mine", path=print))

    assert json.loads(line) == {
        "ts": "1970-01-01T00:00:00.500+00:00",
        "level": "warning",
        "logger": "bot.jobs",
        "event": "job ended",
        "job": "01J",
        "took_s": 1.5,
        "path": str(print),
    }


def test_a_traceback_stays_inside_its_json_line() -> None:
    line = JsonFormatter(PLAIN).format(failed())

    assert "\n" not in line
    assert json.loads(line)["traceback"].endswith("ValueError: why")


def test_a_text_line_is_short_and_ends_with_the_extra_fields() -> None:
    line = TextFormatter(PLAIN).format(record("job ended", job="01J"))

    assert line[2::3][:2] == "::"
    assert line[8:] == " warning bot.jobs: job ended job=01J"
    assert TextFormatter(PLAIN).format(failed()).endswith("ValueError: why")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger; it, the other loggers and the hooks are given back as they were."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    logger.handlers = []
    yield logger
    logging.captureWarnings(capture=False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logger.handlers, logger.level = handlers, level
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.parametrize(
    ("form", "stream", "formatter"),
    [
        ("auto", io.StringIO(), JsonFormatter),
        ("auto", Terminal(), TextFormatter),
        ("json", Terminal(), JsonFormatter),
        ("text", io.StringIO(), TextFormatter),
    ],
)
def test_the_form_follows_the_setting_and_else_the_terminal(
    root: logging.Logger, form: str, stream: io.StringIO, formatter: type[logging.Formatter]
) -> None:
    configure(settings(format=form), stream)

    (handler,) = root.handlers
    assert type(handler.formatter) is formatter


def test_what_is_below_the_level_is_left_out(root: logging.Logger) -> None:
    stream = io.StringIO()
    configure(settings(level="warning", format="json"), stream)

    logging.getLogger("bot").info("quiet")
    logging.getLogger("bot").warning("loud")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["loud"]
    assert root.level == logging.WARNING


def test_libraries_that_tell_every_call_are_heard_only_when_all_is(root: logging.Logger) -> None:
    stream = io.StringIO()
    for level in ("info", "error", "debug"):
        configure(settings(level=level), stream)
        logging.getLogger("httpx").info("calling at %s", level)
        logging.getLogger("httpx").warning("broken at %s", level)

    heard = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    assert heard == ["broken at info", "calling at debug", "broken at debug"]


class Leaky:
    def __repr__(self) -> str:
        return f"Leaky(key={CANARIES[0]!r})"


def leak_everywhere() -> None:
    """Say every canary in every way that a record can carry it."""
    log = logging.getLogger("httpx.deep.inside")
    for canary in CANARIES:
        log.debug("with %s", canary)
        log.info("X-Api-Key: %s", canary)
        log.warning("%r", Leaky(), extra={"token": canary, "seen": {"in": [canary], canary: 1}, "by": Leaky()})
        log.info("from here", stack_info=True)
        warnings.warn(f"old: {canary}", stacklevel=1)
        try:
            break_with(canary)
        except ExceptionGroup:
            log.exception("broken by %(who)s", {"who": canary})
        log.info(MISFIT, canary)


def break_with(canary: str) -> None:
    try:
        int(canary)
    except ValueError as error:
        error.add_note(f"tried {canary}")
        raise ExceptionGroup("both", [ValueError(f"https://h.example/{canary}/?a={canary}")]) from error


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_of_the_settings_gets_into_a_line(root: logging.Logger, form: str) -> None:
    stream = io.StringIO()
    configure(settings(format=form, level="debug"), stream)

    leak_everywhere()

    text = stream.getvalue()
    assert [canary for canary in CANARIES if canary in text] == []
    assert text.count("broken by [hidden]") == 3
    assert text.count("old: [hidden]") == 3
    assert text.count("Stack (most recent call last)") == 3
    assert text.count("a line cannot be written: ") == 3
    if form == "json":
        assert all(isinstance(json.loads(line), dict) for line in text.splitlines())


def test_a_line_that_cannot_be_written_names_its_place_and_nothing_goes_elsewhere(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = io.StringIO()
    configure(settings(), stream)

    logging.getLogger("bot").warning(MISFIT, CANARIES[0])

    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["event"].startswith(f"a line cannot be written: {__file__}:")
    assert capsys.readouterr() == ("", "")


def test_where_a_line_was_said_is_told_if_asked_for() -> None:
    line = JsonFormatter(PLAIN).format(record("here", stack_info="Stack (most recent call last):\n  File x"))

    assert json.loads(line)["traceback"] == "Stack (most recent call last):\n  File x"


CRASHES = """
import asyncio, gc, sys, threading
from bot.config import Settings
from bot.logs import configure

configure(Settings.model_validate({"providers": {"plugged": {"key": "canary-canary"}}}), sys.stderr)

class Cleanup:
    def __del__(self):
        raise RuntimeError("cleanup of canary-canary")

async def main():
    asyncio.get_running_loop().call_soon(fail, "callback with canary-canary")
    forgotten = asyncio.create_task(asyncio.to_thread(fail, "task with canary-canary"))
    await asyncio.wait([forgotten])
    del forgotten
    gc.collect()

def fail(text):
    raise RuntimeError(text)

Cleanup()
threading.Thread(target=fail, args=["thread with canary-canary"], name="canary-canary").start()
threading.Thread(target=sys.exit).start()
asyncio.run(main())
fail("end with canary-canary")
"""


def test_a_crash_is_a_line_as_well_without_a_secret() -> None:
    done = subprocess.run([sys.executable, "-c", CRASHES], capture_output=True, text=True, timeout=30, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert "canary" not in done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert sorted(line["traceback"].splitlines()[-1] for line in lines) == [
        f"RuntimeError: {text} [hidden]"
        for text in ("callback with", "cleanup of", "end with", "task with", "thread with")
    ]


PLUG_IN = """
import threading, warnings

def create(context):
    key = context.settings.model_extra["key"].get_secret_value()
    warnings.warn(f"old {key}", stacklevel=1)
    thread = threading.Thread(target=lambda: int(key))
    thread.start()
    thread.join()
    raise ConnectionError(f"https://h.example/{key}/: {key} was refused")
"""


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_a_plug_in_that_breaks_with_its_key_in_hand_does_not_show_it(tmp_path: Path, command: str) -> None:
    (tmp_path / "leaky.py").write_text(PLUG_IN)
    (tmp_path / "leaky-1.0.dist-info").mkdir()
    (tmp_path / "leaky-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: leaky\nVersion: 1.0\n")
    (tmp_path / "leaky-1.0.dist-info" / "entry_points.txt").write_text("[limner.providers]\nleaky = leaky:create\n")
    settings = {"PYTHONPATH": ".", "BOT_PROVIDERS__LEAKY__KEY": "canary-canary", "BOT_LOG__LEVEL": "debug"}

    done = subprocess.run(
        [sys.executable, "-m", "bot", command],
        env={**os.environ, **settings},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    said = done.stdout + done.stderr
    assert "ConnectionError: https://h.example/[hidden]/: [hidden] was refused" in said
    assert "a thread crashed" in said
    assert "old [hidden]" in said
    assert "canary" not in said
