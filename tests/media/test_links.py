"""Pictures that people only point at: fetched as a stranger would, and never explained."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sim.outside import Outside

from bot.errors import InvalidRequest
from bot.media import MAX_UPLOAD_BYTES
from bot.model import RemoteArtifact
from bot.testing.wire import Answer, Drop, Hang, Raw, Wire, reply


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 40, 90)).save(out, "PNG")
    return out.getvalue()


async def refusal(outside: Outside, url: str, *, allowed: str = "", links: str = "") -> InvalidRequest:
    """What taking it ends in, after checking that nothing is left and nobody is told the address."""
    with pytest.raises(InvalidRequest) as refused:
        await outside.media(allowed, links=[links], limit_s=0.3).take("A", RemoteArtifact(url))
    assert outside.left() == []
    assert url not in f"{refused.value.key} {refused.value.params} {refused.value.__cause__}"
    return refused.value


async def test_a_picture_at_a_link_is_taken_like_any_other(outside: Outside, wire: Wire) -> None:
    wire.answer = lambda _: reply(body=picture(), content_type="text/plain")
    media = outside.media(links=[wire.origin])
    file = await media.take("A", RemoteArtifact(f"{wire.origin}/fox.svg?a=b%2Fc"))
    with Image.open(media.path(file.name)) as image:
        assert (file.name, image.size) == ("A.jpg", (60, 40))
    assert [call.target for call in wire.calls] == ["/fox.svg?a=b%2Fc"]


@pytest.mark.parametrize(
    "answer",
    [reply(404), reply(500), reply(429), Drop(), Hang(), Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")],
    ids=["gone", "broken", "busy", "hung up", "silent", "cut off"],
)
async def test_whatever_goes_wrong_at_a_link_is_one_sentence(outside: Outside, wire: Wire, answer: Answer) -> None:
    wire.answer = lambda _: answer
    refused = await refusal(outside, f"{wire.origin}/fox.png", links=wire.origin)
    assert (refused.key, refused.params) == ("err.link", {})


async def test_a_page_at_a_link_is_no_picture(outside: Outside, wire: Wire) -> None:
    wire.answer = lambda _: reply(body=b"<!doctype html>")
    assert (await refusal(outside, f"{wire.origin}/", links=wire.origin)).key == "err.not_picture"


@pytest.mark.parametrize("length", [f"Content-Length: {MAX_UPLOAD_BYTES + 1}\r\n", ""], ids=["told", "not told"])
async def test_a_large_file_at_a_link_is_refused_with_the_figure(outside: Outside, wire: Wire, length: str) -> None:
    wire.answer = lambda _: Raw(f"HTTP/1.1 200 OK\r\n{length}\r\n".encode() + bytes(MAX_UPLOAD_BYTES + 1))
    refused = await refusal(outside, wire.origin, links=wire.origin)
    assert (refused.key, refused.params) == ("err.picture_large", {"mb": 20})


async def test_a_host_that_results_may_lie_at_is_private_to_people(outside: Outside, wire: Wire) -> None:
    assert (await refusal(outside, f"{wire.origin}/fox.png", allowed=wire.origin)).key == "err.link"
    assert (wire.calls, outside.dialed) == ([], [])


@pytest.mark.parametrize(
    "there", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/", "http://[::1]/", "file:///etc/passwd"]
)
async def test_a_link_leads_to_no_private_address(outside: Outside, wire: Wire, there: str) -> None:
    wire.answer = lambda _: reply(302, headers={"Location": there})
    assert (await refusal(outside, there)).key == "err.link"
    assert outside.dialed == []
    assert (await refusal(outside, f"{wire.origin}/fox.png", links=wire.origin)).key == "err.link"
    assert outside.dialed == ["127.0.0.1"]  # the one that redirects


@pytest.mark.parametrize(
    "there", ["https://[::1]@", "http://[::1]@/", "http://[", "http://a:99999", "//", "\u202ehttp://a"]
)
async def test_what_is_no_address_is_no_link_and_none_to_go_on_to(outside: Outside, wire: Wire, there: str) -> None:
    assert (await refusal(outside, there)).key == "err.link"
    wire.answer = lambda _: Raw(f"HTTP/1.1 302 Found\r\nLocation: {there}\r\n\r\n".encode())
    assert (await refusal(outside, wire.origin, links=wire.origin)).key == "err.link"
