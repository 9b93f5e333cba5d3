"""What EternalAI is sent, and what the answers to a submit come to."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from providers.eternalai.service import (
    HANDLE,
    KEY,
    PENDING,
    PROMPT,
    SUCCESS,
    URL,
    Make,
    answering,
    hand_over,
)

from adapters.providers.eternalai import create
from bot.config import EternalAISettings
from bot.errors import (
    BadResult,
    BotError,
    ContentRefused,
    GenerationFailed,
    InvalidRequest,
    OutcomeUnknown,
    ProviderRefused,
    StartError,
)
from bot.model import Artifact, Capability, CharacterSource, GenerationRequest, RemoteArtifact
from bot.provider import Cancels, Finished, Pending, ProgressKind, ProviderContext, Styled
from bot.testing.clock import FakeClock
from bot.testing.provider import PNG
from bot.testing.wire import Wire, reply


async def test_a_submit_is_the_one_of_the_vendors_page(wire: Wire, make: Make) -> None:
    wire.answer = lambda call: reply(body=PENDING if call.method == "POST" else [])
    await hand_over(make(), style="Art_style_Impressionist")
    (call,) = [call for call in wire.calls if call.method == "POST"]
    assert call.target == "/creative-ai/image"
    assert call.headers["content-type"] == "application/json"
    assert call.body.decode() == (
        '{"messages": [{"role": "user", "content": [{"type": "text", "text": "' + PROMPT + '"}]}], '
        '"type": "new", "lora_config": {"Art_style_Impressionist": 1}}'
    )


async def test_only_what_was_asked_for_is_sent(wire: Wire, make: Make) -> None:
    wire.answer = answering(PENDING)
    await hand_over(make(), "a red fox")
    assert [call.json() for call in wire.calls] == [
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "a red fox"}]}], "type": "new"}
    ]


@pytest.mark.parametrize(("strength", "weight"), [(None, "1"), (1.0, "1"), (2.0, "2"), (0.8, "0.8")])
async def test_the_strength_is_the_weight_of_the_style(
    wire: Wire, make: Make, strength: float | None, weight: str
) -> None:
    wire.answer = lambda call: reply(body=PENDING if call.method == "POST" else [])
    await hand_over(make(), style="of-their-own", style_strength=strength)
    assert f'"lora_config": {{"of-their-own": {weight}}}' in wire.calls[-1].body.decode()


async def test_a_model_is_named_only_where_the_operator_named_one(wire: Wire, make: Make) -> None:
    wire.answer = answering(PENDING)
    await hand_over(make())
    await hand_over(make(models="black-forest-labs/FLUX.1-dev,other"))
    assert [call.json().get("model_id") for call in wire.calls] == [None, "black-forest-labs/FLUX.1-dev"]


@pytest.mark.parametrize(
    ("key", "header", "value"),
    [(KEY, "x-api-key", KEY), (f" {KEY}\n", "x-api-key", KEY)],
)
async def test_each_kind_of_key_goes_in_its_own_header_also_when_looking(
    wire: Wire, make: Make, key: str, header: str, value: str
) -> None:
    wire.answer = answering(PENDING)
    provider = make(key=key)
    await hand_over(provider)
    await provider.poll(HANDLE)
    await provider.styles()
    assert len(wire.calls) == 3
    for call in wire.calls:
        assert call.headers[header] == value
        assert ({"x-api-key", "authorization"} - {header}).isdisjoint(call.headers)


@pytest.mark.parametrize("key", [None, "", "  "])
def test_without_a_key_it_is_switched_off(key: str | None) -> None:
    settings = EternalAISettings.model_validate({"key": key} if key is not None else {})
    assert create(ProviderContext(name="eternalai", settings=settings, clock=FakeClock())) is None


def test_a_key_that_cannot_be_one_is_said_before_anything_is_drawn() -> None:
    settings = EternalAISettings.model_validate({"key": "“copied-from-a-text”"})
    with pytest.raises(StartError) as error:
        create(ProviderContext(name="eternalai", settings=settings, clock=FakeClock()))
    assert "copied-from" not in str(error.value)


async def test_it_says_what_it_can_do(make: Make) -> None:
    provider = make()
    spec = provider.specs[0]
    assert (provider.name, provider.title, provider.slots) == ("eternalai", "EternalAI", 5)
    assert (spec.model, spec.title, spec.progress, spec.cancel) == (
        "eternalai",
        "EternalAI",
        ProgressKind.PERCENT,
        False,
    )
    assert [(option.name, option.low, option.high) for option in spec.options] == [
        ("style", None, None),
        ("style_strength", 0.1, 2.0),
    ]
    assert (spec.max_count, spec.usual_s, spec.deadline_s) == (4, 50.0, 600.0)
    assert isinstance(provider, Styled)
    assert not isinstance(provider, Cancels)


async def test_the_settings_set_its_figures_and_its_models(make: Make) -> None:
    provider = make(models="a/b, c,a/b", max_in_flight=9, deadline_s=30)
    assert provider.slots == 9
    assert [(spec.model, spec.title) for spec in provider.specs[:3]] == [
        ("a/b", "a/b"),
        ("c", "c"),
        ("edit", "EternalAI Edit"),
    ]
    assert {spec.deadline_s for spec in provider.specs} == {30}


async def test_an_accepted_job_waits_under_its_id(wire: Wire, make: Make) -> None:
    wire.answer = answering(PENDING | {"request_id": 921864})
    assert await hand_over(make()) == Pending(HANDLE)


SUBMITS: dict[str, tuple[Any, type[BotError]]] = {
    "no json": (b"<html>busy</html>", OutcomeUnknown),
    "nothing": (b"", OutcomeUnknown),
    "no object": ([], OutcomeUnknown),
    "no id": ({"status": "pending", "result": ""}, OutcomeUnknown),
    "an error without a word": ({"status": False, "error": "out of order"}, OutcomeUnknown),
    "an id that is none": ({"request_id": True, "status": "pending"}, OutcomeUnknown),
    "a failure": ({"request_id": "1", "status": "failed"}, GenerationFailed),
    "an error for a status": ({"status": "error", "message": "no"}, GenerationFailed),
    "a refusal": ({"request_id": "1", "status": "moderated"}, ContentRefused),
    "a success without anything": ({"status": "success"}, BadResult),
}


@pytest.mark.parametrize(("body", "error"), SUBMITS.values(), ids=SUBMITS)
async def test_a_submit_that_was_answered_oddly_is_never_taken_for_not_accepted(
    wire: Wire, make: Make, body: Any, error: type[BotError]
) -> None:
    wire.answer = answering(body)
    with pytest.raises(error):
        await hand_over(make())
    assert len(wire.calls) == 1


async def test_a_picture_in_the_answer_to_a_submit_is_the_result(wire: Wire, make: Make) -> None:
    wire.answer = answering(SUCCESS | {"result_url": "", "result_image": base64.b64encode(PNG).decode()})
    assert await hand_over(make()) == Finished(Artifact(PNG))


@pytest.mark.parametrize("image", ["", base64.b64encode(PNG).decode()])
async def test_an_address_in_the_answer_to_a_submit_is_left_to_a_look_at_once(
    wire: Wire, make: Make, image: str
) -> None:
    wire.answer = answering(SUCCESS | {"result_image": image})
    provider = make()
    assert await hand_over(provider) == Pending(HANDLE, None, 0.0)
    assert await provider.poll(HANDLE) == Finished(RemoteArtifact(URL))


async def test_an_address_without_an_id_is_the_result(wire: Wire, make: Make) -> None:
    wire.answer = answering({"status": "success", "result_url": URL})
    assert await hand_over(make()) == Finished(RemoteArtifact(URL))


@pytest.mark.parametrize("status", [429, 503])
async def test_a_picture_that_cannot_be_had_after_a_submit_never_repeats_the_submit(
    wire: Wire, make: Make, status: int
) -> None:
    done = {"status": "success", "result_url": f"{wire.origin}/1.png"}
    wire.answer = lambda call: reply(body=done) if call.method == "POST" else reply(status)
    with pytest.raises(OutcomeUnknown):
        await hand_over(make())


@pytest.mark.parametrize(
    ("status", "said", "means"),
    [
        (404, {"message": "character 6870 not found"}, InvalidRequest),
        (410, {"error": "Effect has been removed"}, InvalidRequest),
        (404, {"message": "Route POST:/v2/character/create not found"}, ProviderRefused),
        (404, {"error": "not found"}, ProviderRefused),
        (403, {"error": "no effect"}, ProviderRefused),
    ],
)
async def test_what_a_person_named_and_is_gone_is_not_held_against_the_service(
    wire: Wire, make: Make, status: int, said: dict[str, str], means: type[BotError]
) -> None:
    wire.answer = answering(said, status)
    provider = make()
    astrid = CharacterSource(character_id="01K", provider="eternalai", reference="6870")
    request = GenerationRequest(capability=Capability.EDIT_IMAGE, prompt="a hat", source=astrid)
    with pytest.raises(means):
        await provider.submit(request, model="edit", key="JOB1")
