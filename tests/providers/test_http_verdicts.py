"""What a status and the words beside it mean, and how an answer is read."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.providers._http import Phase, Reply, unreadable_is_unknown
from adapters.providers._http.verdicts import retry_after_s, verdict
from bot.errors import (
    BotError,
    ContentRefused,
    InvalidRequest,
    OutcomeUnknown,
    ProtocolError,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
    UnknownHandle,
    UserError,
)


def of(phase: Phase, status: int, body: bytes = b"", sent: bytes = b"") -> BotError | None:
    return verdict(phase, Reply(status, {}, body), title="Vendor", sent=sent)


@pytest.mark.parametrize(
    ("status", "submit", "ask"),
    [
        (301, ProviderRefused, ProtocolError),
        (302, OutcomeUnknown, ProtocolError),
        (303, OutcomeUnknown, ProtocolError),
        (308, ProviderRefused, ProtocolError),
        (400, InvalidRequest, InvalidRequest),
        (401, ProviderRefused, ProviderRefused),
        (402, ProviderRefused, ProviderRefused),
        (403, ProviderRefused, ProviderRefused),
        (404, ProviderRefused, UnknownHandle),
        (405, ProviderRefused, ProtocolError),
        (408, OutcomeUnknown, ProviderUnavailable),
        (409, OutcomeUnknown, ProviderUnavailable),
        (410, ProviderRefused, UnknownHandle),
        (413, InvalidRequest, InvalidRequest),
        (418, InvalidRequest, ProtocolError),
        (422, InvalidRequest, InvalidRequest),
        (425, RateLimited, RateLimited),
        (429, RateLimited, RateLimited),
        (499, OutcomeUnknown, ProviderUnavailable),
        (500, OutcomeUnknown, ProviderUnavailable),
        (503, OutcomeUnknown, ProviderUnavailable),
        (599, OutcomeUnknown, ProviderUnavailable),
        (999, OutcomeUnknown, ProtocolError),
    ],
)
def test_a_status_means_one_thing_in_each_phase(status: int, submit: type[BotError], ask: type[BotError]) -> None:
    assert type(of(Phase.SUBMIT, status)) is submit
    assert type(of(Phase.ASK, status)) is ask


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_an_accepted_call_is_no_error(status: int) -> None:
    assert of(Phase.SUBMIT, status, b"moderation") is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"error": "Your prompt was flagged by MODERATION"}',
        b'{"code": "content_policy_violation"}',
        b"NSFW content detected",
        b"The text is too sensitive",
        b'{"blockReason": "PROHIBITED_CONTENT"}',
    ],
)
@pytest.mark.parametrize("status", [400, 403, 422])
def test_a_refused_prompt_is_told_from_a_refused_key_and_a_bad_request(status: int, body: bytes) -> None:
    refused = of(Phase.SUBMIT, status, body)
    assert isinstance(refused, ContentRefused)
    assert (refused.key, refused.params) == ("fail.provider_refused", {"provider": "Vendor"})


@pytest.mark.parametrize("body", [b"names are case-sensitive", b"<html>Blocked for your safety</html>", b"bad size"])
def test_other_words_refuse_no_prompt(body: bytes) -> None:
    assert isinstance(of(Phase.SUBMIT, 400, body), InvalidRequest)


@pytest.mark.parametrize("phase", Phase)
def test_a_key_whose_access_is_prohibited_refuses_no_prompt(phase: Phase) -> None:
    assert isinstance(of(phase, 403, b'{"error": "access prohibited"}'), ProviderRefused)


@pytest.mark.parametrize("body", [b"Insufficient credits", b"quota exceeded", b"insufficient_funds", b"low balance"])
def test_an_empty_account_is_the_operators_matter_whatever_its_status(body: bytes) -> None:
    assert isinstance(of(Phase.SUBMIT, 400, body), ProviderRefused)


@pytest.mark.parametrize(
    "sent",
    [
        b'{"prompt": "no Credit"}',
        b'{"prompt": "no Credit", "image": "' + b"A" * 1_000_000 + b'"}',
        b'{"image": "' + b"A" * 1_000_000 + b'", "prompt": "no Credit"}',
    ],
    ids=["alone", "before a picture", "after a picture"],
)
def test_a_person_cannot_stop_a_provider_with_words_that_it_quotes(sent: bytes) -> None:
    assert isinstance(of(Phase.SUBMIT, 400, b"invalid: no credit", sent=sent), InvalidRequest)


@given(st.sampled_from(Phase), st.integers(100, 999), st.binary(max_size=200), st.text(max_size=60))
def test_every_answer_but_a_2xx_is_an_error_of_ours(phase: Phase, status: int, body: bytes, retry_after: str) -> None:
    error = verdict(phase, Reply(status, {"retry-after": retry_after}, body), title="Vendor")
    assert (error is None) == (200 <= status < 300)
    if error is not None and not isinstance(error, UserError):
        assert str(error) == f"Vendor answered {status} ({phase})"


DATE = "Sat, 21 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "30"}, "", 30.0),
        ({"retry-after": " 1.5 "}, "", 1.5),
        ({"retry-after": "1000000000"}, "", 1e9),
        ({"retry-after": "Sat, 21 Nov 2026 12:01:30 GMT", "date": DATE}, "", 90.0),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT", "date": DATE}, "", 0.0),
        ({"retry-after": "Sat, 21 Nov 2026 12:01:30 GMT"}, "", None),
        ({"retry-after": "-5"}, "", None),
        ({"retry-after": "soon"}, "", None),
        ({"retry-after": "9" * 400}, "", None),
        ({"retry-after": "soon"}, "Please try again in 30 seconds.", 30.0),
        ({}, '{"detail": "limit resets in ~30s"}', 30.0),
        ({}, "Wait for 2 minutes", 120.0),
        ({}, "try again after 1.5 h", 5400.0),
        ({}, '{"retry_after": 12.5}', 12.5),
        ({}, '{"retryAfter":7}', 7.0),
        ({}, "in 3 attempts", None),
        ({}, "in 500 ms", None),
        ({}, "slow down", None),
    ],
)
def test_the_hint_to_wait_is_read_where_it_stands(headers: dict[str, str], body: str, seconds: float | None) -> None:
    assert retry_after_s(Reply(429, headers, body.encode())) == seconds


@given(st.text(max_size=80), st.text(max_size=80), st.binary(max_size=200))
def test_no_hint_is_too_odd_to_read(retry_after: str, date: str, body: bytes) -> None:
    seconds = retry_after_s(Reply(429, {"retry-after": retry_after, "date": date}, body))
    assert seconds is None or 0 <= seconds < float("inf")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"a": NaN}',
        b'{"a": ',
        '{"a": "é"}'.encode("latin-1"),
        b"[" * 100_000,
        b"9" * 5000,
        b"[" * 2_000_000,
        b"[" + b"{}," * 1_000_000 + b"{}]",
        b"[" + b"0," * 1_000_000 + b"0]",
    ],
    ids=["empty", "html", "nan", "cut off", "latin-1", "deep", "long number", "deep and large", "objects", "numbers"],
)
async def test_what_is_no_json_is_an_answer_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        await Reply(200, {}, body).json()


async def test_json_is_read_with_and_without_a_byte_order_mark() -> None:
    assert await Reply(200, {}, '{"a": "é"}'.encode()).json() == {"a": "é"}
    assert await Reply(200, {}, '{"a": "é"}'.encode("utf-8-sig")).json() == {"a": "é"}


async def test_large_json_does_not_hold_up_the_loop() -> None:
    others_ran: list[str] = []
    asyncio.get_running_loop().call_soon(others_ran.append, "yes")
    await Reply(200, {}, b"[]").json()
    assert not others_ran
    assert await Reply(200, {}, b'"' + b"x" * 1_000_000 + b'"').json() == "x" * 1_000_000
    assert others_ran


def test_what_cannot_be_read_after_a_submit_may_be_accepted() -> None:
    with pytest.raises(OutcomeUnknown, match="no id"), unreadable_is_unknown():
        raise ProtocolError("no id")
