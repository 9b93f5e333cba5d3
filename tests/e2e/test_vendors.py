"""Three vendors, three platforms, one process: everywhere each vendor's own options end in its picture."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sim.discord.library import speaking_to
from sim.discord.simulation import simulated as simulated_discord
from sim.discord.world import TOKEN
from sim.market import VENDORS
from sim.process import Page, free_port
from sim.telegram.simulation import simulated as simulated_telegram
from sim.vendors.eigenai import MODEL
from sim.vendors.server import Server
from sim.vendors.vendor import Vendor

from bot import wiring
from bot.clock import SystemClock
from bot.config import (
    DiscordSettings,
    EigenAISettings,
    EranolSettings,
    EternalAISettings,
    MediaSettings,
    ProvidersSettings,
    Settings,
    TelegramSettings,
    WebSettings,
)

PATIENCE_S = 30.0
PLATFORMS = ("discord", "telegram", "web")
OWN: dict[str, dict[str, Any]] = {
    "eternalai": {"style": "bloom", "style_strength": 1.5},
    "eranol": {"negative": "snow", "seed": 7},
    "eigenai": {"guidance": 3.5, "shape": "wide"},
}
"""Options that only this vendor takes together."""

LINES = {
    name: "/imagine a red fox " + " ".join(f"--{key.replace('_', '-')} {value}" for key, value in options.items())
    for name, options in OWN.items()
}


@pytest.fixture
async def vendors() -> AsyncIterator[dict[str, Vendor[Any]]]:
    made = {kind.name: kind(SystemClock()) for kind in VENDORS}
    async with AsyncExitStack() as stack:
        for vendor in made.values():
            vendor.weather.duration_s = (0, 0)
            await stack.enter_async_context(Server(vendor))
        yield made
    assert [vendor.violations for vendor in made.values()] == [[], [], []]


def settings_of(folder: Path, vendors: dict[str, Vendor[Any]], discord: str, telegram: str, token: str) -> Settings:
    keys = {name: {"key": vendor.key, "base_url": vendor.origin} for name, vendor in vendors.items()}
    return Settings(
        data_dir=folder / "data",
        web=WebSettings(port=free_port()),
        media=MediaSettings(
            allow_private_hosts=tuple(vendor.files.removeprefix("http://") for vendor in vendors.values())
        ),
        discord=DiscordSettings(token=SecretStr(TOKEN), api_base=discord),
        telegram=TelegramSettings(token=SecretStr(token), base_url=telegram),
        providers=ProvidersSettings(
            eternalai=EternalAISettings.model_validate(keys["eternalai"]),
            eranol=EranolSettings.model_validate(keys["eranol"]),
            eigenai=EigenAISettings.model_validate({**keys["eigenai"], "models": MODEL}),
        ),
    )


def shown(settings: Settings) -> Counter[tuple[str, str, str]]:
    """How many messages have their last card, by platform, provider and state."""
    with closing(sqlite3.connect(settings.data_dir / wiring.DATABASE)) as db:
        rows = db.execute(
            "SELECT messages.platform, jobs.provider, jobs.state FROM messages JOIN jobs ON message_id = messages.id "
            "WHERE final_shown"
        )
        return Counter((platform, provider, state) for platform, provider, state in rows)


async def test_on_every_platform_each_vendors_own_options_end_in_its_picture(
    tmp_path: Path, vendors: dict[str, Vendor[Any]]
) -> None:
    clock = SystemClock()
    async with simulated_discord(clock) as discord, simulated_telegram(clock) as telegram:
        settings = settings_of(tmp_path, vendors, discord.api_base, telegram.origin, telegram.token)
        with speaking_to(discord):
            async with wiring.running(settings), Page.open(settings.web.port) as page:
                art = discord.channel(discord.guild("Meadow"), "art")
                for name, options in OWN.items():
                    person = telegram.person(name)
                    telegram.says(person, telegram.private(person), LINES[name])
                    await discord.command(discord.person(name), art, "imagine", prompt="a red fox", **options)
                    await page.say(LINES[name])
                wanted = Counter((platform, name, "succeeded") for platform in PLATFORMS for name in OWN)
                async with asyncio.timeout(PATIENCE_S):
                    while shown(settings) != wanted:  # noqa: ASYNC110 - a database tells nobody that it changed
                        await asyncio.sleep(0.05)
    assert {name: vendor.count().submissions for name, vendor in vendors.items()} == dict.fromkeys(OWN, 3)
