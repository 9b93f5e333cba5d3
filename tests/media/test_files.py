"""Files under our own names: whole or absent, private, capped."""

from __future__ import annotations

import io
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adapters.media import Fetcher, FileMedia
from bot.errors import BadResult, NotFound
from bot.model import Artifact, StoredFile
from bot.testing.clock import START, FakeClock

NAME = "01K5MBZ2G0AAAAAAAAAAAAAAAA"
DAY_S = 86_400
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\0\x08moov"
PICTURES_OF_FILM = b"\0\0\0\x10mdat\x01\x02\x03\x04\x05\x06\x07\x08"
LARGE_PICTURES_OF_FILM = b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x18\x01\x02\x03\x04\x05\x06\x07\x08"
OPEN_PICTURES_OF_FILM = b"\0\0\0\0mdat\x01\x02"
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm\x18S\x80g\x1f\x43\xb6\x75"


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").save(out, form)
    return out.getvalue()


def media(folder: Path, clock: FakeClock | None = None, **changes: Any) -> FileMedia:
    limits: dict[str, Any] = {
        "keep_days": 30,
        "max_bytes": 10**9,
        "min_free_bytes": 0,
        "max_file_bytes": 10**6,
        **changes,
    }
    return FileMedia(folder / "media", clock=clock or FakeClock(), fetcher=Fetcher(), links=Fetcher(), **limits)


@pytest.mark.parametrize(
    ("data", "file", "media_type"),
    [
        (picture("PNG"), f"{NAME}.png", "image/png"),
        (picture("JPEG"), f"{NAME}.jpg", "image/jpeg"),
        (picture("WEBP"), f"{NAME}.webp", "image/webp"),
        (picture("GIF"), f"{NAME}.gif", "image/gif"),
        (picture("PNG") + bytes(100), f"{NAME}.png", "image/png"),
        (MP4, f"{NAME}.mp4", "video/mp4"),
        (MP4 + PICTURES_OF_FILM, f"{NAME}.mp4", "video/mp4"),
        (MP4 + LARGE_PICTURES_OF_FILM, f"{NAME}.mp4", "video/mp4"),
        (MP4 + OPEN_PICTURES_OF_FILM, f"{NAME}.mp4", "video/mp4"),
        (WEBM, f"{NAME}.webm", "video/webm"),
    ],
)
async def test_a_result_is_named_by_its_content_whatever_it_claims(
    tmp_path: Path, data: bytes, file: str, media_type: str
) -> None:
    kept = media(tmp_path)
    assert await kept.keep(NAME, Artifact(data, "text/html")) == StoredFile(file, media_type, len(data))
    assert kept.path(file) == tmp_path / "media" / file
    assert kept.path(file).read_bytes() == data


async def test_a_result_keeps_what_its_maker_wrote_into_it(tmp_path: Path) -> None:
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0131] = "made by a machine"
    Image.radial_gradient("L").save(out, "JPEG", exif=exif, xmp=b"<x:xmpmeta/>", comment=b"seed 42")
    kept = media(tmp_path)
    await kept.keep(NAME, Artifact(out.getvalue()))
    assert kept.path(f"{NAME}.jpg").read_bytes() == out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"<!doctype html><title>502</title>",
        b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        b'{"error": "expired"}',
        b"\0\0\0\x18ftypavif\0\0\0\0avifmif1moov",
        MP4[:20],
        MP4[:24] + PICTURES_OF_FILM,
        MP4 + PICTURES_OF_FILM[:-1],
        MP4 + LARGE_PICTURES_OF_FILM[:-1],
        MP4 + b"\0\0\0\x07free",
        MP4 + b"\0\0\0\x08free" * 20_000,
        WEBM[:16],
        *(picture(form)[: len(picture(form)) // 2] for form in ("PNG", "JPEG", "WEBP", "GIF")),
        *(picture(form)[:-3] for form in ("PNG", "JPEG", "WEBP", "GIF")),
    ],
    ids=lambda data: repr(data[:12]),
)
async def test_what_is_cut_off_or_no_picture_is_refused_and_leaves_nothing(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadResult):
        await media(tmp_path).keep(NAME, Artifact(data, "image/png"))
    assert list((tmp_path / "media").iterdir()) == []


async def test_a_result_over_the_limit_is_refused(tmp_path: Path) -> None:
    data = picture("PNG")
    with pytest.raises(BadResult):
        await media(tmp_path, max_file_bytes=len(data) - 1).keep(NAME, Artifact(data))
    assert (await media(tmp_path, max_file_bytes=len(data)).keep(NAME, Artifact(data))).size_bytes == len(data)


async def test_keeping_the_same_result_again_is_harmless(tmp_path: Path) -> None:
    kept = media(tmp_path)
    first = await kept.keep(NAME, Artifact(picture("PNG")))
    assert await kept.keep(NAME, Artifact(picture("PNG"))) == first
    assert [file.name for file in (tmp_path / "media").iterdir()] == [first.name]


