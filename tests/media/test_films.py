"""What a stored video says of itself, and its poster."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sim.outside import Outside

from adapters.media.boxes import film_of
from adapters.media.sandbox import Sandbox
from bot.errors import NotFound
from bot.media import Film
from bot.model import Artifact
from bot.testing.clock import FakeClock

needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None and os.environ.get("CI") != "true", reason="needs ffmpeg"
)
UPRIGHT, TURNED, ON_ITS_HEAD = (1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1)


def box(kind: bytes, *content: bytes) -> bytes:
    inner = b"".join(content)
    return (8 + len(inner)).to_bytes(4) + kind + inner


def large_box(kind: bytes, *content: bytes) -> bytes:
    inner = b"".join(content)
    return b"\0\0\0\1" + kind + (16 + len(inner)).to_bytes(8) + inner


def mvhd(ticks: int, ticks_per_s: int, *, wide: bool = False) -> bytes:
    size = 8 if wide else 4
    times = bytes(2 * size) + ticks_per_s.to_bytes(4) + ticks.to_bytes(size)
    return box(b"mvhd", bytes([wide, 0, 0, 0]), times, bytes(80))


def trak(width_px: int, height_px: int, matrix: tuple[int, ...] = UPRIGHT, *, wide: bool = False) -> bytes:
    a, b, c, d = ((number << 16).to_bytes(4, signed=True) for number in matrix)
    turns = b"".join((a, b, bytes(4), c, d, bytes(12), b"\x40\0\0\0"))
    size = (width_px << 16).to_bytes(4) + (height_px << 16).to_bytes(4)
    return box(b"trak", box(b"tkhd", bytes([wide, 0, 0, 3]), bytes(48 if wide else 36), turns, size))


def mp4(*index: bytes) -> bytes:
    return box(b"ftyp", b"isom\0\0\0\0isommp42") + box(b"mdat", bytes(100)) + box(b"moov", *index)


SOUND = trak(0, 0)
SOUND_AND_PICTURES = mp4(mvhd(5_040, 1000), SOUND, trak(1280, 720))


@pytest.mark.parametrize(
    ("data", "film"),
    [
        (SOUND_AND_PICTURES, Film(width_px=1280, height_px=720, duration_s=5.04)),
        (mp4(mvhd(9, 2, wide=True), trak(64, 32, wide=True)), Film(width_px=64, height_px=32, duration_s=4.5)),
        (mp4(mvhd(1, 1), trak(1280, 720, TURNED)), Film(width_px=720, height_px=1280, duration_s=1.0)),
        (mp4(mvhd(1, 1), trak(1280, 720, ON_ITS_HEAD)), Film(width_px=1280, height_px=720, duration_s=1.0)),
        (large_box(b"moov", mvhd(1, 1), trak(64, 32)), Film(width_px=64, height_px=32, duration_s=1.0)),
        (b"\0\0\0\0moov" + mvhd(1, 1) + trak(64, 32), Film(width_px=64, height_px=32, duration_s=1.0)),
        (mp4(mvhd(0, 1000), trak(64, 32)), Film(width_px=64, height_px=32)),
        (mp4(mvhd(5, 0), trak(64, 32)), Film(width_px=64, height_px=32)),
        (mp4(mvhd(2**32 - 1, 90_000), trak(64, 32)), Film(width_px=64, height_px=32)),
        (mp4(mvhd(2**64 - 1, 2**32 - 1, wide=True), trak(64, 32)), Film(width_px=64, height_px=32)),
        (mp4(mvhd(86_401, 1), trak(64, 32)), Film(width_px=64, height_px=32)),
        (mp4(mvhd(1, 1), SOUND), Film()),
        (mp4(mvhd(1, 1)), Film()),
        (mp4(trak(64, 32)), Film()),
        (mp4(mvhd(1, 1), box(b"trak")), Film()),
        (mp4(mvhd(1, 1), box(b"trak", box(b"tkhd", bytes(83)))), Film()),
        (mp4(box(b"mvhd", bytes(19)), trak(64, 32)), Film()),
        (mp4(box(b"mvhd"), trak(64, 32)), Film()),
        (mp4(mvhd(1, 1), *[box(b"free")] * 200, trak(64, 32)), Film()),
        (mp4(mvhd(1, 1), b"\0\0\0\x07free", trak(64, 32)), Film()),
        (SOUND_AND_PICTURES[:-1], Film()),
        (b"", Film()),
    ],
)
def test_a_video_says_how_large_and_how_long_it_is(data: bytes, film: Film) -> None:
    assert film_of(io.BytesIO(data)) == film


class Counted(io.BytesIO):
    """Knows how often it was read, and how much."""

    reads = 0
    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.reads += 1
        self.read_bytes += len(data)
        return data


@given(st.binary(max_size=2000))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    film_of(io.BytesIO(data))
    film_of(io.BytesIO(mp4(data)))
    film_of(io.BytesIO(mp4(mvhd(1, 1), box(b"trak", data))))


@given(st.lists(st.tuples(st.integers(0, len(SOUND_AND_PICTURES) - 1), st.integers(0, 255)), max_size=20))
def test_spoiled_videos_say_something_possible_or_nothing(changes: list[tuple[int, int]]) -> None:
    spoiled = bytearray(SOUND_AND_PICTURES)
    for at, value in changes:
        spoiled[at] = value
    film = film_of(io.BytesIO(spoiled))
    assert (film.width_px is None) == (film.height_px is None)
    assert 0 < (film.width_px or 1) < 65_536
    assert 0 < (film.duration_s or 1) <= 86_400


BUSY = {
    "millions of boxes": box(b"free") * 1_000_000,
    "millions of boxes in the index": mp4(box(b"free") * 1_000_000),
    "as many tracks as are looked at, each of as many boxes": mp4(
        mvhd(1, 1), *[box(b"trak", box(b"free") * 98, trak(0, 0)[8:])] * 98
    ),
    "more tracks and boxes than are looked at": mp4(
        mvhd(1, 1), *[box(b"trak", box(b"free") * 300, trak(0, 0)[8:])] * 300
    ),
    "boxes in boxes in boxes": b"".join((80_000 - 8 * depth).to_bytes(4) + b"moov" for depth in range(10_000)),
}


@pytest.mark.parametrize("what", BUSY)
def test_a_hostile_video_is_read_for_a_moment_only(what: str) -> None:
    file = Counted(BUSY[what])
    assert film_of(file) == Film()
    assert (file.reads < 21_000, file.read_bytes < 400_000) == (True, True)


@cache
def filmed() -> bytes:
    """Two seconds of a test picture, 640 by 360."""
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=640x360:rate=5:duration=2"]
    encode = ["-c:v", "mpeg4", "-f", "mp4", "-movflags", "frag_keyframe+empty_moov+default_base_moof", "pipe:1"]
    return subprocess.run([*command, *encode], capture_output=True, check=True, timeout=30).stdout


@needs_ffmpeg
async def test_a_video_has_a_small_poster_which_is_made_once_and_goes_with_it(outside: Outside) -> None:
    media = outside.media()
    file = (await media.keep("A", Artifact(filmed()))).name
    film = await media.film(file)
    assert (film.width_px, film.height_px) == (640, 360)
    assert film.poster is not None
    with Image.open(film.poster) as poster:
        assert (poster.format, poster.size) == ("JPEG", (320, 180))
    assert film.poster.stat().st_size <= 200_000
    made_ns = film.poster.stat().st_mtime_ns, film.poster.stat().st_ino
    again = await outside.media().film(file)
    assert again == film
    assert (film.poster.stat().st_mtime_ns, film.poster.stat().st_ino) == made_ns
    assert await media.preview(file, max_bytes=10**6) is None
    await media.remove(file)
    assert [path for path in outside.folder.rglob("*") if path.is_file()] == []


async def test_without_ffmpeg_there_is_no_poster_and_all_else(outside: Outside) -> None:
    media = outside.media(ffmpeg="no-such-program")
    file = (await media.keep("A", Artifact(SOUND_AND_PICTURES))).name
    assert await media.film(file) == Film(width_px=1280, height_px=720, duration_s=5.04)


@needs_ffmpeg
async def test_a_video_that_cannot_be_decoded_has_no_poster(outside: Outside) -> None:
    media = outside.media()
    file = (await media.keep("A", Artifact(SOUND_AND_PICTURES))).name
    assert (await media.film(file)).poster is None
    assert [path.name for path in outside.folder.rglob("*") if path.is_file()] == [file]


async def test_only_a_video_says_anything_and_only_one_of_ours(outside: Outside) -> None:
    media, out = outside.media(), io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "PNG")
    file = (await media.keep("A", Artifact(out.getvalue()))).name
    assert [await media.film(name) for name in (file, "B.mp4", "B.webm")] == [Film(), Film(), Film()]
    with pytest.raises(NotFound):
        await media.film("../A.mp4")


TELLS = """#!/bin/sh
ulimit -v; ulimit -t; ulimit -f; ulimit -n; /usr/bin/env
"""


async def test_ffmpeg_gets_little_time_memory_and_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DISCORD__TOKEN", "canary")
    program, told = tmp_path / "ffmpeg", []
    program.write_text(TELLS)
    program.chmod(0o755)

    async def take(data: bytes) -> None:
        told.append(data.decode())

    status = await Sandbox(FakeClock()).run("still", "/nowhere.mp4", "320", str(program), sink=take, max_bytes=1000)
    memory, time, files, handles, *environment = "".join(told).split()
    assert (status, memory, time, files, handles) == (0, str(640 * 1024), "3", "0", "16")
    assert {setting.partition("=")[0] for setting in environment} <= {"PWD", "SHLVL", "_", "OLDPWD"}
