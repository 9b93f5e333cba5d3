"""The doors of the simulated vendor: sockets on loopback, an httpx transport on any clock, and the command."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
import pytest
from sim.process import TESTS, free_port
from sim.vendors import guide, pictures
from sim.vendors.customer import order
from sim.vendors.eternalai import EternalAI
from sim.vendors.fates import FATES, Where
from sim.vendors.plan import Plan
from sim.vendors.server import Server
from sim.vendors.transport import SimTransport
from sim.vendors.vendor import Vendor
from yarl import URL

from bot.clock import SystemClock
from bot.testing.clock import FakeClock, settle

KEY = {"x-api-key": "simulated"}
SUBMIT, RESULT = "/creative-ai/image", "/creative-ai/result/image"
PICTURE = pictures.draw("a fox", "", 921865)
SPOILT = {
    "[submit-drop]": httpx.RemoteProtocolError,
    "[submit-reset]": httpx.ReadError,
    "[submit-hang]": httpx.ReadTimeout,
    "[submit-cut]": httpx.RemoteProtocolError,
}


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    vendor = EternalAI(SystemClock())
    vendor.weather.duration_s = (0, 0)
    async with Server(vendor) as server:
        yield server
        assert vendor.violations == []


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
        yield http


async def submit(http: httpx.AsyncClient, vendor: Vendor[Any], prompt: str) -> Any:
    answer = await http.post(vendor.origin + SUBMIT, json=order(prompt), headers=KEY)
    return answer.raise_for_status().json()["request_id"]


async def address(http: httpx.AsyncClient, vendor: Vendor[Any], prompt: str) -> str:
    """Where the picture of this prompt lies, once it is drawn."""
    params = {"request_id": await submit(http, vendor, prompt)}
    body = (await http.get(vendor.origin + RESULT, params=params)).json()
    assert body["status"] == "success"
    return str(body["result_url"])


async def test_a_job_goes_from_its_submit_to_its_file(server: Server, http: httpx.AsyncClient) -> None:
    url = await address(http, server.vendor, "a fox")
    assert url.startswith(server.vendor.files)
    assert (await http.get(url)).content == PICTURE


@pytest.mark.parametrize("typed", SPOILT)
async def test_a_connection_fails_as_the_mark_says(server: Server, http: httpx.AsyncClient, typed: str) -> None:
    if "hang" in typed:
        http.timeout = httpx.Timeout(0.3)
    with pytest.raises(SPOILT[typed]):
        await submit(http, server.vendor, f"a fox {typed}")
    assert server.vendor.count().charges == 1


async def test_a_slow_answer_takes_its_time(server: Server, http: httpx.AsyncClient) -> None:
    began = time.monotonic()
    await submit(http, server.vendor, "a fox [submit-slow=0.2]")
    assert time.monotonic() - began >= 0.2


async def test_an_answer_that_drips_and_one_without_end_come_in_pieces(server: Server, http: httpx.AsyncClient) -> None:
    url = await address(http, server.vendor, "a fox [file-drip] [file-endless]")
    async with http.stream("GET", url) as drip:
        assert drip.headers["Content-Length"] == str(len(PICTURE))
        assert await anext(drip.aiter_raw()) == PICTURE[:1]
    size_bytes = 0
    async with http.stream("GET", url) as flood:
        assert "Content-Length" not in flood.headers
        async for part in flood.aiter_raw():
            size_bytes += len(part)
            if size_bytes > 5_000_000:
                break


async def test_a_bomb_arrives_packed(server: Server) -> None:
    async with aiohttp.ClientSession(auto_decompress=False) as session, httpx.AsyncClient() as http:
        url = await address(http, server.vendor, "a fox [file-bomb]")
        async with session.get(url) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert len(await answer.read()) < 2_000_000


async def test_a_query_is_seen_as_it_was_sent(server: Server, http: httpx.AsyncClient) -> None:
    url = await address(http, server.vendor, "a fox [signed]")
    async with aiohttp.ClientSession() as session:
        async with session.get(URL(url, encoded=True)) as as_given:
            assert await as_given.read() == PICTURE
        async with session.get(url) as rewritten:  # what this client does to %2F
            assert rewritten.status == 403


async def test_a_redirect_leads_to_the_file(server: Server, http: httpx.AsyncClient) -> None:
    url = await address(http, server.vendor, "a fox [file-moved]")
    moved = await http.get(url, follow_redirects=True)
    assert ([answer.status_code for answer in moved.history], moved.content) == ([302], PICTURE)


async def test_a_vendor_that_is_down_refuses_connections_new_and_old(server: Server, http: httpx.AsyncClient) -> None:
    switches = server.vendor.files + "/_sim/weather"
    url = await address(http, server.vendor, "a fox")
    assert (await http.post(switches, json={"down": True})).json()["down"] is True
    with pytest.raises(httpx.TransportError):  # over the connection that was kept
        await submit(http, server.vendor, "a fox")
    with pytest.raises(httpx.ConnectError):
        await submit(http, server.vendor, "a fox")
    assert (await http.get(url)).content == PICTURE  # which lies elsewhere
    await http.post(switches, json={"down": False})
    assert await submit(http, server.vendor, "a fox") == "921866"


async def test_switches_and_counts_can_be_had_over_http(server: Server, http: httpx.AsyncClient) -> None:
    sim = server.vendor.files + "/_sim"
    assert (await http.post(f"{sim}/limit", json={"seconds": 9, "retry_after": "soon"})).status_code == 200
    answer = await http.post(server.vendor.origin + SUBMIT, json=order("a fox"), headers=KEY)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "soon")
    await http.post(f"{sim}/limit", json={"seconds": 0})
    await http.post(f"{sim}/weather", json={"concurrency": 1, "latency_s": [0, 0.01]})
    await submit(http, server.vendor, "a fox")
    state = (await http.get(f"{sim}/state")).json()
    assert (state["total"]["submissions"], state["total"]["charges"]) == (2, 1)
    assert (state["weather"]["concurrency"], state["weather"]["latency_s"]) == (1, [0.0, 0.01])


@pytest.mark.parametrize(
    ("path", "body"),
    [("weather", {"rain": 1}), ("weather", []), ("weather", {"concurrency": 0}), ("limit", {}), ("limit", "soon")],
)
async def test_switches_that_are_none_are_refused(
    server: Server, http: httpx.AsyncClient, path: str, body: Any
) -> None:
    answer = await http.post(f"{server.vendor.files}/_sim/{path}", json=body)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


async def test_leaving_frees_the_ports_at_once_while_somebody_waits(http: httpx.AsyncClient) -> None:
    port, files_port = free_port(), free_port()
    for _ in range(2):
        vendor = EternalAI(SystemClock())
        async with Server(vendor, port=port, files_port=files_port):
            waiting = asyncio.create_task(submit(http, vendor, "a fox [submit-hang]"))
            while not vendor.count().charges:  # noqa: ASYNC110 - the other side of a socket tells nobody
                await asyncio.sleep(0.01)
            began = time.monotonic()
        assert time.monotonic() - began < 3
        with pytest.raises(httpx.TransportError):
            await waiting


async def test_a_port_that_is_taken_leaves_nothing_open() -> None:
    async with Server(EternalAI(SystemClock())) as server:
        port, other = free_port(), URL(server.vendor.files).port
        assert other is not None
        with pytest.raises(OSError, match="in use"):
            async with Server(EternalAI(SystemClock()), port=port, files_port=other):
                pass
    async with Server(EternalAI(SystemClock()), port=port):
        pass


class InProcess:
    """A client on a fake clock, with no socket."""

    def __init__(self, prompt: str = "", **vendor: Any) -> None:
        self.clock = FakeClock()
        self.vendor = EternalAI(self.clock, **vendor)
        self.http = httpx.AsyncClient(transport=SimTransport(self.vendor, self.clock))
        self.prompt = prompt

    async def run(self, work: Any) -> tuple[Any, float]:
        """What comes of it, raised or returned, and how long it took on the fake clock, up to a minute."""
        began, task = self.clock.monotonic(), asyncio.ensure_future(work)
        for _ in range(60):
            await settle()
            if task.done():
                break
            await self.clock.advance(1)
        took_s = self.clock.monotonic() - began
        return (await asyncio.gather(task, return_exceptions=True))[0], took_s

    async def submit(self) -> tuple[Any, float]:
        return await self.run(submit(self.http, self.vendor, self.prompt))


@pytest.mark.parametrize(
    ("typed", "error", "after_s"),
    [
        ("[submit-drop]", httpx.ReadError, 0),
        ("[submit-reset]", httpx.ReadError, 0),
        ("[submit-cut]", httpx.ReadError, 0),
        ("[submit-hang]", httpx.ReadTimeout, 30),
        ("[submit-drip]", httpx.ReadTimeout, 30),
        ("[submit-slow=31]", httpx.ReadTimeout, 30),
    ],
)
async def test_without_sockets_a_lost_answer_is_an_error_after_the_fact(
    typed: str, error: type[Exception], after_s: float
) -> None:
    there = InProcess(f"a fox {typed}")
    raised, took_s = await there.submit()
    assert (type(raised), took_s) == (error, after_s)
    assert there.vendor.count().charges == 1


async def test_without_sockets_nobody_listens_where_the_vendor_is_down_or_another() -> None:
    there = InProcess("a fox")
    there.vendor.weather.down = True
    raised, _ = await there.submit()
    assert type(raised) is httpx.ConnectError
    raised, _ = await there.run(there.http.get("http://169.254.169.254/"))
    assert type(raised) is httpx.ConnectError
    assert there.vendor.count().submissions == 0


async def test_without_sockets_a_job_goes_from_its_submit_to_its_file() -> None:
    there = InProcess("a fox [submit-slow=3] [signed]")
    _, took_s = await there.submit()
    assert took_s == 3
    await there.clock.advance(60)
    answer, _ = await there.run(there.http.get(there.vendor.origin + RESULT, params={"request_id": "921865"}))
    assert answer.headers["Date"] == "Mon, 21 Sep 2026 14:14:23 GMT"
    file, _ = await there.run(there.http.get(answer.json()["result_url"]))
    assert file.content == PICTURE


async def test_without_sockets_a_file_drips_and_floods() -> None:
    there = InProcess("a fox [file-drip] [file-endless]", draw=lambda *_: b"picture")
    await there.submit()
    await there.clock.advance(60)
    answer, _ = await there.run(there.http.get(there.vendor.origin + RESULT, params={"request_id": "921865"}))
    url = answer.json()["result_url"]
    drip, took_s = await there.run(there.http.get(url))
    assert (drip.content, took_s) == (b"picture", 7)
    async with there.http.stream("GET", url) as flood:
        parts = flood.aiter_raw()
        assert sum([len(await anext(parts)) for _ in range(100)]) > 6_000_000


async def _worked(there: InProcess, prompt: str) -> str:
    """A customer who never submits twice after doubt, looks every 10 s for ten minutes, and fetches three times."""
    try:
        number = await submit(there.http, there.vendor, prompt)
    except (httpx.HTTPError, ValueError, KeyError):
        return "no id"
    for _ in range(60):
        await there.clock.sleep(10)
        try:
            body = (await there.http.get(there.vendor.origin + RESULT, params={"request_id": number})).json()
            if body["result_url"]:
                found = await there.http.get(body["result_url"])
                return "file" if found.content.startswith(b"\x89PNG") else "no file"
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return "no end"


async def test_hundreds_of_jobs_with_random_fates_take_hours_on_the_fake_clock_and_seconds_here() -> None:
    endless = {"file-endless", "file-bomb", "poll-huge"}  # this customer reads whatever comes
    plan = Plan(7, [fate.name for fate in FATES if fate.name not in endless])
    there = InProcess(plan=plan, draw=pictures.plain)
    works = [asyncio.create_task(_worked(there, f"fox {number}")) for number in range(300)]
    await there.clock.advance(3600)
    ends = [work.result() for work in works]
    assert {"file", "no id", "no end"} <= set(ends)
    accepted = {prompt for prompt, count in there.vendor.books.prompts.items() if count.charges}
    refusing = {fate.name for fate in FATES if fate.where is Where.REFUSED}
    for number in range(300):
        refused = any(mark.fate.name in refusing for mark in plan.marks(f"fox {number}"))
        assert (f"fox {number}" in accepted) is not refused, (plan, number)
    assert there.vendor.violations == []


async def test_make_sim_says_what_to_paste_and_ends_quietly(http: httpx.AsyncClient) -> None:
    port, files_port = free_port(), free_port()
    words = ["--port", str(port), "--files-port", str(files_port), "--duration", "0", "--key", "pretended"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-m", "sim.vendors.run", *words,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            printed = (await process.stdout.readuntil(b"make run\n")).decode()
            answer = await http.post(
                f"http://127.0.0.1:{port}{SUBMIT}", json=order("a fox [poll-500]"), headers={"x-api-key": "pretended"}
            )
            process.send_signal(signal.SIGINT)
            rest, errors = (part.decode() for part in await process.communicate())
    finally:
        if process.returncode is None:
            process.kill()
    origin, files = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{files_port}"
    assert guide.command(origin, files, "pretended") in printed
    assert guide.listing() in printed
    assert answer.status_code == 200
    assert re.search(r"submit  921865  'a fox \[poll-500\]' \(poll-500\): accepted; 1 arrived, 1 charged", rest)
    assert (process.returncode, errors) == (0, "")


def test_make_sim_is_that_command() -> None:
    rules = (TESTS.parent / "Makefile").read_text()
    wanted = r"^sim: .*## \w.*\n\t@PYTHONPATH=tests exec .* -m sim\.vendors\.run \$\(ARGS\)$"
    assert re.search(wanted, rules, re.MULTILINE)
