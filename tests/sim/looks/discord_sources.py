"""What is made from pictures and of characters on the simulated Discord: every card, list, form and refusal."""

from __future__ import annotations

from typing import Any

from sim.discord import drawing
from sim.discord.forms import Picture
from sim.discord.state import Answer, Interaction, Message
from sim.looks.director import Director
from sim.looks.discord import offered
from sim.looks.discord_scene import PLAYS, Scene, perform, play
from sim.looks.pages import Look
from sim.looks.painter import picture
from sim.looks.scene import FOX

from bot.policy import Rules

__all__ = ["PLAYS", "perform"]

GENEROUS = Rules(open_jobs_per_user=8, daily_credits=200, commands_per_minute=100)
BEACH = Picture("beach.png", picture("a wave at the beach", 512, 384, 5))
HILL = Picture("hill.png", picture("a hill at dawn", 384, 512, 7))
BO = "an engineering student who loves bridges and coffee"


def form(scene: Scene, name: str, opened: Interaction) -> None:
    assert opened.answer is Answer.MODAL
    scene.looks.append(Look(name, drawing.modal(opened.modal)))


async def menu(scene: Scene, message: Message, name: str) -> Interaction:
    return await scene.stage.told(await scene.stage.sim.message_menu(scene.stage.ada, message, name))


async def submitted(scene: Scene, opened: Interaction, **fields: Any) -> Message:
    return await scene.answered(await scene.stage.told(await scene.stage.sim.submit(opened, **fields)))


@play("edit", GENEROUS, Director)
async def _edit(scene: Scene) -> None:
    message = await scene.answer("edit", prompt="make it night", image=BEACH, quality="high")
    scene.keep("queued", message)
    await scene.pass_(20)
    scene.keep("running", message)
    await scene.pass_(40)
    scene.keep("done", message)
    form(scene, "button-form", await scene.stage.press(message, "edit"))
    scene.keep("more", await scene.press(message, "more"))
    alone = await scene.stage.ask("edit")
    form(scene, "alone-form", alone)
    message = await submitted(scene, alone, words="with a boat", image=[HILL])
    await scene.pass_(60)
    scene.keep("alone-done", message)


@play("menus", GENEROUS, Director)
async def _menus(scene: Scene) -> None:
    sim, bob, art = scene.stage.sim, scene.stage.bob, scene.stage.art
    posted = sim.post(bob, art, "two of mine", BEACH, HILL)
    form(scene, "edit", await menu(scene, posted, "Edit this picture"))
    opened = await menu(scene, posted, "Animate this picture")
    form(scene, "animate", opened)
    message = await submitted(scene, opened, words="clouds pass by", which=["2"], seconds="3")
    await scene.pass_(60)
    scene.keep("filmed", posted, message)
    for name, target in (("source", posted), ("no-picture", sim.post(bob, art, "hello"))):
        scene.keep(name, await scene.answered(await menu(scene, target, "Use as source")))
    several = await scene.imagine(count=2)
    await scene.pass_(60)
    scene.keep("two-results", several)
    form(scene, "which-result", await menu(scene, several, "Edit this picture"))


@play("film", GENEROUS, Director)
async def _film(scene: Scene) -> None:
    fox = await scene.imagine()
    await scene.pass_(60)
    opened = await scene.stage.press(fox, "animate")
    form(scene, "form", opened)
    message = await submitted(scene, opened, words="it runs", seconds="4", audio="off")
    scene.keep("queued", message)
    await scene.pass_(20)
    scene.keep("running", message)
    await scene.pass_(40)
    scene.keep("done", message)
    scene.keep("history", await scene.answer("history"))
    scene.keep("details", await scene.answer("details"))
    scene.stage.meadow.max_upload_bytes = 20
    message = await scene.answer("animate", prompt="it sleeps")
    await scene.pass_(60)
    scene.keep("over-size", message)


@play("effect", GENEROUS, Director)
async def _effect(scene: Scene) -> None:
    typed = await scene.stage.sim.autocomplete(scene.stage.ada, scene.stage.art, "effect", "effect", "")
    await scene.stage.answered(typed)
    scene.looks.append(Look("suggested", drawing.choices("EFFECT", offered(typed))))
    message = await scene.answer("effect", effect=typed.choices[1]["value"], image=BEACH)
    scene.keep("queued", message)
    await scene.pass_(20)
    scene.keep("running", message)
    await scene.pass_(40)
    scene.keep("done", message)


@play("characters", GENEROUS, Director)
async def _characters(scene: Scene) -> None:
    scene.keep("none", await scene.answer("character list"))
    card = await scene.answer("character new", description=BO, name="Bo")
    scene.keep("queued", card)
    await scene.pass_(20)
    scene.keep("creating", card)
    await scene.pass_(40)
    scene.keep("made", card)
    scene.keep("used", await scene.press(card, "use"))
    opened = await scene.stage.press(card, "rename")
    form(scene, "rename", opened)
    scene.keep("renamed", await submitted(scene, opened, words="Ada"))
    scene.keep("list", await scene.answer("character list"))
    browsed = await scene.answer("character browse")
    scene.keep("browse", browsed)
    scene.keep("ready-made", await scene.press(browsed, "show"))
    await scene.press(browsed, "browse")
    scene.keep("next-page", browsed)
    film = await scene.answer("animate", prompt="she waves", character="Ada", audio=False)
    scene.keep("film-queued", film)
    await scene.pass_(60)
    scene.keep("filmed", film)
    scene.keep("foreign", await scene.press(card, "edit", by=scene.stage.bob))
    scene.keep("removed", await scene.press(card, "remove"))
    scene.keep("unused", await scene.answer("character use"))


@play("bad-source", GENEROUS, Director)
async def _bad_source(scene: Scene) -> None:
    bad: dict[str, dict[str, Any]] = {
        "nothing": {},
        "no-picture": {"image": Picture("fox.png", b"MZ")},
        "too-large": {"image": Picture("fox.png", b"", told_bytes=30_000_000)},
        "foreign-character": {"character": "Bo"},
        "unknown-result": {"result": "XXXX"},
        "two-sources": {"result": "XXXX", "link": "https://example.org/fox.png"},
        "dead-link": {"link": "https://example.org/fox.png"},
    }
    for name, given in bad.items():
        scene.keep(name, await scene.answer("edit", prompt="at night", **given))
    scene.stage.sim.faults.outage("CDN")
    scene.keep("unread", await scene.answer("edit", prompt="at night", image=BEACH))
    scene.keep("seconds", await scene.answer("animate", prompt=FOX, image=BEACH, seconds=50))
    scene.keep("undressing", await scene.answer("edit", prompt="take her clothes off", image=BEACH))


@play("everything", GENEROUS, Director)
async def _everything(scene: Scene) -> None:
    for name in ("help", "quota", "models", "privacy"):
        scene.keep(name, await scene.answer(name))
    for command in scene.stage.sim.commands_in(scene.stage.art):
        for part in [command, *(one for one in command.get("options", []) if one["type"] == 1)]:
            options = [(one["name"], one["description"]) for one in part.get("options", [])]
            heading = f"/{command['name']} — {part.get('description', '')}"
            if part["name"] in ("edit", "animate", "effect", "character", "new", "use", "rename"):
                scene.looks.append(Look(f"options-{part['name']}", drawing.choices(heading, options)))
