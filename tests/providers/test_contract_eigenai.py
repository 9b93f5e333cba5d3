"""The contract of Eigen AI: its page shows no answer, so these are the ones that others have seen."""

from __future__ import annotations

import base64
from functools import partial

import pytest

from adapters.providers.eigenai import create
from bot.errors import (
    BadResult,
    ContentRefused,
    GenerationFailed,
    InvalidRequest,
    OutcomeUnknown,
    ProviderRefused,
)
from bot.model import Artifact, GenerationRequest, RemoteArtifact
from bot.provider import Finished
from bot.testing.contract import UNREAD, Case, ContractCase, Documented, Field, Kind, On, ProviderContract, cases
from bot.testing.provider import PNG
from bot.testing.wire import reply

PROMPT = "A fluffy orange tabby cat in a sunlit garden"
MODEL = "eigen-image"
INLINE = base64.b64encode(PNG).decode()
PICTURE = "https://files.eigenai.example/out/8f3a61c0.png"
NO_PICTURE = Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown, but={Kind.LONG: Finished})
"""A megabyte of one letter is base64 as well: what it is worth, the media store finds out."""

CONTRACT = ProviderContract(
    name="eigenai",
    create=create,
    hasty=partial(create, submit_s=0.3, ask_s=0.3),
    settings={"models": MODEL},
    request=GenerationRequest(prompt=PROMPT),
    media="image_url data.0.url",
    answers=(
        Documented(
            name="drawn at once",
            on=On.SUBMIT,
            body={"turbo_image_base64": INLINE, "seed": 7},
            means=Artifact(PNG),
            fields={"turbo_image_base64": NO_PICTURE, "seed": UNREAD},
        ),
        Documented(
            name="drawn at once, as a data URI beside a word",
            on=On.SUBMIT,
            body={"status": "completed", "image_base64": f"data:image/png;base64,{INLINE}", "request_id": "r-8f3a61c0"},
            means=Artifact(PNG, "image/png"),
            fields={
                "image_base64": Field(missing=BadResult, mistyped=BadResult, but={Kind.LONG: Finished}),
                "status request_id": UNREAD,
            },
        ),
        Documented(
            name="drawn at once, in a list",
            on=On.SUBMIT,
            body={"created": 1768376595, "data": [{"b64_json": INLINE}]},
            means=Artifact(PNG),
            fields={
                "created": UNREAD,
                "data": Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown),
                "data.0.b64_json": NO_PICTURE,
            },
        ),
        Documented(
            name="an address",
            on=On.SUBMIT,
            body={"data": [{"url": PICTURE}]},
            means=RemoteArtifact(PICTURE),
            fields={
                "data": Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown),
                "data.0.url": Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown),
            },
        ),
        Documented(
            name="an address and a path inside the service",
            on=On.SUBMIT,
            body={"image_url": PICTURE, "image_path": "s3://chatbot-images/out/8f3a61c0.png"},
            means=RemoteArtifact(PICTURE),
            fields={
                "image_url": Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown),
                "image_path": UNREAD,
            },
        ),
        Documented(
            name="a prompt is missing",
            on=On.SUBMIT,
            status=400,
            body={"detail": "prompt is required"},
            means=InvalidRequest,
            fields={"detail": UNREAD},
        ),
    ),
    cases=(
        Case(
            name="every option goes out as documented",
            on=On.SUBMIT,
            request=GenerationRequest(
                prompt=PROMPT, seed=7, width=1184, height=888, guidance=3.5, extra={"realtime": True}
            ),
            answers=(reply(200, {"turbo_image_base64": INLINE}),),
            means=Artifact(PNG),
            sends=(
                "POST /api/v1/generate",
                {
                    "model": MODEL,
                    "prompt": PROMPT,
                    "width": 1184,
                    "height": 888,
                    "seed": 7,
                    "guidance_scale": 3.5,
                    "real_time": True,
                },
            ),
        ),
        Case(
            name="only what was asked for is sent",
            on=On.SUBMIT,
            answers=(reply(200, {"turbo_image_base64": INLINE}),),
            means=Artifact(PNG),
            sends=("POST /api/v1/generate", {"model": MODEL, "prompt": PROMPT}),
        ),
        Case(
            name="the bytes of a picture alone",
            on=On.SUBMIT,
            answers=(reply(200, PNG, content_type="image/png"),),
            means=Artifact(PNG),
        ),
        Case(
            name="the bytes of a picture that call themselves JSON",
            on=On.SUBMIT,
            answers=(reply(200, PNG),),
            means=Artifact(PNG),
        ),
        Case(
            name="JSON that calls itself a picture",
            on=On.SUBMIT,
            answers=(reply(200, {"edited_image_base64": INLINE}, content_type="image/png"),),
            means=Artifact(PNG),
        ),
        Case(
            name="base64 with a hole in it",
            on=On.SUBMIT,
            answers=(reply(200, {"image_base64": f"{INLINE}="}),),
            means=BadResult,
        ),
        Case(
            name="a path inside the service alone",
            on=On.SUBMIT,
            answers=(reply(200, {"image_path": "/mnt/out/8f3a61c0.png"}),),
            means=OutcomeUnknown,
        ),
        Case(
            name="done, without a picture",
            on=On.SUBMIT,
            answers=(reply(200, {"status": "success", "images": []}),),
            means=BadResult,
        ),
        Case(
            name="an error within a 200",
            on=On.SUBMIT,
            answers=(reply(200, {"error": {"message": "something went wrong"}}),),
            means=OutcomeUnknown,
        ),
        Case(
            name="its word is that it failed, whatever else it holds",
            on=On.SUBMIT,
            answers=(reply(200, {"status": "failed", "image_url": PICTURE}),),
            means=GenerationFailed,
        ),
        Case(
            name="its word is that it does not draw this",
            on=On.SUBMIT,
            answers=(reply(200, {"status": "moderated"}),),
            means=ContentRefused,
        ),
        Case(name="no credit", on=On.SUBMIT, answers=(reply(402, {"detail": "no credit"}),), means=ProviderRefused),
        Case(
            name="a model that it does not have",
            on=On.SUBMIT,
            answers=(reply(404, {"detail": "model not found"}),),
            means=ProviderRefused,
        ),
    ),
    overrides={"submit: the answer in a list": Finished},
)


@pytest.mark.parametrize("case", cases(CONTRACT), ids=str)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
