"""The whole bot on all three platforms, all simulated, before simulated vendors that do everything."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.watched import Archive, WatchedEigenAI, WatchedEternalAI
from pydantic import SecretStr
from sim.discord.library import speaking_to
from sim.discord.simulation import Simulation as Discord
from sim.discord.simulation import simulated as simulated_discord
from sim.discord.state import Channel
from sim.discord.world import TOKEN
from sim.process import free_port
from sim.telegram.simulation import Simulation as Telegram
from sim.telegram.simulation import simulated as simulated_telegram
from sim.vendors.effects import VISUAL
from sim.vendors.eigenai import EDIT_MODEL, MODEL, VIDEO_MODEL
from sim.vendors.server import Server

from bot import wiring
from bot.clock import SystemClock
from bot.config import (
    DiscordSettings,
    EigenAISettings,
    EternalAISettings,
    LimitsSettings,
    MediaSettings,
    ProvidersSettings,
    QuotaSettings,
    Settings,
    TelegramSettings,
    WebSettings,
)

DAILY_CREDITS = 50


@dataclass(frozen=True, slots=True)
class Town:
    """`art` is the channel on Discord in which everybody asks."""

    discord: Discord
    telegram: Telegram
    art: Channel
    settings: Settings
    eternalai: WatchedEternalAI
    archive: Archive
    visits: AsyncExitStack

    def moves(self, platform: str, account: str) -> list[tuple[str, int]]:
        """What became of somebody's credits by their jobs, oldest first."""
        return self._rows(
            "SELECT kind, amount FROM ledger JOIN accounts USING (person_id) "
            "WHERE platform = ? AND account = ? AND job_id IS NOT NULL ORDER BY ledger.id",
            platform,
            account,
        )

    def waits(self, platform: str, account: str) -> bool:
        """Whether something that somebody asked for has not shown its last card."""
        return bool(
            self._rows(
                "SELECT 1 FROM messages WHERE platform = ? AND account = ? AND NOT final_shown", platform, account
            )
        )

    def is_deleted(self, job_id: str) -> bool:
        """Whether the message of a job is gone for good."""
        return bool(
            self._rows(
                "SELECT 1 FROM messages JOIN jobs ON message_id = messages.id WHERE jobs.id = ? AND deleted", job_id
            )
        )

    def reference(self, platform: str, account: str) -> str:
        """What the vendor calls somebody's only character."""
        [(reference,)] = self._rows(
            "SELECT reference FROM characters JOIN accounts USING (person_id) WHERE platform = ? AND account = ?",
            platform,
            account,
        )
        return str(reference)

    def brought(self, platform: str, account: str) -> list[Path]:
        """The stored pictures that somebody brought."""
        files = self._rows(
            "SELECT file FROM uploads JOIN accounts USING (person_id) WHERE platform = ? AND account = ?",
            platform,
            account,
        )
        return [self.settings.data_dir / "media" / file for (file,) in files]

    def sent_of(self, reference: str) -> list[tuple[str, Any]]:
        """Where a vendor was sent something of a character, and what."""
        return [(one.path, one.body) for one in self.archive.sent if one.body.get("images") == [reference]]

    def _rows(self, sql: str, *values: str) -> list[Any]:
        with closing(sqlite3.connect(self.settings.data_dir / wiring.DATABASE)) as db:
            return db.execute(sql, values).fetchall()


@asynccontextmanager
async def open_town(folder: Path, *, key: str = "simulated", **eternalai: Any) -> AsyncIterator[Town]:
    """`key` is the one for EternalAI, and `eternalai` are its other settings."""
    clock, archive = SystemClock(), Archive()
    vendors = WatchedEternalAI(clock, archive, key=key), WatchedEigenAI(clock, archive)
    async with AsyncExitStack() as stack:
        for vendor in vendors:
            vendor.weather.duration_s = (0, 0)
            await stack.enter_async_context(Server(vendor))
        discord = await stack.enter_async_context(simulated_discord(clock))
        telegram = await stack.enter_async_context(simulated_telegram(clock))
        art = discord.channel(discord.guild("Meadow"), "art")
        stack.enter_context(speaking_to(discord))
        settings = _settings(folder, vendors, discord, telegram, eternalai)
        await stack.enter_async_context(wiring.running(settings))
        visits = await stack.enter_async_context(AsyncExitStack())
        yield Town(discord, telegram, art, settings, vendors[0], archive, visits)
        assert telegram.limits.beyond == []
    assert [vendor.violations for vendor in vendors] == [[], []]


def _settings(
    folder: Path,
    vendors: tuple[WatchedEternalAI, WatchedEigenAI],
    discord: Discord,
    telegram: Telegram,
    more: dict[str, Any],
) -> Settings:
    eternalai, eigenai = vendors
    hosts = tuple(vendor.files.removeprefix("http://") for vendor in vendors)
    models = {"models": MODEL, "edit_models": EDIT_MODEL, "video_models": VIDEO_MODEL}
    return Settings(
        data_dir=folder / "data",
        web=WebSettings(port=free_port()),
        media=MediaSettings(allow_private_hosts=hosts),
        quota=QuotaSettings(daily_credits=DAILY_CREDITS),
        limits=LimitsSettings(open_jobs_per_chat=1000),
        discord=DiscordSettings(token=SecretStr(TOKEN), api_base=discord.api_base),
        telegram=TelegramSettings(token=SecretStr(telegram.token), base_url=telegram.origin),
        providers=ProvidersSettings(
            eternalai=EternalAISettings.model_validate(
                {"key": eternalai.key, "base_url": eternalai.origin, "max_in_flight": 100, **more}
            ),
            eigenai=EigenAISettings.model_validate(
                {"key": eigenai.key, "base_url": eigenai.origin, "max_in_flight": 100, **models}
            ),
        ),
    )


EVERYTHING: dict[str, Any] = {"uploads": True, "effects": ",".join(VISUAL)}
"""What an operator of EternalAI may allow."""
