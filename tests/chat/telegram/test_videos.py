"""Videos: they play in the chat, with what is known of them, or there is a way to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from chat.stage import Shelf
from chat.telegram.stage import Stage
from sim.telegram.sketch import MP4, jpeg

from adapters.chat.telegram.files import FILE_BYTES
from bot.media import Film
from bot.model import Artifact, JobState, RemoteArtifact, StoredFile
from bot.originals import Originals
from bot.provider import Finished


class Heavy(Shelf):
    """Keeps videos that are too large for Telegram."""

    async def keep(self, name: str, artifact: Artifact | RemoteArtifact) -> StoredFile:
        kept = await super().keep(name, artifact)
        self.files[kept.name] += bytes(FILE_BYTES)
        return kept


@pytest.fixture
def filming(empty_stage: Stage) -> Stage:
    """A stage whose provider makes videos."""
    empty_stage.provider.on_poll = lambda _: Finished(Artifact(MP4, "video/mp4"))
    return empty_stage


async def test_a_video_plays_in_its_message_with_its_size_its_length_and_its_poster(
    filming: Stage, tmp_path: Path
) -> None:
    poster = tmp_path / "poster.jpg"
    poster.write_bytes(jpeg(320, 180))
    filming.shelf.told = Film(width_px=1280, height_px=720, duration_s=3.2, poster=poster)
    async with filming.bot():
        message = await filming.imagine()
        assert message.video is not None
        film = message.video.film
        assert film is not None
        assert (film.width, film.height, film.duration_s, film.streams) == (1280, 720, 4, True)
        assert film.poster is not None
        assert film.poster.data == poster.read_bytes()
        assert message.text.startswith("✅ a red fox")
        assert message.labels == [["Again", "Change words", "More…"]]


async def test_a_video_that_says_nothing_of_itself_plays_all_the_same(filming: Stage) -> None:
    async with filming.bot():
        assert (await filming.imagine()).video
        assert (await filming.ask("/show")).video


async def test_videos_of_one_command_come_as_an_album(filming: Stage) -> None:
    async with filming.bot():
        card = await filming.imagine("a red fox --count 2")
        assert [bool(one.video) for one in filming.by_bot(filming.home)] == [False, True, True]
        await filming.press(card, "pick")
        await filming.passes(lambda: filming.by_bot(filming.home)[3:])
        assert filming.by_bot(filming.home)[3].video


async def test_the_original_of_a_video_comes_as_a_file(filming: Stage) -> None:
    async with filming.bot():
        message = await filming.imagine()
        await filming.press(message, "more")
        await filming.passes(lambda: any("original" in one for one in message.buttons), step_s=0.25)
        await filming.press(message, "original")
        await filming.passes(lambda: filming.by_bot(filming.home)[1:])
        document = filming.by_bot(filming.home)[1].document
        assert document is not None
        assert (document.data, document.name[-4:]) == (MP4, ".mp4")


async def test_a_video_that_telegram_does_not_play_goes_as_a_file(filming: Stage) -> None:
    async with filming.bot():
        filming.sim.faults.refuse("editMessageMedia", 400, "VIDEO_CONTENT_TYPE_INVALID")
        assert (await filming.imagine()).document


async def test_a_video_that_is_too_large_becomes_a_link(filming: Stage, tmp_path: Path) -> None:
    originals = filming.originals = Originals("https://draw.example.org", bytes(32))
    filming.shelf = Heavy(tmp_path)
    async with filming.bot():
        message = await filming.imagine()
        assert await filming.states(filming.ada) == [JobState.SUCCEEDED]
        assert "It has 50 MB" in message.text
        assert [one["url"] for one in message.now.entities if one["type"] == "text_link"] == [
            originals.link_to(file) for file in filming.shelf.files
        ]


async def test_nobody_pays_for_a_video_that_is_too_large_and_has_no_link(filming: Stage, tmp_path: Path) -> None:
    filming.shelf = Heavy(tmp_path)
    before = await filming.credits(filming.ada)
    async with filming.bot():
        message = await filming.imagine()
        assert "larger than this chat can show" in message.text
        assert (await filming.states(filming.ada), await filming.credits(filming.ada)) == ([JobState.FAILED], before)
