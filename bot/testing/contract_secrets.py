"""What no error and no log record may tell: the kit's own key and query, the prompt, the ids of jobs."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Iterator

from bot.testing.contract_paths import at
from bot.testing.contract_table import ProviderContract

KEY = "sesame-0pen-contract-k3y"
SIGNATURE = "signature-of-the-contract"

_PLAIN = frozenset(vars(logging.makeLogRecord({})))


class Secrets:
    """The secrets of one contract."""

    def __init__(self, contract: ProviderContract) -> None:
        self._words = {"the key": KEY, "the prompt": contract.request.prompt, "the query of an address": SIGNATURE}
        self._ids = tuple(_ids(contract))

    def keep(self, where: str, texts: Iterable[str]) -> None:
        """Raise `AssertionError` for a text that tells one."""
        for text in texts:
            self.keep_from_handle(where, text)
            assert not any(job_id in text for job_id in self._ids), f"{where} tells the id of a job: {text!r}"

    def keep_from_handle(self, where: str, text: str) -> None:
        """The same for a text that may hold the id of a job."""
        for name, secret in self._words.items():
            assert secret not in text, f"{where} tells {name}: {text!r}"


def _ids(contract: ProviderContract) -> Iterator[str]:
    for answer in contract.answers:
        for path in contract.job_id.split():
            yield from map(str, at(answer.body, path))


def texts(error: BaseException) -> Iterator[str]:
    """All that a log could show of an error, and of the errors that led to it."""
    yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
    yield from traceback.format_exception(error)


class Logs(logging.Handler):
    """Every record of the time between, with all that it carries."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def begin(self) -> None:
        root = logging.getLogger()
        self._level = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)

    def end(self) -> None:
        root = logging.getLogger()
        root.removeHandler(self)
        root.setLevel(self._level)

    def emit(self, record: logging.LogRecord) -> None:
        extras = {name: value for name, value in vars(record).items() if name not in _PLAIN}
        self.lines.append(f"{self.format(record)} {extras}")


def signed(url: str) -> str:
    """An address with a query that no log may show."""
    return f"{url}{'&' if '?' in url else '?'}{SIGNATURE}=1"
