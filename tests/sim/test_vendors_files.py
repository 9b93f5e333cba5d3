"""Each fate of a file does what its line in the table says."""

from __future__ import annotations

import gzip
import io

import pytest
from PIL import Image
from sim.vendors import pictures
from sim.vendors.customer import Likeness, Scene, is_like
from sim.vendors.fates import BY_NAME, FATES, Where
from sim.vendors.wire import Conduct

PICTURE = pictures.draw("a fox", "", 921865)
FILE: dict[str, Likeness] = {
    "file-404": (404, Conduct.ANSWER, None),
    "file-429": (429, Conduct.ANSWER, None),
    "file-503": (503, Conduct.ANSWER, None),
    "file-moved": (302, Conduct.ANSWER, b""),
    "file-html": (200, Conduct.ANSWER, b"<html>"),
    "file-empty": (200, Conduct.ANSWER, b""),
    "file-half": (200, Conduct.ANSWER, PICTURE[: len(PICTURE) // 2]),
    "file-cut": (200, Conduct.CUT, PICTURE),
    "file-endless": (200, Conduct.ENDLESS, PICTURE),
    "file-bomb": (200, Conduct.ANSWER, None),
    "file-drip": (200, Conduct.DRIP, PICTURE),
    "file-hang": (200, Conduct.HANG, None),
    "file-drop": (200, Conduct.DROP, None),
    "file-reset": (200, Conduct.RESET, None),
}


@pytest.mark.parametrize("name", FILE)
async def test_a_file_goes_wrong_once(name: str) -> None:
    scene = Scene(BY_NAME[name].marks[-1])
    address = await scene.address()
    first, second = scene.customer.fetch(address), scene.customer.fetch(address)
    assert is_like(first, FILE[name])
    assert first != second
    assert (second.status, second.conduct, second.body) == (200, Conduct.ANSWER, PICTURE)


async def test_a_file_that_moved_lies_where_it_says() -> None:
    scene = Scene("[file-moved] [signed]")
    there = scene.customer.fetch(await scene.address()).headers["Location"]
    assert there.startswith("/moved/")
    assert scene.customer.fetch(scene.vendor.files + there).body == PICTURE


@pytest.mark.parametrize("host", ["127.0.0.1:1", "169.254.169.254"])
async def test_a_file_can_move_to_any_host(host: str) -> None:
    scene = Scene(f"[file-moved-to={host}]")
    address = await scene.address()
    replies = [scene.customer.fetch(address) for _ in range(3)]
    assert [(reply.status, reply.headers["Location"]) for reply in replies] == [(302, f"http://{host}/")] * 3


async def test_a_file_lies_about_what_itis_like() -> None:
    scene = Scene("[file-html] [file-jpeg]")
    address = await scene.address()
    page, jpeg = scene.customer.fetch(address), scene.customer.fetch(address)
    assert (page.headers["Content-Type"], page.body[:6]) == ("image/png", b"<html>")
    assert (jpeg.headers["Content-Type"], Image.open(io.BytesIO(jpeg.body)).format) == ("image/png", "JPEG")
    typed = Scene("[file-type]")
    reply = typed.customer.fetch(await typed.address())
    assert (reply.headers["Content-Type"], reply.body) == ("text/plain", PICTURE)


async def test_a_bomb_is_much_when_it_is_unpacked() -> None:
    scene = Scene("[file-bomb]")
    bomb = scene.customer.fetch(await scene.address())
    assert bomb.headers["Content-Encoding"] == "gzip"
    assert len(bomb.body) < 2_000_000
    with gzip.open(io.BytesIO(bomb.body)) as packed:
        size_bytes = sum(len(part) for part in iter(lambda: packed.read(1_000_000), b""))
    assert size_bytes == 300_000_000


async def test_a_file_lies_on_the_other_host_unless_it_is_here() -> None:
    for marks, host in (("", "https://cdn.eternalai.test"), ("[file-here]", "https://open.eternalai.test")):
        scene = Scene(marks)
        address = await scene.address()
        assert address.startswith(f"{host}/feed/")
        assert scene.customer.fetch(address).body == PICTURE
        other = {scene.vendor.origin: scene.vendor.files, scene.vendor.files: scene.vendor.origin}[host]
        assert scene.customer.fetch(address.replace(host, other)).status == 404
        assert scene.vendor.violations == []


async def test_a_signed_query_must_arrive_as_given() -> None:
    scene = Scene("[signed]")
    address = await scene.address()
    assert "%2F" in address
    assert scene.customer.fetch(address).status == 200
    assert scene.customer.fetch(address.replace("%2F", "/")).status == 403
    assert scene.customer.fetch(address.partition("?")[0]).status == 403


async def test_an_address_expires_and_another_poll_gives_a_fresh_one() -> None:
    scene = Scene("[file-expires=5]")
    address = await scene.address()
    await scene.clock.advance(4)
    assert scene.customer.fetch(address).status == 200
    await scene.clock.advance(1)
    assert scene.customer.fetch(address).status == 403
    assert scene.customer.fetch(scene.poll().json()["result_url"]).status == 200


async def test_a_file_is_gone_for_every_address() -> None:
    scene = Scene("[file-gone=25]")
    address = await scene.address()  # 20 s after the end
    assert scene.customer.fetch(address).status == 200
    await scene.clock.advance(5)
    assert [scene.customer.fetch(url).status for url in (address, scene.poll().json()["result_url"])] == [410, 410]


def test_every_fate_of_a_file_has_its_test() -> None:
    assert {fate.name for fate in FATES if fate.where is Where.FILE} == FILE.keys() | {
        "file-here", "signed", "file-expires", "file-gone", "file-moved-to", "file-jpeg", "file-type"
    }  # fmt: skip
