"""Every state and answer of the real bot on the simulated Discord, one scene after the other."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from sim.discord import drawing
from sim.discord.state import USUAL, Interaction, Permission
from sim.looks.discord_scene import Scene, play
from sim.looks.pages import Look
from sim.looks.painter import PROMPTS, SPEC
from sim.looks.scene import FOX

from bot import errors
from bot.model import Progress
from bot.policy import Rules
from bot.provider import Pending, ProgressKind
from bot.testing.provider import Answer as Told


@play("queued", slots=1)
async def _queued(scene: Scene) -> None:
    first = await scene.imagine("a lighthouse in a storm", by=scene.stage.bob)
    second, third = await scene.imagine(), await scene.imagine("a castle at night", count=2)
    await scene.pass_(5)
    scene.keep("", first, second, third)
    scene.keep("jobs", await scene.answer("jobs"))
    await scene.press(third, "cancel")
    await scene.pass_(5)
    scene.keep("own-cancel", third)
    scene.keep("foreign-cancel", await scene.press(second, "cancel", by=scene.stage.bob))


@play("running")
async def _running(scene: Scene) -> None:
    message = await scene.imagine(style="ink", shape="wide", seed=7)
    await scene.pass_(2)
    scene.keep("early", message)
    await scene.pass_(18)
    scene.keep("20s", message)
    scene.keep("jobs", await scene.answer("jobs"))
    scene.keep("show", await scene.answer("show"))
    scene.keep("details", await scene.answer("details"))
    await scene.pass_(26)
    scene.keep("46s", message)
    await scene.pass_(10)
    scene.keep("done", message)


@play("cancelled")
async def _cancelled(scene: Scene) -> None:
    message = await scene.imagine()
    await scene.pass_(10)
    await scene.press(message, "cancel")
    await scene.pass_(3)
    scene.keep("", message)
    bobs = await scene.imagine(by=scene.stage.bob, hidden=True)
    await scene.pass_(5)
    scene.keep("by-command", await scene.answer("cancel", by=scene.stage.bob))
    await scene.pass_(3)
    scene.keep("hidden", bobs)
    scene.keep("again", await scene.press(message, "again"))


@play("guessed", spec=replace(SPEC, progress=ProgressKind.NONE, cancel=False))
async def _guessed(scene: Scene) -> None:
    message = await scene.imagine()
    await scene.pass_(15)
    scene.keep("15s", message)
    await scene.pass_(25)
    scene.keep("40s", message)


@play("long", duration_s=400.0)
async def _long(scene: Scene) -> None:
    message = await scene.imagine()
    for seconds, name in ((70, "70s"), (40, "110s"), (100, "210s")):
        await scene.pass_(seconds)
        scene.keep(name, message)
    await scene.pass_(200)
    scene.keep("done-and-ping", *scene.all_in(scene.stage.art))


@play("stuck", duration_s=100_000.0)
async def _stuck(scene: Scene) -> None:
    message = await scene.imagine()
    await scene.pass_(120)
    scene.keep("2min", message)
    await scene.pass_(500)
    scene.keep("deadline", message)
    scene.keep("look-again", await scene.press(message, "look"), message)


@play("their-line")
async def _their_line(scene: Scene) -> None:
    clock, spec = scene.stage.clock, scene.provider.specs[0]
    scene.provider.specs = (replace(spec, progress=ProgressKind.QUEUE),)
    scene.provider.on_poll = lambda key: Pending(f"{key} {clock.now()!r}", Progress(queue_position=4))
    message = await scene.imagine()
    await scene.pass_(10)
    scene.keep("", message)


@play("channel", duration_s=20.0, spec=replace(SPEC, title="Demo"))
async def _channel(scene: Scene) -> None:
    """What a channel looks like that people draw in; the picture in the README."""
    await scene.imagine(style="anime", shape="wide")
    await scene.pass_(22)
    scene.stage.sim.post(scene.stage.bob, scene.stage.art, "Lovely! Now one at night …")
    await scene.imagine("a lighthouse in a storm at night", by=scene.stage.bob, count=2)
    await scene.pass_(11)
    scene.keep("", *scene.all_in(scene.stage.art))


@play("done", duration_s=20.0)
async def _done(scene: Scene) -> None:
    one = await scene.imagine(style="anime", shape="wide", size="medium", seed=42)
    await scene.pass_(24)
    scene.keep("1", one)
    for act in ("more", "again"):
        scene.keep(act, await scene.press(one, act))
    opened = await scene.stage.press(one, "words")
    scene.looks.append(Look("form", drawing.modal(opened.modal)))
    changed = await scene.stage.answered(await scene.stage.sim.submit(opened, words="a blue fox"))
    await scene.pass_(24)
    scene.keep("changed-words", await scene.answered(changed))
    bobs = await scene.press(one, "again", by=scene.stage.bob)
    await scene.pass_(24)
    scene.keep("bobs-again", bobs)
    menu = await scene.stage.answered(await scene.stage.sim.message_menu(scene.stage.bob, one, "Job details"))
    scene.keep("job-details-menu", await scene.answered(menu))
    hidden = await scene.imagine("a secret fox", hidden=True)
    scene.keep("hidden-queued", hidden)
    await scene.pass_(24)
    scene.keep("hidden", hidden)
    for name in ("history", "show", "details", "quota"):
        scene.keep(name, await scene.answer(name))
    more = await scene.press(one, "more")
    scene.keep("original", await scene.press(more, "original"))
    second_more = await scene.press(one, "more")
    scene.keep("deleted", await scene.press(more, "delete"))
    scene.keep("delete-twice", await scene.press(second_more, "delete"))


@play("four", duration_s=20.0)
async def _four(scene: Scene) -> None:
    four = await scene.imagine(count=4, shape="tall")
    await scene.pass_(10)
    scene.keep("running", four)
    await scene.pass_(14)
    scene.keep("done", four)
    scene.keep("more", await scene.press(four, "more"))
    for count in (2, 3):
        message = await scene.imagine(count=count)
        await scene.pass_(24)
        scene.keep(f"only-{count}", message)
    scene.keep("history", await scene.answer("history"))


@play("three-of-four", duration_s=20.0)
async def _three(scene: Scene) -> None:
    keys: list[str] = []

    def third_fails(key: str) -> Told:
        keys.extend([key] if key not in keys else [])
        return errors.GenerationFailed("no") if keys.index(key) == 2 else None

    scene.provider.on_poll = third_fails
    message = await scene.imagine(count=4)
    await scene.pass_(10)
    scene.keep("running", message)
    await scene.pass_(14)
    scene.keep("done", message)
    scene.keep("retry", await scene.press(message, "retry"))


SUBMITS: dict[str, Exception] = {
    "down": errors.ProviderUnavailable("no connection", not_sent=True),
    "auth": errors.ProviderRefused("401"),
    "busy": errors.RateLimited("429"),
    "invalid": errors.InvalidRequest("fail.provider_invalid", provider="EternalAI"),
    "refused": errors.ContentRefused("fail.provider_refused", provider="EternalAI"),
    "lost": errors.OutcomeUnknown("cut off"),
    "broken": RuntimeError("ours"),
}
POLLS: dict[str, Exception] = {
    "unknown": errors.UnknownHandle("404"),
    "generation": errors.GenerationFailed("failed"),
    "no-picture": errors.BadResult("no file"),
}


@play("failed")
async def _failed(scene: Scene) -> None:
    told: list[Exception | None] = [None]
    scene.provider.on_submit = lambda _: told[0]
    for name, error in SUBMITS.items():
        told[0] = error
        await _ends(scene, name)
    scene.provider.on_submit, scene.provider.on_poll = lambda _: None, lambda _: told[0]
    for name, error in POLLS.items():
        told[0] = error
        await _ends(scene, name)


async def _ends(scene: Scene, name: str) -> None:
    message = await scene.imagine(count=2 if name == "generation" else 1)
    await scene.pass_(3)
    if name == "busy":
        scene.keep("busy-waiting", message)
    await scene.stage.passes(lambda: "Cancel" not in str(message.now.components), most_s=700)
    scene.keep(name, message)


@play("gone", duration_s=5.0)
async def _gone(scene: Scene) -> None:
    message = await scene.imagine()
    await scene.pass_(10)
    scene.stage.shelf.too_many = tuple(scene.stage.shelf.files)
    for file in tuple(scene.stage.shelf.files):
        await scene.stage.shelf.remove(file)
    scene.keep("shown-file-missing", await scene.answer("show"), message)
    await scene.stage.store.unstore(scene.stage.shelf.too_many)
    scene.keep("show", await scene.answer("show"))
    scene.keep("history", await scene.answer("history"))
    scene.keep("more", await scene.press(message, "more"))


@play("over-size", duration_s=5.0)
async def _over_size(scene: Scene) -> None:
    for name, most in (("smaller", 100_000), ("not-at-all", 1_000)):
        scene.stage.meadow.max_upload_bytes = most
        message = await scene.imagine(count=2)
        await scene.pass_(10)
        scene.keep(name, message)
        scene.keep(f"{name}-show", await scene.answer("show"))


@play("limits", Rules(daily_credits=3, open_jobs_per_user=2, open_jobs_per_chat=3))
async def _limits(scene: Scene) -> None:
    scene.keep("quota", await scene.answer("imagine", prompt=FOX, count=4))
    await scene.imagine(count=2)
    scene.keep("open-jobs", await scene.answer("imagine", prompt=FOX))
    scene.keep("open-chat", await scene.answer("imagine", prompt=FOX, count=2, by=scene.stage.bob))
    await scene.pass_(60)
    scene.keep("quota-left", await scene.answer("imagine", prompt=FOX, count=2))
    await scene.imagine()
    await scene.pass_(60)
    scene.keep("quota-used", await scene.answer("imagine", prompt=FOX))
    scene.keep("quota-answer", await scene.answer("quota"))


@play("too-fast", Rules(commands_per_minute=2))
async def _too_fast(scene: Scene) -> None:
    for _ in range(2):
        await scene.imagine()
    scene.keep("", await scene.answer("imagine", prompt=FOX))


@play("refusals")
async def _refusals(scene: Scene) -> None:
    scene.keep("blocked-words", await scene.answer("imagine", prompt="a naked woman"))
    scene.keep("style", await scene.answer("imagine", prompt=FOX, style="anme"))
    scene.keep("style-strength-alone", await scene.answer("imagine", prompt=FOX, style_strength=0.5))
    scene.keep("model", await scene.answer("imagine", prompt=FOX, model="flux-2"))
    scene.keep("option-in-words", await scene.answer("imagine", prompt=f"{FOX} --style anime"))
    for name in ("again", "show", "details", "cancel", "jobs", "history"):
        scene.keep(f"nothing-{name}", await scene.answer(name))
    scene.keep("show-unknown", await scene.answer("show", job="XXXX"))
    scene.keep("setting", await scene.answer("settings", model="flux-2"))


@play("answers")
async def _answers(scene: Scene) -> None:
    for name in ("help", "privacy", "quota", "styles", "models", "settings"):
        scene.keep(name, await scene.answer(name))
    scene.keep("settings-set", await scene.answer("settings", style="ink", shape="wide", ping=False))
    typed = await scene.stage.answered(
        await scene.stage.sim.autocomplete(scene.stage.ada, scene.stage.art, "imagine", "style", "", prompt=FOX)
    )
    scene.looks.append(Look("suggested-styles", drawing.choices("STYLE", offered(typed))))
    listed = [
        (f"/{one['name']}" if one["type"] == 1 else one["name"], one.get("description", ""))
        for one in scene.stage.sim.commands_in(scene.stage.art)
    ]
    scene.looks.append(Look("menu", drawing.choices("LIMNER", listed)))
    for command in scene.stage.sim.commands_in(scene.stage.art):
        if command.get("options"):
            options = [(one["name"], one["description"]) for one in command["options"]]
            scene.looks.append(Look(f"options-{command['name']}", drawing.choices(f"/{command['name']}", options)))


def offered(asked: Interaction) -> list[tuple[str, str]]:
    return [(one["name"], "") for one in asked.choices]


@play("suggested", duration_s=5.0)
async def _suggested(scene: Scene) -> None:
    for prompt in (FOX, "a lighthouse in a storm, very long words " * 4):
        await scene.imagine(prompt)
        await scene.pass_(8)
    await scene.imagine("still running")
    for name in ("show", "cancel"):
        typed = await scene.stage.answered(
            await scene.stage.sim.autocomplete(scene.stage.ada, scene.stage.art, name, "job", "")
        )
        scene.looks.append(Look(name, drawing.choices("JOB", offered(typed))))


@play("places", duration_s=20.0)
async def _places(scene: Scene) -> None:
    stage = scene.stage
    stage.art.allowed = USUAL & ~Permission.ATTACH_FILES
    scene.keep("missing-permission", await scene.answer("imagine", prompt=FOX))
    stage.art.allowed = USUAL
    dm = stage.sim.dm(stage.ada)
    message = await scene.imagine(at=dm)
    await scene.pass_(24)
    scene.keep("dm", message)


@play("late", duration_s=900.0, spec=replace(SPEC, deadline_s=3000.0))
async def _late(scene: Scene) -> None:
    message = await scene.imagine(hidden=True)
    await scene.pass_(13 * 60 + 30)
    scene.keep("minute-13", message)
    await scene.pass_(120)
    scene.keep("in-dms", *scene.all_in(scene.stage.sim.dm(scene.stage.ada)))
    scene.keep("left-behind", message)


@play("slow-start", Rules(daily_credits=0))
async def _slow_start(scene: Scene) -> None:
    scene.stage.store.gate.clear()
    asked = await scene.stage.send("imagine", prompt=FOX)
    await scene.stage.stalled()
    await scene.stage.answered(asked)
    assert asked.original is not None
    scene.keep("thinking", asked.original)
    scene.stage.store.gate.set()
    await asyncio.sleep(0.1)
    scene.keep("refused", asked.original)


@play("prompt", Rules(open_jobs_per_user=50, daily_credits=100), duration_s=5.0)
async def _prompts(scene: Scene) -> None:
    messages = {}
    for name, prompt in PROMPTS.items():
        messages[name] = await scene.imagine(prompt)
        scene.keep(f"{name}-queued", messages[name])
    await scene.pass_(60)
    for name, message in messages.items():
        scene.keep(name, message)
    scene.keep("history", await scene.answer("history"))
    scene.keep("long-more", await scene.press(messages["long"], "more"))
    scene.keep("markdown-more", await scene.press(messages["markdown"], "more"))
