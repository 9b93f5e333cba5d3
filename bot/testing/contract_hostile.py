"""Texts that a hostile service puts where it may put any text: they change no address, no header and no host."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from bot.provider import Pending, Provider
from bot.testing.contract_fields import there
from bot.testing.contract_paths import at, paths, put
from bot.testing.contract_rig import Rig, Variants, each
from bot.testing.contract_table import ContractCase, Documented, On, ProviderContract
from bot.testing.wire import Call, reply

UPWARDS = ".."
HOSTILE = {
    "the folder above": UPWARDS,
    "a path upwards": "../../admin",
    "a hidden path upwards": "%2e%2e%2fadmin",
    "a header": "x\r\nX-Injected: 1",
    "a second query": "x?a=b&c=d#e",
    "a null byte": "x\x00y",
    "half a character": "\ud800",
    "a form of words": "{0} %s %(key)s ${HOME}",
    "a file": "file:///etc/passwd",
    "a script": "javascript:alert(1)",
    "a host of its own": "//{elsewhere}/x",
    "a service on this machine": "http://{elsewhere}/x?y",
    "somebody at that service": "http://user:word@{elsewhere}",
    "no host": "http://",
    "an impossible port": "http://x:99999999/",
    "an unfinished address": "http://[::1",
    "a megabyte of address": "http://x/" + "y" * 1_000_000,
}


def hostile_cases(contract: ProviderContract) -> Iterator[ContractCase]:
    """Every text of every documented answer, and every id in the request that follows it."""
    for answer in contract.answers:
        if any(isinstance(value, str) for path in paths(answer.body) for value in at(answer.body, path)):
            name = f"{answer.on}: {answer.name}, hostile texts in it"
            yield ContractCase(name, partial(each, contract, answer.on, partial(_hostile, answer)))
    for accepted in contract.documented(On.SUBMIT, Pending):
        if there(accepted.body, contract.job_id):
            yield ContractCase(f"poll: {accepted.name} under a hostile id", partial(_asked_with, contract, accepted))


def _hostile(answer: Documented, rig: Rig) -> Variants:
    for path in paths(answer.body):
        (documented,) = at(answer.body, path)
        if isinstance(documented, str):
            for name, text in HOSTILE.items():
                body = put(answer.body, path, _aimed(rig, text))
                yield f"{path}: {name}", answer.answers_with(body), object


def _aimed(rig: Rig, text: str) -> str:
    return text.replace("{elsewhere}", rig.elsewhere.origin.removeprefix("http://"))


async def _asked_with(contract: ProviderContract, accepted: Documented) -> None:
    """What follows a hostile id is asked like any other, or not at all."""
    wrong = []
    async with Rig(contract) as rig:
        provider = rig.provider()
        (job_id,) = at(accepted.body, there(accepted.body, contract.job_id)[0])
        usual = {_shape(call, str(job_id)) for call in await _looks(rig, provider, accepted, job_id)}
        for name, text in HOSTILE.items():
            try:
                for call in await _looks(rig, provider, accepted, _aimed(rig, text)):
                    assert _alike(call, usual), f"it asked for {call.target:.200}"
            except AssertionError as error:
                wrong.append(f"{name}: {error}")
    assert not wrong, "\n".join(wrong)


async def _looks(rig: Rig, provider: Provider, accepted: Documented, job_id: Any) -> list[Call]:
    """The requests of two looks at a job of this id, if it is one; the second at a place that does not know it."""
    body = accepted.body
    for path in there(body, rig.contract.job_id):
        body = put(body, path, job_id)
    submitted = await rig.act(provider, On.SUBMIT, accepted.answers_with(body))
    calls: list[Call] = []
    if isinstance(submitted.outcome, Pending):
        running = rig.contract.first(On.POLL, Pending) or accepted
        for answers in (running.answers, (reply(404), *running.answers)):
            seen = await rig.act(provider, On.POLL, answers, handle=submitted.outcome.handle)
            calls += seen.calls
    return calls


Shape = tuple[str, tuple[str | None, ...], tuple[str, ...], frozenset[str]]


def _shape(call: Call, job_id: str) -> Shape:
    """All that the id must not change: the method, the path but for its own part, names in the query, headers."""
    path, _, query = call.target.partition("?")
    parts = tuple(None if job_id in part else part for part in path.split("/"))
    return call.method, parts, tuple(pair.partition("=")[0] for pair in query.split("&")), frozenset(call.headers)


def _alike(call: Call, shapes: set[Shape]) -> bool:
    method, parts, names, headers = _shape(call, "\n")
    if any(part is None or part.lower().replace("%2e", ".") in (".", "..") for part in parts) or "#" in call.target:
        return False
    return any(
        (method, names, headers) == (shape[0], shape[2], shape[3])
        and len(parts) == len(shape[1])
        and all(usual in (None, part) for part, usual in zip(parts, shape[1], strict=True))
        for shape in shapes
    )
