"""The contract of EternalAI's newer API: answers in an envelope, and a duration that is a text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from providers.eternalai.contracts import (
    DATA_URI,
    FILM,
    ID_OF_A_SUBMIT,
    JOB,
    ONLY_A_WORD_ENDS_IT,
    PROMPT,
    VIDEO,
    asks,
    contract_of,
    handle_of,
    sends,
)

from bot.errors import BadResult, GenerationFailed, InvalidRequest, OutcomeUnknown
from bot.model import Progress, RemoteArtifact
from bot.provider import Pending
from bot.testing.contract import SAME, UNREAD, ContractCase, Documented, Field, On, cases
from bot.testing.contract_secrets import KEY

DONE = {
    "status": True,
    "error": None,
    "result": {"request_id": JOB, "status": "completed", "progress": 100, "video_url": FILM, "error": None},
}
BODY = {"prompt": PROMPT, "image_url": DATA_URI, "model_id": "wan-ai/wan2.2-i2v-a14b-lightning"}
CONTRACT = replace(
    contract_of(VIDEO, "newer"),
    settings={"key": f"sk_{KEY}"},
    job_id="result.request_id",
    status="result.status",
    progress="result.progress",
    media="result.video_url",
    answers=(
        Documented(
            name="accepted",
            on=On.SUBMIT,
            body={"status": True, "error": None, "result": {"request_id": JOB}},
            means=Pending(handle_of("newer")),
            fields={
                "status error": UNREAD,
                "result": Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown),
                "result.request_id": ID_OF_A_SUBMIT,
            },
        ),
        Documented(
            name="refused",
            on=On.SUBMIT,
            status=400,
            body={"status": False, "error": "invalid JSON body", "result": None},
            means=InvalidRequest,
            fields={"status error result": UNREAD},
        ),
        Documented(
            name="pending",
            on=On.POLL,
            body={
                "status": True,
                "error": None,
                "result": {"request_id": JOB, "status": "pending", "progress": 35, "video_url": ""},
            },
            means=Progress(fraction=0.35),
            fields={
                "status error": UNREAD,
                "result": Field(missing=Pending, mistyped=Pending),
                "result.progress": Field(missing=Pending, mistyped=Pending),
                "result.request_id result.status result.video_url": UNREAD,
            },
        ),
        Documented(
            name="done",
            on=On.POLL,
            body=DONE,
            means=RemoteArtifact(FILM),
            fields={
                "status": Field(missing=SAME, mistyped=SAME),
                "error": UNREAD,
                "result": Field(missing=Pending, mistyped=Pending),
                "result.status": ONLY_A_WORD_ENDS_IT,
                "result.video_url": Field(missing=BadResult, mistyped=BadResult),
                "result.request_id result.progress result.error": UNREAD,
            },
        ),
        Documented(
            name="failed",
            on=On.POLL,
            body={
                "status": True,
                "error": None,
                "result": {"request_id": JOB, "status": "failed", "progress": 60, "error": "out of memory"},
            },
            means=GenerationFailed,
            fields={
                "status error": UNREAD,
                "result": Field(missing=Pending, mistyped=Pending),
                "result.status": ONLY_A_WORD_ENDS_IT,
                "result.request_id result.progress result.error": UNREAD,
            },
        ),
    ),
    cases=(
        sends("a video as documented", VIDEO, "/api/image-to-video", BODY, "newer"),
        sends(
            "a video with its options, its duration a text",
            replace(
                VIDEO,
                duration_s=3,
                guidance=0.7,
                seed=7,
                negative_prompt="rain",
                extra={"resolution": "480p"},
            ),
            "/api/image-to-video",
            {
                **BODY,
                "duration": "3",
                "resolution": "480p",
                "cfg_scale": 0.7,
                "negative_prompt": "rain",
                "seed": 7,
            },
            "newer",
        ),
        asks(f"/api/image-to-video/{JOB}/status"),
    ),
)


@pytest.mark.parametrize("case", cases(CONTRACT), ids=str)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
