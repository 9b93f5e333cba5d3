"""One process serves Discord, Telegram and the page, and what befalls one of them is nothing to the others."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from sim.discord.library import speaking_to
from sim.discord.simulation import Simulation as Discord
from sim.discord.simulation import simulated as simulated_discord
from sim.discord.world import TOKEN
from sim.process import Page, free_port
from sim.telegram.simulation import Simulation as Telegram
from sim.telegram.simulation import simulated as simulated_telegram

from bot import wiring
from bot.clock import SystemClock
from bot.config import DemoSettings, DiscordSettings, ProvidersSettings, Settings, TelegramSettings, WebSettings

PATIENCE_S = 20.0
ALL = ("discord", "telegram", "web")


@dataclass(frozen=True, slots=True)
class Town:
    """Both platforms, and the settings of a bot that is on them and has a page."""

    discord: Discord
    telegram: Telegram
    settings: Settings

    async def ask_on(self, *platforms: str) -> None:
        """Ask on each of these platforms, and wait until each shows its last card."""
        wanted = self._shown() + Counter(platforms)
        if "discord" in platforms:
            art = self.discord.channel(self.discord.guild("Meadow"), "art")
            await self.discord.command(self.discord.person("ada"), art, "imagine", prompt="a fail")
        if "telegram" in platforms:
            ada = self.telegram.person("ada")
            self.telegram.says(ada, self.telegram.private(ada), "/imagine a fail")
        if "web" in platforms:
            async with Page.open(self.settings.web.port) as page:
                await page.say("/imagine a fail")
        async with asyncio.timeout(PATIENCE_S):
            while self._shown() != wanted:  # noqa: ASYNC110 - a database tells nobody that it changed
                await asyncio.sleep(0.02)

    def _shown(self) -> Counter[str]:
        with closing(sqlite3.connect(self.settings.data_dir / wiring.DATABASE)) as db:
            return Counter(name for (name,) in db.execute("SELECT platform FROM messages WHERE final_shown"))


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    clock = SystemClock()
    async with simulated_discord(clock) as discord, simulated_telegram(clock) as telegram:
        settings = Settings(
            data_dir=tmp_path / "data",
            web=WebSettings(port=free_port()),
            discord=DiscordSettings(token=SecretStr(TOKEN), api_base=discord.api_base),
            telegram=TelegramSettings(token=SecretStr(telegram.token), base_url=telegram.origin),
            providers=ProvidersSettings(demo=DemoSettings(duration_s=0.1)),
        )
        with speaking_to(discord):
            yield Town(discord, telegram, settings)


async def test_all_three_are_served_by_one_process(town: Town) -> None:
    async with wiring.running(town.settings):
        await town.ask_on(*ALL)
        assert town.telegram.limits.beyond == []


async def test_a_telegram_that_breaks_again_and_again_is_nothing_to_discord_and_the_page(town: Town) -> None:
    town.telegram.faults.outage("getUpdates", status=200)
    async with wiring.running(town.settings):
        await town.ask_on("discord", "web")
        assert town.telegram.count("getUpdates") < 10


async def test_the_page_stays_when_one_is_away_and_the_other_takes_no_token(town: Town) -> None:
    town.telegram.token = "7000000001:another"
    town.discord.faults.outage()
    async with wiring.running(town.settings):
        await town.ask_on("web")


async def test_a_discord_that_is_away_is_nothing_to_telegram_and_the_page(town: Town) -> None:
    town.discord.faults.outage()
    async with wiring.running(town.settings):
        await town.ask_on("telegram", "web")
