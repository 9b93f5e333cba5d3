"""Pictures that people bring: what is kept of them, what is refused and how, and what stays behind (nothing)."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin
from sim.hostile import black_png, vast_webp
from sim.outside import Outside

from adapters.media import FileMedia, imaging
from adapters.media.fetching import Fetcher
from adapters.media.sandbox import LIMIT_S, Sandbox
from adapters.media.uploads import MAX_MPX, MAX_SIDE_PX, Uploads
from bot.errors import InvalidRequest
from bot.media import MAX_SOURCE_BYTES, MAX_UPLOAD_BYTES
from bot.model import Artifact, RemoteArtifact, StoredFile
from bot.testing.clock import FakeClock

COLORED = Image.new("RGB", (60, 40), (200, 40, 90))
SEE_THROUGH = Image.new("RGBA", (60, 40), (200, 40, 90, 128))
NOISE = Image.effect_noise((300, 200), 200).convert("RGB")
SECRET = b"52.5200 N, 13.4050 E"
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def written(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@pytest.fixture
def media(outside: Outside) -> FileMedia:
    return outside.media()


async def taken(media: FileMedia, data: bytes) -> Image.Image:
    file = await media.take("A", Artifact(data, "text/html"))
    kept = media.path(file.name).read_bytes()
    assert file == StoredFile(file.name, file.media_type, len(kept))
    assert len(kept) <= MAX_SOURCE_BYTES
    image = Image.open(io.BytesIO(kept))
    image.load()
    assert {"JPEG": ("A.jpg", "image/jpeg"), "WEBP": ("A.webp", "image/webp")}[image.format or ""] == (
        file.name,
        file.media_type,
    )
    return image


def color_of(image: Image.Image) -> tuple[int, ...]:
    color = image.getpixel((30, 20))
    assert isinstance(color, tuple)
    return color


def like(color: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(here - there) <= 8 for here, there in zip(color, other, strict=True))


def told_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = SECRET.decode()
    return exif


def told_png() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", SECRET.decode())
    text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    text.add(b"tEXt", b"comment\0" + SECRET, after_idat=True)
    return written(COLORED, "PNG", pnginfo=text, exif=told_exif(), icc_profile=SRGB + SECRET)


def frames(form: str) -> bytes:
    return written(COLORED, form, save_all=True, append_images=[COLORED.rotate(180), NOISE.resize((60, 40))])


TOLD: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: written(COLORED, "JPEG", exif=told_exif(), xmp=SECRET, comment=SECRET, icc_profile=SRGB + SECRET),
    "png": told_png,
    "webp": lambda: written(COLORED, "WEBP", exif=told_exif(), xmp=SECRET, icc_profile=SRGB + SECRET),
    "webp with alpha": lambda: written(SEE_THROUGH, "WEBP", exif=told_exif(), xmp=SECRET, icc_profile=SRGB + SECRET),
    "gif": lambda: written(COLORED, "GIF", comment=SECRET),
}


@pytest.mark.parametrize("form", TOLD)
async def test_pixels_are_kept_and_nothing_that_was_told_beside_them(media: FileMedia, form: str) -> None:
    data = TOLD[form]()
    assert SECRET in data
    image = await taken(media, data)
    assert like(color_of(image)[:3], (200, 40, 90))
    assert SECRET not in media.path(f"A.{'webp' if image.mode == 'RGBA' else 'jpg'}").read_bytes()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background", "timestamp",
                               "duration"}  # fmt: skip


FORMS: dict[str, tuple[Callable[[], bytes], str]] = {
    "png": (lambda: written(COLORED, "PNG"), "JPEG"),
    "png with alpha": (lambda: written(SEE_THROUGH, "PNG"), "WEBP"),
    "animated png": (lambda: frames("PNG"), "JPEG"),
    "progressive jpeg": (lambda: written(COLORED, "JPEG", progressive=True), "JPEG"),
    "jpeg of several": (lambda: frames("MPO"), "JPEG"),
    "jpeg with a film behind it, as phones write": (lambda: written(COLORED, "JPEG") + bytes(100_000), "JPEG"),
    "animated webp": (lambda: frames("WEBP"), "JPEG"),
    "animated gif": (lambda: frames("GIF"), "JPEG"),
}


@pytest.mark.parametrize("form", FORMS)
async def test_every_form_becomes_one_still_picture_of_the_same_look(media: FileMedia, form: str) -> None:
    data, becomes = FORMS[form]
    image = await taken(media, data())
    assert (image.format, image.size, getattr(image, "n_frames", 1)) == (becomes, (60, 40), 1)
    assert like(color_of(image)[:3], (200, 40, 90))


async def test_a_picture_that_lies_on_its_side_is_turned(media: FileMedia) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert (await taken(media, written(COLORED, "JPEG", exif=exif))).size == (40, 60)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
async def test_broken_words_about_a_picture_do_it_no_harm(media: FileMedia, form: str) -> None:
    for exif in (b"Exif\0\0no TIFF at all", b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01"):
        assert (await taken(media, written(COLORED, form, exif=exif))).size == COLORED.size


async def test_colors_of_a_profile_look_the_same_without_it(media: FileMedia) -> None:
    swapped = SRGB.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")
    assert like(color_of(await taken(media, written(COLORED, "PNG", icc_profile=swapped))), (90, 40, 200))
    assert like(color_of(await taken(media, written(COLORED, "PNG", icc_profile=swapped[:300]))), (200, 40, 90))


async def test_a_large_picture_is_made_smaller(media: FileMedia) -> None:
    image = await taken(media, written(Image.effect_noise((3000, 1500), 100), "JPEG"))
    assert image.size == (MAX_SIDE_PX, MAX_SIDE_PX // 2)


async def test_as_many_pixels_as_allowed_are_taken(media: FileMedia) -> None:
    assert (await taken(media, black_png(6250, 4000))).size == (MAX_SIDE_PX, 1311)


def cut_off(form: str) -> bytes:
    return written(NOISE, form)[:-5_000]


NO_PICTURE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "words": lambda: b"a picture of a fox",
    "a page": lambda: b"<!doctype html><title>404</title>",
    "a drawing that is a program": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "a film": lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\0\x08moov",
    "a still picture in a film's clothes": lambda: b"\0\0\0\x18ftypavif\0\0\0\0avifmif1\0\0\0\x08moov",
    "a kind that is not read": lambda: written(COLORED, "BMP"),
    "one that runs a program": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EOF\n",
    "one that only begins as a picture": lambda: b"\xff\xd8\xff%!PS-Adobe-3.0 EPSF-3.0\n%%EOF\n\xff\xd9",
    **{f"a cut off {form}": partial(cut_off, form) for form in ("PNG", "JPEG", "WEBP", "GIF")},
}  # fmt: skip


async def refusal(media: FileMedia, artifact: Artifact | RemoteArtifact) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(InvalidRequest) as refused:
        await media.take("A", artifact)
    return refused.value.key, refused.value.params


@pytest.mark.parametrize("what", NO_PICTURE)
async def test_what_is_no_picture_is_refused_and_leaves_nothing(media: FileMedia, outside: Outside, what: str) -> None:
    assert await refusal(media, Artifact(NO_PICTURE[what](), "image/png")) == ("err.not_picture", {})
    assert outside.left() == []


async def test_too_many_bytes_are_refused_with_the_figure(media: FileMedia, outside: Outside) -> None:
    data = written(COLORED, "JPEG").ljust(MAX_UPLOAD_BYTES + 1, b"\0")
    assert await refusal(media, Artifact(data)) == ("err.picture_large", {"mb": 20})
    assert outside.left() == []
    assert (await taken(media, data[:-1])).size == COLORED.size


@pytest.mark.parametrize(
    "data",
    [black_png(6250, 4001), black_png(20_000, 20_000), vast_webp(6000), vast_webp(10_000)],
    ids=["one row too many", "400 million", "webp of 36 million", "webp of 100 million"],
)
async def test_too_many_pixels_are_refused_with_the_figure(media: FileMedia, outside: Outside, data: bytes) -> None:
    assert await refusal(media, Artifact(data)) == ("err.picture_pixels", {"mpx": 25})
    assert outside.left() == []


def test_both_processes_mean_the_same_by_too_many_pixels() -> None:
    assert imaging.MAX_PIXELS == MAX_MPX * 10**6


async def test_a_name_that_is_not_ours_is_nobodys(media: FileMedia) -> None:
    with pytest.raises(ValueError, match="no name"):
        await media.take("../A", Artifact(written(COLORED, "PNG")))


def with_program(folder: Path, source: str, clock: FakeClock) -> Uploads:
    """Uploads whose copies are made by another program, which is given `copy`, the file and the limits."""
    program = folder / "program.py"
    program.write_text(f"import pathlib, sys, time\n{source}")
    (folder / "media").mkdir()
    return Uploads(folder / "media", clock=clock, links=Fetcher(), sandbox=Sandbox(clock, program))


TAKEN_OVER = {
    "nothing": "",
    "a page": "print('<html>')",
    "a film": r"sys.stdout.buffer.write(b'\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\0\x08moov')",
    "an animation": "sys.stdout.buffer.write(b'GIF89a;')",
    "a cut off picture": r"sys.stdout.buffer.write(b'\xff\xd8\xff')",
    "too much": r"sys.stdout.buffer.write(b'\xff\xd8\xff' + bytes(5_000_000) + b'\xff\xd9')",
    "a picture, but failing": r"sys.stdout.buffer.write(b'\xff\xd8\xff\xff\xd9'); sys.exit(1)",
}


@pytest.mark.parametrize("what", TAKEN_OVER)
async def test_a_program_that_was_taken_over_brings_nothing_but_a_picture(tmp_path: Path, what: str) -> None:
    uploads = with_program(tmp_path, TAKEN_OVER[what], FakeClock())
    with pytest.raises(InvalidRequest, match="not_picture"):
        await uploads.take("A", Artifact(written(COLORED, "PNG")))
    assert list((tmp_path / "media").iterdir()) == []


@pytest.mark.parametrize("what", ["a page", "a film", "a kind that is not read", "one that runs a program"])
async def test_what_does_not_begin_as_a_picture_is_not_even_decoded(tmp_path: Path, what: str) -> None:
    uploads = with_program(tmp_path, r"sys.stdout.buffer.write(b'\xff\xd8\xff\xff\xd9')", FakeClock())
    with pytest.raises(InvalidRequest, match="not_picture"):
        await uploads.take("A", Artifact(NO_PICTURE[what]()))


async def test_a_picture_that_takes_too_long_is_refused_in_time(tmp_path: Path) -> None:
    clock = FakeClock()
    uploads = with_program(tmp_path, f"pathlib.Path({str(tmp_path / 'begun')!r}).touch(); time.sleep(60)", clock)
    job = asyncio.create_task(uploads.take("A", Artifact(written(COLORED, "PNG"))))
    async with asyncio.timeout(30):
        while not (tmp_path / "begun").exists():  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.01)
        await clock.advance(LIMIT_S)
        with pytest.raises(InvalidRequest, match="picture_heavy"):
            await job
    assert list((tmp_path / "media").iterdir()) == []


ALONE = r"""
busy = pathlib.Path(sys.argv[2]).parent / "busy"
busy.mkdir()
time.sleep(0.05)
busy.rmdir()
sys.stdout.buffer.write(b"\xff\xd8\xff\xff\xd9")
"""


async def test_one_picture_is_decoded_at_a_time(tmp_path: Path) -> None:
    uploads = with_program(tmp_path, ALONE, FakeClock())
    async with asyncio.timeout(30):
        files = await asyncio.gather(*(uploads.take(name, Artifact(written(COLORED, "PNG"))) for name in "ABC"))
    assert [file.name for file in files] == ["A.jpg", "B.jpg", "C.jpg"]


@pytest.mark.parametrize("parts", range(3))
async def test_whoever_stops_waiting_leaves_nothing(media: FileMedia, outside: Outside, parts: int) -> None:
    job = asyncio.create_task(media.take("A", Artifact(written(NOISE, "PNG"))))
    while len(outside.left()) < parts:  # noqa: ASYNC110 - a folder tells nobody
        await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert outside.left() == []
