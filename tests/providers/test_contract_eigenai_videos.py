"""The contract of Eigen AI's videos: three calls, of which the last brings the file."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import partial

import pytest
from sim.vendors.films import film

from adapters.providers.eigenai import create
from bot.errors import (
    BadResult,
    ContentRefused,
    GenerationFailed,
    InvalidRequest,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    UnknownHandle,
)
from bot.model import Artifact, Capability, GenerationRequest, PictureSource, RemoteArtifact
from bot.provider import Finished, Pending
from bot.testing.contract import UNREAD, Case, ContractCase, Documented, Field, Kind, On, ProviderContract, cases
from bot.testing.provider import PNG
from bot.testing.wire import Drop, FormFile, reply

PROMPT = "the boat drifts away into the fog"
MODEL = "wan2p2-i2v-14b-turbo"
TASK = "task-8f3a61c0"
HANDLE = f"video {TASK} {MODEL}"
SOURCE = PictureSource(file="01K.png", media_type="image/png", size_bytes=len(PNG))
REQUEST = GenerationRequest(capability=Capability.IMAGE_TO_VIDEO, prompt=PROMPT, source=SOURCE)
FILM = film(PNG)
VIDEO = "https://files.eigenai.example/out/8f3a61c0.mp4"
SUBMITTED = {"task_id": TASK, "task_status": "pending"}
TIMES = {"start_time": "2026-11-21T10:00:00Z", "end_time": None, "error": None}
DONE = {"task_id": TASK, "status": "completed", **TIMES}
FORM = {"model": MODEL, "prompt": PROMPT, "image": FormFile("source.png", "image/png", PNG)}
ONLY_A_WORD_ENDS_IT = Field(missing=Pending, mistyped=Pending)

CONTRACT = ProviderContract(
    name="eigenai",
    create=create,
    hasty=partial(create, submit_s=0.3, ask_s=0.3),
    settings={"video_models": MODEL},
    request=REQUEST,
    pictures={SOURCE.file: PNG},
    job_id="task_id",
    status="status",
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
            means=Pending(HANDLE),
            fields={
                "task_id": Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown, but={Kind.NUMBER: Pending}),
                "task_status": UNREAD,
            },
        ),
        Documented(
            name="a picture is missing",
            on=On.SUBMIT,
            status=400,
            body={"detail": "image is required"},
            means=InvalidRequest,
            fields={"detail": UNREAD},
        ),
        Documented(
            name="processing",
            on=On.POLL,
            body={"task_id": TASK, "status": "processing", **TIMES},
            means=Pending(HANDLE),
            fields={"task_id status start_time end_time error": UNREAD},
        ),
        Documented(
            name="completed",
            on=On.POLL,
            body=DONE,
            means=Artifact(FILM),
            then=(reply(200, FILM, content_type="video/mp4"),),
            fields={"status": ONLY_A_WORD_ENDS_IT, "task_id start_time end_time error": UNREAD},
        ),
        Documented(
            name="failed",
            on=On.POLL,
            body={"task_id": TASK, "status": "failed", **TIMES, "error": "CUDA out of memory"},
            means=GenerationFailed,
            fields={"status": ONLY_A_WORD_ENDS_IT, "task_id start_time end_time error": UNREAD},
        ),
    ),
    cases=(
        Case(
            name="only what was asked for is sent",
            on=On.SUBMIT,
            answers=(reply(200, SUBMITTED),),
            means=Pending(HANDLE),
            sends=("POST /api/v1/generate", FORM),
        ),
        Case(
            name="every option goes out as documented",
            on=On.SUBMIT,
            request=replace(REQUEST, seed=7, extra={"steps": 12}),
            answers=(reply(201, {"data": SUBMITTED}),),
            means=Pending(HANDLE),
            sends=("POST /api/v1/generate", {**FORM, "infer_steps": "12", "seed": "7"}),
        ),
        Case(
            name="a video at once", on=On.SUBMIT, answers=(reply(200, FILM, content_type="x/y"),), means=Artifact(FILM)
        ),
        Case(
            name="it failed at once, without an id",
            on=On.SUBMIT,
            answers=(reply(200, {"status": "failed"}),),
            means=GenerationFailed,
        ),
        Case(
            name="it is asked about with its model",
            on=On.POLL,
            answers=(reply(200, {"status": "pending"}),),
            means=Pending(HANDLE),
            sends=(f"GET /api/v1/generate/status?jobId={TASK}&model={MODEL}", None),
        ),
        Case(
            name="the result is asked for with its model",
            on=On.POLL,
            answers=(reply(200, DONE), reply(200, FILM, content_type="application/json")),
            means=Artifact(FILM),
            sends=(f"GET /api/v1/generate/result?jobId={TASK}&model={MODEL}", None),
        ),
        Case(
            name="the result is not there yet",
            on=On.POLL,
            answers=(reply(200, DONE), reply(404, {"error": "not found"})),
            means=BadResult,
        ),
        Case(
            name="the result is behind a failure",
            on=On.POLL,
            answers=(reply(200, DONE), reply(503)),
            means=ProviderUnavailable,
        ),
        Case(
            name="the result is lost on the way",
            on=On.POLL,
            answers=(reply(200, DONE), Drop()),
            means=ProviderUnavailable,
        ),
        Case(name="the result waits", on=On.POLL, answers=(reply(200, DONE), reply(429)), means=RateLimited),
        Case(
            name="the result is a page",
            on=On.POLL,
            answers=(reply(200, DONE), reply(200, b"<html>Welcome</html>", content_type="video/mp4")),
            means=BadResult,
        ),
        Case(
            name="the result says no more than the status did",
            on=On.POLL,
            answers=(reply(200, DONE), reply(200, DONE)),
            means=BadResult,
        ),
        Case(
            name="the result is an address",
            on=On.POLL,
            answers=(reply(200, DONE), reply(200, {"url": VIDEO})),
            means=RemoteArtifact(VIDEO),
        ),
        Case(
            name="the result is in JSON",
            on=On.POLL,
            answers=(reply(200, DONE), reply(200, {"output": base64.b64encode(FILM).decode()})),
            means=Artifact(FILM),
        ),
        Case(name="nobody knows it", on=On.POLL, answers=(reply(404),), means=UnknownHandle),
    ),
    overrides={"submit: the answer in a list": Pending, "poll: the answer in a list": Pending},
)


@pytest.mark.parametrize("case", cases(CONTRACT), ids=str)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
