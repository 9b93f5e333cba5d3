"""Log lines: what a machine and what a person read."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.config import LogSettings
from bot.logs import JsonFormatter, TextFormatter, configure


def record(event: str, /, **extra: object) -> logging.LogRecord:
    plain = {"name": "bot.jobs", "levelname": "WARNING", "levelno": logging.WARNING, "created": 0.5}
    return logging.makeLogRecord({**plain, "msg": event, **extra})


def failed() -> logging.LogRecord:
    return record("broken", exc_info=(ValueError, ValueError("why"), None))


def test_a_json_line_holds_when_how_bad_who_what_and_the_extra_fields() -> None:
    line = JsonFormatter().format(record("job ended", job="01J", took_s=1.5, event="mine", path=print))

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
    line = JsonFormatter().format(failed())

    assert "\n" not in line
    assert json.loads(line)["traceback"].endswith("ValueError: why")


def test_a_text_line_is_short_and_ends_with_the_extra_fields() -> None:
    line = TextFormatter().format(record("job ended", job="01J"))

    assert line[2::3][:2] == "::"
    assert line[8:] == " warning bot.jobs: job ended job=01J"
    assert TextFormatter().format(failed()).endswith("ValueError: why")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, given back as it was."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    logger.handlers = []
    yield logger
    logging.captureWarnings(capture=False)
    logger.handlers, logger.level = handlers, level


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
    configure(LogSettings.model_validate({"format": form}), stream)

    (handler,) = root.handlers
    assert type(handler.formatter) is formatter


def test_what_is_below_the_level_is_left_out(root: logging.Logger) -> None:
    stream = io.StringIO()
    configure(LogSettings(level="warning", format="json"), stream)

    logging.getLogger("bot").info("quiet")
    logging.getLogger("bot").warning("loud")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["loud"]
    assert root.level == logging.WARNING
