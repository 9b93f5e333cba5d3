"""Every state and answer of the real bot on the simulated Telegram, one scene after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chat.telegram.stage import Stage, staged
from sim.looks import scene
from sim.looks.director import Director
from sim.looks.pages import Look
from sim.looks.painter import PROMPTS, SPEC, picture
from sim.looks.scene import FOX, Plays
from sim.telegram import drawing
from sim.telegram.state import Chat, Message

from bot import errors
from bot.policy import Rules
from bot.testing.provider import Answer as Told


class Scene(scene.Scene[Stage]):
    async def ask(self, text: str, **more: Any) -> Message:
        message = await self.stage.ask(text, **more)
        await asyncio.sleep(0.05)
        return message

    async def answer(self, act: Callable[[], object]) -> Message:
        message = await self.stage.answer_to(act)
        await asyncio.sleep(0.05)
        return message

    async def imagine(self) -> None:
        await self.ask(f"/imagine {FOX}")
        await self.ended()

    async def ended(self) -> None:
        """Let time pass until every job has its last card."""
        await self.stage.ended(most_s=700)
        await self.pass_(3)

    async def press(self, message: Message, act: str, **more: Any) -> None:
        await self.stage.press(message, act, **more)
        await self.pass_(3)

    def keep(self, name: str, *messages: Message) -> None:
        self.looks.append(Look(name, drawing.chat(messages, self.stage.sim)))

    def chat(self, name: str, chat: Chat, last: int = 0) -> None:
        """Look at a whole chat, or at its last messages."""
        self.keep(name, *self.stage.sim.messages(chat)[-last:])


OWN = picture("a wave at the beach", 512, 384, 5)
PLAYS = Plays(staged, Scene)
play, perform = PLAYS.play, PLAYS.perform


@play("start")
async def _start(scene: Scene) -> None:
    home = scene.stage.home
    scene.stage.sim.starts(scene.stage.ada)
    await scene.stage.passes(lambda: scene.stage.by_bot(home))
    scene.chat("", home)
    await scene.ask("a cat please")
    await scene.ask("/histry")
    scene.stage.sim.sends_photo(scene.stage.ada, home, picture("a fox", 512, 512, 1), "/imagine like this")
    await scene.pass_(3)
    scene.chat("words", home, 6)
    await scene.ask("/start", at=scene.stage.meadow)
    await scene.ask("/imagine@limner_bot a fox --sied 4", at=scene.stage.meadow)
    scene.chat("group", scene.stage.meadow)


@play("group", duration_s=20.0, spec=replace(SPEC, title="Demo"))
async def _group(scene: Scene) -> None:
    """What a group looks like that people draw in; the picture in the README."""
    meadow = scene.stage.meadow
    await scene.ask(f"/imagine {FOX} --style anime --shape wide", at=meadow)
    await scene.ended()
    scene.stage.sim.says(scene.stage.bob, meadow, "Lovely! Now one at night …")
    await scene.ask("/imagine a lighthouse in a storm at night --count 2", by=scene.stage.bob, at=meadow)
    await scene.pass_(11)
    scene.chat("", meadow)


@play("queued", slots=1)
async def _queued(scene: Scene) -> None:
    meadow = scene.stage.meadow
    await scene.ask("/imagine a lighthouse in a storm", by=scene.stage.bob, at=meadow)
    await scene.ask(f"/imagine {FOX}", at=meadow)
    third = await scene.ask("/imagine a castle at night --count 2", at=meadow)
    await scene.pass_(5)
    scene.chat("", meadow)
    await scene.ask("/jobs")
    scene.chat("jobs", scene.stage.home)
    await scene.press(third, "cancel")
    scene.keep("cancelled", third)


@play("running")
async def _running(scene: Scene) -> None:
    message = await scene.ask(f"/imagine {FOX} --style ink --shape wide --seed 7")
    await scene.pass_(2)
    scene.keep("early", message)
    await scene.pass_(18)
    scene.keep("20s", message)
    await scene.pass_(26)
    scene.keep("46s", message)
    await scene.pass_(10)
    scene.keep("done", message)
    await scene.press(message, "more")
    scene.keep("more", message)
    await scene.press(message, "details")
    await scene.press(message, "original")
    scene.chat("details", scene.stage.home, 2)
    await scene.press(message, "words")
    scene.chat("change-words", scene.stage.home, 1)


@play("four", duration_s=20.0)
async def _four(scene: Scene) -> None:
    meadow = scene.stage.meadow
    card = await scene.ask(f"/imagine {FOX} --count 4", at=meadow)
    await scene.pass_(10)
    scene.keep("running", card)
    await scene.ended()
    scene.chat("", meadow)
    await scene.press(card, "pick", by=scene.stage.bob)
    scene.chat("picked", meadow, 1)
    await scene.press(card, "more")
    scene.keep("more", card)


@play("three-of-four", duration_s=20.0)
async def _three(scene: Scene) -> None:
    keys: list[str] = []

    def third_fails(key: str) -> Told:
        keys.extend([key] if key not in keys else [])
        return errors.GenerationFailed("no") if keys.index(key) == 2 else None

    scene.provider.on_poll = third_fails
    await scene.ask(f"/imagine {FOX} --count 4")
    await scene.ended()
    scene.chat("", scene.stage.home)


@play("long", duration_s=400.0)
async def _long(scene: Scene) -> None:
    message = await scene.ask(f"/imagine {FOX}", at=scene.stage.meadow)
    await scene.pass_(110)
    scene.keep("110s", message)
    await scene.pass_(300)
    scene.chat("done", scene.stage.meadow)


@play("stuck", duration_s=100_000.0)
async def _stuck(scene: Scene) -> None:
    message = await scene.ask(f"/imagine {FOX}")
    await scene.pass_(620)
    scene.keep("deadline", message)


SUBMITS: dict[str, Exception] = {
    "down": errors.ProviderUnavailable("no connection", not_sent=True),
    "refused": errors.ContentRefused("fail.provider_refused", provider="EternalAI"),
    "lost": errors.OutcomeUnknown("cut off"),
}


@play("failed")
async def _failed(scene: Scene) -> None:
    told: list[Exception | None] = [None]
    scene.provider.on_submit = lambda _: told[0]
    for name, error in SUBMITS.items():
        told[0] = error
        message = await scene.ask(f"/imagine {FOX}")
        await scene.ended()
        scene.keep(name, message)


@play("gone", duration_s=5.0)
async def _gone(scene: Scene) -> None:
    await scene.ask(f"/imagine {FOX}")
    await scene.pass_(10)
    files = tuple(scene.stage.shelf.files)
    await scene.stage.store.unstore(files)
    await scene.ask("/show")
    scene.chat("", scene.stage.home, 2)


@play("limits", Rules(daily_credits=3, open_jobs_per_user=2, commands_per_minute=8))
async def _limits(scene: Scene) -> None:
    for text in (f"/imagine {FOX} --count 4", f"/imagine {FOX} --count 2", f"/imagine {FOX}", "/quota"):
        await scene.ask(text)
        await scene.pass_(2)
    scene.chat("", scene.stage.home)


@play("refusals")
async def _refusals(scene: Scene) -> None:
    for text in (
        "/imagine a naked woman",
        f"/imagine {FOX} --style anme",
        f"/imagine {FOX} --model flux-2",
        f"/imagine {FOX} --sied 7",
        "/show XXXX",
        "/cancel",
    ):
        await scene.ask(text)
    scene.chat("", scene.stage.home)


@play("answers")
async def _answers(scene: Scene) -> None:
    for name in ("help", "privacy", "quota", "styles", "models", "settings", "history", "jobs"):
        await scene.ask(f"/{name}")
        await scene.pass_(1)
        scene.chat(name, scene.stage.home, 2)


@play("asking")
async def _asking(scene: Scene) -> None:
    question = await scene.ask("/imagine")
    scene.keep("private", question)
    for label, name in (("Style", "style"), ("Ink", "picked"), ("Shape", "shape"), ("Wide", "both")):
        data = next(one for one, button in question.buttons.items() if button["text"].startswith(label))
        scene.stage.sim.press(scene.stage.ada, question, data)
        await scene.pass_(3)
        scene.keep(name, question)
    await scene.ask("/imagine", at=scene.stage.meadow)
    scene.chat("group", scene.stage.meadow)


GENEROUS = Rules(open_jobs_per_user=8, daily_credits=200, commands_per_minute=100)


@play("edit", GENEROUS, Director)
async def _edit(scene: Scene) -> None:
    sim, ada, home = scene.stage.sim, scene.stage.ada, scene.stage.home
    message = await scene.answer(lambda: sim.sends_photo(ada, home, OWN, "/edit at night --quality high"))
    scene.chat("queued", home)
    await scene.pass_(20)
    scene.keep("editing", message)
    await scene.ended()
    scene.chat("done", home)
    await scene.press(message, "edit")
    scene.chat("button", home, 1)
    photo = sim.sends_photo(scene.stage.bob, scene.stage.meadow, OWN, "look at this")
    await scene.ask("/edit in the rain", at=scene.stage.meadow, reply_to=photo)
    await scene.ended()
    scene.chat("group", scene.stage.meadow)


@play("bare", GENEROUS, Director)
async def _bare(scene: Scene) -> None:
    sim, ada, home = scene.stage.sim, scene.stage.ada, scene.stage.home
    card = await scene.answer(lambda: sim.sends_photo(ada, home, OWN))
    for act in ("edit", "animate", "effect"):
        await scene.press(card, act)
        scene.chat(act, home, 3)
    await scene.answer(lambda: sim.sends_album(ada, home, [OWN, OWN]))
    scene.chat("album", home, 3)


@play("film", GENEROUS, Director)
async def _film(scene: Scene) -> None:
    sim, ada, home = scene.stage.sim, scene.stage.ada, scene.stage.home
    message = await scene.answer(lambda: sim.sends_photo(ada, home, OWN, "/animate the wave rolls --seconds 4"))
    scene.chat("queued", home)
    await scene.pass_(20)
    scene.keep("filming", message)
    await scene.ended()
    scene.chat("done", home)
    await scene.press(message, "more")
    scene.keep("more", message)


@play("characters", GENEROUS, Director)
async def _characters(scene: Scene) -> None:
    home = scene.stage.home
    await scene.ask("/character")
    await scene.ask("/character new")
    scene.chat("none", home)
    card = await scene.ask("/character new an engineering student who loves bridges and coffee")
    await scene.pass_(20)
    scene.keep("creating", card)
    await scene.ended()
    scene.keep("made", card)
    await scene.press(card, "use")
    await scene.press(card, "rename")
    scene.chat("used", home, 2)
    await scene.ask("/character list")
    await scene.ask("/character browse")
    scene.chat("lists", home, 2)
    await scene.press(scene.stage.by_bot(home)[-1], "browse")
    scene.chat("next", home, 1)
    await scene.press(scene.stage.by_bot(home)[-1], "show")
    scene.chat("ready-made", home, 1)
    await scene.ask("/animate she waves --audio off")
    await scene.ended()
    scene.chat("filmed", home, 2)
    await scene.press(card, "remove")
    scene.chat("removed", home, 1)


@play("effects", GENEROUS, Director)
async def _effects(scene: Scene) -> None:
    await scene.imagine()
    question = await scene.ask("/effect")
    scene.keep("picker", question)
    scene.stage.sim.press(scene.stage.ada, question, list(question.buttons)[1])
    await scene.pass_(2)
    scene.chat("queued", scene.stage.home, 1)
    await scene.ended()
    scene.chat("done", scene.stage.home, 1)


@play("no-source", GENEROUS, Director)
async def _no_source(scene: Scene) -> None:
    sim, ada, home = scene.stage.sim, scene.stage.ada, scene.stage.home
    await scene.ask("/edit at night")
    await scene.answer(lambda: sim.sends_document(ada, home, "fox.png", b"MZ", "/edit at night"))
    sim.faults.refuse("getFile", 400, "wrong file_id or the file is temporarily unavailable")
    await scene.answer(lambda: sim.sends_photo(ada, home, OWN, "/edit at night"))
    await scene.ask("/character show Bo")
    await scene.ask("/edit at night --character Bo")
    await scene.ask("/animate it runs --seconds 9 --link https://example.org/fox.png")
    scene.chat("", home)


@play("everything", GENEROUS, Director)
async def _everything(scene: Scene) -> None:
    for name in ("start", "help", "quota", "models", "privacy"):
        await scene.ask(f"/{name}")
        await scene.pass_(1)
        scene.chat(name, scene.stage.home, 2)


@play("hidden", duration_s=10.0)
async def _hidden(scene: Scene) -> None:
    await scene.ask(f"/imagine {FOX} --hidden", at=scene.stage.meadow)
    scene.chat("unknown", scene.stage.meadow)
    scene.stage.sim.starts(scene.stage.ada, "open")
    await scene.pass_(2)
    await scene.ask(f"/imagine {FOX} --hidden", at=scene.stage.meadow)
    await scene.pass_(20)
    scene.chat("group", scene.stage.meadow)
    scene.chat("private", scene.stage.home)


@play("prompts", Rules(open_jobs_per_user=20, daily_credits=50), duration_s=4.0)
async def _prompts(scene: Scene) -> None:
    for name, prompt in {**PROMPTS, "html": "<b>bold</b> &amp; <a href='x'>link</a> /cancel @ada"}.items():
        message = await scene.ask(f"/imagine {prompt}")
        await scene.pass_(1)
        scene.keep(f"{name}-queued", message)
        await scene.pass_(9)
        scene.keep(name, message)
    await scene.ask("/history")
    await scene.pass_(4)
    scene.chat("history", scene.stage.home, 11)
