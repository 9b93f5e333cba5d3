"""The kit finds what is wrong: the sample provider is broken in one place at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from providers.rewritten import rewritten
from providers.test_contract_sample import CONTRACT

from bot.errors import OutcomeUnknown, RateLimited
from bot.model import GenerationRequest
from bot.provider import Pending
from bot.testing.contract import UNREAD, Field, ProviderContract, cases

POST = 'reply = await self._api.submit("/v1/pictures", json=body)'
LOOK = 'said = await _object(await self._api.ask(f"/v1/pictures/{_id(handle)}"))'
SENSE = "the table is complete and can be true"
FAILED = 'GenerationFailed(f"{TITLE} says that it failed")'
PENDING = 'return Pending(handle, Progress(fraction=_fraction(said.get("percent"))))'


@dataclass(frozen=True)
class Broken:
    """What stands in the place of some code, the case that sees it, and what that case says."""

    old: str
    new: str
    case: str
    says: str


BROKEN = {
    "a submit is repeated after no answer": Broken(
        POST,
        f"""try:
            {POST}
        except Exception:
            {POST}""",
        "submit: an answer is lost on the way",
        "a submit was sent 2 times",
    ),
    "a submit is repeated when it is refused for now": Broken(
        POST,
        f"""try:
            {POST}
        except Exception:
            {POST}""",
        "submit: the service is busy",
        "a submit was sent 2 times",
    ),
    "an unreadable answer to a submit is no doubt": Broken(
        "with unreadable_is_unknown():",
        "if True:",
        "submit: an answer cannot be read",
        "a submit must not come to ProtocolError",
    ),
    "a look is repeated": Broken(
        LOOK,
        f"""try:
            {LOOK}
        except Exception:
            {LOOK}""",
        "poll: it is refused",
        "it asked 2 times for GET /v1/pictures/",
    ),
    "an unknown job is taken for a running one": Broken(
        LOOK,
        f"""from bot.errors import UnknownHandle
        try:
            {LOOK}
        except UnknownHandle:
            return Pending(handle)""",
        "poll: it is refused",
        "404: it should mean",
    ),
    "progress ends a job": Broken(
        LOOK,
        f"""{LOOK}
        if said.get("percent") == 100:
            raise {FAILED}""",
        "poll: drawing, whatever the progress",
        "percent 100: it should mean",
    ),
    "progress is taken as it comes": Broken(
        "return percent / 100 if known else None",
        "return percent / 100",
        "poll: drawing, percent is missing or mistyped",
        "missing: a poll must not come to TypeError",
    ),
    "progress goes beyond the end": Broken(
        " and 0 <= percent <= 100",
        "",
        "poll: drawing, whatever the progress",
        "progress 1.01 is not within 0..1",
    ),
    "a number of any length is taken for a time": Broken(
        'Progress(fraction=_fraction(said.get("percent")))',
        'Progress(eta_s=said.get("percent") if isinstance(said.get("percent"), int) else None)',
        "poll: drawing, percent is missing or mistyped",
        "is no such number",
    ),
    "an unknown word ends a job": Broken(
        PENDING,
        f"""if said.get("state") not in ("queued", "drawing"):
            raise {FAILED}
        {PENDING}""",
        "poll: drawing, every status word",
        "a-word-of-tomorrow: it should mean",
    ),
    "a result is made up where there is none": Broken(
        '_text(said.get("url"))',
        'said.get("url") or "https://files.easel.example/none.png"',
        "poll: done, wherever the result lies",
        "nowhere: it should mean",
    ),
    "a result is fetched from wherever it lies": Broken(
        'return Finished(await self._api.artifact(_text(said.get("url"))))',
        """url = _text(said.get("url"))
                if url.startswith("http://127"):
                    other = Api("/".join(url.split("/")[:3]), title=TITLE, headers={})
                    await other.ask("/x")
                    await other.close()
                return Finished(await self._api.artifact(url))""",
        "poll: done, hostile texts in it",
        "it called another address",
    ),
    "an id may be any text": Broken(
        "if not isinstance(value, str) or not ID.fullmatch(value):",
        "if not isinstance(value, str):",
        "poll: accepted under a hostile id",
        "a path upwards: it asked for /admin",
    ),
    "an error tells the key": Broken(
        FAILED,
        "GenerationFailed(str(self._api._headers))",
        "poll: failed",
        "the error tells the key",
    ),
    "an error that led to another tells the id": Broken(
        FAILED,
        'GenerationFailed("it failed") from ValueError(handle)',
        "poll: failed",
        "the error tells the id of a job",
    ),
    "the words are logged": Broken(
        POST,
        f"""{POST}
        __import__("logging").getLogger("easel").debug("sent %s", body)""",
        "submit: accepted",
        "a log record tells the prompt",
    ),
    "the key is in the address": Broken(
        '"/v1/pictures", json',
        "f\"/v1/pictures?key={self._api._headers['Authorization'][7:]}\", json",
        "submit: accepted",
        "the key is in an address",
    ),
    "a handle holds the words": Broken(
        'return Pending(_id((await _object(reply)).get("id")))',
        "return Pending(request.prompt)",
        "submit: accepted",
        "a handle tells the prompt",
    ),
    "handles are only known to the instance": Broken(
        LOOK,
        f"""if self.__dict__.setdefault("known", handle) != handle or not self.__dict__.get("posted"):
            raise ProtocolError("whose is that?")
        {LOOK}""",
        "a handle outlives the adapter that wrote it",
        "it should mean",
    ),
    "a garbled handle is asked for": Broken(
        "{_id(handle)}",
        "{handle}",
        "a handle that is none is told",
        "it should mean",
    ),
    "a canceled look ends in an error": Broken(
        LOOK,
        f"""try:
            {LOOK}
        except BaseException:
            raise ProtocolError("no answer") from None""",
        "poll: canceled while it waits",
        "a canceled call must end as one",
    ),
    "a task is left behind": Broken(
        POST,
        f"""{POST}
        import asyncio
        self.task = asyncio.create_task(asyncio.sleep(60))""",
        "submit: accepted",
        "it left a task behind",
    ),
    "connections are left open": Broken(
        "await self._api.close()",
        "pass",
        "it can be closed twice",
        "it leaves something open",
    ),
    "the slots are fixed": Broken(
        "settings.max_in_flight or 2",
        "2",
        "it honours the settings of slots and deadline",
        "max_in_flight sets its slots",
    ),
    "the deadline is fixed": Broken(
        "settings.deadline_s or 300.0",
        "300.0",
        "it honours the settings of slots and deadline",
        "deadline_s sets the deadline",
    ),
    "it is on without a key": Broken(
        'if not own.get("key"):\n        return None',
        'own.setdefault("key", "none")',
        "it is off under the settings that switch it off",
        "",
    ),
    "it has an option of its own without a hint": Broken(
        'OptionSpec(name="seed"',
        'OptionSpec(name="brush"',
        "it says truly what it is",
        "brush does not say what it does",
    ),
    "it bears another name": Broken(
        "self.name = name",
        'self.name = "easel-1"',
        "it says truly what it is",
        "its name is that of its entry point",
    ),
}


async def said(contract: ProviderContract, name: str) -> str:
    (found,) = [case for case in cases(contract) if case.name == name]
    with pytest.raises(AssertionError) as failure:
        await found.check()
    return str(failure.value)


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
async def test_what_is_broken_is_found(case: Broken) -> None:
    contract = rewritten((case.old, case.new))
    assert case.says in await said(contract, case.case)


async def test_a_table_must_name_every_key_and_may_not_promise_what_the_port_forbids() -> None:
    accepted, *others = CONTRACT.answers
    wrong = {"id": Field(missing=RateLimited, mistyped=OutcomeUnknown), "colour": UNREAD}

    complaint = await said(replace(CONTRACT, answers=(replace(accepted, fields=wrong), *others)), SENSE)

    assert complaint.splitlines() == [
        "submit, accepted: nothing is said of state",
        "submit, accepted: there is no colour",
        "submit, accepted: id may not mean RateLimited",
    ]


NONSENSE: dict[str, dict[str, Any]] = {
    "nothing is called 'submit: 499'": {"overrides": {"submit: 499": Pending}},
    "no answer has request_id": {"job_id": "request_id"},
    "the id done is too short": {"job_id": "state"},
    "the prompt is too short": {"request": GenerationRequest(prompt="a fox")},
    "done may not mean OutcomeUnknown": {"words": {"done": OutcomeUnknown}},
    "without `hasty`": {"hasty": None},
}


@pytest.mark.parametrize("complaint", NONSENSE)
async def test_a_contract_that_makes_no_sense_is_told(complaint: str) -> None:
    assert complaint in await said(replace(CONTRACT, **NONSENSE[complaint]), SENSE)
