"""The contract of the sample provider, as its author writes it."""

from __future__ import annotations

from functools import partial

import pytest
from providers.sample import create

from bot.errors import BadResult, ContentRefused, GenerationFailed, InvalidRequest, OutcomeUnknown
from bot.model import GenerationRequest, Progress, RemoteArtifact
from bot.provider import Finished, Pending
from bot.testing.contract import UNREAD, Case, ContractCase, Documented, Field, On, ProviderContract, cases
from bot.testing.wire import reply

PICTURE = "https://files.easel.example/pic_8f3a61c0.png"

CONTRACT = ProviderContract(
    name="easel",
    create=create,
    hasty=partial(create, submit_s=0.3, ask_s=0.3),
    request=GenerationRequest(prompt="a red fox under a violet umbrella", seed=7),
    job_id="id",
    status="state",
    progress="percent",
    media="url",
    words={
        "queued": Pending,
        "drawing": Pending,
        "done": Finished,
        "failed": GenerationFailed,
        "refused": ContentRefused,
    },
    answers=(
        Documented(
            name="accepted",
            on=On.SUBMIT,
            status=202,
            body={"id": "pic_8f3a61c0", "state": "queued"},
            means=Pending("pic_8f3a61c0"),
            fields={
                "id": Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown),
                "state": UNREAD,
            },
        ),
        Documented(
            name="refused",
            on=On.SUBMIT,
            status=400,
            body={"code": "content_policy", "message": "we do not draw this"},
            means=ContentRefused,
            fields={
                "code": Field(missing=InvalidRequest, mistyped=InvalidRequest),
                "message": UNREAD,
            },
        ),
        Documented(
            name="drawing",
            on=On.POLL,
            body={"id": "pic_8f3a61c0", "state": "drawing", "percent": 40},
            means=Progress(fraction=0.4),
            fields={
                "id state": UNREAD,
                "percent": Field(missing=Progress(), mistyped=Progress()),
            },
        ),
        Documented(
            name="done",
            on=On.POLL,
            body={"id": "pic_8f3a61c0", "state": "done", "percent": 100, "url": PICTURE},
            means=RemoteArtifact(PICTURE),
            fields={
                "id percent": UNREAD,
                "state": Field(missing=Pending, mistyped=Pending),
                "url": Field(missing=BadResult, mistyped=BadResult),
            },
        ),
        Documented(
            name="failed",
            on=On.POLL,
            body={"id": "pic_8f3a61c0", "state": "failed", "reason": "out of paint"},
            means=GenerationFailed,
            fields={
                "id reason": UNREAD,
                "state": Field(missing=Pending, mistyped=Pending),
            },
        ),
    ),
    cases=(
        Case(
            name="the words and the seed go out as documented",
            on=On.SUBMIT,
            answers=(reply(202, {"id": "pic_1", "state": "queued"}),),
            means=Pending("pic_1"),
            sends=("POST /v1/pictures", {"prompt": "a red fox under a violet umbrella", "seed": 7}),
        ),
    ),
)


@pytest.mark.parametrize("case", cases(CONTRACT), ids=str)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
