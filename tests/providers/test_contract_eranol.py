"""The contract of Eranol: the answers on its pages, and what each of their keys decides."""

from __future__ import annotations

from functools import partial

import pytest

from adapters.providers.eranol import create
from bot.errors import (
    BadResult,
    ContentRefused,
    GenerationFailed,
    OutcomeUnknown,
    ProtocolError,
    ProviderRefused,
    UnknownHandle,
)
from bot.model import GenerationRequest, Progress, RemoteArtifact
from bot.provider import Finished, Pending
from bot.testing.contract import (
    SAME,
    UNREAD,
    Case,
    ContractCase,
    Documented,
    Field,
    Kind,
    On,
    ProviderContract,
    cases,
)
from bot.testing.wire import reply

PROMPT = "a red apple on a white table, photorealistic, 4k"
JOB = "6b1d93ee-7988-49ed-8794-6e72a7b24123-e2"
PICTURE = f"https://cdn.eranol.com/output/{JOB}.png"
BY_IMAGE = f"GET /api/v1/image/status/{JOB}"
BY_FFMPEG = f"GET /api/v1/ffmpeg/status/{JOB}"
SUBMITTED = {"job_id": JOB, "status": "processing"}
TIMES = {"created_at": "2026-01-14T07:43:15Z", "updated_at": "2026-01-14T07:43:37Z"}
DONE = {"job_id": JOB, "status": "completed", "progress": 100, **TIMES, "result": {"url": PICTURE}}
FAILED = {"job_id": JOB, "status": "failed", "error": "the model could not be loaded"}
DONE_AS_A_LIST = [
    {
        "job_id": JOB,
        "status": "completed",
        "progress": None,
        "created_at": 1768376595.21,
        "started_at": 1768376596.02,
        "completed_at": 1768376617.7,
        "duration": None,
        "resolution": None,
        "result_url": PICTURE,
    }
]
ONLY_A_WORD_ENDS_IT = Field(missing=Pending, mistyped=Pending)

DELETED = dict.fromkeys(("cancel: 404", "cancel: 204", "cancel: an empty body", "cancel: the answer in a list"), None)
"""The form of the answer is not documented: a 2xx says it, unless an error stands in it."""

