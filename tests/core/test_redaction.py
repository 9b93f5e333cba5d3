"""No secret comes through, however it is written, and what is no secret stays as it is."""

from __future__ import annotations

import base64
import json
import time
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import Settings
from bot.logs.redaction import HIDDEN, Redactor

CANARY = "cAnArY+7/Z\\=9'\"x"
PLAIN = "c4n4ryc4n4ryc4n4ry"
UNKNOWN = Redactor()


@pytest.mark.parametrize(
    "text",
    [
        CANARY,
        f"<{CANARY}>",
        f"{CANARY}{CANARY}",
        quote(CANARY, safe=""),
        repr({"a": [CANARY]}),
        repr(CANARY.encode()),
        json.dumps(CANARY),
        base64.b64encode(CANARY.encode()).decode(),
    ],
)
def test_a_known_secret_is_hidden_however_it_is_written(text: str) -> None:
    hidden = Redactor([CANARY])(text)
    assert HIDDEN in hidden
    assert "cAnArY" not in hidden
    assert base64.b64encode(CANARY.encode()).decode().rstrip("=") not in hidden


def test_the_longest_secret_is_hidden_first() -> None:
    assert Redactor(["canary", "canary-and-more"])("canary-and-more canary") == f"{HIDDEN} {HIDDEN}"


def test_what_is_too_short_for_a_secret_is_not_looked_for() -> None:
    assert Redactor(["", "demo", "12345"])("demo 12345") == "demo 12345"


def test_every_secret_of_the_settings_is_known_and_nothing_else_of_them() -> None:
    password_hash = f"scrypt:1:1:{PLAIN}:aaaa"
    known = Redactor.of(
        Settings.model_validate(
            {
                "providers": {
                    "eternalai": {"key": "canary-one"},
                    "plugged": {"key": "canary-two", "origin": "canary-3"},
                },
                "web": {"password_hash": password_hash, "public_url": "https://draw.example"},
            }
        )
    )
    text = f"canary-one canary-two canary-3 {password_hash} https://draw.example data"
    assert known(text) == f"{HIDDEN} {HIDDEN} {HIDDEN} {HIDDEN} https://draw.example data"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {PLAIN}",
        f"authorization: {PLAIN}",
        f"Proxy-Authorization: Basic {PLAIN}==",
        f"Authorization: Key {PLAIN}",
        f"{{'Authorization': 'Bearer {PLAIN}'}}",
        f"[(b'Host', b'h'), (b'Authorization', b'Bearer {PLAIN}')]",
        f"Headers([('x-api-key', '{PLAIN}'), ('accept', '*/*')])",
        f"Headers({{'x-api-key': '{PLAIN}'}})",
        f"<CIMultiDict('X-API-Key': '{PLAIN}', 'Accept': '*/*')>",
        f"X-Api-Key: {PLAIN}",
        f"api-key: {PLAIN}",
        f"apikey: {PLAIN}",
        f"x-key:{PLAIN}",
        f"x-goog-api-key: {PLAIN}",
        f"Set-Cookie: {PLAIN}; Path=/",
        f'{{"apiKey": "{PLAIN}"}}',
        f'{{"access_token":"{PLAIN}"}}',
        json.dumps(json.dumps({"api_key": PLAIN, "a": 1})),
        f"Provider(api_key='{PLAIN}', name='x')",
        f"Provider(key=None, api_key={PLAIN})",
        f"BOT_PROVIDERS__SOMEBODY__KEY={PLAIN}",
        f"BOT_DISCORD__TOKEN={PLAIN}",
        f"{{'password': '{PLAIN} with blanks'}}",
        f"token={PLAIN}",
        f"('token', '{PLAIN}')",
        f"GET /v1/result?id=7&key={PLAIN} HTTP/1.1",
        f"/v1/result?signature={PLAIN}&id=7",
        f"X-Amz-Signature={PLAIN}",
        f"bearer {PLAIN}",
        f"used sk_{PLAIN} today",
        f"sk-proj-{PLAIN}",
        f"123456789:AA{PLAIN}-{PLAIN}_",
        f"/bot123456789:AA{PLAIN}-{PLAIN}_/getMe",
        f"bot123456789%3AAA{PLAIN}{PLAIN}",
        f"eyJhbGciOiJIUzI1NiJ9.{PLAIN}.{PLAIN}",
        f"MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.{PLAIN}{PLAIN}",
        f"/api/webhooks/123456789012345678/{PLAIN}{PLAIN}",
        f"/interactions/123456789012345678/{PLAIN}{PLAIN}/callback",
        f"GET /o/01J9ZQ8F6V3M5T7W2X4Y6ZK7F3.png.{PLAIN}{PLAIN} failed",
        f"[Original](<https://draw.example/o/01J9ZQ8F6V3M5T7W2X4Y6ZK7F3.png.{PLAIN}{PLAIN}>)",
        f'{{"content": "https:\\/\\/draw.example\\/o\\/01J9ZQ8F6V3M5T7W2X4Y6ZK7F3.png.{PLAIN}{PLAIN}"}}',
        f"https://h.example/p?X={PLAIN}",
        f"https://h.example/p#t={PLAIN}",
        f"https://h.example?{PLAIN}",
        f"https://somebody:{PLAIN}@h.example/p",
        f"https://{PLAIN}@h.example/p",
        f"redis://:p@{PLAIN}@h.example/0",
        f"wss://h.example/?a=1&b={PLAIN}",
        f"URL('https://h.example/p?a=1&b={PLAIN}')",
        rf"{{\"url\": \"https:\/\/h.example\/p?a=1\u0026b={PLAIN}\"}}",
        f"<ClientResponse(https://h.example/p?a={PLAIN}) [403 Forbidden]>",
    ],
)
def test_an_unknown_secret_is_hidden_by_how_it_looks_or_what_it_is_called(text: str) -> None:
    hidden = UNKNOWN(text)
    assert PLAIN not in hidden
    assert UNKNOWN(hidden) == hidden


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"GET https://h.example/p?sig={PLAIN} failed", "GET https://h.example/p?… failed"),
        (f"at https://me:{PLAIN}@h.example:8443/p#x.", "at https://…@h.example:8443/p#…"),
        (f"{{'x-api-key': '{PLAIN}', 'accept': 'a'}}", f"{{'x-api-key': '{HIDDEN}', 'accept': 'a'}}"),
        (f"Authorization: Bearer {PLAIN}, Accept: a", f"Authorization: {HIDDEN}, Accept: a"),
        (f"Authorization: Bearer {HIDDEN}", f"Authorization: Bearer {HIDDEN}"),
        (f"/bot123456789:{PLAIN}{PLAIN}/getMe", f"/bot{HIDDEN}/getMe"),
        (f"/interactions/123456789/{PLAIN}{PLAIN}/callback", f"/interactions/123456789/{HIDDEN}/callback"),
        (f'{{"url": "https://h.example/p?x=1", "token": "{PLAIN}"}}',
         f'{{"url": "https://h.example/p?…", "token": "{HIDDEN}"}}'),
    ],
)  # fmt: skip
def test_what_stands_around_a_secret_stays(text: str, left: str) -> None:
    assert UNKNOWN(text) == left


