"""The whole bot on a port of loopback, its simulated vendors behind it, with everything on that they can do."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from sim.process import free_port
from sim.vendors.effects import VISUAL
from sim.vendors.eigenai import EDIT_MODEL, MODEL, VIDEO_MODEL, EigenAI
from sim.vendors.eternalai import EternalAI
from sim.vendors.server import Server
from sim.vendors.vendor import Vendor

from bot import wiring
from bot.clock import SystemClock
from bot.config import (
    EigenAISettings,
    EternalAISettings,
    LimitsSettings,
    MediaSettings,
    ProvidersSettings,
    QuotaSettings,
    Settings,
    WebSettings,
)


def picture(side_px: int = 64, kind: str = "PNG") -> bytes:
    """A small picture of somebody's own."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((side_px, side_px)).convert("RGB").save(file, kind)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where the page is, and who works behind it."""

    base: str
    eternalai: EternalAI
    eigenai: EigenAI

    @property
    def submissions(self) -> int:
        return self.eternalai.count().submissions + self.eigenai.count().submissions


@asynccontextmanager
async def open_workshop(folder: Path) -> AsyncIterator[Workshop]:
    eternalai, eigenai = EternalAI(SystemClock()), EigenAI(SystemClock())
    vendors: tuple[Vendor[Any], ...] = (eternalai, eigenai)
    async with AsyncExitStack() as stack:
        for vendor in vendors:
            vendor.weather.duration_s = (0, 0)
            await stack.enter_async_context(Server(vendor))
        settings = _settings(folder, eternalai, eigenai)
        await stack.enter_async_context(wiring.running(settings))
        yield Workshop(f"http://127.0.0.1:{settings.web.port}", eternalai, eigenai)
    assert [vendor.violations for vendor in vendors] == [[], []]


def _settings(folder: Path, eternalai: EternalAI, eigenai: EigenAI) -> Settings:
    hosts = tuple(vendor.files.removeprefix("http://") for vendor in (eternalai, eigenai))
    return Settings(
        data_dir=folder / "data",
        web=WebSettings(port=free_port()),
        media=MediaSettings(allow_private_hosts=hosts),
        quota=QuotaSettings(daily_credits=100),
        limits=LimitsSettings(open_jobs_per_user=20, commands_per_minute=100),
        providers=ProvidersSettings(
            eternalai=EternalAISettings.model_validate(
                {"key": eternalai.key, "base_url": eternalai.origin, "uploads": True, "effects": ",".join(VISUAL)}
            ),
            eigenai=EigenAISettings.model_validate(
                {
                    "key": eigenai.key,
                    "base_url": eigenai.origin,
                    "models": MODEL,
                    "edit_models": EDIT_MODEL,
                    "video_models": VIDEO_MODEL,
                }
            ),
        ),
    )
