"""The page's API with the whole bot behind it: characters, and pictures that people bring."""

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

PATIENCE_S = 30.0


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


async def test_somebody_made_of_words_is_shown_used_renamed_and_removed(visitor: Visitor, workshop: Workshop) -> None:
    card, _ = await delivered(visitor, await visitor.say("/character new a brilliant student --name Bo"))
    assert (card["title"], card["portrait"]) == ("Bo", True)
    shown = (await visitor.say("/character show bo")).json["card"]
    assert (await visitor.get(shown["media"][0]["url"])).status == 200
    used = (await visitor.post(f"/api/jobs/{card['job']}/use")).json["card"]
    assert "use" not in [button["act"] for button in used["buttons"]]
    assert (await delivered(visitor, await visitor.say("/edit a sporty top")))[1] == "image/png"  # of the usual one
    renamed = await visitor.post(f"/api/forms/rename/{card['job']}", data={"words": "Astrid"})
    assert renamed.json["card"]["title"] == "Astrid"
    assert (await visitor.say("/edit a top --character bo")).status == 422
    assert (await visitor.post(f"/api/jobs/{card['job']}/remove")).status == 200
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
