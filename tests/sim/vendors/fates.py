"""What a word in square brackets in the prompt makes of a job: one table, from which the guide and the tests are made.

`[poll-500]`, `[poll-429=30]` with a value, `[poll-404 x3]` three times; several may stand in one
prompt. Brackets that hold anything else are words like all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from sim.vendors import spoils
from sim.vendors.spoils import Spoil, conduct, instead
from sim.vendors.wire import Conduct, as_html, as_json, refusal

SECONDS, WHOLE, TEXT = r"\d{1,6}(\.\d+)?", r"\d{1,3}", r"[^\[\]]+"
RETRY_AFTER = ("", "5", "date", "-5", "1000000000", "soon")


class Where(StrEnum):
    """The moment at which a fate strikes; the text is its headline."""

    REFUSED = "The submit is not accepted, nothing is charged"
    LOST = "The submit is accepted and charged, but its answer is lost"
    ACCEPTED = "The answer to the submit has another form"
    WORKING = "While the vendor works"
    ENDING = "How it ends"
    POLL = "Polls that go wrong"
    FILE = "The file"
    CANCEL = "Deletes that go wrong"


@dataclass(frozen=True, slots=True)
class Fate:
    """One row: its name, when it strikes, what it does.

    `value` is the pattern of what may follow the equals sign (empty: nothing may), and
    `examples` are some. It strikes `times` (None: every time) where no `x3` says
    otherwise. A fate without `spoil` is known by its name to the vendor itself.
    """

    name: str
    where: Where
    does: str
    spoil: Spoil | None = None
    value: str = ""
    examples: tuple[str, ...] = ("",)
    times: int | None = None

    @property
    def marks(self) -> tuple[str, ...]:
        """How it is typed, once for each example."""
        return tuple(f"[{self.name}={value}]" if value else f"[{self.name}]" for value in self.examples)

    def takes(self, value: str) -> bool:
        return value in self.examples or bool(value and self.value and re.fullmatch(self.value, value))


@dataclass(frozen=True, slots=True)
class Mark:
    """A fate that was asked for, with this value, so many times (None: every time)."""

    fate: Fate
    value: str
    times: int | None


REFUSED, LOST, ACCEPTED, WORKING, ENDING, POLL, FILE, CANCEL = Where
REFUSING = refusal(400, "prompt was rejected by content moderation")
PENDING = as_json({"status": "pending", "result": "", "progress": 0}, 202)
NO_JOB = refusal(404, "request not found")
BAD_GATEWAY = as_html("502 Bad Gateway", 502)
PAGE = as_html("Welcome")
LIE = replace(PAGE, headers={"Content-Type": "image/png"})

FATES: tuple[Fate, ...] = (
    Fate("submit-429", REFUSED, "429; the value is its Retry-After", spoils.busy, TEXT, RETRY_AFTER, 1),
    Fate(
        "submit-503",
        REFUSED,
        "503, though a client cannot know that nothing was accepted",
        instead(refusal(503, "unavailable")),
        times=1,
    ),
    Fate("submit-400", REFUSED, "400", instead(refusal(400, "invalid JSON body"))),
    Fate("submit-401", REFUSED, "401", instead(refusal(401, "missing or invalid API key"))),
    Fate("submit-402", REFUSED, "402", instead(refusal(402, "insufficient credits"))),
    Fate("submit-403", REFUSED, "403", instead(refusal(403, "this API key is disabled"))),
    Fate("submit-422", REFUSED, "422", instead(refusal(422, "lora_config is invalid"))),
    Fate("submit-refused", REFUSED, "400 with the words of a content filter", instead(REFUSING)),
    Fate("submit-drop", LOST, "the connection is closed without an answer", conduct(Conduct.DROP)),
    Fate("submit-reset", LOST, "the connection is reset", conduct(Conduct.RESET)),
    Fate("submit-hang", LOST, "no answer ever comes", conduct(Conduct.HANG)),
    Fate("submit-cut", LOST, "half of the answer, then the connection is closed", conduct(Conduct.CUT)),
    Fate("submit-drip", LOST, "the answer comes a byte a second", conduct(Conduct.DRIP)),
    Fate("submit-500", LOST, "500", instead(refusal(500, "internal error"))),
    Fate("submit-502", LOST, "502 and a page of HTML", instead(BAD_GATEWAY)),
    Fate("submit-html", LOST, "200 and a page of HTML", instead(PAGE)),
    Fate("submit-empty", LOST, "200 and an empty body", spoils.empty),
    Fate("submit-no-id", LOST, "200 without a request id", spoils.without_id),
    Fate("submit-error", LOST, "200 with an error inside", instead(refusal(200, "something went wrong"))),
    Fate("submit-slow", ACCEPTED, "comes after so many seconds", spoils.slow, SECONDS, ("3",)),
    Fate("wrapped", ACCEPTED, "is wrapped: `{status: 1, data: {…}, request_id}`"),
    Fate("uuid", ACCEPTED, "has a UUID as its request id"),
    Fate("number-id", ACCEPTED, "has a JSON number as its request id"),
    Fate("suffix-id", ACCEPTED, "has a request id that ends in `_` and a time"),
    Fate("no-result-key", ACCEPTED, "has no key `result`"),
    Fate("takes", WORKING, "it takes so many seconds", None, SECONDS, ("5",)),
    Fate(
        "progress",
        WORKING,
        "these figures in turn, the last also at the end; also `null`, `absent` and texts in quotes",
        None,
        TEXT,
        ("0,35,70,99", "0,0", "60,20", "null", "absent", "140", '"40"'),
    ),
    Fate("queue", WORKING, "first the line: from this place down to 0, then progress", None, WHOLE, ("3",)),
    Fate("wait", WORKING, "this estimated waiting time, a text unless it is a number", None, TEXT, ("40", "40 s")),
    Fate("text-places", WORKING, "the place in line is a text"),
    Fate("meanwhile", WORKING, "this status word until it ends", None, TEXT, ("processing", "sketching")),
    Fate(
        "word",
        ENDING,
        "this status word, with a picture after `success`, `completed`, `succeeded`, `done` and `ready`",
        None,
        TEXT,
        ("failed", "error", "moderated", "expired", "completed", "Ready"),
    ),
    Fate("no-url", ENDING, "success without an address; `[no-url x2]`: twice, then with one"),
    Fate(
        "url-in",
        ENDING,
        "the address stands in this key alone",
        None,
        r"\w+",
        ("result_url", "result_image_url", "url"),
    ),
    Fate(
        "url",
        ENDING,
        "this address",
        None,
        TEXT,
        ("http://169.254.169.254/a.png", "ftp://example.org/a.png", "nonsense"),
    ),
    Fate("result-object", ENDING, "the address stands in an object `result`"),
    Fate("wrapped-poll", ENDING, "every poll's answer is wrapped: `{status: 1, data: {…}}`"),
    Fate("inline", ENDING, "the picture itself as base64 in `result_image`, no address"),
    Fate("encrypted", ENDING, "`encrypted_aes_key` is set"),
    Fate("poll-404", POLL, "404; both forms of a poll, one after the other, count once", instead(NO_JOB), times=1),
    Fate("poll-lost", POLL, "404, for ever", instead(NO_JOB)),
    Fate("only-path", POLL, "404 for `/result/image?request_id=`, for ever"),
    Fate("only-query", POLL, "404 for `/poll-result/{id}`, for ever"),
    Fate("poll-202", POLL, "202 and `pending`", instead(PENDING), times=1),
    Fate("poll-429", POLL, "429; the value is its Retry-After", spoils.busy, TEXT, RETRY_AFTER, 1),
    Fate("poll-500", POLL, "500", instead(refusal(500, "internal error")), times=1),
    Fate("poll-502", POLL, "502 and a page of HTML", instead(BAD_GATEWAY), times=1),
    Fate("poll-503", POLL, "503", instead(refusal(503, "unavailable")), times=1),
    Fate("poll-html", POLL, "200 and a page of HTML", instead(PAGE), times=1),
    Fate("poll-empty", POLL, "200 and an empty body", spoils.empty, times=1),
    Fate("poll-type", POLL, "the right JSON as `text/plain`", spoils.typed("text/plain"), times=1),
    Fate("poll-list", POLL, "a list around the right object", spoils.as_list, times=1),
    Fate("poll-huge", POLL, "so many megabytes of base64 in `result_image`", spoils.swollen, WHOLE, ("8",), 1),
    Fate("poll-slow", POLL, "the answer comes after so many seconds", spoils.slow, SECONDS, ("3",), 1),
    Fate("poll-drip", POLL, "the answer comes a byte a second", conduct(Conduct.DRIP), times=1),
    Fate("poll-hang", POLL, "no answer ever comes", conduct(Conduct.HANG), times=1),
    Fate("poll-drop", POLL, "the connection is closed without an answer", conduct(Conduct.DROP), times=1),
    Fate("poll-reset", POLL, "the connection is reset", conduct(Conduct.RESET), times=1),
    Fate("file-here", FILE, "lies on the API's own host, not on the other one"),
    Fate("signed", FILE, "its address has a signed query with `%2F` in it; 403 unless it arrives as given"),
    Fate("file-expires", FILE, "403 so many seconds after the poll that gave its address", None, SECONDS, ("5",)),
    Fate("file-gone", FILE, "410 so many seconds after the end, whatever the address", None, SECONDS, ("5",)),
    Fate("file-404", FILE, "404", instead(as_html("404 Not Found", 404)), times=1),
    Fate("file-429", FILE, "429; the value is its Retry-After", spoils.busy, TEXT, RETRY_AFTER, 1),
    Fate("file-503", FILE, "503", instead(as_html("503 Service Unavailable", 503)), times=1),
    Fate("file-moved", FILE, "a redirect to where it lies", spoils.moved, times=1),
    Fate(
        "file-moved-to",
        FILE,
        "a redirect to this host",
        spoils.moved_to,
        r"[\w.:-]+",
        ("127.0.0.1:1", "169.254.169.254"),
    ),
    Fate("file-html", FILE, "a page of HTML that calls itself PNG", instead(LIE), times=1),
    Fate("file-jpeg", FILE, "a JPEG under a name and a type that say PNG", spoils.as_jpeg),
    Fate("file-type", FILE, "the right picture as `text/plain`", spoils.typed("text/plain")),
    Fate("file-empty", FILE, "200 and no bytes", spoils.empty, times=1),
    Fate("file-half", FILE, "the first half of it, as if that were all", spoils.half, times=1),
    Fate("file-cut", FILE, "half of the promised bytes, then the connection is closed", conduct(Conduct.CUT), times=1),
    Fate("file-endless", FILE, "bytes without end", conduct(Conduct.ENDLESS), times=1),
    Fate("file-bomb", FILE, "300 MB of zeros, compressed to 1", spoils.bomb, times=1),
    Fate("file-drip", FILE, "a byte a second", conduct(Conduct.DRIP), times=1),
    Fate("file-hang", FILE, "no answer ever comes", conduct(Conduct.HANG), times=1),
    Fate("file-drop", FILE, "the connection is closed without an answer", conduct(Conduct.DROP), times=1),
    Fate("file-reset", FILE, "the connection is reset", conduct(Conduct.RESET), times=1),
)

_MARK = re.compile(r"\[([a-z0-9-]+)(?:=([^\[\]]+?))?(?: x(\d{1,3}))?\]")


class Catalogue:
    """The fates that a vendor knows."""

    def __init__(self, fates: Iterable[Fate]) -> None:
        self.fates = tuple(fates)
        self.by_name = {fate.name: fate for fate in self.fates}

    def marks(self, prompt: str) -> tuple[Mark, ...]:
        """The marks in a prompt, in their order."""
        return tuple(mark for found in _MARK.finditer(prompt) if (mark := self._read(found)) is not None)

    def words(self, prompt: str) -> str:
        """The prompt without its marks."""
        return " ".join(_MARK.sub(lambda found: found[0] if self._read(found) is None else " ", prompt).split())

    def _read(self, found: re.Match[str]) -> Mark | None:
        name, value, times = found.groups()
        fate = self.by_name.get(name)
        if fate is None or not fate.takes(value or ""):
            return None
        return Mark(fate, value or "", int(times) if times else fate.times)


ETERNALAI = Catalogue(FATES)
BY_NAME = ETERNALAI.by_name


class Fates:
    """The marks of one job or prompt, and how often each may still strike."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self.marks = tuple(marks)
        self._left = [mark.times for mark in self.marks]

    def value(self, name: str) -> str | None:
        """The value of the first mark of this name, "" for one without; None where there is none."""
        return next((mark.value for mark in self.marks if mark.fate.name == name), None)

    def __contains__(self, name: str) -> bool:
        return self.value(name) is not None

    def strike(self, where: Where) -> Mark | None:
        """The next mark there that spoils a reply; it may strike once less after that."""
        return self._take(lambda fate: fate.where is where and fate.spoil is not None)

    def strikes(self, name: str) -> bool:
        """True when a mark of this name may still strike; it may once less after that."""
        return self._take(lambda fate: fate.name == name) is not None

    def _take(self, wanted: Callable[[Fate], bool]) -> Mark | None:
        """The first that may still strike; those that strike always come last, or no other would."""
        able = [at for at, mark in enumerate(self.marks) if self._left[at] != 0 and wanted(mark.fate)]
        if not able:
            return None
        at = min(able, key=lambda at: self._left[at] is None)
        left = self._left[at]
        self._left[at] = None if left is None else left - 1
        return self.marks[at]
