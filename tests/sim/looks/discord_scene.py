"""A scene: the real bot on the simulated Discord, and what was looked at while it was played."""

from __future__ import annotations

import asyncio
from typing import Any

from chat.discord.stage import Stage, staged
from sim.discord import drawing
from sim.discord.state import Channel, Interaction, Message
from sim.looks import scene
from sim.looks.pages import Look
from sim.looks.scene import FOX, Plays


class Scene(scene.Scene[Stage]):
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


PLAYS = Plays(staged, Scene)
play, perform = PLAYS.play, PLAYS.perform
