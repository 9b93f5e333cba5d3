"""A scene: the real bot on the simulated Discord, and what was looked at while it was played."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chat.discord.stage import Stage, staged
from chat.stage import Shelf
from PIL import Image
from sim.discord import drawing
from sim.discord.state import Channel, Interaction, Message
from sim.looks.pages import Look
from sim.looks.painter import Painter

from bot.policy import Rules

RULES = Rules(open_jobs_per_user=8)
FOX = "a red fox in the snow, soft morning light"
Play = Callable[["Scene"], Awaitable[None]]


class Previewing(Shelf):
    """Makes smaller pictures in this process."""

    async def preview(self, file: str, *, max_bytes: int, max_side_px: int | None = None) -> Path | None:
        path = self.path(file).with_suffix(".jpg")
        with Image.open(self.path(file)) as picture:
            picture.save(path, quality=70)
        return path if path.stat().st_size <= max_bytes else None


@dataclass
class Scene:
    """A stage with a bot, and what was looked at on it."""

    stage: Stage
    provider: Painter
    looks: list[Look] = field(default_factory=list)

    async def pass_(self, seconds: int) -> None:
        """Let time pass, and what goes through sockets arrive."""
        for _ in range(seconds):
            await self.stage.clock.advance(1)
            await asyncio.sleep(0.003)
        await asyncio.sleep(0.05)

    async def imagine(self, prompt: str = FOX, **more: Any) -> Message:
        asked = await self.stage.ask("imagine", prompt=prompt, **more)
        await asyncio.sleep(0.05)
        assert asked.original is not None
        return asked.original

    async def answer(self, name: str, /, **more: Any) -> Message:
        return await self.answered(await self.stage.ask(name, **more))

    async def press(self, message: Message, act: str, **more: Any) -> Message:
        return await self.answered(await self.stage.press(message, act, **more))

    async def answered(self, asked: Interaction) -> Message:
        """What the person was told, which may stand beside the message that was pressed on."""
        await asyncio.sleep(0.05)
        found = [*asked.followups, *filter(None, [asked.original])]
        return found[0]

    def keep(self, name: str, *messages: Message) -> None:
        html = "".join(drawing.message(message, self.stage.sim) for message in messages)
        self.looks.append(Look(name, html))

    def all_in(self, place: Channel) -> list[Message]:
        return self.stage.sim.sees(self.stage.ada, place)


PLAYS: dict[str, tuple[Play, Rules, dict[str, Any]]] = {}


def play(name: str, rules: Rules = RULES, **provider: Any) -> Callable[[Play], Play]:
    """A scene under a name, on a stage with these rules and a provider that is like this."""

    def add(scene: Play) -> Play:
        PLAYS[name] = (scene, rules, provider)
        return scene

    return add


async def perform(name: str) -> list[Look]:
    """What there is to look at in one scene."""
    scene, rules, provider = PLAYS[name]
    with TemporaryDirectory() as folder:
        async with staged(Path(folder), rules) as stage:
            stage.provider = painter = Painter(stage.clock, **provider)
            stage.shelf = Previewing(Path(folder))
            async with stage.bot():
                set_up = Scene(stage, painter)
                await scene(set_up)
                return [replace(look, name=f"{name}-{look.name}" if look.name else name) for look in set_up.looks]
