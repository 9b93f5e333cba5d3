"""POST /api/messages with a picture, and what is served of what is not a job's."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from functools import partial

import aiohttp
import pytest
from chat.web.scripted import House, Visitor, card_of, job_of, until

from adapters.chat.web.api import BODY_S, PICTURES_AT_ONCE
from adapters.chat.web.forms import FIELD_BYTES
from bot.media import MAX_UPLOAD_BYTES, Film
from bot.model import Card, CardMedia
from bot.testing.clock import settle

ID = job_of().id
PICTURE = b"\x89PNG not looked at here"
LARGE = b"x" * (FIELD_BYTES + 1)


def form(*files: bytes, name: str = "fox.png", **fields: str) -> aiohttp.FormData:
    made = aiohttp.FormData(default_to_multipart=True)
    for file in files:
        made.add_field("files[]", io.BytesIO(file), filename=name, content_type="image/png")
    for field, value in fields.items():
        made.add_field(field, value)
    return made


async def test_a_picture_and_its_line_reach_the_commands_together(house: House) -> None:
    answer = await (await house.visitor()).post("/api/messages", data=form(PICTURE, text="/edit at night", key="k"))
    assert (answer.status, answer.json["job"]) == (202, ID)
    assert house.commands.attached == [[PICTURE]]
    [(act, origin, text)] = house.commands.asked
    assert (act, text, origin.update_id) == ("say", "/edit at night", f"{origin.account}:k")


@pytest.mark.parametrize("name", ["photo", "../../etc/passwd", 'a"b.exe', "ü.svg"])
async def test_what_a_file_calls_itself_is_not_looked_at(house: House, name: str) -> None:
    answer = await (await house.visitor()).post("/api/messages", data=form(b"MZ", name=name, text="/edit"))
    assert answer.status == 202
    assert house.commands.attached == [[b"MZ"]]


async def test_a_picture_alone_is_answered_with_what_can_be_done_with_it(house: House) -> None:
    house.commands.outcome = lambda _: Card(state="answer", title="Your picture")
    answer = await (await house.visitor()).post("/api/messages", data=form(PICTURE, text=" "))
    assert (answer.status, answer.json["card"]["title"]) == (200, "Your picture")
    assert [act for act, _, _ in house.commands.asked] == ["bring"]
    assert house.commands.attached == [[PICTURE]]


async def test_something_of_ours_is_pointed_at_by_its_id(house: House) -> None:
    await (await house.visitor()).post("/api/messages", data=form(text="/edit at night", source=ID))
    assert house.commands.attached == [[ID]]


async def test_two_pictures_are_refused_and_one_empty_field_is_none(house: House) -> None:
    visitor = await house.visitor()
    answer = await visitor.post("/api/messages", data=form(PICTURE, PICTURE, text="/edit"))
    assert (answer.status, answer.json["error"]["message"]) == (422, "I take one picture at a time.")
    assert house.commands.asked == []
    assert (await visitor.post("/api/messages", data=form(b"", b"", name="", text="/help"))).status == 202
    assert house.commands.attached == [[]]


async def test_a_picture_may_have_just_as_much_as_is_said(house: House) -> None:
    visitor = await house.visitor()
    fits = await visitor.post("/api/messages", data=form(bytes(MAX_UPLOAD_BYTES), text="/edit"))
    over = await visitor.post("/api/messages", data=form(bytes(MAX_UPLOAD_BYTES + 1), text="/edit"))
    far_over = await visitor.post("/api/messages", data=form(bytes(MAX_UPLOAD_BYTES + 10**6), text="/edit"))
    assert fits.status == 202
    assert over.status == far_over.status == 413
    assert "20 MB" in over.json["error"]["message"]
    assert over.json == far_over.json
    assert len(house.commands.asked) == 1


async def test_what_does_not_say_its_length_is_counted_as_it_comes(house: House) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files[]"; filename="x"\r\n\r\n'
        while True:
            yield bytes(2**16)

    visitor = await house.visitor()
    answer = await visitor.post(
        "/api/messages", data=endless(), headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert answer.status == 413
    assert house.commands.asked == []


async def test_a_picture_without_the_page_s_token_is_not_even_read(house: House) -> None:
    visitor = await house.visitor()
    visitor.token = ""
    answer = await visitor.post("/api/messages", data=form(LARGE, text="/edit"))
    assert (answer.status, answer.json["error"]["code"]) == (403, "csrf")
    assert house.commands.asked == []


class Drip:
    """A body that stays away after its head, until it is let go."""

    def __init__(self, visitor: Visitor) -> None:
        self._more = asyncio.Event()
        headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(2 * FIELD_BYTES)}
        self.post = asyncio.ensure_future(visitor.post("/api/messages", data=self._body(), headers=headers))

    async def _body(self) -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files[]"; filename="x"\r\n\r\nx'
        await self._more.wait()

    async def leave(self) -> None:
        self.post.cancel()
        await asyncio.gather(self.post, return_exceptions=True)


async def test_who_sends_too_slowly_is_told_so_and_gives_the_seat_back(house: House) -> None:
    visitor = await house.visitor()
    drips = [Drip(visitor) for _ in range(PICTURES_AT_ONCE)]
    await until(house.chat._api._seats.locked)
    waiting = asyncio.ensure_future(visitor.post("/api/messages", data=form(LARGE, text="/edit")))
    small = await visitor.post("/api/messages", data=form(PICTURE, text="/edit"))
    assert small.status == 202  # what is small waits for nobody
    await settle()
    await house.clock.advance(BODY_S - 1)
    assert not waiting.done()
    await house.clock.advance(2)
    answers = [await drip.post for drip in drips]
    assert [answer.status for answer in answers] == [503, 503]
    assert "too long" in answers[0].json["error"]["message"]
    assert (await waiting).status in {202, 503}
    assert (await visitor.post("/api/messages", data=form(LARGE, text="/edit"))).status == 202


async def test_who_leaves_in_the_middle_of_a_picture_gives_the_seat_back(house: House) -> None:
    visitor = await house.visitor()
    drips = [Drip(visitor) for _ in range(PICTURES_AT_ONCE)]
    await until(house.chat._api._seats.locked)
    for drip in drips:
        await drip.leave()
    assert (await visitor.post("/api/messages", data=form(LARGE, text="/edit"))).status == 202


def _has_asked(house: House, times: int) -> bool:
    return len(house.commands.asked) == times


async def test_a_picture_keeps_its_seat_while_the_commands_look_at_it_though_its_sender_left(house: House) -> None:
    house.commands.gate = asyncio.Event()
    visitor = await house.visitor()
    for number in range(PICTURES_AT_ONCE):
        post = asyncio.ensure_future(visitor.post("/api/messages", data=form(LARGE, text="/edit")))
        await until(partial(_has_asked, house, number + 1))
        post.cancel()
        await asyncio.gather(post, return_exceptions=True)
    await until(lambda: not house.connections())
    assert house.chat._api._seats.locked()
    house.commands.gate.set()
    await until(lambda: not house.chat._api._seats.locked())


async def test_only_the_browser_that_was_answered_may_see_what_the_answer_shows(house: House) -> None:
    file = "01JD00000000000000000AV000.png"
    house.shelf.add(file)
    house.commands.outcome = lambda _: Card(
        state="answer", title="Astrid", media=(CardMedia(file, "image/png", "Astrid"),), portrait=True
    )
    visitor, other = await house.visitor(), await house.visitor()
    card = (await visitor.say("/character show astrid")).json["card"]
    assert card["portrait"] is True
    [media] = card["media"]
    answer = await visitor.get(media["url"])
    assert (answer.status, answer.body) == (200, (house.shelf.folder / file).read_bytes())
    saved = await visitor.get(media["download"])
    assert saved.headers["Content-Disposition"].startswith(f'attachment; filename="limner-{file}"')
    assert (await other.get(media["url"])).status == 404
    assert (await visitor.get(f"/media/{file}")).status == 404
    house.shelf.add(file.replace("AV000", "AV001"))
    assert (await visitor.get(media["url"].replace("AV000", "AV001"))).status == 404
    (house.shelf.folder / file).unlink()
    assert (await visitor.get(media["url"])).status == 404


async def test_a_job_s_card_carries_no_seal(house: House) -> None:
    house.commands.outcome = lambda _: card_of(media=(CardMedia(f"{ID}.png", "image/png", "a fox"),))
    [media] = (await (await house.visitor()).say("/show")).json["card"]["media"]
    assert media["url"] == f"/media/{ID}.png"


async def test_a_video_says_its_size_and_has_a_poster_of_the_same_owner(house: House) -> None:
    file = "01JD00000000000000000AV000.mp4"
    (house.shelf.folder / file).write_bytes(b"film")
    house.shelf.add("poster.jpg")
    house.shelf.told = Film(width_px=96, height_px=64, duration_s=1.0, poster=house.shelf.folder / "poster.jpg")
    house.commands.outcome = lambda _: Card(
        state="answer", title="A film", media=(CardMedia(file, "video/mp4", "waves"),)
    )
    visitor, other = await house.visitor(), await house.visitor()
    [media] = (await visitor.say("/animate")).json["card"]["media"]
    assert (media["type"], media["width"], media["height"]) == ("video/mp4", 96, 64)
    poster, part = await visitor.get(media["poster"]), await visitor.get(media["url"], Range="bytes=1-2")
    assert (poster.status, poster.headers["Content-Type"]) == (200, "image/jpeg")
    assert (part.status, part.body, part.headers["Content-Type"]) == (206, b"il", "video/mp4")
    assert (await other.get(media["poster"])).status == 404
    house.shelf.told = Film()
    assert (await visitor.get(media["poster"])).status == 404
    [media] = (await visitor.say("/animate")).json["card"]["media"]
    assert (media["poster"], media["width"]) == (None, None)
