"""The contract of Eigen AI's edits: a form with the picture in it, and the picture in its answer."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import partial

import pytest

from adapters.providers.eigenai import create
from bot.errors import InvalidRequest, OutcomeUnknown
from bot.model import Artifact, Capability, GenerationRequest, PictureSource, RemoteArtifact, Value
from bot.provider import Finished
from bot.testing.contract import UNREAD, Case, ContractCase, Documented, Field, Kind, On, ProviderContract, cases
from bot.testing.provider import PNG
from bot.testing.wire import FormFile, reply

PROMPT = "Replace the bag with a laptop"
MODEL = "qwen-image-edit-2511"
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
SOURCE = PictureSource(file="01K.jpg", media_type="image/jpeg", size_bytes=len(JPEG))
REQUEST = GenerationRequest(capability=Capability.EDIT_IMAGE, prompt=PROMPT, source=SOURCE)
INLINE = base64.b64encode(PNG).decode()
PICTURE = "https://files.eigenai.example/out/8f3a61c0.png"
NO_PICTURE = Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown)
FORM = {
    "model": MODEL,
    "prompt": PROMPT,
    "mode": "image-editing",
    "binary_response": "true",
    "image_file": FormFile("source.jpeg", "image/jpeg", JPEG),
}
EVERYTHING: dict[str, Value] = {
    "steps": 15,
    "cfg": 4.5,
    "profile": "fast",
    "rank": 64,
    "lora_strength": 0.8,
    "sample_steps": 20,
    "sample_guidance": 2,
    "downsize_mp": 1.5,
    "format": "jpg",
}

CONTRACT = ProviderContract(
    name="eigenai",
    create=create,
    hasty=partial(create, submit_s=0.3, ask_s=0.3),
    settings={"edit_models": MODEL},
    request=REQUEST,
    pictures={SOURCE.file: JPEG},
    media="image_url",
    answers=(
        Documented(
            name="edited, though bytes were asked for",
            on=On.SUBMIT,
            body={"edited_image_base64": INLINE},
            means=Artifact(PNG),
            fields={"edited_image_base64": replace(NO_PICTURE, but={Kind.LONG: Finished})},
        ),
        Documented(
            name="an address",
            on=On.SUBMIT,
            body={"image_url": PICTURE, "image_path": "s3://chatbot-images/out/8f3a61c0.png"},
            means=RemoteArtifact(PICTURE),
            fields={"image_url": NO_PICTURE, "image_path": UNREAD},
        ),
        Documented(
            name="a picture is missing",
            on=On.SUBMIT,
            status=400,
            body={"detail": "image is required"},
            means=InvalidRequest,
            fields={"detail": UNREAD},
        ),
    ),
    cases=(
        Case(
            name="the bytes of a picture, as asked for",
            on=On.SUBMIT,
            answers=(reply(200, PNG, content_type="image/png"),),
            means=Artifact(PNG),
            sends=("POST /api/v1/generate", FORM),
        ),
        Case(
            name="the bytes of a JPEG that call themselves PNG",
            on=On.SUBMIT,
            answers=(reply(200, JPEG, content_type="image/png"),),
            means=Artifact(JPEG),
        ),
        Case(
            name="every option goes out as documented",
            on=On.SUBMIT,
            request=replace(REQUEST, negative_prompt="blurry", extra=EVERYTHING),
            answers=(reply(200, PNG),),
            means=Artifact(PNG),
            sends=(
                "POST /api/v1/generate",
                {
                    **FORM,
                    "negative_prompt": "blurry",
                    "num_inference_steps": "15",
                    "true_cfg_scale": "4.5",
                    "weight": "lightning",
                    "rank": "64",
                    "lora_strength": "0.8",
                    "sample_steps": "20",
                    "sample_guide_scale": "2",
                    "downsizing_mp": "1.5",
                    "output_format": "jpg",
                },
            ),
        ),
    ),
    overrides={"submit: the answer in a list": Finished},
)
IN_ANOTHER_FIELD = replace(
    CONTRACT,
    settings={"edit_models": MODEL, "edit_field": "images"},
    answers=(),
    cases=(
        Case(
            name="the picture goes where the operator says",
            on=On.SUBMIT,
            request=replace(REQUEST, extra={"profile": "faithful"}),
            answers=(reply(200, PNG),),
            means=Artifact(PNG),
            sends=(
                "POST /api/v1/generate",
                {("images" if name == "image_file" else name): value for name, value in FORM.items()}
                | {"weight": "vanilla"},
            ),
        ),
    ),
)


@pytest.mark.parametrize("case", [*cases(CONTRACT), cases(IN_ANOTHER_FIELD)[-1]], ids=str)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
