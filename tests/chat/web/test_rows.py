"""From a command on the page to the delivered file: edits, videos, effects and characters, of every vendor."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from chat.web.scripted import Visitor
from chat.web.test_pictures import form
from chat.web.workshop import Workshop, open_workshop, picture
from sim.hostile import black_png, wordy_png
from sim.vendors.eigenai import EDIT_MODEL, VIDEO_MODEL

PATIENCE_S = 30.0
OF_UPLOADS = {
    "/edit at night --model edit": "image/png",
    "/edit at night --model edit-legacy": "image/png",
    f"/edit at night --model {EDIT_MODEL}": "image/png",
    "/animate it snows --model video": "video/mp4",
    "/animate it snows --model video-legacy --seconds 2": "video/mp4",
    f"/animate it snows --model {VIDEO_MODEL}": "video/mp4",
    "/effect sketch": "image/png",
    "/effect hug": "video/mp4",
}
OF_CHARACTERS = {
    "/edit a sporty top --character bo": "image/png",
    "/edit a sporty top --character bo --quality standard": "image/png",
    "/edit a sporty top --character bo --quality high": "image/png",
    "/animate waves --character bo": "video/mp4",
    "/animate waves --character bo --audio off --seconds 3": "video/mp4",
    "/effect sketch --character bo": "image/png",
}


@pytest.fixture
async def workshop(tmp_path: Path) -> AsyncIterator[Workshop]:
    async with open_workshop(tmp_path) as opened:
        yield opened


@pytest.fixture
async def visitor(workshop: Workshop) -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield await Visitor(workshop.base, http).arrive()


async def delivered(visitor: Visitor, sent: Any) -> tuple[dict[str, Any], str]:
    """The last card of what was sent, and the type of the file that it shows."""
    assert sent.status == 202, sent.json
    async with asyncio.timeout(PATIENCE_S):
        while (job := (await visitor.get(f"/api/jobs/{sent.json['job']}")).json)["state"] != "succeeded":
            assert job["error"] is None, job
            await asyncio.sleep(0.05)
    cards = (await visitor.get("/api/cards")).json["cards"]
    card = next(card for card in cards if card["job"] == sent.json["job"])
    file = await visitor.get(card["media"][0]["url"])
    assert file.status == 200
    assert len(file.body) > 0
    return card, file.headers["Content-Type"]


async def test_a_picture_that_is_brought_is_edited_filmed_and_changed(visitor: Visitor) -> None:
    async def made(line: str) -> str:
        sent = await visitor.post("/api/messages", data=form(picture(), text=line))
        return (await delivered(visitor, sent))[1]

    types = await asyncio.gather(*map(made, OF_UPLOADS))
    assert dict(zip(OF_UPLOADS, types, strict=True)) == OF_UPLOADS


async def test_the_newer_api_films_a_picture_that_is_brought(tmp_path: Path) -> None:
    async with (
        open_workshop(tmp_path, key="sk_simulated") as workshop,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        visitor = await Visitor(workshop.base, http).arrive()
        sent = await visitor.post("/api/messages", data=form(picture(), text="/animate it snows --model video"))
        assert (await delivered(visitor, sent))[1] == "video/mp4"


async def test_somebody_made_of_words_is_edited_filmed_renamed_and_removed(
    visitor: Visitor, workshop: Workshop
) -> None:
    async def answer(line: str) -> dict[str, Any]:
        sent = await visitor.say(line)
        assert sent.status == 200, sent.json
        return dict(sent.json["card"])

    async def made(line: str) -> str:
        return (await delivered(visitor, await visitor.say(line)))[1]

    card, _ = await delivered(visitor, await visitor.say("/character new a brilliant student --name Bo"))
    assert (card["title"], card["portrait"]) == ("Bo", True)
    assert "Bo" in str((await answer("/character list"))["lines"])
    shown = await answer("/character show bo")
    assert (await visitor.get(shown["media"][0]["url"])).status == 200
    types = await asyncio.gather(*map(made, OF_CHARACTERS))
    assert dict(zip(OF_CHARACTERS, types, strict=True)) == OF_CHARACTERS

    used = await visitor.post(f"/api/jobs/{shown['buttons'][0]['jobs'][0]}/use")
    assert "use" not in [button["act"] for button in used.json["card"]["buttons"]]
    assert await made("/edit a sporty top") == "image/png"  # of the usual one
    renamed = await visitor.post(f"/api/forms/rename/{card['job']}", data={"words": "Astrid"})
    assert renamed.json["card"]["title"] == "Astrid"
    assert (await visitor.say("/edit a top --character bo")).status == 422
    await answer("/character delete astrid")
    before = workshop.submissions
    gone = await visitor.post("/api/messages", data=form(text="/edit a top", source=card["job"]))
    assert (gone.status, workshop.submissions) == (404, before)


async def test_ready_made_characters_are_browsed_page_by_page_and_taken(visitor: Visitor) -> None:
    first = (await visitor.say("/character browse")).json["card"]
    more = next(button for button in first["buttons"] if button["act"] == "browse")
    second = (await visitor.post(f"/api/jobs/{more['jobs'][0]}/browse")).json["card"]
    assert first["lines"] != second["lines"]
    one = second["buttons"][0]["jobs"][0]
    shown = (await visitor.post(f"/api/jobs/{one}/show")).json["card"]
    used = (await visitor.post(f"/api/jobs/{one}/use")).json["card"]
    assert used["title"] == shown["title"]
    assert (await delivered(visitor, await visitor.say("/edit in the rain")))[1] == "image/png"


async def test_a_picture_alone_offers_what_can_be_made_of_it_to_its_owner_alone(
    visitor: Visitor, workshop: Workshop
) -> None:
    card = (await visitor.post("/api/messages", data=form(picture(), text=""))).json["card"]
    assert [button["act"] for button in card["buttons"]] == ["edit", "animate", "effect"]
    upload = card["buttons"][0]["jobs"][0]
    effects = (await visitor.get(f"/api/forms/effect/{upload}")).json["choices"]
    assert {"label": "Sketch", "value": "sketch"} in effects
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        stranger = await Visitor(workshop.base, http).arrive()
        before = workshop.submissions
        for line in ("/edit at night", "/animate it snows", "/effect sketch"):
            answer = await stranger.post("/api/messages", data=form(text=line, source=upload))
            assert (answer.status, answer.json["error"]["code"]) == (404, "not_found"), line
        assert (await stranger.get(f"/api/forms/effect/{upload}")).status == 404
        assert (await stranger.get("/api/me")).json["left"] == 100
        assert workshop.submissions == before
    sent = await visitor.post(f"/api/forms/effect/{upload}", data={"words": "sketch"})
    assert (await delivered(visitor, sent))[1] == "image/png"


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_bombs_are_answered_soon_and_take_no_memory(visitor: Visitor) -> None:
    await visitor.post("/api/messages", data=form(picture(), text=""))  # whatever is loaded once
    before = resident_bytes()
    for data in (black_png(20_000, 20_000), wordy_png(50)):
        began = time.monotonic()
        answer = await visitor.post("/api/messages", data=form(data, text=""))
        assert time.monotonic() - began < 5
        assert answer.status in {200, 422}, answer.json
    assert resident_bytes() - before < 50 * 2**20


async def test_what_is_no_picture_whatever_it_says_is_refused_and_moves_no_credit(
    visitor: Visitor, workshop: Workshop
) -> None:
    for data in (b"", b"MZ" * 1000, b"<svg/>", picture()[:100]):
        answer = await visitor.post("/api/messages", data=form(data, text="/edit at night"))
        assert answer.status == 422, data[-20:]
        assert "Nothing was charged." in answer.json["error"]["message"]
    assert (await visitor.get("/api/me")).json["left"] == 100
    assert workshop.submissions == 0
