"""What the client of the providers sends, what it takes, and over which connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from adapters.providers._http import Api, Judge
from bot.errors import (
    BadResult,
    GenerationFailed,
    InvalidRequest,
    OutcomeUnknown,
    ProtocolError,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
)
from bot.model import Artifact, RemoteArtifact
from bot.testing.wire import Answer, Call, Drip, Hang, Raw, Wire, reply

MAX_BYTES = 1000
Vendor = tuple[Wire, Api]


@asynccontextmanager
async def vendor(host: str = "127.0.0.1", judge: Judge = lambda _phase, _reply: None) -> AsyncIterator[Vendor]:
    async with Wire() as wire:
        origin = wire.origin.replace("127.0.0.1", host)
        api = Api(origin, title="Vendor", headers={"x-api-key": "key"}, judge=judge, max_body_bytes=MAX_BYTES)
        try:
            yield wire, api
        finally:
            await api.close()


async def test_a_submit_posts_json_with_the_key() -> None:
    async with vendor() as (wire, api):
        wire.answer = lambda _: reply(201, {"id": 7})
        answer = await api.submit("/generate", json={"prompt": "a pond \N{LOTUS}"})
    (call,) = wire.calls
    assert (call.method, call.target, call.json()) == ("POST", "/generate", {"prompt": "a pond \N{LOTUS}"})
    assert (call.headers["content-type"], call.headers["x-api-key"]) == ("application/json", "key")
    assert (answer.status, await answer.json(), answer.headers["content-type"]) == (201, {"id": 7}, "application/json")


async def test_a_delete_has_the_key_and_no_body_and_a_judge_knows_it_from_a_look() -> None:
    judged: list[str] = []
    async with vendor(judge=lambda phase, _: judged.append(phase)) as (wire, api):
        wire.answer = lambda _: Raw(b"HTTP/1.1 204 No Content\r\n\r\n", keep=True)
        answer = await api.delete("/jobs/7")
    (call,) = wire.calls
    assert (call.method, call.target, call.headers["x-api-key"], call.body) == ("DELETE", "/jobs/7", "key", b"")
    assert (answer.status, answer.body, judged) == (204, b"", ["cancel"])


async def test_a_prompt_that_is_half_a_character_is_sent_nevertheless() -> None:
    async with vendor() as (wire, api):
        await api.submit("/generate", json={"prompt": "\ud83d"})
    assert wire.calls[0].json() == {"prompt": "\ud83d"}


async def test_a_large_submit_arrives_whole() -> None:
    async with vendor() as (wire, api):
        await api.submit("/edit", json={"image": "A" * 3_000_000})
    assert wire.calls[0].json() == {"image": "A" * 3_000_000}


async def test_every_submit_has_a_connection_of_its_own_so_none_meets_one_that_is_just_closing() -> None:
    async with vendor() as (wire, api):
        await api.submit("/generate", json={})
        await api.submit("/generate", json={})
    assert wire.calls[0].connection != wire.calls[1].connection


async def test_looks_share_a_connection() -> None:
    async with vendor() as (wire, api):
        await api.ask("/poll")
        await api.ask("/poll")
    assert wire.calls[0].connection == wire.calls[1].connection


async def test_a_kept_connection_that_the_provider_closed_costs_no_look() -> None:
    async with vendor() as (wire, api):
        wire.answer = lambda _: Raw(reply(body={}).data)  # says nothing of closing, and closes
        for _ in range(20):
            await api.ask("/poll")
    assert len(wire.calls) == 20


async def test_an_answer_that_nobody_asked_for_is_never_that_to_the_next_look() -> None:
    class Twice:
        async def play(self, writer: asyncio.StreamWriter) -> bool:
            for said in ("own", "stale"):
                await reply(body={"said": said}).play(writer)
                await asyncio.sleep(0.05)
            return True

    async with vendor() as (wire, api):
        wire.answer = lambda call: Twice() if call.target == "/1" else reply(body={"said": call.target})
        assert await (await api.ask("/1")).json() == {"said": "own"}
        await asyncio.sleep(0.1)
        assert [await (await api.ask(path)).json() for path in ("/2", "/3")] == [{"said": "/2"}, {"said": "/3"}]
    assert [call.connection for call in wire.calls] == [1, 2, 2]


async def test_looks_do_not_wait_for_each_other() -> None:
    class TogetherOnly:
        everybody = asyncio.Barrier(150)

        async def play(self, writer: asyncio.StreamWriter) -> bool:
            await self.everybody.wait()
            return await reply(body={}).play(writer)

    async with vendor() as (wire, api):
        together = TogetherOnly()
        wire.answer = lambda _: together
        await asyncio.gather(*(api.ask("/poll") for _ in range(150)))


@pytest.mark.parametrize("value", ["a/b", "a%2Fb", "a&b=c#d?e", "a+b c", "é\N{LOTUS}", "../x", ""])
async def test_values_arrive_as_they_are(value: str) -> None:
    async with vendor() as (wire, api):
        await api.ask(f"/poll/{quote(value, safe='')}/x", params={"id": value, "other": "1"})
    target = urlsplit(wire.calls[0].target)
    assert parse_qsl(target.query, keep_blank_values=True) == [("id", value), ("other", "1")]
    assert target.path == f"/poll/{quote(value, safe='')}/x"


async def test_a_path_cannot_go_on_with_the_name_of_the_host() -> None:
    async with vendor() as (_, api):
        with pytest.raises(ValueError, match="slash"):
            await api.ask(".example.org/")


async def test_cookies_are_not_kept() -> None:
    async with vendor(host="localhost") as (wire, api):
        wire.answer = lambda _: reply(body={}, headers={"Set-Cookie": "a=b"})
        for _ in range(2):
            await api.submit("/generate", json={})
            await api.ask("/poll")
    assert not [call for call in wire.calls if "cookie" in call.headers]


async def test_a_proxy_of_the_environment_never_sees_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with vendor() as (_, api):
        await api.ask("/poll")


async def test_a_redirect_is_not_followed() -> None:
    async with Wire() as elsewhere, vendor() as (wire, api):
        wire.answer = lambda call: reply(
            302 if "either" in call.target else 307, headers={"Location": elsewhere.origin}
        )
        with pytest.raises(ProtocolError):
            await api.ask("/poll")
        with pytest.raises(OutcomeUnknown):
            await api.submit("/either", json={})
        with pytest.raises(ProviderRefused):
            await api.submit("/moved", json={})
    assert not elsewhere.calls


UNWANTED = {
    "declared too large": Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", keep=True),  # and then nothing
    "too large": Raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001, keep=True),  # and no end
    "declared absurdly": Raw(b"HTTP/1.1 200 OK\r\nContent-Length: %b2\r\n\r\n{}" % (b"0" * 5000)),
    "compressed": reply(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("answer", UNWANTED.values(), ids=UNWANTED)
async def test_a_body_that_is_too_large_or_compressed_is_not_taken(answer: Answer) -> None:
    async with vendor() as (wire, api):
        wire.answer = lambda _: answer
        async with asyncio.timeout(5):
            with pytest.raises(OutcomeUnknown):
                await api.submit("/generate", json={})
            with pytest.raises(ProtocolError):
                await api.ask("/poll")
            with pytest.raises(BadResult):
                await api.artifact(f"{wire.origin}/1.png")
        wire.answer = lambda _: reply(body=b"x" * MAX_BYTES, headers={"Content-Encoding": ""})
        assert len((await api.ask("/poll")).body) == MAX_BYTES
    assert {call.headers["accept-encoding"] for call in wire.calls} == {"identity"}


@pytest.mark.parametrize("answer", [Hang(), Drip(reply(body=b"x" * MAX_BYTES), 0.01)], ids=["head", "body"])
async def test_a_canceled_call_is_canceled_and_leaves_no_connection(answer: Answer) -> None:
    arrived = asyncio.Event()

    def answered(_: Call) -> Answer:
        arrived.set()
        return answer

    async with vendor() as (wire, api):
        wire.answer = answered
        for call in (api.submit("/generate", json={}), api.ask("/poll")):
            task = asyncio.create_task(call)
            await arrived.wait()
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            arrived.clear()
        wire.answer = lambda _: reply(body={})
        await api.ask("/poll")
    assert [call.connection for call in wire.calls] == [1, 2, 3]


def test_a_client_that_called_nobody_closes_in_any_loop() -> None:
    api = Api("https://api.example.org", title="Vendor", headers={})
    asyncio.run(api.close())
    asyncio.run(api.close())


async def test_the_judge_of_a_provider_comes_before_the_common_rules() -> None:
    def judge(phase: str, answer: object) -> GenerationFailed | None:
        return GenerationFailed(phase)

    async with vendor(judge=judge) as (wire, api):
        with pytest.raises(GenerationFailed, match="ask"):
            await api.ask("/poll")
        wire.answer = lambda _: reply(400)
        with pytest.raises(GenerationFailed, match="submit"):
            await api.submit("/generate", json={})


async def test_a_provider_that_quotes_the_prompt_is_not_taken_for_one_without_credit() -> None:
    async with vendor() as (wire, api):
        wire.answer = lambda call: reply(400, b"cannot read: " + call.body)
        with pytest.raises(InvalidRequest):
            await api.submit("/generate", json={"prompt": "no credit"})


async def test_a_result_at_the_origin_is_fetched_with_the_key() -> None:
    async with vendor() as (wire, api):
        wire.answer = lambda _: reply(body=b"PNG", content_type="image/png; q=1")
        for url in (f"{wire.origin}/a%2Fb.png?sign=%2F%3D#top", "/a%2Fb.png?sign=%2F%3D"):
            assert await api.artifact(url) == Artifact(b"PNG", "image/png")
    assert {(call.target, call.headers["x-api-key"]) for call in wire.calls} == {("/a%2Fb.png?sign=%2F%3D", "key")}


@pytest.mark.parametrize(
    ("origin", "url"),
    [
        ("https://api.example.org", "https://cdn.example.org/1.png?sign=%2F"),
        ("https://api.example.org", "http://api.example.org/1.png"),
        ("https://api.example.org", "http://api.example.org:443/1.png"),
        ("https://api.example.org", "https://api.example.org:8443/1.png"),
        ("https://api.example.org", "https://api.example.org.evil.example/1.png"),
        ("http://127.0.0.1:1", "http://127.0.0.1:2/1.png"),
    ],
)
async def test_a_result_elsewhere_is_left_to_others_as_it_is(origin: str, url: str) -> None:
    api = Api(origin, title="Vendor", headers={})
    assert await api.artifact(url) == RemoteArtifact(url)


async def test_an_origin_may_be_written_in_many_ways() -> None:
    host = "a." * 150 + "invalid"  # longer than a name can be, so no resolver asks the network
    api = Api(f"http://{host}", title="Vendor", headers={})
    for url in (f"http://{host}:80/1.png", f"HTTP://{host.upper()}/1.png", "/1.png"):
        with pytest.raises(ProviderUnavailable):  # it was dialed
            await api.artifact(url)
    await api.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "1.png",
        "ftp://api.example.org/1.png",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "https:///1.png",
        "https://key@cdn.example.org/1.png",
        "https://@cdn.example.org/1.png",
        "https://[::1]@",
        "https://api.example.org\\@cdn.example.org/1.png",
        "https://cdn.example.org:99999/1.png",
        "https://[::1/1.png",
        "/1.png\n",
        "https://cdn.example.org/1 .png",
        "https://cdn.example.org/1.png\r\nHost: x",
        "https://cdn.example.org/" + "x" * 8192,
    ],
)
async def test_what_is_no_address_of_a_file_is_no_result(url: str) -> None:
    api = Api("https://api.example.org", title="Vendor", headers={})
    with pytest.raises(BadResult):
        await api.artifact(url)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply(403), BadResult),
        (reply(404), BadResult),
        (reply(302), BadResult),
        (reply(429), RateLimited),
        (reply(503), ProviderUnavailable),
    ],
)
async def test_a_result_that_is_gone_says_nothing_of_the_key_or_the_job(answer: Answer, error: type[Exception]) -> None:
    async with vendor() as (wire, api):
        wire.answer = lambda _: answer
        with pytest.raises(error):
            await api.artifact("/1.png")
