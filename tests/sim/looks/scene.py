"""Scenes: the real bot on a simulated platform, and what was looked at while they were played."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Generic, TypeVar

from chat.stage import Shelf, Stage
from PIL import Image
from sim.looks.pages import Look
from sim.looks.painter import Painter, picture

from bot.media import Film
from bot.policy import Rules

RULES = Rules(open_jobs_per_user=8)
FOX = "a red fox in the snow, soft morning light"
G = TypeVar("G", bound=Stage[Any])
S = TypeVar("S", bound="Scene[Any]")


class Previewing(Shelf):
    """Makes smaller pictures, and posters of videos, in this process."""

    async def film(self, file: str) -> Film:
        if self.path(file).suffix != ".mp4":
            return Film()
        poster = self.path(file).with_suffix(".poster.jpg")
        with Image.open(io.BytesIO(picture("a wave", 320, 180, 5))) as drawn:
            drawn.resize((320, 180)).convert("RGB").save(poster)
        return Film(width_px=1280, height_px=720, duration_s=4.0, poster=poster)

    async def preview(self, file: str, *, max_bytes: int, max_side_px: int | None = None) -> Path | None:
        path = self.path(file).with_suffix(".jpg")
        with Image.open(self.path(file)) as picture:
            picture.save(path, quality=70)
        return path if path.stat().st_size <= max_bytes else None


@dataclass
class Scene(Generic[G]):
    """A stage with a bot, and what was looked at on it."""

    stage: G
    provider: Painter
    looks: list[Look] = field(default_factory=list)

    async def pass_(self, seconds: int) -> None:
        """Let time pass, and what goes through sockets arrive."""
        for _ in range(seconds):
            await self.stage.clock.advance(1)
            await asyncio.sleep(0.004)
        await asyncio.sleep(0.05)


class Plays(Generic[G, S]):
    """The scenes of a platform by their names."""

    def __init__(
        self,
        staged: Callable[[Path, Rules], AbstractAsyncContextManager[G]],
        scene: Callable[[G, Painter], S],
    ) -> None:
        self._staged = staged
        self._scene = scene
        self._plays = dict[str, tuple[Callable[[S], Awaitable[None]], Rules, type[Painter], dict[str, Any]]]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._plays)

    def play(
        self, name: str, rules: Rules = RULES, painter: type[Painter] = Painter, **provider: Any
    ) -> Callable[[Callable[[S], Awaitable[None]]], Callable[[S], Awaitable[None]]]:
        """A scene under a name, on a stage with these rules and a provider that is like this."""

        def add(play: Callable[[S], Awaitable[None]]) -> Callable[[S], Awaitable[None]]:
            self._plays[name] = (play, rules, painter, provider)
            return play

        return add

    async def perform(self, name: str) -> list[Look]:
        """What there is to look at in one scene."""
        play, rules, kind, provider = self._plays[name]
        with TemporaryDirectory() as folder:
            async with self._staged(Path(folder), rules) as stage:
                stage.provider = painter = kind(stage.clock, **provider)
                stage.shelf = Previewing(Path(folder))
                async with stage.bot():
                    scene = self._scene(stage, painter)
                    await play(scene)
                    return [replace(look, name=f"{name}-{look.name}" if look.name else name) for look in scene.looks]