ORDINARY = [
    "job ended job=01K5MBZ2G0AAAAAAAAAAAAAAAA state=succeeded provider=eternalai took_s=12.5",
    "The key of the service is missing; put it into .env",
    "Failure(key='fail.provider_busy', params={'provider': 'EternalAI'})",
    "submit(request, model='flux', key='01K5MBZ2G0AAAAAAAAAAAAAAAA')",
    "idempotency_key=01K5MBZ2G0AAAAAAAAAAAAAAAA cache_key=abcdefgh monkey=bananas keyboard: interrupted",
    "BOT_PROVIDERS__ETERNALAI__KEY is not a setting; did you mean BOT_WEB__PORT?",
    "BOT_WEB__PASSWORD_HASH is not what `python -m bot password` printed.",
    "max_tokens=1024, tokenizer=something, unexpected token: identifier, authors=everybody, api_key=None",
    "{'token': None, 'password': '', 'design': 'a long one'}",
    "the signature of submit() takes a secret, a token and a password",
    "the bearer of this message; bearer tokens are refused",
    "https://cdn.example.org:8443/a/b/result.png was not there, nor http://[::1]:8080/.",
    "12:30:45 1763737465:123 12345678:short task_identifier risk-averse-people sk-learn",
    "/opt/limner/bot/jobs/runner.py:102 bot.jobs.runner adapters.providers.eternalai.provider",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    'File "/app/bot/cli.py", line 88, in _serve\n    token = self.next_token(stream)\n',
    "What? Yes! a://",
    "",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert Redactor([CANARY, PLAIN])(text) == text


PIECES = st.sampled_from(
    ["token", "key", "api_key", "Authorization", "Bearer ", "sk_", "eyJ", ".", "=", ":", ": ", "://", "?", "&", "#",
     "@", "'", '"', "\\", ",", " ", "b'", "[hidden]", "hidden", "…", "bot", "123456789", "/webhooks/", "/", "\n",
     "x" * 30]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_what_was_redacted_stays_as_it_is(text: str) -> None:
    redact = Redactor([PLAIN, "hidden", "x" * 30])
    once = redact(text)
    assert redact(once) == once


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_a_known_secret_is_hidden_whatever_stands_around_it(before: str, behind: str) -> None:
    assert CANARY not in Redactor([CANARY])(before + CANARY + behind)


@pytest.mark.parametrize(
    "piece",
    ["a ", "1", "'", "\\", "\\'", "://", "://a@", "://a?", "@", "?", "token=", "token='", "api_key", "api-key: ",
     "api_key='aaaaaa", "bearer ", "bearer bearer", "sk_", "-sk_a", "eyJ", "eyJaaaaaaaaaa.", "-eyJ", "123456:",
     "bot123456:", "M.", "M" * 25 + ".", "/webhooks/", "/webhooks/123456/", ":", ":/", ":\\/\\/", "password='\\\""],
)  # fmt: skip
def test_no_line_takes_long(piece: str) -> None:
    assert seconds(piece * (100_000 // len(piece))) < 2


def test_a_line_of_a_megabyte_does_not_either() -> None:
    assert seconds("https://h.example/?a=b&token='c' " * 30_000) < 5


def seconds(line: str) -> float:
    started = time.perf_counter()
    Redactor([PLAIN, CANARY])(line)
    return time.perf_counter() - started


def test_values_are_redacted_inside_and_as_a_whole_where_their_name_says_so() -> None:
    redact = Redactor([PLAIN])
    found = redact.tree(
        {
            "headers": {"X-Api-Key": "short", "accept": ("*/*", PLAIN), PLAIN: 1},
            "error": ValueError("https://h.example/?x=1"),
            "raw": PLAIN.encode(),
            "token": 7,
            "key": "01K",
            "figures": [1, 1.5, True, None],
            "not_json": float("inf"),
        }
    )
    assert found == {
        "headers": {"X-Api-Key": HIDDEN, "accept": ["*/*", HIDDEN], HIDDEN: 1},
        "error": "https://h.example/?…",
        "raw": f"b'{HIDDEN}'",
        "token": HIDDEN,
        "key": "01K",
        "figures": [1, 1.5, True, None],
        "not_json": "inf",
    }