async def test_files_and_folder_are_private(tmp_path: Path) -> None:
    kept = media(tmp_path)
    file = kept.path((await kept.keep(NAME, Artifact(picture("PNG")))).name)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)] == [0o600, 0o700]


HOSTILE = ["../limner.db", "/etc/passwd", "..", "", ".hidden", "a.png", f"{NAME}.png/..", f"{NAME}.exe", f"{NAME}.PNG",
           f"{NAME}", f"{NAME}.png\n", f"{NAME}A.png", f"..\\{NAME}.png", f"{NAME}.png\0.jpg", "I.png"]  # fmt: skip


@pytest.mark.parametrize("file", HOSTILE)
async def test_a_name_that_is_not_ours_leads_nowhere(tmp_path: Path, file: str) -> None:
    (tmp_path / "limner.db").write_text("credits")
    kept = media(tmp_path)
    with pytest.raises(NotFound):
        kept.path(file)
    with pytest.raises(NotFound):
        await kept.remove(file)
    assert (tmp_path / "limner.db").exists()


@pytest.mark.parametrize("name", ["../x", "", "a", "X.png", f"{NAME}0", "A\n"])
async def test_a_result_cannot_be_kept_under_a_name_that_is_not_ours(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        await media(tmp_path).keep(name, Artifact(picture("PNG")))


async def test_a_removed_file_is_gone_and_a_missing_one_is_fine(tmp_path: Path) -> None:
    kept = media(tmp_path)
    file = (await kept.keep(NAME, Artifact(picture("PNG")))).name
    await kept.remove(file)
    await kept.remove(file)
    assert not kept.path(file).exists()


async def test_what_a_killed_process_left_half_written_is_removed_at_start(tmp_path: Path) -> None:
    kept = media(tmp_path)
    file = kept.path((await kept.keep(NAME, Artifact(picture("PNG")))).name)
    (file.parent / ".abc.part").write_bytes(b"\x89PNG")
    media(tmp_path)
    assert list(file.parent.iterdir()) == [file]


async def keep_one_a_day(kept: FileMedia, clock: FakeClock, days: int) -> list[str]:
    files = []
    for day in range(days):
        files.append((await kept.keep(f"{day}", Artifact(picture("PNG")))).name)
        await clock.advance(DAY_S)
    return files


async def test_files_older_than_the_days_are_surplus_oldest_first(tmp_path: Path) -> None:
    clock = FakeClock(START)
    kept = media(tmp_path, clock, keep_days=3)
    files = await keep_one_a_day(kept, clock, 5)
    assert await kept.surplus() == tuple(files[:2])


async def test_files_from_before_a_moment_are_known_by_their_age(tmp_path: Path) -> None:
    clock = FakeClock(START)
    kept = media(tmp_path, clock)
    files = await keep_one_a_day(kept, clock, 3)
    assert sorted(await kept.older(before=clock.now() - 1.5 * DAY_S)) == sorted(files[:2])
    assert await kept.older(before=START) == ()


async def test_the_oldest_files_beyond_the_bytes_are_surplus(tmp_path: Path) -> None:
    clock = FakeClock(START)
    kept = media(tmp_path, clock, max_bytes=3 * len(picture("PNG")))
    files = await keep_one_a_day(kept, clock, 5)
    (tmp_path / "media" / "notes.txt").write_text("not ours: neither counted nor removed")
    assert await kept.surplus() == tuple(files[:2])


async def test_there_is_room_until_the_disk_is_nearly_full(tmp_path: Path) -> None:
    assert media(tmp_path, min_free_bytes=0).has_room()
    assert not media(tmp_path, min_free_bytes=2**62).has_room()


NO_ROOM = """
import asyncio, resource, sys
from pathlib import Path
from typing import Any
from adapters.media import Fetcher, FileMedia
from bot.clock import SystemClock
from bot.errors import Unavailable
from bot.model import Artifact

async def main():
    fetcher, clock = Fetcher(), SystemClock()
    kept = FileMedia(Path(sys.argv[1]), clock=clock, fetcher=fetcher, links=fetcher, keep_days=1, max_bytes=1)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    try:
        await getattr(kept, sys.argv[3])("A", Artifact(Path(sys.argv[2]).read_bytes()))
    except Unavailable as error:
        print(error.key, list(Path(sys.argv[1]).iterdir()))

asyncio.run(main())
"""


@pytest.mark.parametrize("deed", ["keep", "take"])
def test_a_disk_without_room_is_said_in_words_and_leaves_nothing(tmp_path: Path, deed: str) -> None:
    source = tmp_path / "big.png"
    source.write_bytes(picture("PNG"))
    assert source.stat().st_size > 1000
    command = [sys.executable, "-c", NO_ROOM, str(tmp_path / "media"), str(source), deed]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout, done.stderr) == ("err.disk_full []\n", "")
