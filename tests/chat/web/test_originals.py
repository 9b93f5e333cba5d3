"""Links to originals: they need no session, and tell nothing to whoever has none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chat.web.scripted import House, open_house

from adapters.chat.web.files import TYPES
from adapters.chat.web.password import hash_password
from adapters.media.kinds import KINDS
from bot.originals import Originals

FILE = "01J9ZQ8F6V3M5T7W2X4Y6ZK7F3.png"
PUBLIC = "https://draw.example.org"
ORIGINALS = Originals(PUBLIC, bytes(32))
PATH = ORIGINALS.link_to(FILE).removeprefix(PUBLIC)


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password("secret")


@pytest.fixture
async def house(tmp_path: Path, password_hash: str) -> AsyncIterator[House]:
    """A page that asks for a password, and one stored picture."""
    async with open_house(tmp_path, originals=ORIGINALS, public_url=PUBLIC, password_hash=password_hash) as opened:
        opened.shelf.add(FILE)
        yield opened


@pytest.mark.parametrize("host", ["draw.example.org", "127.0.0.1"])
async def test_a_stranger_with_the_link_gets_the_picture_as_it_is(house: House, host: str) -> None:
    answer = await house.stranger().get(PATH, Host=host)
    assert answer.status == 200
    assert answer.body == house.shelf.path(FILE).read_bytes()
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == 'inline; filename="limner-K7F3.png"'


async def test_it_is_kept_nowhere_found_nowhere_and_starts_no_session(house: House) -> None:
    headers = (await house.stranger().get(PATH)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in headers


async def test_head_tells_the_same_without_the_picture(house: House) -> None:
    stranger = house.stranger()
    got, head = await stranger.get(PATH), await stranger.request("HEAD", PATH)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.body))
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert (await stranger.request("HEAD", f"{PATH}x")).status == 404


async def test_the_link_lets_in_nowhere_else(house: House) -> None:
    stranger = house.stranger()
    await stranger.get(PATH)
    for path in ("/api/cards", f"/media/{FILE}", "/o", "/o/../api/cards", "/o/%2e%2e/api/cards"):
        assert (await stranger.get(path)).status == 401, path
    for path in ("/o/", f"{PATH}/", f"{PATH}/../../api/cards"):
        assert (await stranger.get(path)).status in {401, 404}, path


async def test_under_a_name_that_is_not_ours_there_is_nothing(house: House) -> None:
    assert (await house.stranger().get(PATH, Host="evil.example")).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_can_be_done_but_look(house: House, method: str) -> None:
    assert (await house.stranger().request(method, PATH)).status in {403, 405}
    assert house.shelf.path(FILE).exists()


async def test_what_is_forged_tidied_or_was_never_there_is_answered_alike(house: House) -> None:
    stranger, shelf = house.stranger(), house.shelf
    shelf.add("01J9ZQ8F6V3M5T7W2X4Y6ZK7F4.png")
    seal = PATH.rpartition(".")[2]
    paths = [
        ORIGINALS.link_to("01J9ZQ8F6V3M5T7W2X4Y6ZNEVR.png").removeprefix(PUBLIC),
        Originals(PUBLIC, b"another").link_to(FILE).removeprefix(PUBLIC),
        f"/o/01J9ZQ8F6V3M5T7W2X4Y6ZK7F4.png.{seal}",
        f"/o/{FILE}",
        f"/o/{FILE}.",
        "/o/%00",
        "/o/%ff%fe.%f0",
        "/o/..%2F..%2Fetc%2Fpasswd",
        f"/o/{'A' * 4000}",
    ]
    answers = [await stranger.get(path) for path in paths]
    shelf.path(FILE).unlink()
    answers.append(await stranger.get(PATH))
    assert {answer.status for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1
    assert len({tuple(sorted(name for name in answer.headers if name != "Date")) for answer in answers}) == 1


async def test_without_a_public_address_there_are_no_such_pages(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        house.shelf.add(FILE)
        assert (await house.stranger().get(PATH)).status == 404


def test_everything_that_is_stored_is_served_as_what_it_is() -> None:
    assert {f".{kind.extension}": kind.media_type for kind in KINDS} == TYPES
