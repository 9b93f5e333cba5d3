"""What the contracts of EternalAI's families have in common."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from adapters.providers.eternalai import create
from bot.errors import BadResult, GenerationFailed, OutcomeUnknown
from bot.model import Capability, GenerationRequest, PictureSource, Progress, RemoteArtifact
from bot.provider import Effect, Finished, Pending, Style
from bot.testing.contract import SAME, UNREAD, Case, Documented, Field, Kind, On, ProviderContract
from bot.testing.provider import PNG
from bot.testing.wire import reply

PROMPT = "the person waves and smiles"
PICTURE = PictureSource(file="A.png", media_type="image/png", size_bytes=len(PNG))
DATA_URI = f"data:image/png;base64,{b64encode(PNG).decode()}"
JOB = "4860079c-90c2-4a96-b715-d521712ce21d"
FILM = "https://cdn.eternalai.org/agent_data/2026/03/31/vid-generated-4860079c_1774934351.mp4"
SUBMITTED = {"request_id": JOB, "status": "pending", "result": "", "progress": 0}
WRAPPED = {"status": 1, "data": SUBMITTED, "request_id": JOB, "credits_remaining": 627.8}
DONE = {
    "request_id": JOB,
    "status": "success",
    "progress": 99,
    "result_url": FILM,
    "effect_type": "video",
    "encrypted_aes_key": "",
}
WORDS: Mapping[str, object] = {
    "pending": Pending,
    "success": Finished,
    "completed": Finished,
    "failed": GenerationFailed,
    "error": GenerationFailed,
}
EDIT = GenerationRequest(capability=Capability.EDIT_IMAGE, model="edit", prompt=PROMPT, source=PICTURE)
VIDEO = replace(EDIT, capability=Capability.IMAGE_TO_VIDEO, model="video")
ONLY_A_WORD_ENDS_IT = Field(missing=Pending, mistyped=Pending)
ID_OF_A_SUBMIT = Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown, but={Kind.NUMBER: Pending})
ID_THAT_STANDS_TWICE = Field(missing=SAME, mistyped=SAME, but={Kind.NUMBER: Pending})
LISTS = (
    Case(name="names", on=On.STYLES, answers=(reply(200, ["ink"]),), means=(Style("ink", "ink"),)),
    Case(
        name="names of which some are allowed",
        on=On.EFFECTS,
        answers=(reply(200, ["undress", "hug"]),),
        means=(Effect("hug", "hug", video=False),),
    ),
    Case(name="none", on=On.CHARACTERS, answers=(reply(200, {"result": []}),), means=()),
)
"""What every contract of this provider must have, and another one tells in full."""


def handle_of(family: str) -> str:
    return f'{{"family": "{family}", "id": "{JOB}"}}'


def submits(handle: str) -> tuple[Documented, ...]:
    return (
        Documented(
            name="accepted",
            on=On.SUBMIT,
            body={**SUBMITTED, "credits_remaining": 629.32},
            means=Pending(handle),
            fields={"request_id": ID_OF_A_SUBMIT, "status result progress credits_remaining": UNREAD},
        ),
        Documented(
            name="accepted, wrapped",
            on=On.SUBMIT,
            body=WRAPPED,
            means=Pending(handle),
            fields={
                "status request_id credits_remaining data": UNREAD,  # the id stands there twice
                "data.request_id": ID_THAT_STANDS_TWICE,
            },
        ),
    )


LOOKS = (
    Documented(
        name="pending",
        on=On.POLL,
        body={**SUBMITTED, "progress": 35},
        means=Progress(fraction=0.35),
        fields={
            "request_id status result": UNREAD,
            "progress": Field(missing=Pending, mistyped=Pending),
        },
    ),
    Documented(
        name="done",
        on=On.POLL,
        body=DONE,
        means=RemoteArtifact(FILM),
        fields={
            "status": ONLY_A_WORD_ENDS_IT,
            "result_url": Field(missing=BadResult, mistyped=BadResult),
            "encrypted_aes_key": Field(missing=SAME, mistyped=BadResult, but={Kind.NULL: SAME}),
            "request_id progress effect_type": UNREAD,
        },
    ),
    Documented(
        name="failed",
        on=On.POLL,
        body={"request_id": JOB, "status": "failed", "progress": 60, "result_url": ""},
        means=GenerationFailed,
        fields={"status": ONLY_A_WORD_ENDS_IT, "request_id progress result_url": UNREAD},
    ),
)


def contract_of(request: GenerationRequest, family: str, *more: Case) -> ProviderContract:
    return ProviderContract(
        name="eternalai",
        create=create,
        hasty=partial(create, submit_s=0.3, ask_s=0.3),
        settings={"effects": "hug, twirl"},
        pictures={"A.png": PNG},
        request=request,
        job_id="request_id data.request_id",
        status="status",
        progress="progress",
        media="result_url",
        words=WORDS,
        answers=(*submits(handle_of(family)), *LOOKS),
        cases=(*LISTS, *more),
        overrides={"submit: the answer in a list": Pending, "poll: the answer in a list": Pending},
    )


def sends(name: str, request: GenerationRequest, path: str, body: dict[str, Any], family: str) -> Case:
    return Case(
        name=name,
        on=On.SUBMIT,
        request=request,
        answers=(reply(200, WRAPPED),),
        means=Pending(handle_of(family)),
        sends=(f"POST {path}", body),
    )


def asks(path: str) -> Case:
    return Case(
        name="it is asked for where the page says",
        on=On.POLL,
        answers=(reply(200, SUBMITTED),),
        means=Pending,
        sends=(f"GET {path}", None),
    )
