"""The contract of EternalAI: its documented answers, and what each key of them decides."""

from __future__ import annotations

from functools import partial

import pytest
from providers.eternalai.service import HANDLE, PENDING, SUCCESS, URL

from adapters.providers.eternalai import create
from bot.errors import BadResult, ContentRefused, GenerationFailed, OutcomeUnknown
from bot.model import GenerationRequest, Progress, RemoteArtifact
from bot.provider import Finished, Pending, Style
from bot.testing.contract import SAME, UNREAD, Case, ContractCase, Documented, Field, Kind, On, ProviderContract, cases
from bot.testing.wire import reply

ID = "4860079c-90c2-4a96-b715-d521712ce21d"
QUEUE = {"queue_position": 3, "total_queue_size": 9, "estimated_wait_time": 45}
NO_QUEUE = dict.fromkeys(QUEUE)
NO_NEWS = Field(missing=Pending, mistyped=Pending)

CONTRACT = ProviderContract(
    name="eternalai",
    create=create,
    hasty=partial(create, submit_s=0.3, ask_s=0.3),
    request=GenerationRequest(prompt="a red fox under a violet umbrella"),
    job_id="request_id data.request_id",
    status="status",
    progress="progress",
    media="result_url result_image_url",
    words={
        "pending": Pending,
        "processing": Pending,
        "success": Finished,
        "completed": Finished,
        "failed": GenerationFailed,
        "error": GenerationFailed,
        "moderated": ContentRefused,
    },
    overrides={"submit: the answer in a list": Pending, "poll: the answer in a list": Pending},
    answers=(
        Documented(
            name="accepted",
            on=On.SUBMIT,
            body=PENDING,
            means=Pending(HANDLE),
            fields={
                "request_id": Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown, but={Kind.NUMBER: Pending}),
                "status result progress": UNREAD,
            },
        ),
        Documented(
            name="accepted and wrapped",
            on=On.SUBMIT,
            body={"status": 1, "data": PENDING, "request_id": "921864"},
            means=Pending(HANDLE),
            fields={
                "status request_id data": UNREAD,
                "data.request_id": Field(missing=SAME, mistyped=SAME, but={Kind.NUMBER: Pending}),
            },
        ),
        Documented(
            name="waiting",
            on=On.POLL,
            body=PENDING | {"progress": 40, "queue_info": QUEUE},
            means=Progress(0.4, 2, 45.0),
            fields={
                "request_id status result queue_info.total_queue_size": UNREAD,
                "progress": Field(missing=Progress(None, 2, 45.0), mistyped=Progress(None, 2, 45.0)),
                "queue_info": Field(missing=Progress(0.4), mistyped=Progress(0.4)),
                "queue_info.queue_position": Field(
                    missing=Progress(0.4, None, 45.0), mistyped=Progress(0.4, None, 45.0)
                ),
                "queue_info.estimated_wait_time": Field(missing=Progress(0.4, 2), mistyped=Progress(0.4, 2)),
            },
        ),
        Documented(
            name="success at 0 percent",
            on=On.POLL,
            body=SUCCESS
            | {"image_request_type": "generation", "result_image": "", "result_image_url": URL}
            | {"queue_info": NO_QUEUE, "post_feed": False, "log": ""},
            means=RemoteArtifact(URL),
            fields={
                "request_id result progress result_url result_image result_image_url": UNREAD,
                "image_request_type queue_info post_feed log": UNREAD,
                "status": NO_NEWS,
            },
        ),
        Documented(
            name="success at 99 percent",
            on=On.POLL,
            body={
                "request_id": ID,
                "status": "success",
                "progress": 99,
                "result_url": URL,
                "effect_type": "image",
                "encrypted_aes_key": "",
            },
            means=RemoteArtifact(URL),
            fields={
                "request_id progress effect_type": UNREAD,
                "status": NO_NEWS,
                "result_url": Field(missing=BadResult, mistyped=BadResult),
                "encrypted_aes_key": Field(missing=SAME, mistyped=BadResult, but={Kind.NULL: SAME}),
            },
        ),
        Documented(
            name="failed",
            on=On.POLL,
            body={"request_id": ID, "status": "failed", "progress": 99, "result_url": ""},
            means=GenerationFailed,
            fields={"request_id progress result_url": UNREAD, "status": NO_NEWS},
        ),
    ),
    cases=(
        Case(
            name="the one on the page",
            on=On.SUBMIT,
            answers=(reply(body=PENDING),),
            means=Pending(HANDLE),
            sends=(
                "POST /creative-ai/image",
                {
                    "messages": [
                        {"role": "user", "content": [{"type": "text", "text": "a red fox under a violet umbrella"}]}
                    ],
                    "type": "new",
                },
            ),
        ),
        Case(
            name="a list that is not documented",
            on=On.STYLES,
            answers=(reply(body={"data": [{"key": "ink", "name": "Ink"}]}),),
            means=(Style("ink", "Ink"),),
            sends=("GET /creative-ai/generate-image/effects", None),
        ),
    ),
)


@pytest.mark.parametrize("case", cases(CONTRACT), ids=str)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