CONTRACT = ProviderContract(
    name="eranol",
    create=create,
    hasty=partial(create, submit_s=0.3, ask_s=0.3),
    request=GenerationRequest(prompt=PROMPT),
    job_id="job_id",
    status="status 0.status",
    progress="progress 0.progress",
    media="result.url 0.result_url",
    words={
        "pending": Pending,
        "processing": Pending,
        "completed": Finished,
        "failed": GenerationFailed,
        "moderated": ContentRefused,
    },
    answers=(
        Documented(
            name="accepted",
            on=On.SUBMIT,
            body=SUBMITTED,
            means=Pending(f"new {JOB}"),
            fields={
                "job_id": Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown, but={Kind.NUMBER: Pending}),
                "status": UNREAD,
            },
        ),
        Documented(
            name="processing",
            on=On.POLL,
            body={"job_id": JOB, "status": "processing", "progress": 42, **TIMES},
            means=Progress(fraction=0.42),
            fields={
                "progress": Field(missing=Pending(f"image {JOB}"), mistyped=Pending(f"image {JOB}")),
                "job_id status created_at updated_at": UNREAD,
            },
        ),
        Documented(
            name="done",
            on=On.POLL,
            body=DONE,
            means=RemoteArtifact(PICTURE),
            fields={
                "status": ONLY_A_WORD_ENDS_IT,
                "result": Field(missing=BadResult, mistyped=BadResult),
                "job_id progress created_at updated_at": UNREAD,
            },
        ),
        Documented(
            name="done, in a list",
            on=On.POLL,
            body=DONE_AS_A_LIST,
            means=RemoteArtifact(PICTURE),
            fields={
                "0.status": ONLY_A_WORD_ENDS_IT,
                "0.result_url": Field(missing=BadResult, mistyped=BadResult),
                "0.job_id 0.progress 0.created_at 0.started_at 0.completed_at 0.duration 0.resolution": UNREAD,
            },
        ),
        Documented(
            name="failed",
            on=On.POLL,
            body=FAILED,
            means=GenerationFailed,
            fields={"status": ONLY_A_WORD_ENDS_IT, "job_id error": UNREAD},
        ),
        Documented(
            name="failed, as 400",
            on=On.POLL,
            status=400,
            body=FAILED,
            means=GenerationFailed,
            fields={
                "job_id error": UNREAD,
                "status": Field(missing=SAME, mistyped=SAME, but={Kind.TEXT: UnknownHandle, Kind.LONG: UnknownHandle}),
            },
        ),
        Documented(
            name="failed, as 400 without a word",
            on=On.POLL,
            status=400,
            body={"job_id": JOB, "error": "the model could not be loaded"},
            means=GenerationFailed,
            fields={
                "job_id": Field(missing=UnknownHandle, mistyped=UnknownHandle, but={Kind.NUMBER: SAME}),
                "error": UNREAD,
            },
        ),
        Documented(name="deleted", on=On.CANCEL, body={}, means=None, fields={}),
    ),
    cases=(
        Case(
            name="every option goes out as documented",
            on=On.SUBMIT,
            request=GenerationRequest(
                prompt=PROMPT, negative_prompt="blurry, low quality, distorted", seed=42, width=512, height=768
            ),
            answers=(reply(201, SUBMITTED),),
            means=Pending(f"new {JOB}"),
            sends=(
                "POST /api/v1/image",
                {
                    "prompt": PROMPT,
                    "negative_prompt": "blurry, low quality, distorted",
                    "seed": 42,
                    "width": 512,
                    "height": 768,
                },
            ),
        ),
        Case(
            name="only what was asked for is sent",
            on=On.SUBMIT,
            answers=(reply(200, SUBMITTED),),
            means=Pending(f"new {JOB}"),
            sends=("POST /api/v1/image", {"prompt": PROMPT}),
        ),
        Case(
            name="an address is left to a look at once",
            on=On.SUBMIT,
            answers=(reply(200, DONE),),
            means=Pending(f"new {JOB}", Progress(fraction=1.0), 0.0),
        ),
        Case(
            name="an address without an id is the result",
            on=On.SUBMIT,
            answers=(reply(200, {"status": "completed", "url": PICTURE}),),
            means=RemoteArtifact(PICTURE),
        ),
        Case(
            name="a picture at the service that cannot be had repeats no submit",
            on=On.SUBMIT,
            answers=(reply(200, {"status": "completed", "url": "/api/v1/ffmpeg/file/1.png"}), reply(503)),
            means=OutcomeUnknown,
        ),
        Case(name="it failed at once", on=On.SUBMIT, answers=(reply(200, FAILED),), means=GenerationFailed),
        Case(name="no credit", on=On.SUBMIT, answers=(reply(402, {"error": "credits"}),), means=ProviderRefused),
        Case(
            name="it is asked for where the page of pictures says",
            on=On.POLL,
            answers=(reply(200, SUBMITTED),),
            means=Pending(f"image {JOB}"),
            sends=(BY_IMAGE, None),
        ),
        Case(
            name="what the one place does not tell of, the other does",
            on=On.POLL,
            answers=(reply(404, {"error": "not found"}), reply(200, DONE)),
            means=RemoteArtifact(PICTURE),
            sends=(BY_FFMPEG, None),
        ),
        Case(
            name="the one place is given up",
            on=On.POLL,
            answers=(reply(405, {"error": "method not allowed"}), reply(200, SUBMITTED)),
            means=Pending(f"ffmpeg {JOB}"),
            sends=(BY_FFMPEG, None),
        ),
        Case(
            name="a 400 that names no job is about the request",
            on=On.POLL,
            answers=(reply(400, {"error": "bad job id"}), reply(200, DONE)),
            means=RemoteArtifact(PICTURE),
            sends=(BY_FFMPEG, None),
        ),
        Case(
            name="a 400 that is no JSON is some proxy's",
            on=On.POLL,
            answers=(reply(400, b"<html>bad request</html>"), reply(200, DONE)),
            means=RemoteArtifact(PICTURE),
        ),
        Case(name="neither place knows it", on=On.POLL, answers=(reply(404),), means=UnknownHandle),
        Case(
            name="the job is deleted once, by its id",
            on=On.CANCEL,
            answers=(reply(200, {"job_id": JOB, "status": "deleted"}),),
            means=None,
            sends=(f"DELETE /api/v1/ffmpeg/jobs/{JOB}", None),
        ),
        Case(name="it is gone already", on=On.CANCEL, answers=(reply(404, {"error": "not found"}),), means=None),
        Case(name="no deletes are taken", on=On.CANCEL, answers=(reply(405, FAILED),), means=ProtocolError),
        Case(name="the key is refused", on=On.CANCEL, answers=(reply(401),), means=ProviderRefused),
        Case(
            name="an error within a 200",
            on=On.CANCEL,
            answers=(reply(200, {"status": "error"}),),
            means=ProtocolError,
        ),
        Case(name="202", on=On.POLL, answers=(reply(202, SUBMITTED),), means=Pending(f"image {JOB}")),
        Case(name="202 without a word", on=On.POLL, answers=(reply(202, b""),), means=Pending(f"image {JOB}")),
    ),
    overrides={"submit: the answer in a list": Pending, "poll: the answer in a list": Pending, **DELETED},
)


@pytest.mark.parametrize("case", cases(CONTRACT), ids=str)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
