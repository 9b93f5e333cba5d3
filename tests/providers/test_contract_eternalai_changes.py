"""The contracts of EternalAI's families that begin with a picture or a character."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from adapters.providers.eternalai import create
from bot.errors import BadResult, ContentRefused, GenerationFailed, InvalidRequest, OutcomeUnknown
from bot.model import Capability, CharacterSource, GenerationRequest, PictureSource, Progress, Quality, RemoteArtifact
from bot.provider import CharacterCard, Effect, Finished, Pending, Style
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
from bot.testing.contract_secrets import KEY
from bot.testing.provider import PNG
from bot.testing.wire import reply

PROMPT = "the person waves and smiles"
PICTURE = PictureSource(file="A.png", media_type="image/png", size_bytes=len(PNG))
ASTRID = CharacterSource(character_id="01K", provider="eternalai", reference="6870")
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


def _handle(family: str) -> str:
    return f'{{"family": "{family}", "id": "{JOB}"}}'


def _submits(handle: str) -> tuple[Documented, ...]:
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


def _contract(request: GenerationRequest, family: str, *more: Case) -> ProviderContract:
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
        answers=(*_submits(_handle(family)), *LOOKS),
        cases=(*LISTS, *more),
        overrides={"submit: the answer in a list": Pending, "poll: the answer in a list": Pending},
    )


def _sends(name: str, request: GenerationRequest, path: str, body: dict[str, Any], family: str) -> Case:
    return Case(
        name=name,
        on=On.SUBMIT,
        request=request,
        answers=(reply(200, WRAPPED),),
        means=Pending(_handle(family)),
        sends=(f"POST {path}", body),
    )


def _asks(path: str) -> Case:
    return Case(
        name="it is asked for where the page says",
        on=On.POLL,
        answers=(reply(200, SUBMITTED),),
        means=Pending,
        sends=(f"GET {path}", None),
    )


def _messages(prompt: str) -> list[dict[str, Any]]:
    image = {"type": "image_url", "image_url": {"url": DATA_URI, "filename": "picture.png"}}
    return [{"role": "user", "content": [{"type": "text", "text": prompt}, image]}]


LEGACY = GenerationRequest(capability=Capability.EDIT_IMAGE, model="edit-legacy", prompt=PROMPT, source=PICTURE)
LEGACY_FILM = replace(LEGACY, capability=Capability.IMAGE_TO_VIDEO, model="video-legacy")
EDIT = GenerationRequest(capability=Capability.EDIT_IMAGE, model="edit", prompt=PROMPT, source=PICTURE)
VIDEO = replace(EDIT, capability=Capability.IMAGE_TO_VIDEO, model="video")
EFFECT = replace(EDIT, capability=Capability.APPLY_EFFECT, model="effect", effect="hug")


def _longer(request: GenerationRequest) -> GenerationRequest:
    return replace(request, duration_s=4, audio=False)


def _of(path: str, family: str, source: PictureSource | CharacterSource, image: str) -> ProviderContract:
    edit, video, effect = (replace(request, source=source) for request in (EDIT, VIDEO, EFFECT))
    film = _longer(replace(effect, model="effect-video", effect="twirl"))
    base, made = f"{path}/base/generate", {"images": [image], "prompt": PROMPT}
    return _contract(
        edit,
        family,
        _sends("an edit as documented", edit, base, {**made, "type": "image"}, family),
        _sends(
            "an edit of high quality",
            replace(edit, quality=Quality.HIGH),
            base,
            {**made, "type": "image", "quality": "high"},
            family,
        ),
        _sends("a video as documented", video, base, {**made, "type": "video"}, family),
        _sends(
            "a video with its options",
            _longer(video),
            base,
            {**made, "type": "video", "duration": 4, "audio": False},
            family,
        ),
        _sends("an effect as documented", effect, f"{path}/generate", {"images": [image], "effect_id": "hug"}, family),
        _sends(
            "an effect that makes a video",
            film,
            f"{path}/generate",
            {"images": [image], "effect_id": "twirl", "duration": 4, "audio": False},
            family,
        ),
        Case(
            name="an effect that is not allowed",
            on=On.SUBMIT,
            request=replace(effect, effect="undress"),
            answers=(reply(200, SUBMITTED),),
            means=InvalidRequest,
        ),
        _asks(f"{path}/poll-result/{JOB}"),
    )


NEWER_DONE = {
    "status": True,
    "error": None,
    "result": {"request_id": JOB, "status": "completed", "progress": 100, "video_url": FILM, "error": None},
}
NEWER_BODY = {"prompt": PROMPT, "image_url": DATA_URI, "model_id": "wan-ai/wan2.2-i2v-a14b-lightning"}
NEWER = replace(
    _contract(VIDEO, "newer"),
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
            means=Pending(_handle("newer")),
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
            body=NEWER_DONE,
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
        _sends("a video as documented", VIDEO, "/api/image-to-video", NEWER_BODY, "newer"),
        _sends(
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
                **NEWER_BODY,
                "duration": "3",
                "resolution": "480p",
                "cfg_scale": 0.7,
                "negative_prompt": "rain",
                "seed": 7,
            },
            "newer",
        ),
        _asks(f"/api/image-to-video/{JOB}/status"),
    ),
)

ASTRID_OF_THE_PAGE = {
    "id": 6870,
    "username": "astrid",
    "display_name": "Astrid",
    "description": "engineering student. hiking counts as a personality trait here, right? 🇳🇴",
    "avatar_url": "https://cdn.eternalai.org/dating_media/2026/03/31/bd61d557.jpg",
    "age": 20,
    "gender": "female",
    "category": "internal",
}
AVATAR = RemoteArtifact(str(ASTRID_OF_THE_PAGE["avatar_url"]))
CARD = CharacterCard(
    reference="687000",
    name="Astrid",
    description=str(ASTRID_OF_THE_PAGE["description"]),
    gender="female",
    age=20,
    avatar=AVATAR,
)
MADE = {"id": 687000, **{name: value for name, value in ASTRID_OF_THE_PAGE.items() if name != "id"}}
UNFINISHED = {**MADE, "description": "", "avatar_url": "", "status": "pending", "type": "character"}
CHARACTER = GenerationRequest(
    capability=Capability.CREATE_CHARACTER, model="character", prompt="a brilliant Norwegian student"
)
CHARACTER_HANDLE = '{"family": "characters", "id": "687000"}'
PARTS_OF_A_CARD = "result.username result.display_name result.description result.age result.gender result.category"
CHARACTERS = replace(
    _contract(CHARACTER, "characters"),
    job_id="request_id result.id",
    status="status",
    progress="",
    media="",
    words={**WORDS, "moderated": ContentRefused},
    answers=(
        Documented(
            name="accepted",
            on=On.SUBMIT,
            body={"request_id": "687000", "result": UNFINISHED, "data": None, "error": None},
            means=Pending(CHARACTER_HANDLE),
            fields={
                "request_id": ID_THAT_STANDS_TWICE,
                "result": UNREAD,  # the id stands there twice
                "result.id": Field(missing=SAME, mistyped=SAME, but={Kind.TEXT: SAME, Kind.NUMBER: Pending}),
                "data error": UNREAD,
            },
        ),
        Documented(
            name="without its picture",
            on=On.POLL,
            body={"status": "success", "result": UNFINISHED, "data": None, "error": None},
            means=Pending(CHARACTER_HANDLE),
            fields={"status": UNREAD, "result data error": UNREAD},
        ),
        Documented(
            name="done",
            on=On.POLL,
            body={"status": "success", "result": MADE, "data": None, "error": None},
            means=Finished(AVATAR, CARD),
            fields={
                "status": ONLY_A_WORD_ENDS_IT,
                "result": Field(missing=Pending, mistyped=Pending),
                "result.avatar_url": Field(missing=Pending, mistyped=Pending),
                "result.id": UNREAD,
                PARTS_OF_A_CARD: Field(missing=Finished, mistyped=Finished),
                "data error": UNREAD,
            },
        ),
        Documented(
            name="failed",
            on=On.POLL,
            body={"status": "failed", "result": None, "data": None, "error": "no"},
            means=GenerationFailed,
            fields={"status": ONLY_A_WORD_ENDS_IT, "result data error": UNREAD},
        ),
        Documented(
            name="a page",
            on=On.CHARACTERS,
            body={"result": [{"id": 687000, "status": "approved"}]},
            means=(CharacterCard(reference="687000", name="687000"),),
            fields={"result result.0.id": Field(missing=(), mistyped=()), "result.0.status": UNREAD},
        ),
        Documented(
            name="those that are allowed",
            on=On.EFFECTS,
            body={"status": 1, "data": [{"effect_id": "hug"}, {"effect_id": "undress"}]},
            means=(Effect("hug", "hug", video=False),),
            fields={"status": UNREAD, "data data.0.effect_id": Field(missing=(), mistyped=())},
        ),
    ),
    cases=(
        LISTS[0],
        Case(
            name="the words go out as documented",
            on=On.SUBMIT,
            answers=(reply(200, {"request_id": "687000", "result": UNFINISHED}),),
            means=Pending(CHARACTER_HANDLE),
            sends=("POST /v2/character/create", {"prompt": CHARACTER.prompt}),
        ),
        _asks("/v2/character/poll-result/687000"),
        Case(
            name="a page is asked for by its number",
            on=On.CHARACTERS,
            answers=(reply(200, {"result": [{**MADE, "status": "approved"}, {"username": "nobody"}]}),),
            means=(CARD,),
            sends=("GET /v2/characters?page=1&limit=50", None),
        ),
    ),
    overrides={"submit: the answer in a list": Pending, "poll: the answer in a list": Pending},
)

FIRST_AT_ITS_PATH = f"/creative-ai/poll-result/{JOB}"
CONTRACTS = {
    "legacy": _contract(
        LEGACY,
        "legacy_edit",
        _sends(
            "an edit as documented",
            LEGACY,
            "/creative-ai/image",
            {"messages": _messages(PROMPT), "type": "edit"},
            "legacy_edit",
        ),
        _sends(
            "an edit of high quality",
            replace(LEGACY, quality=Quality.HIGH),
            "/creative-ai/image",
            {"messages": _messages(PROMPT), "type": "edit", "quality": "high"},
            "legacy_edit",
        ),
        _sends(
            "a video as documented",
            _longer(LEGACY_FILM),
            "/creative-ai/video",
            {"messages": _messages(PROMPT), "duration": 4, "audio": False},
            "legacy_video",
        ),
        _asks(FIRST_AT_ITS_PATH),
    ),
    "v1": _of("", "v1", PICTURE, DATA_URI),
    "v2": _of("/v2", "v2", ASTRID, "6870"),
    "newer": NEWER,
    "characters": CHARACTERS,
}


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{name}: {case}") for name, contract in CONTRACTS.items() for case in cases(contract)],
)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
