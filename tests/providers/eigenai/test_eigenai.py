"""What Eigen AI is offered as, and how its one long call goes."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.providers._http import Api, Reply
from adapters.providers.eigenai import EigenAIProvider, create
from adapters.providers.eigenai.reading import result
from adapters.providers.eigenai.videos import Task
from bot.config import EigenAISettings
from bot.errors import OutcomeUnknown, ProtocolError, ProviderError, StartError, UserError
from bot.model import Artifact, Capability, GenerationRequest, RemoteArtifact, SourceKind
from bot.provider import Cancels, Finished, ProgressKind, ProviderContext, Styled
from bot.testing.clock import FakeClock
from bot.testing.provider import PNG
from bot.testing.wire import Answer, Hang, Wire, reply

PICTURES = frozenset({SourceKind.PICTURE})
FOX = GenerationRequest(prompt="a red fox")
INLINE = base64.b64encode(PNG).decode()
Make = Callable[..., EigenAIProvider]


def settings(**changes: Any) -> EigenAISettings:
    return EigenAISettings.model_validate({"key": "a-key-of-a-test", "models": "eigen-image"} | changes)


def created(known: EigenAISettings, **limits: float) -> EigenAIProvider | None:
    return create(ProviderContext(name="eigenai", settings=known, clock=FakeClock()), **limits)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with Wire() as wire:
        yield wire


@pytest.fixture
async def make(wire: Wire) -> AsyncIterator[Make]:
    made: list[EigenAIProvider] = []

    def make(**changes: Any) -> EigenAIProvider:
        provider = created(settings(base_url=wire.origin, **changes))
        assert provider is not None
        made.append(provider)
        return provider

    yield make
    for provider in made:
        await provider.close()


async def test_it_says_what_it_can_do(make: Make) -> None:
    provider = make(models="eigen-image, b,eigen-image", max_in_flight=9, deadline_s=60)
    assert (provider.name, provider.title, provider.slots) == ("eigenai", "Eigen AI", 9)
    assert [(spec.model, spec.title, spec.deadline_s) for spec in provider.specs] == [
        ("eigen-image", "eigen-image", 60),
        ("b", "b", 60),
    ]
    spec = provider.specs[0]
    assert (spec.progress, spec.cancel, spec.usual_s) == (ProgressKind.NONE, False, 15)
    assert [(option.name, option.low, option.high) for option in spec.options] == [
        ("width", 512, 2048),
        ("height", 512, 2048),
        ("seed", None, None),
        ("guidance", None, None),
        ("realtime", None, None),
    ]
    assert not isinstance(provider, Styled | Cancels)


async def test_each_list_of_models_is_offered_for_what_it_does(make: Make) -> None:
    provider = make(models="a", edit_models="a,b", video_models="c")
    assert [(spec.capability, spec.model, spec.deadline_s, spec.video) for spec in provider.specs] == [
        (Capability.TEXT_TO_IMAGE, "a", 300, False),
        (Capability.EDIT_IMAGE, "a", 300, False),
        (Capability.EDIT_IMAGE, "b", 300, False),
        (Capability.IMAGE_TO_VIDEO, "c", 1800, True),
    ]
    assert [spec.sources for spec in provider.specs] == [frozenset(), PICTURES, PICTURES, PICTURES]
    kinds = {option.name: option.kind for spec in provider.specs for option in spec.options}
    assert all(kinds[option.name] is option.kind for spec in provider.specs for option in spec.options)


@pytest.mark.parametrize(("task_id", "model"), [("7", "c"), ("a-b_c:d", "wan/2.2 turbo"), ("x" * 200, "é")])
def test_a_handle_survives_being_written_and_does_not_show_its_id(task_id: str, model: str) -> None:
    task = Task(task_id, model)
    assert Task.read(task.write()) == task
    assert task_id not in repr(replace(task, model=""))


@pytest.mark.parametrize("key", ["", "  "])
def test_without_a_key_it_is_switched_off(key: str) -> None:
    assert created(settings(key=key)) is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"key": "“copied-from-a-text”"}, "EIGENAI__KEY"),
        ({"models": ""}, "EIGENAI__MODELS"),
        ({"models": " , "}, "MODELS"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_drawn(changes: dict[str, str], told: str) -> None:
    with pytest.raises(StartError, match=told) as error:
        created(settings(**changes))
    assert "copied-from" not in str(error.value)


async def test_the_key_goes_as_a_bearer(wire: Wire, make: Make) -> None:
    wire.answer = lambda _: reply(body={"turbo_image_base64": INLINE})
    assert await make().submit(FOX, model="eigen-image", key="JOB1") == Finished(Artifact(PNG))
    assert [call.headers["authorization"] for call in wire.calls] == ["Bearer a-key-of-a-test"]


async def test_a_submit_may_take_as_long_as_the_job_and_no_longer(wire: Wire, make: Make) -> None:
    wire.answer = lambda _: Hang()
    started = asyncio.get_running_loop().time()
    with pytest.raises(OutcomeUnknown):
        await make(deadline_s=1).submit(FOX, model="eigen-image", key="JOB1")
    assert 0.9 < asyncio.get_running_loop().time() - started < 3
    assert len(wire.calls) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_picture_at_its_own_host_that_cannot_be_had_never_repeats_the_submit(
    wire: Wire, make: Make, status: int
) -> None:
    answers: dict[str, Answer] = {"POST": reply(body={"url": f"{wire.origin}/1.png"}), "GET": reply(status)}
    wire.answer = lambda call: answers[call.method]
    with pytest.raises(OutcomeUnknown):
        await make().submit(FOX, model="eigen-image", key="JOB1")
    assert [call.method for call in wire.calls] == ["POST", "GET"]


async def test_a_picture_of_many_megabytes_is_read_while_the_loop_goes_on(wire: Wire, make: Make) -> None:
    large = b"\x89PNG\r\n\x1a\n" + bytes(15_000_000)
    wire.answer = lambda _: reply(body={"image_base64": base64.b64encode(large).decode()})
    drawing = asyncio.create_task(make().submit(FOX, model="eigen-image", key="JOB1"))
    longest_s, before = 0.0, time.thread_time()  # of this thread alone, however busy the machine is
    while not drawing.done():
        await asyncio.sleep(0)
        now = time.thread_time()
        longest_s, before = max(longest_s, now - before), now
    assert drawing.result() == Finished(Artifact(large))
    assert longest_s < 0.5


async def test_an_answer_that_is_larger_than_any_picture_is_not_read(wire: Wire, make: Make) -> None:
    wire.answer = lambda _: reply(body=b"\x89PNG\r\n\x1a\n", declared_bytes=64_000_001)
    with pytest.raises(OutcomeUnknown, match="64000000 bytes"):
        await make().submit(FOX, model="eigen-image", key="JOB1")


@pytest.mark.parametrize(
    "text", ["", "anything", "video 7", "video  c", "video 7 c\n", "video é c", f"video {'x' * 201} c"]
)
async def test_what_is_no_handle_is_told(make: Make, text: str) -> None:
    with pytest.raises(ProtocolError):
        await make().poll(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text() | st.sampled_from(["success", "failed", INLINE]),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["status", "data", "images", "output", "url", "b64_json"]), inner)
    ),
)


@given(JSON | st.binary())
def test_any_answer_is_a_picture_or_one_of_our_errors(said: Any) -> None:
    answer = reply(body=said) if isinstance(said, bytes | dict | list) else reply(body=b"7")
    body = answer.data.partition(b"\r\n\r\n")[2]
    try:
        found = asyncio.run(result(API, Reply(200, {}, body), title="Eigen AI"))
    except (ProviderError, UserError):
        return
    assert isinstance(found, Artifact | RemoteArtifact)


API = Api("https://api.example.org", title="Eigen AI", headers={})
