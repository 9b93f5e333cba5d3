"""Where the result of EternalAI is looked for, and what the answers come to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from providers.eternalai.service import (
    BY_PATH,
    BY_QUERY,
    HANDLE,
    KEY,
    PENDING,
    PROMPT,
    SUCCESS,
    URL,
    Make,
    answering,
    at,
    hand_over,
    targets,
)

from adapters.providers._http import Api
from adapters.providers.eternalai.handles import Family, Handle, Place
from adapters.providers.eternalai.outcome import Outcomes
from adapters.providers.eternalai.reading import read
from bot.errors import (
    BadResult,
    BotError,
    ContentRefused,
    GenerationFailed,
    InvalidRequest,
    ProtocolError,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
    UnknownHandle,
    UserError,
)
from bot.model import Artifact, Progress, RemoteArtifact
from bot.provider import Finished, Pending
from bot.testing.provider import PNG
from bot.testing.wire import Answer, Wire, reply


async def test_a_look_tells_how_far_it_is(wire: Wire, make: Make) -> None:
    queue = {"queue_position": 3, "total_queue_size": 9, "estimated_wait_time": 45}
    wire.answer = lambda _: reply(body=PENDING | {"progress": 35, "queue_info": queue}, headers={"Retry-After": "4"})
    answer = await make().poll(HANDLE)
    assert isinstance(answer, Pending)
    assert (answer.progress, answer.poll_after_s) == (Progress(0.35, 2, 45.0), 4.0)


async def test_a_result_at_the_services_own_address_is_fetched_with_the_key(wire: Wire, make: Make) -> None:
    picture = reply(body=PNG, content_type="image/png")
    done = reply(body=SUCCESS | {"result_url": f"{wire.origin}/1.png"})
    wire.answer = at({BY_QUERY: done, "/1.png": picture})
    assert await make().poll(HANDLE) == Finished(Artifact(PNG, "image/png"))
    assert [call.headers["x-api-key"] for call in wire.calls] == [KEY, KEY]


ENDS: dict[str, tuple[Answer, type[BotError]]] = {
    "a failure": (reply(body={"status": "failed", "progress": 100}), GenerationFailed),
    "an error for a status": (reply(body={"status": "error", "result_url": URL}), GenerationFailed),
    "a refusal": (reply(body={"status": "Content Moderated"}), ContentRefused),
    "a success without a result": (reply(body=SUCCESS | {"result_url": ""}), BadResult),
    "an encrypted result": (reply(body=SUCCESS | {"encrypted_aes_key": "k"}), BadResult),
    "a broken picture": (reply(body={"status": "success", "result_image": "A" * 65}), BadResult),
    "no json": (reply(body=b"<html>"), ProtocolError),
    "a number": (reply(body=b"7"), ProtocolError),
    "a time-out of a proxy": (reply(504, b"<html>"), ProviderUnavailable),
    "too many looks": (reply(429), RateLimited),
    "a wrong key": (reply(401), ProviderRefused),
}


@pytest.mark.parametrize(("answer", "error"), ENDS.values(), ids=ENDS)
async def test_a_look_at_one_place_is_enough_for_every_end(
    wire: Wire, make: Make, answer: Answer, error: type[BotError]
) -> None:
    wire.answer = lambda _: answer
    with pytest.raises(error):
        await make().poll(HANDLE)
    assert targets(wire) == [BY_QUERY]


async def test_a_job_that_the_first_place_does_not_know_is_looked_for_at_the_other(wire: Wire, make: Make) -> None:
    wire.answer = at({BY_QUERY: reply(404), BY_PATH: reply(body=PENDING)})
    answer = await make().poll(HANDLE)
    assert targets(wire) == [BY_QUERY, BY_PATH]
    assert answer == Pending(Handle(Family.LEGACY, "921864", Place.PATH).write())


async def test_the_place_that_worked_is_remembered_for_the_job_and_for_new_ones(wire: Wire, make: Make) -> None:
    provider = make()
    wire.answer = lambda call: reply(404) if "request_id=" in call.target else reply(body=PENDING)
    for _ in range(3):
        await provider.poll(HANDLE)
    accepted = await hand_over(provider)
    assert targets(wire) == [BY_QUERY, BY_PATH, BY_PATH, BY_PATH, "/creative-ai/image"]
    assert accepted == Pending(Handle(Family.LEGACY, "921864", Place.PATH).write())


async def test_jobs_at_different_places_do_not_disturb_each_other(wire: Wire, make: Make) -> None:
    provider, other = make(), Handle(Family.LEGACY, "a-b").write()
    found = {BY_QUERY, "/creative-ai/poll-result/a-b"}
    wire.answer = lambda call: reply(body=PENDING) if call.target in found else reply(404)
    handles = [HANDLE, other]
    for number in (0, 1, 0, 1):
        answer = await provider.poll(handles[number])
        assert isinstance(answer, Pending)
        handles[number] = answer.handle
    assert len(wire.calls) == 5


async def test_the_place_in_a_handle_holds_after_a_restart(wire: Wire, make: Make) -> None:
    wire.answer = answering(PENDING)
    await make().poll(Handle(Family.LEGACY, "921864", Place.PATH).write())
    assert targets(wire) == [BY_PATH]


async def test_a_place_that_no_longer_works_gives_way_to_the_other(wire: Wire, make: Make) -> None:
    provider = make()
    wire.answer = at({BY_QUERY: reply(body=PENDING)})
    await provider.poll(HANDLE)
    wire.answer = at({BY_QUERY: reply(404), BY_PATH: reply(body=SUCCESS)})
    assert await provider.poll(HANDLE) == Finished(RemoteArtifact(URL))


@pytest.mark.parametrize(("first", "other"), [(404, 404), (404, 400), (400, 404), (422, 422), (404, 403), (410, 401)])
async def test_a_job_that_neither_place_knows_is_unknown_and_not_ended(
    wire: Wire, make: Make, first: int, other: int
) -> None:
    wire.answer = at({BY_QUERY: reply(first), BY_PATH: reply(other)})
    with pytest.raises(UnknownHandle):
        await make().poll(HANDLE)
    assert targets(wire) == [BY_QUERY, BY_PATH]


@pytest.mark.parametrize(("status", "error"), [(503, ProviderUnavailable), (429, RateLimited)])
async def test_trouble_at_the_other_place_is_trouble_and_no_verdict(
    wire: Wire, make: Make, status: int, error: type[BotError]
) -> None:
    wire.answer = at({BY_QUERY: reply(404), BY_PATH: reply(status)})
    with pytest.raises(error):
        await make().poll(HANDLE)


async def test_an_id_cannot_lead_to_another_address(wire: Wire, make: Make) -> None:
    wire.answer = lambda _: reply(404)
    with pytest.raises(UnknownHandle):
        await make().poll(Handle(Family.LEGACY, "a/../b?c=d&e#f%2e").write())
    quoted = "a%2F..%2Fb%3Fc%3Dd%26e%23f%252e"
    assert targets(wire) == [f"/creative-ai/result/image?request_id={quoted}", f"/creative-ai/poll-result/{quoted}"]


async def test_a_handle_of_somebody_else_is_not_asked_about(wire: Wire, make: Make) -> None:
    with pytest.raises(ProtocolError):
        await make().poll('{"family": "v9", "id": "6870"}')
    assert wire.calls == []


async def test_an_unknown_word_keeps_the_job_waiting_and_is_told_once(
    wire: Wire, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    provider = make()
    wire.answer = answering(PENDING | {"status": "warming\n\x1b[31m <b>up</b> " + "x" * 100})
    for _ in range(2):
        assert isinstance(await provider.poll(HANDLE), Pending)
    (record,) = [record for record in caplog.records if record.name.startswith("adapters.providers")]
    assert (record.levelno, record.getMessage().rpartition(": ")[2]) == (logging.WARNING, "warming31m bupb " + "x" * 16)


async def _refused_by(act: Awaitable[object]) -> BotError:
    with pytest.raises((ProviderError, UserError)) as caught:
        await act
    return caught.value


async def test_no_error_and_no_log_line_repeats_the_key_the_words_the_id_or_the_answer(
    wire: Wire, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"error": "vendor-talk", "wallet_address": "0xWALLET", "request_id": "921864", "log": KEY, "prompt": PROMPT}
    provider, errors = make(), list[BotError]()
    for status, word in ((200, "failed"), (200, "moderated"), (400, ""), (404, ""), (500, ""), (401, "")):
        wire.answer = answering(body | {"status": word}, status)
        errors.append(await _refused_by(provider.poll(HANDLE)))
        errors.append(await _refused_by(hand_over(provider, style="psycho_art")))
    told = " ".join([f"{error!r} {error} {getattr(error, 'params', '')}" for error in errors] + [caplog.text])
    assert [secret for secret in (KEY, PROMPT, "921864", "WALLET", "vendor-talk") if secret in told] == []
    assert InvalidRequest in map(type, errors)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text() | st.sampled_from(["success", "failed", URL]),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["status", "data", "result", "result_url", "result_image"]), inner)
    ),
)


@given(JSON)
def test_any_answer_to_a_look_is_a_result_no_news_or_one_of_our_errors(body: Any) -> None:
    outcomes = Outcomes(API, "EternalAI")
    try:
        result = asyncio.run(outcomes.result(read(body)))
    except (ProviderError, UserError):
        return
    assert result is None or isinstance(result, Artifact | RemoteArtifact)


API = Api("https://open.eternalai.example", title="EternalAI", headers={})
