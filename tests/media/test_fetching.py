"""Results that lie outside: fetched as they are, checked as they come, and never waited for too long."""

from __future__ import annotations

import asyncio
import gzip
import io
import socket
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from PIL import Image
from sim.outside import Outside
from yarl import URL

from adapters.media import Fetcher
from adapters.media.fetching import MAX_REDIRECTS
from adapters.media.part import _in_thread
from bot.config import MediaSettings
from bot.errors import BadResult, ProviderError, ProviderUnavailable
from bot.model import RemoteArtifact, StoredFile
from bot.testing.wire import Answer, Call, Drip, Drop, Hang, Raw, Reset, Wire, reply

SECRET = "5f0c7d1e9a"  # the signature of an address, whose holder may have the file
LIMIT_S = 0.3


def picture() -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").save(out, "PNG")
    return out.getvalue()


PICTURE = picture()
STORED = StoredFile("A.png", "image/png", len(PICTURE))
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def where(wire: Wire) -> RemoteArtifact:
    return RemoteArtifact(f"{wire.origin}/a/result.png?signature={SECRET}")


class Endless:
    """Bytes without an end; `gone` is set once the caller has left."""

    def __init__(self, head: bytes = UNTIL_CLOSED, block: bytes = bytes(10_000)) -> None:
        self.gone = asyncio.Event()
        self._head = head
        self._block = block

    async def play(self, writer: asyncio.StreamWriter) -> bool:
        writer.write(self._head)
        try:
            while not writer.transport.is_closing():
                writer.write(self._block)
                await writer.drain()
                await asyncio.sleep(0.001)
        finally:
            self.gone.set()
        return False


async def error_of(outside: Outside, wire: Wire, **limits: float) -> ProviderError:
    """What keeping the result ends in, after checking that it leaves nothing and tells nobody the address."""
    media = outside.media(wire.origin, **limits)  # type: ignore[arg-type]  # bytes are whole
    with pytest.raises(ProviderError) as caught:
        await media.keep("A", where(wire))
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert outside.left() == []
    return caught.value


@pytest.mark.parametrize(
    "answer",
    [
        reply(body=PICTURE, content_type="image/png"),
        reply(body=PICTURE, content_type="text/html"),
        reply(body=PICTURE, headers={"Content-Encoding": "identity"}),
        Raw(UNTIL_CLOSED + PICTURE),
        Raw(b"HTTP/1.0 200 OK\r\n\r\n" + PICTURE),
        Raw(CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(PICTURE), PICTURE)),
    ],
)
async def test_a_result_is_kept_as_it_came(outside: Outside, wire: Wire, answer: Answer) -> None:
    wire.answer = lambda _: answer
    media = outside.media(wire.origin)
    assert await media.keep("A", where(wire)) == STORED
    assert media.path("A.png").read_bytes() == PICTURE
    assert outside.left() == [media.path("A.png")]


async def test_the_address_goes_out_as_it_was_given_and_nothing_else_about_us(
    outside: Outside, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    wire.answer = lambda _: reply(body=PICTURE)
    target = "/a%2Fb/./c%20d/%7e?x=%2F&y=a+b&y=c%2bd&=&z"
    await outside.media(wire.origin).keep("A", RemoteArtifact(f"{wire.origin}{target}#part"))
    (call,) = wire.calls
    assert (call.method, call.target, call.body) == ("GET", target, b"")
    assert call.headers == {
        "host": wire.origin.removeprefix("http://"),
        "accept": "*/*",
        "accept-encoding": "identity",
        "user-agent": "Limner",
    }


async def test_a_host_is_not_dialed_again_for_the_next_file(outside: Outside, wire: Wire) -> None:
    wire.answer = lambda _: reply(body=PICTURE)
    media = outside.media(wire.origin)
    await media.keep("A", where(wire))
    await media.keep("B", where(wire))
    assert [call.connection for call in wire.calls] == [1, 1]


@pytest.mark.parametrize("status", [204, 206, 300, 304, 400, 401, 403, 404, 410, 451])
async def test_what_is_gone_or_was_never_there_is_no_result(outside: Outside, wire: Wire, status: int) -> None:
    wire.answer = lambda _: reply(status, b"" if status in {204, 304} else PICTURE)
    assert isinstance(await error_of(outside, wire), BadResult)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520])
async def test_what_may_pass_is_said_to_be_passing(outside: Outside, wire: Wire, status: int) -> None:
    wire.answer = lambda _: reply(status, PICTURE)
    assert isinstance(await error_of(outside, wire), ProviderUnavailable)


@pytest.mark.parametrize("answer", [Drop(), Reset(), Raw(b"HTTP/1.1 200 OK\r\nA:")])
async def test_no_answer_at_all_is_said_to_be_passing(outside: Outside, wire: Wire, answer: Answer) -> None:
    wire.answer = lambda _: answer
    assert isinstance(await error_of(outside, wire), ProviderUnavailable)


