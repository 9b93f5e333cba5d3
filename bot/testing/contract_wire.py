"""What becomes of any request to any service: lost on the way, too slow, refused, busy, moved, unreadable."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from functools import partial

from bot.errors import (
    InvalidRequest,
    OutcomeUnknown,
    ProtocolError,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
    UnknownHandle,
)
from bot.provider import Pending
from bot.testing.contract_rig import Rig, Variants, each
from bot.testing.contract_rules import LISTED
from bot.testing.contract_secrets import KEY
from bot.testing.contract_table import UNREAD, ContractCase, Documented, On, OneOf, ProviderContract
from bot.testing.wire import Answer, Drip, Drop, Hang, Raw, Reset, reply

NOT_SENT = ProviderUnavailable("", not_sent=True)
NO_NEWS = OneOf((ProviderUnavailable, ProtocolError))
OURS = OneOf((ProviderError, InvalidRequest))
HTML = b"<!doctype html><title>Bad gateway</title><h1>nginx</h1>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
EVERY_S = 0.1

Told = Iterator[tuple[str, Answer, object, object]]
"""What is wrong, the answer then, and what that means to a submit and to a look."""


def wire_cases(contract: ProviderContract) -> Iterator[ContractCase]:
    """Everything that can go wrong, against every call that the adapter makes."""
    for on in _calls(contract):
        yield ContractCase(f"{on}: nobody listens", partial(_nobody_listens, contract, on))
        for name, told in TOLD.items():
            create = contract.hasty if told is _too_slow else None
            variants = partial(_variants, contract, on, told)
            yield ContractCase(f"{on}: {name}", partial(each, contract, on, variants, create))


def wire_names(rig: Rig) -> frozenset[str]:
    """The names that `overrides` may use."""
    names = {name for told in TOLD.values() for name, *_ in told(rig, rig.contract.answers[0])}
    return frozenset(f"{on}: {name}" for on in _calls(rig.contract) for name in names)


def _calls(contract: ProviderContract) -> Iterator[On]:
    yield On.SUBMIT
    if contract.first(On.SUBMIT, Pending):
        yield On.POLL
    yield from (on for on in (On.CANCEL, *LISTED) if contract.serves(on))


def _variants(contract: ProviderContract, on: On, told: Callable[[Rig, Documented], Told], rig: Rig) -> Variants:
    documented = next(contract.documented(on), contract.answers[0])
    for name, answer, submit, poll in told(rig, documented):
        meaning = _meaning(on, submit, poll)
        if on is On.CANCEL and told is _unreadable and all(entry == UNREAD for entry in documented.fields.values()):
            meaning = OneOf((None, OURS))  # its 2xx is the confirmation
        yield name, (answer,), contract.overrides.get(f"{on}: {name}", meaning)


def _meaning(on: On, submit: object, poll: object) -> object:
    """A cancel that is not confirmed is none; of lists the rules of the port say enough."""
    meanings = {On.SUBMIT: submit, On.POLL: poll, On.CANCEL: OURS}
    return meanings.get(on, object)


def _lost(_rig: Rig, documented: Documented) -> Told:
    answers: dict[str, Answer] = {
        "dropped": Drop(),
        "reset": Reset(),
        "cut off": reply(200, documented.body, declared_bytes=100_000),
        "cut off in the head": Raw(OK[:20]),
        "cut off in a chunk": Raw(OK + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n{"),
        "no HTTP": Raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
        "a length below zero": Raw(OK + b"Content-Length: -1\r\n\r\n{}"),
        "a header of 100 kB": Raw(OK + b"X-Trace: " + b"x" * 100_000 + b"\r\nContent-Length: 2\r\n\r\n{}"),
        "a header that is no text": Raw(OK + b"X-\xff\xfe: \xff\r\nContent-Length: 0\r\n\r\n"),
    }
    for name, answer in answers.items():
        yield name, answer, OutcomeUnknown, NO_NEWS


def _too_slow(_rig: Rig, documented: Documented) -> Told:
    yield "no answer", Hang(), OutcomeUnknown, NO_NEWS
    yield "byte by byte", Drip(reply(200, documented.body), EVERY_S), OutcomeUnknown, NO_NEWS


def _refused(rig: Rig, _documented: Documented) -> Told:
    """Errors by status, in bodies that repeat all that they were told."""
    said = {"error": {"message": f"not so: {rig.contract.request.prompt}", "api_key": KEY}, "detail": [KEY]}
    for status in (401, 402, 403):
        yield f"{status}", reply(status, said), ProviderRefused, ProviderRefused
    for status in (400, 422):
        yield f"{status}", reply(status, said), InvalidRequest, OURS
    yield "404", reply(404, said), OURS, UnknownHandle
    for status in (408, 409, 500, 503, 504, 529):
        yield f"{status}", reply(status, said), OutcomeUnknown, NO_NEWS
    yield "502 from a proxy", reply(502, HTML, content_type="text/html"), OutcomeUnknown, NO_NEWS


def _busy(_rig: Rig, _documented: Documented) -> Told:
    now = time.time()
    hints = {
        "no hint": None,
        "an empty hint": "",
        "a hint below zero": "-5",
        "an immense hint": "1000000000",
        "a hint of 400 digits": "9" * 400,
        "an endless hint": "inf",
        "no number for a hint": "nan",
        "words for a hint": "soon, I promise",
        "a date for a hint": formatdate(now + 30, usegmt=True),
        "a date that has passed": formatdate(now - 300, usegmt=True),
        "no such date": "Thu, 99 Foo 9999999 99:99:99 GMT",
    }
    said = {"error": "too many requests"}
    date = {"Date": formatdate(now, usegmt=True)}
    in_7_s = RateLimited("", 7.0)
    yield "429, with a hint", reply(429, said, headers={**date, "Retry-After": "7"}), in_7_s, in_7_s
    for name, hint in hints.items():
        headers = {**date, **({} if hint is None else {"Retry-After": hint})}
        yield f"429, {name}", reply(429, said, headers=headers), RateLimited, RateLimited


def _moved(rig: Rig, _documented: Documented) -> Told:
    unmoved = OneOf((OutcomeUnknown, ProviderRefused))
    for status in (301, 302, 303, 307, 308):
        answer = reply(status, headers={"Location": f"{rig.elsewhere.origin}/"})
        yield f"{status} to another address", answer, unmoved, NO_NEWS


def _unreadable(_rig: Rig, documented: Documented) -> Told:
    """What a 2xx must not hold; of a submit it may have been accepted all the same."""
    whole = json.dumps(documented.body).encode()
    bodies = {
        "an empty body": b"",
        "a page": HTML,
        "half an answer": whole[: len(whole) // 2],
        "no object": b'"done"',
        "null": b"null",
        "an empty list": b"[]",
        "the answer in a list": b"[" + whole + b"]",
        "a list of 100 000 lists": b"[" * 100_000,
        "a number of 5 000 digits": b'{"id": ' + b"9" * 5_000 + b"}",
        "bytes that are no text": b'{"id": "\xff\xfe\xfd"}',
    }
    for name, data in bodies.items():
        yield name, reply(200, data), OutcomeUnknown, NO_NEWS
    packed = reply(200, gzip.compress(whole)[:-9], headers={"Content-Encoding": "gzip"})
    yield "packed without being asked", packed, OutcomeUnknown, NO_NEWS
    yield "204", Raw(b"HTTP/1.1 204 No Content\r\n\r\n", keep=True), OutcomeUnknown, NO_NEWS


TOLD: dict[str, Callable[[Rig, Documented], Told]] = {
    "an answer is lost on the way": _lost,
    "an answer takes too long": _too_slow,
    "it is refused": _refused,
    "the service is busy": _busy,
    "the service has moved": _moved,
    "an answer cannot be read": _unreadable,
}


async def _nobody_listens(contract: ProviderContract, on: On) -> None:
    async with Rig(contract) as rig:
        handle = await rig.handle(rig.provider()) if on in (On.POLL, On.CANCEL) else None
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))  # bound, so that nobody else gets the port, but not listening
            address, port = silent.getsockname()
            provider = rig.provider(base_url=f"http://{address}:{port}")
            await rig.expect(provider, on, (Drop(),), _meaning(on, NOT_SENT, ProviderUnavailable), handle=handle)
