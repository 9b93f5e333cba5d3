"""The contracts of EternalAI's families that change a picture or a character."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from providers.eternalai.contracts import DATA_URI, EDIT, JOB, PICTURE, PROMPT, VIDEO, asks, contract_of, sends

from bot.errors import InvalidRequest
from bot.model import Capability, CharacterSource, GenerationRequest, PictureSource, Quality
from bot.testing.contract import Case, ContractCase, On, ProviderContract, cases
from bot.testing.wire import reply

ASTRID = CharacterSource(character_id="01K", provider="eternalai", reference="6870")
LEGACY = GenerationRequest(capability=Capability.EDIT_IMAGE, model="edit-legacy", prompt=PROMPT, source=PICTURE)
LEGACY_FILM = replace(LEGACY, capability=Capability.IMAGE_TO_VIDEO, model="video-legacy")
EFFECT = replace(EDIT, capability=Capability.APPLY_EFFECT, model="effect", effect="hug")


def _messages(prompt: str) -> list[dict[str, Any]]:
    image = {"type": "image_url", "image_url": {"url": DATA_URI, "filename": "picture.png"}}
    return [{"role": "user", "content": [{"type": "text", "text": prompt}, image]}]


def _longer(request: GenerationRequest) -> GenerationRequest:
    return replace(request, duration_s=4, audio=False)


def _of(path: str, family: str, source: PictureSource | CharacterSource, image: str) -> ProviderContract:
    edit, video, effect = (replace(request, source=source) for request in (EDIT, VIDEO, EFFECT))
    film = _longer(replace(effect, model="effect-video", effect="twirl"))
    base, made = f"{path}/base/generate", {"images": [image], "prompt": PROMPT}
    return contract_of(
        edit,
        family,
        sends("an edit as documented", edit, base, {**made, "type": "image"}, family),
        sends(
            "an edit of high quality",
            replace(edit, quality=Quality.HIGH),
            base,
            {**made, "type": "image", "quality": "high"},
            family,
        ),
        sends("a video as documented", video, base, {**made, "type": "video"}, family),
        sends(
            "a video with its options",
            _longer(video),
            base,
            {**made, "type": "video", "duration": 4, "audio": False},
            family,
        ),
        sends("an effect as documented", effect, f"{path}/generate", {"images": [image], "effect_id": "hug"}, family),
        sends(
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
            answers=(reply(200, {"request_id": JOB}),),
            means=InvalidRequest,
        ),
        asks(f"{path}/poll-result/{JOB}"),
    )


FIRST_AT_ITS_PATH = f"/creative-ai/poll-result/{JOB}"
CONTRACTS = {
    "legacy": contract_of(
        LEGACY,
        "legacy_edit",
        sends(
            "an edit as documented",
            LEGACY,
            "/creative-ai/image",
            {"messages": _messages(PROMPT), "type": "edit"},
            "legacy_edit",
        ),
        sends(
            "an edit of high quality",
            replace(LEGACY, quality=Quality.HIGH),
            "/creative-ai/image",
            {"messages": _messages(PROMPT), "type": "edit", "quality": "high"},
            "legacy_edit",
        ),
        sends(
            "a video as documented",
            _longer(LEGACY_FILM),
            "/creative-ai/video",
            {"messages": _messages(PROMPT), "duration": 4, "audio": False},
            "legacy_video",
        ),
        asks(FIRST_AT_ITS_PATH),
    ),
    "v1": _of("", "v1", PICTURE, DATA_URI),
    "v2": _of("/v2", "v2", ASTRID, "6870"),
}


LISTS = ("styles: ", "effects: ", "characters: ")  # held to their contract elsewhere
CASES = {f"{name}: {case}": case for name, contract in CONTRACTS.items() for case in cases(contract)}
OWN = {name: case for name, case in CASES.items() if not case.name.startswith(LISTS)}


@pytest.mark.parametrize("case", OWN.values(), ids=OWN)
async def test_the_contract(case: ContractCase) -> None:
    await case.check()
