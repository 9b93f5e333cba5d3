"""The page behind a password."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chat.web.scripted import Answer, House, Visitor, open_house

from adapters.chat.web.password import FREE_ATTEMPTS, Attempts, hash_password, verify
from bot.testing.clock import FakeClock

PASSWORD = "open, sesame 🗝"
HASH = hash_password(PASSWORD)


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, password_hash=HASH) as house:
        yield house


async def knock(house: House) -> Visitor:
    visitor = house.stranger()
    page = (await visitor.get("/login")).body.decode()
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found is not None
    visitor.token = found[1]
    return visitor


async def sign_in(visitor: Visitor, password: str = PASSWORD) -> Answer:
    form = {"csrf": visitor.token, "password": password}
    return await visitor.request("POST", "/login", data=form, headers={"Origin": "null"})  # as browsers do


async def test_nothing_but_the_door_answers_without_the_password(locked: House) -> None:
    visitor = await knock(locked)
    for path in ("/api/cards", "/api/me", "/api/menu", "/api/events", "/api/jobs/x", "/media/x.png", "/nowhere"):
        answer = await visitor.get(path)
        assert (answer.status, answer.json["error"]["code"]) == (401, "sign_in"), path
    for path in ("/api/messages", "/api/jobs/x/cancel"):
        answer = await visitor.post(path, data={"text": "/imagine a red fox"})
        assert (answer.status, answer.json["error"]["code"]) == (401, "sign_in"), path
    for path in ("/login", "/healthz", "/readyz", "/static/limner.css"):
        assert (await visitor.get(path)).status == 200, path
    page = await visitor.get("/")
    assert (page.status, page.headers["Location"]) == (303, "/login")


async def test_the_right_password_opens_everything(locked: House) -> None:
    visitor = await knock(locked)
    answer = await sign_in(visitor)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in answer.headers["Set-Cookie"]
    assert (await visitor.get("/")).status == 200
    assert (await visitor.say("/imagine a red fox")).status == 202
    assert (await visitor.get("/login")).status == 303


async def test_without_a_password_there_is_no_door(house: House) -> None:
    visitor = await house.visitor()
    for answer in (await visitor.get("/login"), await sign_in(visitor)):
        assert (answer.status, answer.headers["Location"]) == (303, "/")


async def test_a_wrong_password_says_so_and_opens_nothing(locked: House) -> None:
    visitor = await knock(locked)
    answer = await sign_in(visitor, "wrong")
    assert answer.status == 401
    assert "isn&#39;t the password" in answer.body.decode()
    assert "Set-Cookie" not in answer.headers
    assert (await visitor.get("/api/me")).status == 401


async def test_the_form_needs_its_token(locked: House) -> None:
    visitor = await knock(locked)
    visitor.token = "0" * 64
    assert (await sign_in(visitor)).status == 403
    assert (await visitor.request("POST", "/login", data={"password": PASSWORD})).status == 403


async def test_the_form_of_another_site_is_refused(locked: House) -> None:
    visitor = await knock(locked)
    form = {"csrf": visitor.token, "password": PASSWORD}
    answer = await visitor.request("POST", "/login", data=form, headers={"Origin": "http://evil.example"})
    assert (answer.status, answer.json["error"]["code"]) == (403, "origin")


async def test_a_changed_password_signs_everybody_out(locked: House, tmp_path: Path) -> None:
    visitor = await knock(locked)
    await sign_in(visitor)
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in visitor.http.cookie_jar)
    async with (
        open_house(tmp_path, password_hash=HASH) as same,
        open_house(tmp_path, password_hash=hash_password(PASSWORD)) as changed,
    ):
        assert (await same.stranger().get("/api/me", Cookie=cookies)).status == 200
        assert (await changed.stranger().get("/api/me", Cookie=cookies)).status == 401


async def test_another_browser_cannot_use_the_proof_of_one(locked: House) -> None:
    visitor, other = await knock(locked), await knock(locked)
    await sign_in(visitor)
    proof = next(cookie.value for cookie in visitor.http.cookie_jar if cookie.key == "signed_in")
    answer = await other.get("/api/me", Cookie=f"session={other.session}; signed_in={proof}")
    assert answer.status == 401


async def test_guessing_gets_slower_and_time_heals_it(locked: House) -> None:
    visitor = await knock(locked)
    for _ in range(FREE_ATTEMPTS):
        assert (await sign_in(visitor, "wrong")).status == 401
    refused = await sign_in(visitor)
    assert refused.status == 429
    assert "Wait 1 second." in refused.body.decode()
    await locked.clock.advance(1)
    assert (await sign_in(visitor)).status == 303


async def test_guesses_that_are_sent_at_once_all_count(locked: House) -> None:
    visitor = await knock(locked)
    answers = await asyncio.gather(*(sign_in(visitor, f"guess {n}") for n in range(FREE_ATTEMPTS + 3)))
    assert sorted(answer.status for answer in answers) == [401] * FREE_ATTEMPTS + [429] * 3


async def test_waits_double_up_to_five_minutes_and_other_addresses_are_free() -> None:
    clock = FakeClock()
    attempts = Attempts(clock)
    waits = []
    for _ in range(FREE_ATTEMPTS + 12):
        attempts.count("10.0.0.1")
        waits.append(attempts.wait_s("10.0.0.1"))
        await clock.advance(waits[-1])
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    assert attempts.wait_s("10.0.0.2") == 0
    attempts.forgive("10.0.0.1")
    attempts.count("10.0.0.1")
    assert attempts.wait_s("10.0.0.1") == 0


def test_only_so_many_addresses_are_remembered() -> None:
    attempts = Attempts(FakeClock())
    for number in range(3000):
        attempts.count(str(number))
    assert len(attempts._failed) == 1000


def test_a_hash_fits_one_setting_and_tells_nothing() -> None:
    assert re.fullmatch(r"scrypt:15:8:[\w-]{22}:[\w-]{43}", HASH)
    assert hash_password(PASSWORD) != HASH
    assert verify(PASSWORD, HASH)
    assert not verify(PASSWORD + " ", HASH)


@pytest.mark.parametrize(
    "line", ["", "hunter2", "scrypt:15:8:a", "bcrypt:15:8:AAAA:AAAA", "scrypt:99:8:AAAA:AAAA", "scrypt:15:8:!:!"]
)
def test_a_line_that_was_not_made_here_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        verify(PASSWORD, line)
