"""Log lines: JSON for machines, text for people, secrets in neither; nothing is configured at import."""

from __future__ import annotations

import json
import logging
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from bot.config import Settings
from bot.logs.redaction import Redactor

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

__all__ = ["JsonFormatter", "Redactor", "TextFormatter", "configure"]

TALKATIVE = ("httpx", "httpcore", "aiohttp.client", "discord")
WORDY = ("aiosqlite", "telegram")

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_log = logging.getLogger(__name__)


def configure(settings: Settings, stream: TextIO) -> Redactor:
    """Send every record of the level and above to `stream` and nowhere else, warnings and crashes among them.

    What it returns takes the secrets out of texts that go elsewhere.
    """
    redact = Redactor.of(settings)
    as_json = settings.log.format == "json" or (settings.log.format == "auto" and not stream.isatty())
    handler = _Handler(stream)
    handler.setFormatter(JsonFormatter(redact) if as_json else TextFormatter(redact))
    logging.basicConfig(level=settings.log.level.upper(), handlers=[handler], force=True)
    for name in TALKATIVE:  # they tell every call
        debug = logging.root.level == logging.DEBUG
        logging.getLogger(name).setLevel(logging.NOTSET if debug else max(logging.WARNING, logging.root.level))
    for name in WORDY:  # they tell what people write
        logging.getLogger(name).setLevel(max(logging.INFO, logging.root.level))
    logging.captureWarnings(capture=True)
    sys.excepthook, threading.excepthook, sys.unraisablehook = _crashed, _thread_crashed, _cleanup_crashed
    return redact


class JsonFormatter(logging.Formatter):
    """One object per line: ts, level, logger, event, the extra fields, and a traceback if there is one."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "ts": _time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in _extras(record).items() if name not in line}
        if trace := _trace(self, record):
            line["traceback"] = trace
        return json.dumps(self._redact.tree(line), ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """Time, level, logger, event and the extra fields, as a person reads them."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        local = _time(record).astimezone().strftime("%H:%M:%S")
        extras = "".join(f" {name}={self._redact.field(name, value)}" for name, value in _extras(record).items())
        line = f"{local} {record.levelname.lower():<8}{record.name}: {record.getMessage()}{extras}"
        trace = _trace(self, record)
        return self._redact(f"{line}\n{trace}" if trace else line)


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Name the line that cannot be written; the library's own way prints all that it holds, unredacted."""
        plain = {"name": __name__, "levelno": logging.ERROR, "levelname": "ERROR"}
        event = f"a line cannot be written: {record.pathname}:{record.lineno}"
        with suppress(Exception):
            self.stream.write(self.format(logging.makeLogRecord({**plain, "msg": event})) + self.terminator)


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _extras(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _PLAIN}


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """How it came to this: of the error if there is one, and of the call if it was asked for."""
    error = formatter.formatException(record.exc_info) if record.exc_info else None
    return "\n".join(filter(None, (error, record.stack_info)))


def _crashed(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    _log.critical("crashed", exc_info=error)


def _thread_crashed(crash: threading.ExceptHookArgs) -> None:
    if not isinstance(crash.exc_value, SystemExit):
        _log.critical("a thread crashed", exc_info=crash.exc_value)


def _cleanup_crashed(crash: UnraisableHookArgs) -> None:
    _log.error("%s: %r", crash.err_msg or "a cleanup crashed", crash.object, exc_info=crash.exc_value)
