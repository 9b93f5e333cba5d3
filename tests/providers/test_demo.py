"""The demo provider: its clock, its fates, its handles, and what its pictures owe."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from adapters.providers.demo import DemoProvider, create
from adapters.providers.demo.palettes import STYLES, Mood
from adapters.providers.demo.picture import Brief, draw, paint, plan
from adapters.providers.demo.scenes import SCENES
from bot.config import DemoSettings
from bot.errors import GenerationFailed, InvalidRequest, ProtocolError
from bot.model import Artifact, GenerationRequest, Progress
from bot.provider import Cancels, Finished, Pending, ProviderContext, Style, Styled
from bot.testing.clock import FakeClock

SIDE = 256


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def demo(clock: FakeClock) -> DemoProvider:
    return DemoProvider(clock=clock)


def asked(
    prompt: str = "a red fox", *, seed: int | None = None, style: str | None = None, width: int = SIDE
) -> GenerationRequest:
    return GenerationRequest(prompt=prompt, seed=seed, style=style, width=width, height=SIDE)


async def handed(demo: DemoProvider, prompt: str = "a red fox", key: str = "JOB1") -> str:
    return (await demo.submit(asked(prompt), model="demo", key=key)).handle


async def picture(demo: DemoProvider, clock: FakeClock, request: GenerationRequest, key: str = "JOB1") -> bytes:
    pending = await demo.submit(request, model="demo", key=key)
    clock.jump(8)
    answer = await demo.poll(pending.handle)
    assert isinstance(answer, Finished)
    assert isinstance(answer.artifact, Artifact)
    assert answer.artifact.media_type == "image/png"
    return answer.artifact.data


async def test_a_job_is_taken_at_once_and_says_how_long_it_will_be(demo: DemoProvider) -> None:
    pending = await demo.submit(asked(), model="demo", key="JOB1")
    assert pending == Pending(pending.handle, Progress(fraction=0.0, eta_s=8.0), poll_after_s=0.5)


@pytest.mark.parametrize(("duration_s", "hint_s"), [(0.0, 0.2), (1.0, 0.2), (8.0, 0.5), (60.0, 1.0)])
async def test_the_hint_follows_the_duration_within_bounds(clock: FakeClock, duration_s: float, hint_s: float) -> None:
    demo = DemoProvider(clock=clock, duration_s=duration_s)
    assert (await demo.submit(asked(), model="demo", key="JOB1")).poll_after_s == hint_s


async def test_progress_comes_from_the_clock_and_only_grows(demo: DemoProvider, clock: FakeClock) -> None:
    handle, seen = await handed(demo), []
    while isinstance(answer := await demo.poll(handle), Pending):
        assert answer.progress is not None
        seen.append(answer.progress)
        clock.jump(1)
    assert seen == [Progress(fraction=second / 8, eta_s=8.0 - second) for second in range(8)]


async def test_a_clock_that_goes_back_is_no_trouble(demo: DemoProvider, clock: FakeClock) -> None:
    handle = await handed(demo)
    clock.jump(-3600)
    assert await demo.poll(handle) == Pending(handle, Progress(fraction=0.0, eta_s=8.0), 0.5)


async def test_another_process_goes_on_with_the_same_handle(demo: DemoProvider, clock: FakeClock) -> None:
    handle = await handed(demo)
    clock.jump(4)
    restarted = DemoProvider(clock=clock, duration_s=99)
    halfway = await restarted.poll(handle)
    assert isinstance(halfway, Pending)
    assert halfway.progress == Progress(fraction=0.5, eta_s=4.0)
    clock.jump(4)
    assert await restarted.poll(handle) == await demo.poll(handle)


async def test_a_duration_of_nothing_is_done_at_the_first_look(clock: FakeClock) -> None:
    demo = DemoProvider(clock=clock, duration_s=0)
    assert isinstance(await demo.poll(await handed(demo)), Finished)


@pytest.mark.parametrize("prompt", ["please FAIL", "fail.", "slow to fail"])
async def test_fail_fails_on_the_way(demo: DemoProvider, clock: FakeClock, prompt: str) -> None:
    handle = await handed(demo, prompt)
    slower = 4 if "slow" in prompt else 1
    clock.jump(4.7 * slower)
    assert isinstance(await demo.poll(handle), Pending)
    clock.jump(0.2 * slower)
    with pytest.raises(GenerationFailed):
        await demo.poll(handle)


async def test_slow_takes_four_times_as_long(demo: DemoProvider, clock: FakeClock) -> None:
    handle = await handed(demo, "a Slow snail")
    clock.jump(31.9)
    assert isinstance(await demo.poll(handle), Pending)
    clock.jump(0.2)
    assert isinstance(await demo.poll(handle), Finished)


async def test_stuck_stays_where_it_is_for_ever(demo: DemoProvider, clock: FakeClock) -> None:
    handle = await handed(demo, "stuck in the mud")
    clock.jump(1_000_000)
    assert await demo.poll(handle) == Pending(handle, Progress(fraction=0.4), 0.5)


async def test_the_fates_are_whole_words(demo: DemoProvider, clock: FakeClock) -> None:
    handle = await handed(demo, "failing slowly, a stuckist painting of slowness and failure")
    clock.jump(8)
    assert isinstance(await demo.poll(handle), Finished)


async def test_a_canceled_job_is_over_but_not_its_twin(demo: DemoProvider) -> None:
    one, twin = [(await demo.submit(asked(seed=7), model="demo", key=key)).handle for key in ("JOB1", "JOB2")]
    await demo.cancel(one)
    with pytest.raises(GenerationFailed):
        await demo.poll(one)
    assert isinstance(await demo.poll(twin), Pending)


async def test_a_job_of_an_earlier_process_can_be_canceled(demo: DemoProvider, clock: FakeClock) -> None:
    handle, restarted = await handed(demo), DemoProvider(clock=clock)
    await restarted.cancel(handle)
    with pytest.raises(GenerationFailed):
        await restarted.poll(handle)


def _spoiled(**changes: object) -> Callable[[str], str]:
    def spoil(handle: str) -> str:
        said = json.loads(handle)
        brief = said["brief"]
        for key, value in changes.items():
            (brief if key in brief else said)[key] = value
        return json.dumps(said)

    return spoil


UNREADABLE: dict[str, Callable[[str], str]] = {
    "nothing": lambda _: "",
    "no json": lambda _: "JOB1",
    "no object": lambda _: "[1, 2]",
    "an empty object": lambda _: "{}",
    "half of it": lambda handle: handle[: len(handle) // 2],
    "no number": _spoiled(started_at="yesterday"),
    "no time": _spoiled(started_at=float("nan")),
    "an endless duration": _spoiled(duration_s=float("inf")),
    "a huge side": _spoiled(width=1_000_000),
    "a side of text": _spoiled(height="256"),
    "an unknown scene": _spoiled(scene="kitchen"),
    "an unknown style": _spoiled(style="oil"),
    "an unknown mood": _spoiled(mood="GLOOM"),
    "an unknown motif": _spoiled(motifs=["teapot"]),
    "a list for a scene": _spoiled(scene=["sea"]),
    "a number for a seed": _spoiled(seed=7),
    "a tiny side": _spoiled(width=8),
    "one field too many": lambda handle: handle.replace('"scene"', '"more": 1, "scene"'),
}


@pytest.mark.parametrize("spoil", UNREADABLE.values(), ids=UNREADABLE)
async def test_an_unreadable_handle_is_a_protocol_error(demo: DemoProvider, spoil: Callable[[str], str]) -> None:
    handle = spoil(await handed(demo))
    with pytest.raises(ProtocolError):
        await demo.poll(handle)
    with pytest.raises(ProtocolError):
        await demo.cancel(handle)


async def test_a_handle_repeats_none_of_the_words(demo: DemoProvider) -> None:
    handle = await handed(demo, "Grandmother Ottilie at Borkum harbour")
    assert not any(word in handle.casefold() for word in ("grandmother", "ottilie", "borkum"))


async def test_the_same_words_and_seed_give_the_same_bytes(demo: DemoProvider, clock: FakeClock) -> None:
    one = await picture(demo, clock, asked(seed=7), key="JOB1")
    other = await picture(DemoProvider(clock=clock), clock, asked(seed=7), key="JOB2")
    assert one == other


@pytest.mark.parametrize(
    "other", [asked(seed=8), asked("a green fox", seed=7), asked(seed=7, style="neon"), asked(seed=7, width=264)]
)
async def test_whatever_was_asked_differently_looks_different(
    demo: DemoProvider, clock: FakeClock, other: GenerationRequest
) -> None:
    assert await picture(demo, clock, asked(seed=7)) != await picture(demo, clock, other)


async def test_without_a_seed_every_job_looks_different_but_always_the_same(
    demo: DemoProvider, clock: FakeClock
) -> None:
    one, again, other = [await picture(demo, clock, asked(), key) for key in ("JOB1", "JOB1", "JOB2")]
    assert one == again
    assert one != other


class Counting(ThreadPoolExecutor):
    """Counts what is handed to its thread."""

    handed = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.handed += 1
        return super().submit(fn, *args, **kwargs)


async def test_a_picture_is_drawn_off_the_loops_thread(demo: DemoProvider, clock: FakeClock) -> None:
    threads = Counting(max_workers=1)
    asyncio.get_running_loop().set_default_executor(threads)
    handle = await handed(demo)
    await demo.poll(handle)
    assert threads.handed == 0
    clock.jump(8)
    await demo.poll(handle)
    assert threads.handed == 1


@pytest.mark.parametrize(("width", "height"), [(256, 256), (912, 512), (256, 2048), (2048, 256)])
async def test_the_picture_is_a_png_of_the_size_that_was_asked_for(
    demo: DemoProvider, clock: FakeClock, width: int, height: int
) -> None:
    request = GenerationRequest(prompt="a lighthouse in a storm", width=width, height=height)
    with Image.open(io.BytesIO(await picture(demo, clock, request))) as image:
        image.load()
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (width, height))


async def test_a_picture_has_a_usual_size_where_none_was_asked_for(demo: DemoProvider) -> None:
    pending = await demo.submit(GenerationRequest(prompt="a fox"), model="demo", key="JOB1")
    brief = json.loads(pending.handle)["brief"]
    assert (brief["width"], brief["height"]) == (1024, 1024)


async def test_the_file_itself_says_what_it_is(demo: DemoProvider, clock: FakeClock) -> None:
    with Image.open(io.BytesIO(await picture(demo, clock, asked()))) as image:
        assert image.info["Software"] == "Limner demo"
        assert image.info["Description"].startswith("AI-generated")


@pytest.mark.parametrize("prompt", ["a lighthouse", "\u202eعربي \u0000 🦊", "<b>" * 600])
def test_every_picture_wears_its_label_in_the_corner(prompt: str) -> None:
    brief = plan(prompt, style=None, width=512, height=384, seed=1)
    bare = paint(brief).image
    with Image.open(io.BytesIO(draw(brief))) as shown:
        changed = ImageChops.difference(bare, shown).getbbox()
        assert changed is not None
        left, top, right, bottom = changed
        assert 512 * 0.8 < left < right < 512
        assert 384 * 0.85 < top < bottom < 384
        plate = ImageStat.Stat(shown.crop(changed).convert("L"))
    assert plate.extrema[0][1] - plate.extrema[0][0] > 90  # letters stand out from their plate


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_can_be_drawn_in_every_style_and_mood(scene: str, style: str) -> None:
    for mood in Mood:
        brief = Brief(scene=scene, mood=mood.name, style=style, motifs=("fox",), width=SIDE, height=SIDE, seed="1")
        spread = ImageStat.Stat(paint(brief).image.convert("L")).stddev[0]
        assert spread > 8


PLACES = {
    "a lighthouse in a storm": ("sea", "STORM", "dusk"),
    "a red fox in the snow": ("mountains", "CLEAR", "frost"),
    "Tokyo at night, neon": ("city", "NIGHT", "neon"),
    "an owl in the woods, ink": ("forest", "CLEAR", "ink"),
    "the rings of Saturn, paper": ("cosmos", "CLEAR", "paper"),
    "abstract waves in green": ("strata", "CLEAR", "meadow"),
}


@pytest.mark.parametrize("prompt", PLACES)
def test_the_words_choose_place_light_and_style(prompt: str) -> None:
    brief = plan(prompt, style=None, width=SIDE, height=SIDE, seed=1)
    assert (brief.scene, brief.mood, brief.style) == PLACES[prompt]


@given(st.text(max_size=60), st.integers(0, 2**32 - 1))
def test_any_words_have_their_place_and_keep_it(prompt: str, seed: int) -> None:
    one = plan(prompt, style=None, width=SIDE, height=SIDE, seed=seed)
    other = plan(prompt, style=None, width=SIDE, height=SIDE, seed=seed ^ 1)
    assert (one.scene, one.mood, one.style) == (other.scene, other.mood, other.style)
    assert one.seed != other.seed


async def test_it_says_what_it_can_do_and_lacks_some_on_purpose(demo: DemoProvider) -> None:
    (spec,) = demo.specs
    assert (demo.name, demo.title, demo.slots) == ("demo", "Demo", 4)
    assert [option.name for option in spec.options] == ["style", "width", "height", "seed"]
    assert (spec.model, spec.max_count, spec.usual_s, spec.deadline_s, spec.cancel) == ("demo", 4, 8.0, 120.0, True)
    assert isinstance(demo, Cancels)
    assert isinstance(demo, Styled)
    assert (await demo.styles())[0] == Style("dusk", "Dusk")


async def test_a_style_is_known_in_any_case_and_others_are_refused(demo: DemoProvider) -> None:
    assert isinstance(await demo.submit(asked(style="NEON"), model="demo", key="JOB1"), Pending)
    with pytest.raises(InvalidRequest) as caught:
        await demo.submit(asked(style="oil"), model="demo", key="JOB1")
    assert (caught.value.key, caught.value.params) == (
        "err.style",
        {"value": "oil", "known": "dusk, ink, paper, neon, meadow, frost"},
    )


def made(clock: FakeClock, settings: DemoSettings) -> tuple[int, float, float] | None:
    demo = create(ProviderContext(name="demo", settings=settings, clock=clock))
    return (demo.slots, demo.specs[0].usual_s, demo.specs[0].deadline_s) if demo else None


def test_the_settings_switch_it_and_set_its_figures(clock: FakeClock) -> None:
    assert made(clock, DemoSettings(enabled=False)) is None
    assert made(clock, DemoSettings()) == (4, 8.0, 120.0)
    assert made(clock, DemoSettings(enabled=True, duration_s=2, max_in_flight=9, deadline_s=30)) == (9, 2.0, 30.0)


def test_even_a_slow_job_has_time_before_the_deadline(clock: FakeClock) -> None:
    assert made(clock, DemoSettings(duration_s=100)) == (4, 100.0, 800.0)
