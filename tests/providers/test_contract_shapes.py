"""The kit serves services of other shapes too: the sample provider, made to speak to each of them."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from providers.rewritten import rewritten
from providers.test_contract_sample import CONTRACT, PICTURE

from bot.errors import BadResult, OutcomeUnknown, ProtocolError
from bot.model import Artifact, RemoteArtifact
from bot.provider import Finished, Pending
from bot.testing.contract import UNREAD, ContractCase, Documented, Field, Kind, On, ProviderContract, cases
from bot.testing.provider import PNG
from bot.testing.wire import reply

ACCEPTED = 'return Pending(_id((await _object(reply)).get("id")))'
RESULT = 'return Finished(await self._api.artifact(_text(said.get("url"))))'
CLOSE = "    async def close(self)"
ACCEPTED_AT_ONCE = """
            import base64
            said = await _object(reply)
            try:
                picture = base64.b64decode(said["image"], validate=True)
            except (KeyError, TypeError, ValueError):
                raise ProtocolError("there is no picture") from None
            return Finished(Artifact(picture))"""
RESULT_ASKED_FOR = 'return Finished(Artifact((await self._api.ask(f"/v1/pictures/{handle}/file")).body))'
RESULT_TOLD_APART = """
                told = await _object(await self._api.ask(f"/v1/pictures/{handle}/result"))
                return Finished(await self._api.artifact(_text(told.get("url"))))"""
CANCEL = """    async def cancel(self, handle: str) -> None:
        said = await _object(await self._api.ask(f"/v1/pictures/{_id(handle)}/cancel"))
        if said.get("state") != "canceled":
            raise ProtocolError("it is not canceled")

"""
CANCEL_UNREAD = """    async def cancel(self, handle: str) -> None:
        await self._api.ask(f"/v1/pictures/{_id(handle)}/cancel")

"""


accepted, refused, drawing, done, failed = CONTRACT.answers
drawn = Documented(
    name="drawn at once",
    on=On.SUBMIT,
    body={"image": base64.b64encode(PNG).decode(), "seconds": 3},
    means=Artifact(PNG),
    fields={
        "image": Field(
            missing=OutcomeUnknown, mistyped=OutcomeUnknown, but={Kind.EMPTY: Finished, Kind.LONG: Finished}
        ),
        "seconds": UNREAD,
    },
)
fetched = replace(
    done,
    means=Artifact(PNG),
    then=(reply(200, PNG, content_type="image/png"),),
    fields={"id percent url": UNREAD, "state": Field(missing=Pending, mistyped=Pending)},
)
told_apart = Documented(
    name="done, in an answer of its own",
    on=On.POLL,
    before=(reply(200, {"state": "done"}),),
    body={"url": PICTURE},
    means=RemoteArtifact(PICTURE),
    fields={"url": Field(missing=BadResult, mistyped=BadResult)},
)
canceled = Documented(
    name="canceled",
    on=On.CANCEL,
    body={"state": "canceled"},
    means=None,
    fields={"state": Field(missing=ProtocolError, mistyped=ProtocolError)},
)

AT_ONCE = replace(
    rewritten(("import Capability, ", "import Artifact, Capability, "), (ACCEPTED, ACCEPTED_AT_ONCE)),
    answers=(drawn, refused),
    cases=(),
)
IN_THREE_CALLS = replace(
    rewritten(("import Capability, ", "import Artifact, Capability, "), (RESULT, RESULT_ASKED_FOR)),
    answers=(accepted, drawing, fetched, failed),
    media="",
)
TOLD_APART = replace(
    rewritten((RESULT, RESULT_TOLD_APART.lstrip())),
    answers=(accepted, drawing, told_apart, failed),
)
CANCELABLE = replace(
    rewritten((CLOSE, CANCEL + CLOSE), ("usual_s=20.0,", "usual_s=20.0, cancel=True,")),
    answers=(accepted, drawing, canceled),
)


def those_of(contract: ProviderContract, *names: str) -> list[ContractCase]:
    """The cases in which the shape makes a difference."""
    return [case for case in cases(contract) if case.name.startswith(names)]


@pytest.mark.parametrize("case", those_of(AT_ONCE, "submit", "what it can do"), ids=str)
async def test_a_service_that_draws_while_one_waits(case: ContractCase) -> None:
    await case.check()


@pytest.mark.parametrize("case", those_of(IN_THREE_CALLS, "poll: done"), ids=str)
async def test_a_service_whose_result_is_asked_for(case: ContractCase) -> None:
    await case.check()


@pytest.mark.parametrize("case", those_of(TOLD_APART, "poll: done", "the table"), ids=str)
async def test_a_service_that_tells_the_result_in_another_answer(case: ContractCase) -> None:
    await case.check()


@pytest.mark.parametrize("case", those_of(CANCELABLE, "cancel", "what it can do", "a handle that is none"), ids=str)
async def test_a_service_that_can_be_canceled(case: ContractCase) -> None:
    await case.check()


async def test_a_cancel_that_is_not_confirmed_is_none() -> None:
    swallowed = 'if said.get("state") != "canceled":\n            raise ProtocolError("it is not canceled")'
    rash = rewritten((CLOSE, CANCEL.replace(swallowed, "") + CLOSE))
    (case,) = those_of(replace(rash, answers=CANCELABLE.answers), "cancel: canceled, state is missing")
    with pytest.raises(AssertionError, match="missing: it should mean ProtocolError, and was None"):
        await case.check()


async def test_a_cancel_whose_answer_is_not_read_is_confirmed_by_its_status() -> None:
    trusting = rewritten((CLOSE, CANCEL_UNREAD + CLOSE))
    confirmed = replace(canceled, fields={"state": UNREAD})
    for case in those_of(replace(trusting, answers=(accepted, drawing, confirmed)), "cancel"):
        await case.check()