@pytest.mark.parametrize(
    "answer",
    [
        reply(body=b""),
        reply(body=b"<!doctype html><title>Expired</title>", content_type="image/png"),
        reply(body=b'{"error": "expired"}', content_type="image/png"),
        reply(body=PICTURE[:-20]),
        reply(body=PICTURE[:-20], declared_bytes=len(PICTURE)),
        reply(body=PICTURE, declared_bytes=len(PICTURE) + 1),
        Raw(UNTIL_CLOSED),
        Raw(UNTIL_CLOSED + PICTURE[:-20]),
        Raw(CHUNKED + b"%x\r\n%b" % (len(PICTURE), PICTURE)),
        Raw(CHUNKED + b"pictures\r\n"),
        Raw(b"SSH-2.0-OpenSSH_9\r\n"),
        Raw(b"HTTP/1.1 200 OK\r\nContent-Length: %b2\r\n\r\n{}" % (b"0" * 5000)),
    ],
)
async def test_what_is_cut_off_empty_or_no_picture_is_no_result(outside: Outside, wire: Wire, answer: Answer) -> None:
    wire.answer = lambda _: answer
    assert isinstance(await error_of(outside, wire), BadResult)


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip", "x"])
async def test_an_encoded_result_is_refused_and_not_decoded(outside: Outside, wire: Wire, encoding: str) -> None:
    wire.answer = lambda _: reply(body=gzip.compress(PICTURE), headers={"Content-Encoding": encoding})
    assert isinstance(await error_of(outside, wire), BadResult)


async def test_a_result_that_says_it_is_too_large_is_not_read(outside: Outside, wire: Wire) -> None:
    wire.answer = lambda _: reply(body=PICTURE, declared_bytes=10**12)
    error = await error_of(outside, wire)
    assert isinstance(error, BadResult)
    assert "1000000000000 bytes" in str(error)


@pytest.mark.parametrize("head", [UNTIL_CLOSED, CHUNKED])
async def test_a_result_that_becomes_too_large_is_left_at_the_limit(outside: Outside, wire: Wire, head: bytes) -> None:
    block = b"2710\r\n%b\r\n" % bytes(10_000) if head is CHUNKED else bytes(10_000)
    answer = Endless(head, block)
    wire.answer = lambda _: answer
    assert isinstance(await error_of(outside, wire, max_file_bytes=600_000), BadResult)
    await asyncio.wait_for(answer.gone.wait(), 5)


async def test_a_result_may_have_as_many_bytes_as_are_allowed(outside: Outside, wire: Wire) -> None:
    wire.answer = lambda _: Raw(UNTIL_CLOSED + PICTURE)
    assert await outside.media(wire.origin, max_file_bytes=len(PICTURE)).keep("A", where(wire)) == STORED
    with pytest.raises(BadResult):
        await outside.media(wire.origin, max_file_bytes=len(PICTURE) - 1).keep("B", where(wire))


@pytest.mark.parametrize("answer", [Hang, Endless, partial(Drip, reply(body=PICTURE), 0.02)])
async def test_whatever_takes_too_long_ends_at_the_limit(
    outside: Outside, wire: Wire, answer: Callable[[], Answer]
) -> None:
    wire.answer = lambda _: answer()
    started = asyncio.get_running_loop().time()
    error = await error_of(outside, wire, limit_s=LIMIT_S, max_file_bytes=10**9)
    assert isinstance(error, ProviderUnavailable)
    assert asyncio.get_running_loop().time() - started < LIMIT_S + 1


async def test_a_canceled_fetch_leaves_nothing_and_hangs_up(outside: Outside, wire: Wire) -> None:
    answer = Endless()
    wire.answer = lambda _: answer
    media = outside.media(wire.origin, max_file_bytes=10**9)
    fetch = asyncio.create_task(media.keep("A", where(wire)))
    async with asyncio.timeout(5):
        while not outside.left():  # noqa: ASYNC110 - a folder tells nobody
            await asyncio.sleep(0.005)
        fetch.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetch
        assert outside.left() == []
        await answer.gone.wait()


async def test_a_canceled_write_is_waited_for_before_its_file_is_given_up() -> None:
    begun, written = threading.Event(), []

    def write() -> None:
        begun.set()
        time.sleep(0.05)
        written.append(True)

    writing = asyncio.create_task(_in_thread(write))
    await asyncio.to_thread(begun.wait, 5)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert written


async def test_a_host_that_takes_no_connection_is_said_to_be_passing(outside: Outside, wire: Wire) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    assert isinstance(await error_of(outside, wire), ProviderUnavailable)


