"""A picture that Discord shows smaller leads to its original, on the page of the same process."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from sim.discord.library import speaking_to
from sim.discord.simulation import Simulation, simulated
from sim.discord.state import Message
from sim.discord.world import TOKEN
from sim.process import free_port

from adapters.chat.web.password import hash_password
from bot import wiring
from bot.clock import SystemClock
from bot.config import DemoSettings, DiscordSettings, ProvidersSettings, Settings, WebSettings
from bot.originals import Originals
from storage.sqlite import folder_key

PATIENCE_S = 20.0
SMALL_BYTES = 30_000
LINK = re.compile(r"\[Original\]\(<(.*?)>\)")


async def drawn(discord: Simulation) -> Message:
    """A picture's message in a server that takes small files only, once it has a link."""
    meadow = discord.guild("Meadow")
    meadow.max_upload_bytes = SMALL_BYTES
    asked = await discord.command(discord.person("ada"), discord.channel(meadow, "art"), "imagine", prompt="a red fox")
    async with asyncio.timeout(PATIENCE_S):
        while not (asked.original and LINK.search(asked.original.text)):  # noqa: ASYNC110 - Discord tells nobody here
            await asyncio.sleep(0.02)
    return asked.original


async def fetch(address: str) -> tuple[int, bytes]:
    async with aiohttp.ClientSession() as stranger, stranger.get(address) as answer:
        return answer.status, await answer.read()


async def test_the_link_under_a_smaller_picture_brings_the_original_until_it_is_tidied(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    async with simulated(SystemClock()) as discord:
        settings = Settings(
            data_dir=tmp_path / "data",
            web=WebSettings(
                port=port, public_url=f"http://127.0.0.1:{port}", password_hash=SecretStr(hash_password("secret"))
            ),
            discord=DiscordSettings(token=SecretStr(TOKEN), api_base=discord.api_base),
            providers=ProvidersSettings(demo=DemoSettings(duration_s=0.1)),
        )
        caplog.set_level(logging.DEBUG)
        with speaking_to(discord):
            async with wiring.running(settings):
                message = await drawn(discord)
                [link] = LINK.findall(message.text)
            async with wiring.running(settings):
                found = await fetch(link)
                [stored] = (settings.data_dir / "media").glob("*.*")
                original = stored.read_bytes()
                stored.unlink()
                tidied = await fetch(link)
                outside = Originals(f"http://127.0.0.1:{port}", folder_key(settings.data_dir)).link_to("../limner.key")
                escaped = await fetch(outside.replace("../", "..%2F"))
    assert found == (200, original)
    assert [len(picture.data) <= SMALL_BYTES < len(original) for picture in message.pictures] == [True]
    assert tidied[0] == escaped[0] == 404
    assert caplog.messages
    assert link.rpartition(".")[2] not in "".join(caplog.messages)
