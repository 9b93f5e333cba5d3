"""Smaller copies of stored pictures, made by the real program."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin
from sim.hostile import black_png
from sim.outside import Outside

from adapters.media import FileMedia
from adapters.media.previews import Previews
from adapters.media.sandbox import Sandbox
from bot.errors import NotFound
from bot.model import Artifact
from bot.testing.clock import FakeClock

LARGE = 10**9
NOISE = Image.effect_noise((300, 200), 200).convert("RGB")
HALF = Image.merge("RGBA", (*NOISE.split(), Image.linear_gradient("L").resize(NOISE.size)))
COLORED = Image.new("RGB", (60, 40), (200, 40, 90))
SEE_THROUGH = Image.new("RGBA", (60, 40), (200, 40, 90, 128))


def written(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@pytest.fixture
def media(outside: Outside) -> FileMedia:
    return outside.media(max_file_bytes=LARGE)


async def keep(media: FileMedia, data: bytes, name: str = "A") -> str:
    return (await media.keep(name, Artifact(data))).name


async def preview(media: FileMedia, file: str, max_bytes: int = LARGE, max_side_px: int | None = None) -> Image.Image:
    path = await media.preview(file, max_bytes=max_bytes, max_side_px=max_side_px)
    assert path is not None
    assert path.stat().st_size <= max_bytes
    image = Image.open(io.BytesIO(path.read_bytes()))
    image.load()
    assert {"JPEG": ".jpg", "WEBP": ".webp"}[image.format or ""] == path.suffix
    return image


def frames(form: str) -> bytes:
    others = [COLORED.rotate(180), Image.new("RGB", COLORED.size, "white")]
    return written(COLORED, form, save_all=True, append_images=others, duration=100)


def sixteen_bits() -> bytes:
    return written(Image.new("I;16", (60, 40), 0x8000), "PNG")


FORMS: dict[str, tuple[Callable[[], bytes], str, tuple[int, ...]]] = {
    "png": (lambda: written(COLORED, "PNG"), "JPEG", (200, 40, 90)),
    "grey png": (lambda: written(COLORED.convert("L"), "PNG"), "JPEG", (94, 94, 94)),
    "black and white png": (lambda: written(Image.new("1", (60, 40), 1), "PNG"), "JPEG", (255, 255, 255)),
    "png of 16 bits": (sixteen_bits, "JPEG", (128, 128, 128)),
    "png with a palette": (lambda: written(COLORED.convert("P", palette=Image.Palette.ADAPTIVE), "PNG"), "JPEG",
                           (200, 40, 90)),
    "opaque png with alpha": (lambda: written(COLORED.convert("RGBA"), "PNG"), "JPEG", (200, 40, 90)),
    "png with alpha": (lambda: written(SEE_THROUGH, "PNG"), "WEBP", (200, 40, 90, 128)),
    "grey png with alpha": (lambda: written(SEE_THROUGH.convert("LA"), "PNG"), "WEBP", (94, 94, 94, 128)),
    "png with one color seen through": (lambda: written(COLORED, "PNG", transparency=(200, 40, 90)), "WEBP", (0,)),
    "animated png": (lambda: frames("PNG"), "JPEG", (200, 40, 90)),
    "jpeg": (lambda: written(COLORED, "JPEG"), "JPEG", (200, 40, 90)),
    "progressive jpeg": (lambda: written(COLORED, "JPEG", progressive=True), "JPEG", (200, 40, 90)),
    "jpeg for print": (lambda: written(COLORED.convert("CMYK"), "JPEG"), "JPEG", (200, 40, 90)),
    "jpeg of several": (lambda: frames("MPO"), "JPEG", (200, 40, 90)),
    "webp": (lambda: written(COLORED, "WEBP"), "JPEG", (200, 40, 90)),
    "webp with alpha": (lambda: written(SEE_THROUGH, "WEBP"), "WEBP", (200, 40, 90, 128)),
    "animated webp": (lambda: frames("WEBP"), "JPEG", (200, 40, 90)),
    "gif": (lambda: written(COLORED, "GIF"), "JPEG", (200, 40, 90)),
    "animated gif": (lambda: frames("GIF"), "JPEG", (200, 40, 90)),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
async def test_every_form_of_picture_keeps_its_look(media: FileMedia, form: str) -> None:
    data, becomes, color = FORMS[form]
    image = await preview(media, await keep(media, data()))
    assert (image.format, image.size) == (becomes, (60, 40))
    shown = image.getpixel((30, 20))
    assert isinstance(shown, tuple)
    assert all(abs(here - there) <= 12 for here, there in zip(shown[-len(color) :], color, strict=True)), shown


async def test_a_picture_that_lies_on_its_side_is_turned(media: FileMedia) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = await preview(media, await keep(media, written(COLORED, "JPEG", exif=exif)))
    assert (image.size, dict(image.getexif())) == ((40, 60), {})


async def test_nothing_but_the_picture_goes_along(media: FileMedia) -> None:
    exif, text = Image.Exif(), PngImagePlugin.PngInfo()
    exif[0x010E] = "where I live"
    text.add_text("parameters", "what I asked for")
    told, seen = written(COLORED, "PNG", pnginfo=text), written(SEE_THROUGH, "WEBP", exif=exif)
    said = written(COLORED, "JPEG", comment=b"who I am")
    for name, data, words in (("A", told, b"what I asked for"), ("B", seen, b"where I live"), ("C", said, b"who I am")):
        path = await media.preview(await keep(media, data, name), max_bytes=LARGE)
        assert path is not None
        assert (words in data, words in path.read_bytes()) == (True, False)


@pytest.mark.parametrize("image", [NOISE, HALF], ids=["jpeg", "webp"])
async def test_quality_goes_first_and_size_second(media: FileMedia, image: Image.Image) -> None:
    file = await keep(media, written(image, "PNG"))
    best = await media.preview(file, max_bytes=LARGE)
    assert best is not None
    best_bytes = best.stat().st_size
    assert (await preview(media, file, best_bytes - 1)).size == image.size
    small = await preview(media, file, best_bytes // 4)
    assert small.width < image.width
    assert abs(small.width / small.height - image.width / image.height) < 0.02


async def test_no_side_is_longer_than_asked_for_and_nothing_is_made_larger(media: FileMedia) -> None:
    file = await keep(media, written(NOISE, "PNG"))
    assert (await preview(media, file, max_side_px=150)).size == (150, 100)
    assert (await preview(media, file, max_side_px=5000)).size == NOISE.size
    assert (await preview(media, file)).size == NOISE.size


async def test_a_picture_of_as_many_pixels_as_allowed_has_a_preview(media: FileMedia) -> None:
    assert (await preview(media, await keep(media, black_png(6250, 4000)), max_side_px=100)).size == (100, 64)


NOT_A_PICTURE: dict[str, Callable[[], tuple[str, bytes]]] = {
    "a film": lambda: ("A.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\0\x08moov"),
    "a cut off picture": lambda: ("A.png", written(NOISE, "PNG")[:-5_000]),
    "a picture of a kind that is not kept": lambda: ("A.png", written(COLORED, "BMP")),
    "one that runs a program": lambda: ("A.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EOF\n"),
    "more pixels than the limit": lambda: ("A.png", black_png(6250, 4001)),
    "far more pixels than the limit": lambda: ("A.png", black_png(20_000, 20_000)),
    "nothing": lambda: ("A.png", b""),
}


@pytest.mark.parametrize("what", NOT_A_PICTURE)
async def test_what_is_no_fit_picture_has_no_preview(media: FileMedia, outside: Outside, what: str) -> None:
    file, data = NOT_A_PICTURE[what]()
    media.path(file).write_bytes(data)
    assert await media.preview(file, max_bytes=LARGE) is None
    assert [path for path in outside.folder.rglob("*") if path.is_file()] == [media.path(file)]


async def test_too_few_bytes_for_any_copy_and_a_missing_original_have_no_preview(media: FileMedia) -> None:
    assert await media.preview(await keep(media, written(NOISE, "PNG")), max_bytes=200) is None
    assert await media.preview("B.png", max_bytes=LARGE) is None


async def test_a_name_that_is_not_ours_has_no_preview_and_a_preview_is_no_file_of_ours(media: FileMedia) -> None:
    path = await media.preview(await keep(media, written(COLORED, "PNG")), max_bytes=LARGE)
    assert path is not None
    for name in ("../A.png", "A.png.0", path.name, f"previews/{path.name}"):
        with pytest.raises(NotFound):
            media.path(name)
        with pytest.raises(NotFound):
            await media.preview(name, max_bytes=LARGE)


async def test_the_original_is_left_alone(media: FileMedia) -> None:
    file = await keep(media, written(NOISE, "PNG"))
    before = media.path(file).read_bytes(), media.path(file).stat()
    await preview(media, file, 5_000)
    assert media.path(file).read_bytes() == before[0]
    assert media.path(file).stat().st_mtime_ns == before[1].st_mtime_ns


async def test_a_preview_is_made_once_and_again_only_for_a_tighter_limit(media: FileMedia) -> None:
    file = await keep(media, written(NOISE, "PNG"))
    asked = [await media.preview(file, max_bytes=most) for most in (30_000, LARGE)]
    assert asked[0] is not None
    made_ns = asked[0].stat().st_mtime_ns, asked[0].stat().st_ino
    asked += await asyncio.gather(*(media.preview(file, max_bytes=30_000) for _ in range(3)))
    assert set(asked) == {asked[0]}
    assert (asked[0].stat().st_mtime_ns, asked[0].stat().st_ino) == made_ns
    assert await media.preview(file, max_bytes=15_000) == asked[0]
    assert asked[0].stat().st_size <= 15_000


async def test_previews_go_with_their_original_and_no_other(media: FileMedia, outside: Outside) -> None:
    first, second = [await keep(media, written(image, "PNG"), name) for name, image in (("A", HALF), ("AB", COLORED))]
    for file in (first, second):
        for side_px in (None, 100):
            await media.preview(file, max_bytes=LARGE, max_side_px=side_px)
    await media.remove(first)
    left = sorted(path.name for path in outside.folder.rglob("*") if path.is_file())
    assert left == [second, f"{second}.0.jpg", f"{second}.100.jpg"]


REMOVES_THE_ORIGINAL = r"""
import pathlib, sys
pathlib.Path(sys.argv[2]).unlink()
sys.stdout.buffer.write(b"\xff\xd8\xff\xff\xd9")
"""


async def of_program(tmp_path: Path, source: str) -> tuple[Path | None, list[str]]:
    """What a program gives as the preview of a picture, and the names of all that lies there afterwards."""
    program, original = tmp_path / "program.py", tmp_path / "media" / "A.png"
    program.write_text(source)
    original.parent.mkdir()
    original.write_bytes(written(COLORED, "PNG"))
    previews = Previews(original.parent, clock=FakeClock(), sandbox=Sandbox(FakeClock(), program), ffmpeg=None)
    found = await previews.of("A.png", max_bytes=1000, max_side_px=None)
    return found, [path.name for path in original.parent.rglob("*") if path.is_file()]


async def test_an_original_that_is_removed_meanwhile_takes_its_preview_along(tmp_path: Path) -> None:
    assert await of_program(tmp_path, REMOVES_THE_ORIGINAL) == (None, [])


@pytest.mark.parametrize("source", ["", "print('<html>')", "print('a' * 10_000)", "raise SystemExit(1)"])
async def test_a_program_that_was_taken_over_brings_nothing_but_a_picture(tmp_path: Path, source: str) -> None:
    assert await of_program(tmp_path, source) == (None, ["A.png"])


async def test_what_a_killed_process_left_of_previews_is_removed_at_start(media: FileMedia, outside: Outside) -> None:
    file = await keep(media, written(COLORED, "PNG"))
    path = await media.preview(file, max_bytes=LARGE)
    assert path is not None
    (path.parent / ".abc.part").write_bytes(b"\xff\xd8")
    (path.parent / "B.png.0.jpg").write_bytes(b"\xff\xd8")
    outside.media()
    assert list(path.parent.iterdir()) == [path]


async def test_previews_count_as_bytes_of_their_original(outside: Outside) -> None:
    media = outside.media(max_file_bytes=LARGE, max_bytes=2 * len(written(NOISE, "PNG")))
    files = [await keep(media, written(NOISE, "PNG"), name) for name in "AB"]
    assert await media.surplus() == ()
    await media.preview(files[1], max_bytes=LARGE)
    assert await media.surplus() == ("A.png",)
