"""The contract of EternalAI: the answers on its pages, and what each of their keys decides."""

from __future__ import annotations

from functools import partial

import pytest

from adapters.providers.eternalai import create
from bot.errors import BadResult, ContentRefused, GenerationFailed, OutcomeUnknown, UnknownHandle
from bot.model import GenerationRequest, Progress, RemoteArtifact
from bot.provider import Finished, Pending, Style
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

PROMPT = "a red fox under a violet umbrella"
JOB = "921864"
HANDLE = '{"family": "legacy", "id": "921864"}'
PICTURE = "https://cdn.eternalai.org/feed/2026/01/14/5bf6581e-e3c4-409d-b70a-c6cb1876ea61.png"
SUBMITTED = {"request_id": JOB, "status": "pending", "result": "", "progress": 0}
DONE = {
    "request_id": JOB,
    "status": "success",
    "progress": 0,
    "created_at": "2026-01-14T07:43:15Z",
    "updated_at": "2026-01-14T07:44:04Z",
    "image_request_type": "generation",
    "file_name": "5bf6581e-e3c4-409d-b70a-c6cb1876ea61.png",
    "prompt": PROMPT,
    "magic_prompt": PROMPT,
    "model": "black-forest-labs/FLUX.1-dev",
    "result_image": "",
    "result_image_url": PICTURE,
    "result_url": PICTURE,
    "queue_info": {"queue_position": None, "total_queue_size": None, "estimated_wait_time": None},
    "post_feed": False,
    "log": "",
}
ID_OF_A_SUBMIT = Field(missing=OutcomeUnknown, mistyped=OutcomeUnknown, but={Kind.NUMBER: Pending})
ONLY_A_WORD_ENDS_IT = Field(missing=Pending, mistyped=Pending)


CONTRACT = ProviderContract(
    name="eternalai",
    create=create,
    hasty=partial(create, submit_s=0.3, ask_s=0.3),
    request=GenerationRequest(prompt=PROMPT),
    job_id="request_id data.request_id",
    status="status",
    progress="progress",
    media="result_url result_image_url result_image",
    words={
        "pending": Pending,
        "processing": Pending,
        "success": Finished,
        "completed": Finished,
        "failed": GenerationFailed,
        "error": GenerationFailed,
        "moderated": ContentRefused,
    },
    answers=(
        Documented(
            name="accepted",
            on=On.SUBMIT,
            body=SUBMITTED,
            means=Pending(HANDLE),
            fields={"request_id": ID_OF_A_SUBMIT, "status result progress": UNREAD},
        ),
        Documented(
            name="accepted, wrapped",
            on=On.SUBMIT,
            body={"status": 1, "data": SUBMITTED, "request_id": JOB, "credits_remaining": 627.8},
            means=Pending(HANDLE),
            fields={
                "status request_id credits_remaining": UNREAD,
                "data": UNREAD,  # the id stands there twice
                "data.request_id": Field(missing=SAME, mistyped=SAME, but={Kind.NUMBER: Pending}),
            },
        ),
        Documented(
            name="pending",
            on=On.POLL,
            body={**SUBMITTED, "progress": 35, "queue_info": {"queue_position": 3, "estimated_wait_time": 12.5}},
            means=Progress(fraction=0.35, queue_position=2, eta_s=12.5),
            fields={
                "request_id status result": UNREAD,
                "progress": Field(
                    missing=Progress(queue_position=2, eta_s=12.5), mistyped=Progress(queue_position=2, eta_s=12.5)
                ),
                "queue_info": Field(missing=Progress(fraction=0.35), mistyped=Progress(fraction=0.35)),
                "queue_info.queue_position": Field(
                    missing=Progress(fraction=0.35, eta_s=12.5), mistyped=Progress(fraction=0.35, eta_s=12.5)
                ),
                "queue_info.estimated_wait_time": Field(
                    missing=Progress(fraction=0.35, queue_position=2),
                    mistyped=Progress(fraction=0.35, queue_position=2),
                ),
            },
        ),
        Documented(
            name="done",
            on=On.POLL,
            body=DONE,
            means=RemoteArtifact(PICTURE),
            fields={
                "status": ONLY_A_WORD_ENDS_IT,
                "result_url result_image_url result_image": UNREAD,  # the picture stands there twice
                "request_id progress queue_info model": UNREAD,
                "created_at updated_at image_request_type file_name prompt magic_prompt post_feed log": UNREAD,
            },
        ),
        Documented(
            name="done, in fewer words",
            on=On.POLL,
            body={
                "request_id": JOB,
                "status": "success",
                "progress": 99,
                "result_url": PICTURE,
                "effect_type": "image",
                "encrypted_aes_key": "",
            },
            means=RemoteArtifact(PICTURE),
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
    ),
    cases=(
        Case(
            name="the words go out as documented",
            on=On.SUBMIT,
            answers=(reply(200, SUBMITTED),),
            means=Pending(HANDLE),
            sends=(
                "POST /creative-ai/image",
                {"messages": [{"role": "user", "content": [{"type": "text", "text": PROMPT}]}], "type": "new"},
            ),
        ),
        Case(
            name="a style goes out as documented, behind its words",
            on=On.SUBMIT,
            request=GenerationRequest(prompt=PROMPT, style="psycho_art"),
            answers=(reply(404), reply(200, SUBMITTED)),  # the list of styles cannot be had
            means=Pending(HANDLE),
            sends=(
                "POST /creative-ai/image",
                {
                    "messages": [{"role": "user", "content": [{"type": "text", "text": f"Psycho_4rt {PROMPT}"}]}],
                    "type": "new",
                    "lora_config": {"psycho_art": 1},
                },
            ),
        ),
        Case(
            name="no id anywhere",
            on=On.SUBMIT,
            answers=(reply(200, {"status": 1, "data": {"status": "pending"}}),),
            means=OutcomeUnknown,
        ),
        Case(
            name="it is asked for where the page says",
            on=On.POLL,
            answers=(reply(200, SUBMITTED),),
            means=Pending,
            sends=(f"GET /creative-ai/result/image?request_id={JOB}", None),
        ),
        Case(
            name="what is not known by query is known by path",
            on=On.POLL,
            answers=(reply(404, {"error": "not found"}), reply(200, DONE)),
            means=RemoteArtifact(PICTURE),
            sends=(f"GET /creative-ai/poll-result/{JOB}", None),
        ),
        Case(name="neither place knows it", on=On.POLL, answers=(reply(404),), means=UnknownHandle),
        Case(
            name="names alone, for the shape of the list is not documented",
            on=On.STYLES,
            answers=(reply(200, ["psycho_art", "brush_strokes"]),),
            means=(Style("psycho_art", "Anime Art-Style"), Style("brush_strokes", "brush_strokes")),
            sends=("GET /creative-ai/generate-image/effects", None),
        ),
        Case(name="none is allowed", on=On.EFFECTS, answers=(reply(200, ["hug"]),), means=()),
        Case(name="none", on=On.CHARACTERS, answers=(reply(200, {"result": []}),), means=()),
        Case(
            name="names and titles in a wrapper",
            on=On.STYLES,
            answers=(reply(200, {"status": 1, "data": [{"key": "ink", "name": "Ink"}]}),),
            means=(Style("ink", "Ink"),),
        ),
    ),
    overrides={"submit: the answer in a list": Pending, "poll: the answer in a list": Pending},
)


@pytest.mark.parametrize("case", cases(CONTRACT), ids=str)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
