"""The contract of EternalAI's characters and effects: what is created, and what is listed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from providers.eternalai.contracts import ID_THAT_STANDS_TWICE, LISTS, ONLY_A_WORD_ENDS_IT, WORDS, asks, contract_of

from bot.errors import ContentRefused, GenerationFailed
from bot.model import Capability, GenerationRequest, RemoteArtifact
from bot.provider import CharacterCard, Effect, Finished, Pending
from bot.testing.contract import SAME, UNREAD, Case, ContractCase, Documented, Field, Kind, On, cases
from bot.testing.wire import reply

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
CONTRACT = replace(
    contract_of(CHARACTER, "characters"),
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
            body={"result": [{"id": 687000, "status": "approved", "category": "default"}]},
            means=(CharacterCard(reference="687000", name="Unnamed"),),
            fields={
                "result result.0.id result.0.category": Field(missing=(), mistyped=()),
                "result.0.status": Field(missing=SAME, mistyped=(), but={Kind.NULL: SAME}),
            },
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
        asks("/v2/character/poll-result/687000"),
        Case(
            name="a page is asked for by its number",
            on=On.CHARACTERS,
            answers=(reply(200, {"result": [{**MADE, "category": "default"}, MADE, {"username": "nobody"}]}),),
            means=(CARD,),
            sends=("GET /v2/characters?page=1&limit=50", None),
        ),
    ),
    overrides={"submit: the answer in a list": Pending, "poll: the answer in a list": Pending},
)


@pytest.mark.parametrize("case", cases(CONTRACT), ids=str)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
