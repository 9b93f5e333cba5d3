"""Documented answers with one thing different: a key missing, another type, another word, another place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

from bot.errors import BadResult, OutcomeUnknown, ProtocolError, ProviderUnavailable
from bot.model import Artifact, RemoteArtifact
from bot.provider import Finished, Pending
from bot.testing.contract_paths import at, holds, paths, put, without
from bot.testing.contract_rig import Answers, Rig, Variants, each
from bot.testing.contract_secrets import signed
from bot.testing.contract_table import (
    SAME,
    Body,
    ContractCase,
    Documented,
    Field,
    Kind,
    On,
    OneOf,
    ProviderContract,
    matches,
)
from bot.testing.provider import PNG
from bot.testing.wire import Answer, Drop, reply

VALUES: dict[Kind, Any] = {
    Kind.NULL: None,
    Kind.BOOL: True,
    Kind.NUMBER: 7,
    Kind.TEXT: "something else",
    Kind.LIST: ["something else"],
    Kind.OBJECT: {"something": "else"},
    Kind.EMPTY: "",
    Kind.LONG: "x" * 1_000_000,
    Kind.HUGE: 10**399,
}
OWN: dict[type, Kind] = {
    bool: Kind.BOOL,
    int: Kind.NUMBER,
    float: Kind.NUMBER,
    str: Kind.TEXT,
    list: Kind.LIST,
    dict: Kind.OBJECT,
    type(None): Kind.NULL,
}
INFINITE, ENDLESS = 123454321, "1e999"  # the one stands for the other, which only JSON can write
PROGRESS = (0, 40, 100, -1, 101, 0.4, "40", "40%", "", None, INFINITE, 10**399, True, [40], {"percent": 40})
RESULT = "/result-of-the-contract.png"
TOMORROW = "a-word-of-tomorrow"
NOT_HAD = {
    On.SUBMIT: OneOf((BadResult, OutcomeUnknown)),  # it is drawn, and the only answer to it is read
    On.POLL: OneOf((BadResult, ProviderUnavailable, ProtocolError)),
}


def field_cases(contract: ProviderContract) -> Iterator[ContractCase]:
    """Each documented answer, and each of its keys."""
    for answer in contract.answers:
        for name, variants in _variations(contract, answer):
            case = f"{answer.on}: {answer.name}{name}"
            yield ContractCase(case, partial(each, contract, answer.on, variants))


def _variations(contract: ProviderContract, answer: Documented) -> Iterator[tuple[str, Callable[[Rig], Variants]]]:
    yield "", partial(_as_documented, answer)
    for path in paths(answer.body):
        entry = answer.entry(path)
        if entry is not None:
            yield f", {path} is missing or mistyped", partial(_changed, answer, path, entry)
    if answer.on is On.POLL and there(answer.body, contract.progress):
        yield ", whatever the progress", partial(_at_any_progress, answer)
    told = answer.status < HTTPStatus.MULTIPLE_CHOICES  # a word in an error is not how a look is answered
    if answer.on is On.POLL and told and there(answer.body, contract.status):
        yield ", every status word", partial(_with_any_word, answer)
    if matches(Finished, answer.means) and there(answer.body, contract.media):
        yield ", wherever the result lies", partial(_lying_anywhere, answer)


def there(body: Body, group: str) -> tuple[str, ...]:
    """Those keys of a group that an answer has."""
    return tuple(path for path in group.split() if holds(body, path))


def _as_documented(answer: Documented, _rig: Rig) -> Variants:
    yield "as documented", answer.answers, answer.means


def _changed(answer: Documented, path: str, entry: Field, _rig: Rig) -> Variants:
    yield "missing", answer.answers_with(without(answer.body, path)), _meant(answer, entry.missing)
    (documented,) = at(answer.body, path)
    for kind, value in VALUES.items():
        if kind is not OWN[type(documented)] and value != documented:
            yield kind, answer.answers_with(put(answer.body, path, value)), _meant(answer, entry.meaning(kind))


def _meant(answer: Documented, meaning: object) -> object:
    return answer.means if meaning is SAME else meaning


def _at_any_progress(answer: Documented, rig: Rig) -> Variants:
    meaning = Pending if matches(Pending, answer.means) else answer.means
    for path in there(answer.body, rig.contract.progress):
        for value in PROGRESS:
            text = json.dumps(put(answer.body, path, value)).replace(str(INFINITE), ENDLESS).encode()
            yield f"{path} {value!r:.20}", answer.answers_with(text), meaning
        no_json = OneOf((ProtocolError, answer.means, meaning))
        yield f"{path} NaN", answer.answers_with(put(answer.body, path, float("nan"))), no_json


def _with_any_word(answer: Documented, rig: Rig) -> Variants:
    """Only a word that is known ends a job; those that are known stand beside a result."""
    for path in there(answer.body, rig.contract.status):
        yield TOMORROW, answer.answers_with(put(answer.body, path, TOMORROW)), Pending
        if matches(Finished, answer.means):
            for word, meaning in rig.contract.words.items():
                yield word, answer.answers_with(put(answer.body, path, word)), meaning


def _lying_anywhere(answer: Documented, rig: Rig) -> Variants:
    media = there(answer.body, rig.contract.media)
    nowhere = BadResult if answer.on is On.POLL else NOT_HAD[answer.on]
    yield "nowhere", answer.answers_with(without(answer.body, *media)), nowhere
    for path in media:
        (url,) = at(answer.body, path)
        if isinstance(url, str) and url.startswith("http"):
            alone = without(answer.body, *(other for other in media if other != path))
            for lies in (url, signed(url)):
                yield f"only as {path}", answer.answers_with(put(alone, path, lies)), RemoteArtifact(lies)
            at_home = answer.answers_with(put(alone, path, signed(f"{rig.origin}{RESULT}")))
            yield from _at_the_service_itself(rig, at_home, NOT_HAD[answer.on])


def _at_the_service_itself(rig: Rig, at_home: Answers, not_had: object) -> Variants:
    """There the adapter fetches it, with the key, and follows it nowhere else."""
    picture = reply(200, PNG, content_type="image/png")
    answers: dict[str, tuple[Answer, object]] = {
        "at the service itself": (picture, OneOf((Artifact(PNG, "image/png"), Artifact(PNG)))),
        "moved away": (reply(302, headers={"Location": f"{rig.elsewhere.origin}/"}), not_had),
        "gone": (reply(404, {"error": "expired"}), not_had),
        "forbidden": (reply(403, {"error": "expired"}), not_had),
        "behind a failure": (reply(503, {"error": "try again"}), not_had),
        "lost on the way": (Drop(), not_had),
    }
    for name, (answer, meaning) in answers.items():
        yield name, (*at_home, answer), meaning
