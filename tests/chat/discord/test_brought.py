"""Pictures that people bring: found where Discord tells of them, read from Discord alone, and never too much of one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from chat.discord.showing import PNG, Stage, stage
from sim.discord import payloads
from sim.discord.forms import Picture
from sim.discord.state import Attachment

from adapters.chat.discord.brought import LIMIT_S, Brought, Files, pictures_in
from bot.errors import InvalidRequest
from bot.model import Artifact

FETCHES = "CDN"


def files(show: Stage) -> Files:
    return Files(show.client, show.clock, show.sim.api_base)


def attached(show: Stage, data: bytes = PNG) -> Attachment:
    return show.sim.attachment(show.art, "cat.png", data)


async def read(show: Stage, url: str) -> Artifact:
    found = await files(show).upload(Brought("cat.png", url)).read()
    assert isinstance(found, Artifact)
    return found


async def test_a_file_is_read_where_discord_keeps_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        assert (await read(show, show.sim.cdn.url(attached(show)))).data == PNG
        assert show.sim.count(FETCHES, 200) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/cat.png",
        "http://cdn.discordapp.com/cat.png",
        "https://cdn.discordapp.com.example.org/cat.png",
        "https://cdn.discordapp.com@example.org/cat.png",
        "https://evildiscordapp.net/cat.png",
        "https://discord.com/cat.png",
        "http://localhost:{port}/cdn/cat.png",
        "file:///etc/passwd",
        "",
    ],
)
async def test_nothing_is_read_from_anywhere_else(tmp_path: Path, address: str) -> None:
    async with stage(tmp_path) as show:
        port = show.sim.api_base.rsplit(":", 1)[1].split("/")[0]
        before = list(show.called)
        with pytest.raises(InvalidRequest) as refused:
            await asyncio.wait_for(read(show, address.format(port=port)), 1)
        assert refused.value.key == "discord.err.unread"
        assert show.called == before


async def test_what_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        file = attached(show)
        show.sim.cdn.sends_to = f"{show.sim.cdn.base}/attachments/1/2/cat.png"
        with pytest.raises(InvalidRequest, match=r"discord\.err\.unread"):
            await read(show, show.sim.cdn.url(file))
        assert show.sim.count(FETCHES) == 1


async def test_a_file_that_is_gone_or_cut_off_is_told_as_that(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        url = show.sim.cdn.url(attached(show))
        await show.clock.advance(86_401)
        with pytest.raises(InvalidRequest, match=r"discord\.err\.unread"):
            await read(show, url)
        show.sim.faults.drop(FETCHES, times=2)
        with pytest.raises(InvalidRequest, match=r"discord\.err\.unread"):
            await read(show, show.sim.cdn.url(attached(show)))


async def test_no_more_is_read_than_is_taken_of_a_picture(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        most = PNG + bytes(20_000_000 - len(PNG))
        assert len((await read(show, show.sim.cdn.url(attached(show, most)))).data) == len(most)
        with pytest.raises(InvalidRequest) as refused:
            await read(show, show.sim.cdn.url(attached(show, most + b"x")))
        assert (refused.value.key, refused.value.params) == ("err.picture_large", {"mb": 20})


async def test_a_file_that_does_not_come_is_given_up(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        show.sim.faults.slow(FETCHES, 3600)
        reading = asyncio.create_task(read(show, show.sim.cdn.url(attached(show))))
        await asyncio.sleep(0.05)
        await show.clock.advance(LIMIT_S - 1)
        assert not reading.done()
        await show.clock.advance(1)
        with pytest.raises(InvalidRequest, match=r"discord\.err\.unread"):
            await asyncio.wait_for(reading, 1)
        show.sim.faults.clear()
        await show.clock.advance(3600)


async def test_pictures_are_found_among_what_was_attached_and_behind_links(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        sent = (Picture("a.png", PNG), Picture("notes.txt", b"x"), Picture("b.jpg", PNG))
        message = show.sim.post(show.ada, show.art, "look", *sent)
        linked = show.sim.post_link(show.ada, show.art, "https://example.org/c.png", Picture("c.png", PNG))
        found = pictures_in(payloads.message(message, show.sim))
        assert [(one.name, one.size_bytes) for one in found] == [("a.png", len(PNG)), ("b.jpg", len(PNG))]
        (behind,) = pictures_in(payloads.message(linked, show.sim))
        assert (await read(show, behind.url)).data == PNG
        nothing = payloads.message(show.sim.post(show.ada, show.art, "none"), show.sim)
        assert pictures_in(nothing) == []
        assert pictures_in(nothing | {"message_snapshots": [{"message": payloads.message(linked, show.sim)}]}) == [
            behind
        ]
