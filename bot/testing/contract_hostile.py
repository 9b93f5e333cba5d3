"""Texts that a hostile service puts where it may put any text: they change no address, no header and no host."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bot.provider import Pending
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
        ids = there(accepted.body, contract.job_id)
        running = contract.first(On.POLL, Pending) or accepted
        usual = await rig.act(provider, On.SUBMIT, accepted.answers)
        assert isinstance(usual.outcome, Pending)
        (job_id,) = at(accepted.body, ids[0])
        looks = (running.answers, (reply(404), *running.answers))  # it may know a second place to look at
        shapes = {
            _shape(call, str(job_id))
            for answers in looks
            for call in (await rig.act(provider, On.POLL, answers, handle=usual.outcome.handle)).calls
        }
        for name, text in HOSTILE.items():
            body = accepted.body
            for path in ids:
                body = put(body, path, _aimed(rig, text))
            answered = await rig.act(provider, On.SUBMIT, accepted.answers_with(body))
            if isinstance(answered.outcome, Pending):
                for answers in looks:
                    asked = await rig.act(provider, On.POLL, answers, handle=answered.outcome.handle)
                    strange = [call.target[:200] for call in asked.calls if not _alike(call, shapes)]
                    wrong += [f"{name}: it asked for {target}" for target in strange]
    assert not wrong, "\n".join(wrong)


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
