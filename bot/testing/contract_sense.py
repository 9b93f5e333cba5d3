"""The table itself: whether it says everything, and nothing that the port forbids."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus

from bot.errors import ProviderUnavailable, RateLimited
from bot.model import Artifact, Progress, RemoteArtifact
from bot.provider import Finished, Pending
from bot.testing.contract_paths import at, holds, paths
from bot.testing.contract_rig import Rig
from bot.testing.contract_rules import allowed
from bot.testing.contract_table import (
    SAME,
    ContractCase,
    Documented,
    On,
    OneOf,
    ProviderContract,
    matches,
    spoken,
)
from bot.testing.contract_wire import wire_names

SHORTEST_PROMPT, SHORTEST_ID = 12, 6


def sense_cases(contract: ProviderContract) -> Iterator[ContractCase]:
    """One case, which tells of everything at once."""
    yield ContractCase("the table is complete and can be true", partial(_makes_sense, contract))


async def _makes_sense(contract: ProviderContract) -> None:
    async with Rig(contract) as rig:
        wrong = [f"nothing is called {name!r}" for name in contract.overrides.keys() - wire_names(rig)]
    wrong += _of_the_whole(contract)
    for answer in contract.answers:
        wrong += [f"{answer.on}, {answer.name}: {what}" for what in _of_one(answer)]
    assert not wrong, "\n".join(wrong)


def _of_the_whole(contract: ProviderContract) -> Iterator[str]:
    if contract.hasty is None:
        yield "without `hasty` nobody waits for what never comes"
    if len(contract.request.prompt) < SHORTEST_PROMPT:
        yield "the prompt is too short to be recognised in a log"
    for path in f"{contract.job_id} {contract.status} {contract.progress} {contract.media}".split():
        if not any(holds(answer.body, path) for answer in contract.answers):
            yield f"no answer has {path}"
    for path in contract.job_id.split():
        for job_id in (job_id for answer in contract.answers for job_id in at(answer.body, path)):
            if len(str(job_id)) < SHORTEST_ID:
                yield f"the id {job_id} is too short to be recognised in a log"
    for word, meaning in contract.words.items():
        if not allowed(On.POLL, _kind(meaning)):
            yield f"{word} may not mean {spoken(meaning)}"


def _of_one(answer: Documented) -> Iterator[str]:
    known, entries = tuple(paths(answer.body)), answer.entries()
    yield from (f"nothing is said of {path}" for path in known if answer.entry(path) is None)
    yield from (f"there is no {path}" for path in entries if path not in known)
    if not _may_mean(answer, answer.means):
        yield f"it may not mean {spoken(answer.means)}"
    for path, entry in entries.items():
        for meaning in (entry.missing, entry.mistyped, *entry.but.values()):
            if not _may_mean(answer, meaning):
                yield f"{path} may not mean {spoken(meaning)}"


def _may_mean(answer: Documented, meaning: object) -> bool:
    """Whether the port allows it; a submit that was answered with 2xx may have been accepted whatever it says."""
    if isinstance(meaning, OneOf):
        return all(_may_mean(answer, one) for one in meaning.meanings)
    kind = _kind(meaning)
    begun = answer.on is On.SUBMIT and answer.status < HTTPStatus.MULTIPLE_CHOICES
    if begun and matches(OneOf((RateLimited, ProviderUnavailable)), kind):
        return False
    return meaning is SAME or allowed(answer.on, kind)


def _kind(meaning: object) -> object:
    """The class that the short forms stand for."""
    if isinstance(meaning, Progress):
        return Pending
    return Finished if isinstance(meaning, Artifact | RemoteArtifact) else meaning
