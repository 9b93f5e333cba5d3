"""What Eranol is offered as, where its jobs are looked for, and what its answers say."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from providers.eranol.conftest import Make

from adapters.providers._http import Phase, Reply
from adapters.providers._http.said import Word
from adapters.providers.eranol import create
from adapters.providers.eranol.handles import Handle, Place
from adapters.providers.eranol.reading import judge, read
from bot.config import EranolSettings
from bot.errors import GenerationFailed, ProtocolError, ProviderRefused, RateLimited, StartError, UnknownHandle
from bot.model import Artifact, GenerationRequest, Progress, RemoteArtifact
from bot.provider import Finished, Pending, ProgressKind, ProviderContext, Styled
from bot.testing.clock import FakeClock
from bot.testing.provider import PNG
from bot.testing.wire import Wire, reply

JOB = "6b1d93ee-7988-49ed-8794-6e72a7b24123-e2"
NEW, AT_IMAGE, AT_FFMPEG = f"new {JOB}", f"image {JOB}", f"ffmpeg {JOB}"
IMAGE, FFMPEG = f"/api/v1/image/status/{JOB}", f"/api/v1/ffmpeg/status/{JOB}"
RUNNING = {"job_id": JOB, "status": "processing", "progress": 42}
URL = f"https://cdn.eranol.com/output/{JOB}.png"


def targets(wire: Wire) -> list[str]:
    return [call.target for call in wire.calls]


async def test_it_says_what_it_can_do(make: Make) -> None:
    provider = make(max_in_flight=9, deadline_s=60)
    (spec,) = provider.specs
    assert (provider.name, provider.title, provider.slots) == ("eranol", "Eranol", 9)
    assert (spec.model, spec.progress, spec.cancel, spec.deadline_s) == ("eranol", ProgressKind.PERCENT, True, 60)
    assert [option.name for option in spec.options] == ["negative_prompt", "seed", "width", "height"]
    assert not isinstance(provider, Styled)


@pytest.mark.parametrize("key", [None, "", "  "])
def test_without_a_key_it_is_switched_off(key: str | None) -> None:
    settings = EranolSettings.model_validate({"key": key} if key is not None else {})
    assert create(ProviderContext(name="eranol", settings=settings, clock=FakeClock())) is None


def test_a_key_that_cannot_be_one_is_said_before_anything_is_drawn() -> None:
    settings = EranolSettings.model_validate({"key": "“copied-from-a-text”"})
    with pytest.raises(StartError) as error:
        create(ProviderContext(name="eranol", settings=settings, clock=FakeClock()))
    assert "copied-from" not in str(error.value)


async def test_the_place_that_worked_is_remembered_for_the_job_and_for_new_ones(wire: Wire, make: Make) -> None:
    provider = make()
    wire.answer = lambda call: reply(405) if call.target == IMAGE else reply(body=RUNNING)
    assert await provider.poll(NEW) == Pending(AT_FFMPEG, Progress(0.42))
    await provider.poll(NEW)
    assert targets(wire) == [IMAGE, FFMPEG, FFMPEG]
    accepted = await provider.submit(GenerationRequest(prompt="a fox"), model="eranol", key="JOB1")
    assert accepted == Pending(AT_FFMPEG, Progress(0.42))


async def test_the_place_in_a_handle_holds_after_a_restart_and_gives_way_once_it_does_not(
    wire: Wire, make: Make
) -> None:
    wire.answer = lambda call: reply(404) if call.target == FFMPEG else reply(body=RUNNING)
    assert await make().poll(AT_FFMPEG) == Pending(AT_IMAGE, Progress(0.42))
    assert targets(wire) == [FFMPEG, IMAGE]


@pytest.mark.parametrize(
    ("first", "other", "error"),
    [
        (404, 404, UnknownHandle),
        (405, 404, UnknownHandle),
        (400, 422, UnknownHandle),
        (404, 403, UnknownHandle),
        (404, 429, RateLimited),
        (401, 200, ProviderRefused),
    ],
)
async def test_what_two_places_say_together(
    wire: Wire, make: Make, first: int, other: int, error: type[Exception]
) -> None:
    wire.answer = lambda call: reply(first if call.target == IMAGE else other, {"error": "no"})
    with pytest.raises(error):
        await make().poll(NEW)


async def test_a_picture_at_its_own_host_is_fetched_with_the_key_and_any_other_left_to_others(
    wire: Wire, make: Make
) -> None:
    done = {"job_id": JOB, "status": "completed"}
    for url in (f"{wire.origin}/api/v1/ffmpeg/file/1.png", "/api/v1/ffmpeg/file/1.png"):
        picture, told = reply(body=PNG, content_type="image/png"), reply(body={**done, "result_url": url})
        wire.answer = partial(lambda told, picture, call: told if call.target == IMAGE else picture, told, picture)
        assert await make().poll(NEW) == Finished(Artifact(PNG, "image/png"))
    assert {call.headers["x-api-key"] for call in wire.calls} == {"a-key-of-a-test"}
    wire.answer = lambda _: reply(body={**done, "result": {"url": URL}})
    assert await make().poll(NEW) == Finished(RemoteArtifact(URL))


@pytest.mark.parametrize(
    ("body", "word", "url"),
    [
        ({"status": "completed", "result_url": URL, "url": "https://x.example/2"}, Word.DONE, URL),
        ({"status": "completed", "result": {"url": URL}}, Word.DONE, URL),
        ({"status": "completed", "url": URL}, Word.DONE, URL),
        ({"status": "completed", "result": URL}, Word.DONE, URL),
        ([{"status": "completed", "result_url": URL, "progress": None}], Word.DONE, URL),
        ({"data": {"status": "Completed", "result_url": "/api/v1/ffmpeg/file/1"}}, Word.DONE, "/api/v1/ffmpeg/file/1"),
        ({"status": "processing", "result_url": ""}, Word.WORKING, None),
        ({"status": "queued"}, Word.WORKING, None),
        ({"error": "no"}, Word.WORKING, None),
        ({"status": 7, "result": [URL]}, Word.WORKING, URL),
        ({"status": "resting"}, Word.UNKNOWN, None),
        ({"status": "failed", "error": "x"}, Word.FAILED, None),
    ],
)
def test_every_shape_of_an_answer_is_read(body: Any, word: Word, url: str | None) -> None:
    answer = read(body)
    assert (answer.word, answer.url) == (word, url)


@pytest.mark.parametrize(
    ("phase", "status", "body", "error"),
    [
        (Phase.ASK, 400, b'{"status": "failed"}', GenerationFailed),
        (Phase.ASK, 400, b'[{"job_id": "a-b"}]', GenerationFailed),
        (Phase.ASK, 400, b'{"job_id": "a-b", "status": "processing"}', None),
        (Phase.ASK, 400, b'{"error": "bad id"}', None),
        (Phase.ASK, 400, b"<html>", None),
        (Phase.ASK, 400, b"[" * 100_000, None),
        (Phase.ASK, 400, b'{"status": "failed", "x": "' + b"x" * 2_000_000 + b'"}', None),
        (Phase.ASK, 405, b"", UnknownHandle),
        (Phase.ASK, 404, b'{"status": "failed"}', None),
        (Phase.SUBMIT, 400, b'{"status": "failed"}', None),
        (Phase.SUBMIT, 405, b"", None),
    ],
)
def test_a_400_to_a_look_is_a_failure_where_it_tells_of_one(
    phase: Phase, status: int, body: bytes, error: type[Exception] | None
) -> None:
    assert type(judge(phase, Reply(status, {}, body))) is (error or type(None))


@pytest.mark.parametrize("place", [None, *Place])
def test_a_handle_survives_being_written_and_does_not_show_its_id(place: Place | None) -> None:
    handle = Handle(JOB, place)
    assert Handle.read(handle.write()) == handle
    assert JOB not in repr(handle)


@pytest.mark.parametrize("text", ["", JOB, "image", "image ", "video x", "image a b", "image é", "image " + "x" * 201])
def test_what_is_no_handle_is_a_protocol_error(text: str) -> None:
    with pytest.raises(ProtocolError):
        Handle.read(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["completed", "failed", URL]),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["status", "job_id", "result", "data", "result_url", "progress"]), inner)
    ),
)


@given(JSON)
def test_any_json_is_an_answer_or_a_protocol_error(body: Any) -> None:
    try:
        answer = read(body)
    except ProtocolError:
        return
    assert answer.id is None or Handle.read(Handle(answer.id).write()).id == answer.id
