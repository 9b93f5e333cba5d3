"""Files that are to go: brought in vain, beyond the operator's cap, or known to nobody."""

from __future__ import annotations

from bot.clock import Clock
from bot.jobs.live import LiveMessages
from bot.media import Media
from bot.model import named_after
from bot.store import Store

DAY_S = 86_400.0
SWEPT_EVERY_S = 3600.0


class Tidying:
    """Removes them; forgets their rows first."""

    def __init__(self, store: Store, media: Media, lives: LiveMessages, clock: Clock) -> None:
        self._store = store
        self._media = media
        self._lives = lives
        self._clock = clock
        self._sweep_at = clock.monotonic()

    async def tidy(self) -> None:
        """Remove what is too much now."""
        yesterday = self._clock.now() - DAY_S
        await self._remove(await self._store.stale_uploads(before=yesterday))
        if self._clock.monotonic() >= self._sweep_at:
            self._sweep_at = self._clock.monotonic() + SWEPT_EVERY_S
            await self._sweep(yesterday)
        surplus, needed = await self._media.surplus(), self._lives.sources()
        # A file that is being shown has a row to come that names it.
        files = tuple(file for file in surplus if file not in needed and self._lives.of_job(named_after(file)) is None)
        if files:
            await self._store.unstore(files)
            await self._remove(files)

    async def _sweep(self, before: float) -> None:
        """Remove what a kill or a cancel left without a row; what is younger may have one to come."""
        old = await self._media.older(before=before)
        await self._remove(await self._store.unknown_files(old))

    async def _remove(self, files: tuple[str, ...]) -> None:
        for file in files:
            await self._media.remove(file)