class NoNames(AbstractResolver):
    """A name server that is down."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        raise OSError("no answer")

    async def close(self) -> None:
        """Nothing to close."""


async def test_a_name_that_nobody_knows_is_said_to_be_passing(outside: Outside) -> None:
    with pytest.raises(ProviderUnavailable):
        await outside.media(resolver=NoNames()).keep("A", RemoteArtifact("https://cdn.example/x.png"))


def redirects(times: int, status: int = 302) -> Callable[[Call], Answer]:
    """Redirects from /0 to /1 and so on; the picture is behind the last one."""

    def answer(call: Call) -> Answer:
        here = int(call.target.removeprefix("/").partition("?")[0])
        headers = {"Location": f"/{here + 1}?x=%2F", "Set-Cookie": "a=b; Path=/"}
        return reply(body=PICTURE) if here == times else reply(status, headers=headers)

    return answer


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_without_cookies_or_a_trace_of_where_we_came_from(
    outside: Outside, wire: Wire, status: int
) -> None:
    wire.answer = redirects(MAX_REDIRECTS, status)
    origin = wire.origin.replace("127.0.0.1", "localhost")  # a name: cookie jars pass over addresses
    await outside.media(origin).keep("A", RemoteArtifact(f"{origin}/0"))
    assert [call.target for call in wire.calls] == ["/0", *(f"/{number}?x=%2F" for number in range(1, 6))]
    assert {name for call in wire.calls for name in call.headers} == {"host", "accept", "accept-encoding", "user-agent"}


async def test_redirects_come_to_an_end(outside: Outside, wire: Wire) -> None:
    wire.answer = redirects(MAX_REDIRECTS + 1)
    with pytest.raises(BadResult):
        await outside.media(wire.origin).keep("A", RemoteArtifact(f"{wire.origin}/0"))
    assert len(wire.calls) == MAX_REDIRECTS + 1


async def test_a_redirect_to_nowhere_is_no_result(outside: Outside, wire: Wire) -> None:
    wire.answer = lambda _: reply(302, headers={"Location": "http://h:port/"})
    assert isinstance(await error_of(outside, wire), BadResult)


def test_a_redirect_does_not_lead_out_of_tls_but_to_a_host_that_is_allowed() -> None:
    fetcher, here = Fetcher(allowed=["cdn.lan"]), URL("https://cdn.example/x")
    with pytest.raises(BadResult):
        fetcher._next(here, "http://cdn.example/x")
    assert fetcher._next(here, "http://cdn.lan/x") == URL("http://cdn.lan/x")
    assert fetcher._next(URL("http://cdn.example/x"), "http://cdn.example/y") == URL("http://cdn.example/y")


async def test_only_a_host_that_is_allowed_may_lie_on_a_private_network(outside: Outside, wire: Wire) -> None:
    wire.answer = lambda _: reply(body=PICTURE)
    port = wire.origin.rpartition(":")[2]
    for name in ("127.0.0.1", f"127.0.0.1:{port}", "LocalHost"):
        await outside.media(name).keep("A", RemoteArtifact(f"http://{name.partition(':')[0]}:{port}/"))
    dialed = len(outside.dialed)
    for name in ("127.0.0.1:1", "localhost", f"localhost:{port}", "127.0.0", "0.0.1", "[::1]"):
        with pytest.raises(BadResult):
            await outside.media(name).keep("A", where(wire))
    assert len(outside.dialed) == dialed == len(wire.calls) == 3


async def test_an_allowed_host_does_not_open_the_way_to_its_neighbors(outside: Outside, wire: Wire) -> None:
    async with Wire() as neighbor:
        wire.answer = lambda _: reply(302, headers={"Location": neighbor.origin})
        assert isinstance(await error_of(outside, wire), BadResult)
        assert neighbor.calls == []
    assert outside.dialed == ["127.0.0.1"]


def test_the_setting_takes_names_as_the_addresses_write_them() -> None:
    setting = MediaSettings.model_validate({"allow_private_hosts": "cdn.lan, 10.0.0.7:9000,[::1]:80,Store_1"})
    assert setting.allow_private_hosts == ("cdn.lan", "10.0.0.7:9000", "[::1]:80", "Store_1")


@pytest.mark.parametrize("name", ["http://cdn.lan", "cdn.lan/", "cdn.lan:", "*", "10.0.0.0/8", "::1", "a b"])
def test_a_name_that_could_never_match_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="without http://"):
        MediaSettings.model_validate({"allow_private_hosts": f"cdn.lan,{name}"})


async def test_a_file_that_nobody_asked_for_is_never_taken_for_the_next_one() -> None:
    class Twice:
        async def play(self, writer: asyncio.StreamWriter) -> bool:
            for said in (b"own", b"stale"):
                await reply(body=said).play(writer)
                await asyncio.sleep(0.05)
            return True

    found: list[bytes] = []

    async def sink(data: bytes) -> None:
        found.append(data)

    async with Wire(lambda call: Twice() if call.target == "/1" else reply(body=b"next")) as wire:
        fetcher = Fetcher(allowed=[wire.origin.removeprefix("http://")])
        for path in ("/1", "/2"):
            await fetcher.fetch(f"{wire.origin}{path}", sink, max_bytes=100)
            await asyncio.sleep(0.1)
        await fetcher.close()
    assert found == [b"own", b"next"]
