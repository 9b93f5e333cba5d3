"""Messages of the simulated Telegram, sent and changed by the real python-telegram-bot."""

from __future__ import annotations

from typing import Any

import pytest
from sim.telegram.raw import raw
from sim.telegram.sketch import MP4, button, client, jpeg, picture, shown, somewhere
from sim.telegram.state import MIB
from telegram import ForceReply, InputMediaDocument, InputMediaPhoto, InputMediaVideo, ReplyParameters
from telegram.error import BadRequest, Forbidden, NetworkError

from bot.testing.clock import FakeClock

DAY_S = 86400.0


async def test_a_text_is_sent_edited_and_deleted_and_every_version_is_kept() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sent = await bot.send_message(
            meadow.id, "<b>a fox</b>", "HTML", reply_markup=button("Cancel", "j1:cancel:K7F3")
        )
        assert sent.parse_entities() == {sent.entities[0]: "a fox"}
        edited = shown(await bot.edit_message_text("a hare", meadow.id, sent.message_id))
        assert (edited.text, edited.reply_markup, edited.edit_date is None) == ("a hare", None, False)
        (message,) = sim.messages(meadow)
        assert [(one.text, len(one.keyboard)) for one in message.history] == [("a fox", 1), ("a hare", 0)]
        assert await bot.delete_message(meadow.id, sent.message_id)
        assert sim.messages(meadow) == []


async def test_an_edit_that_changes_nothing_is_refused_in_telegrams_words() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sent = await bot.send_message(meadow.id, "a fox", reply_markup=button("Cancel", "c"))
        with pytest.raises(BadRequest, match="Message is not modified: specified new message content and reply markup"):
            await bot.edit_message_text("a fox", meadow.id, sent.message_id, reply_markup=button("Cancel", "c"))
        await bot.edit_message_text("a fox", meadow.id, sent.message_id, reply_markup=button("Stop", "c"))
        await bot.edit_message_reply_markup(meadow.id, sent.message_id)
        assert len(sim.messages(meadow)[0].history) == 3


async def test_a_text_becomes_a_picture_and_never_a_text_again() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sent = await bot.send_message(meadow.id, "Queued")
        media = InputMediaPhoto(picture(), caption="<i>a fox</i>", parse_mode="HTML")
        again = button("Again", "a")
        edited = shown(await bot.edit_message_media(media, meadow.id, sent.message_id, reply_markup=again))
        assert (edited.text, edited.caption, edited.caption_entities[0].type) == (None, "a fox", "italic")
        await bot.edit_message_caption(meadow.id, sent.message_id, caption="a hare")
        with pytest.raises(BadRequest, match="There is no text in the message to edit"):
            await bot.edit_message_text("a fox", meadow.id, sent.message_id)
        (message,) = sim.messages(meadow)
        assert message.photo is not None
        assert (message.photo.data, message.text, message.buttons) == (picture(), "a hare", {})


async def test_a_text_has_no_caption_to_edit() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sent = await bot.send_message(meadow.id, "a fox")
        with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
            await bot.edit_message_caption(meadow.id, sent.message_id, caption="a hare")


@pytest.mark.parametrize("verb", ["edit_message_text", "edit_message_media", "delete_message"])
async def test_what_is_gone_can_neither_be_edited_nor_deleted(verb: str) -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        sent = await bot.send_message(meadow.id, "a fox")
        sim.promotes(meadow, ada)
        sim.deletes(ada, sim.messages(meadow)[0])
        more: dict[str, Any] = {"edit_message_text": {"text": "a"}, "edit_message_media": {"media": _photo()}}
        with pytest.raises(BadRequest, match=r"Message to (edit|delete) not found"):
            await getattr(bot, verb)(chat_id=meadow.id, message_id=sent.message_id, **more.get(verb, {}))


async def test_only_own_messages_without_a_question_can_be_edited() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        asked = await bot.send_message(meadow.id, "What?", reply_markup=ForceReply(selective=True))
        forwarded = await bot.forward_message(meadow.id, meadow.id, asked.message_id)
        hers = sim.says(ada, meadow, "/imagine a fox")
        for number in (asked.message_id, forwarded.message_id, hers.id):
            with pytest.raises(BadRequest, match="Message can't be edited"):
                await bot.edit_message_text("a hare", meadow.id, number)
        assert sim.messages(meadow)[0].asks_reply == {"force_reply": True, "selective": True}


async def test_a_picture_is_shown_in_sizes_with_new_ids_and_can_be_fetched_smaller() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sent = await bot.send_photo(meadow.id, picture(2000, 1000))
        assert [(one.width, one.height) for one in sent.photo] == [(90, 45), (320, 160), (800, 400), (1280, 640)]
        assert len({one.file_id for one in sent.photo}) == 4
        file = await bot.get_file(sent.photo[-1].file_id)
        assert bytes(await file.download_as_bytearray()).startswith(b"\xff\xd8")
        again = await bot.send_photo(meadow.id, sent.photo[-1].file_id)
        assert again.photo == sent.photo


async def test_a_document_keeps_its_bytes_and_its_name() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sent = await bot.send_document(meadow.id, picture(), filename="fox.png", caption="the original")
        assert sent.document is not None
        assert (sent.document.file_name, sent.document.mime_type) == ("fox.png", "image/png")
        file = await sent.document.get_file()
        assert bytes(await file.download_as_bytearray()) == picture()
        with pytest.raises(BadRequest, match="Can't use file of type document as photo"):
            await bot.send_photo(meadow.id, sent.document.file_id)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (picture(9000, 1001), "Photo_invalid_dimensions"),
        (picture(21, 1), "Photo_invalid_dimensions"),
        (b"no picture at all", "Image_process_failed"),
        (picture() + bytes(10 * MIB), "is too big for a photo; the maximum size is 10485760 bytes"),
    ],
    ids=["too large", "too long", "no picture", "too many bytes"],
)
async def test_a_picture_that_telegram_does_not_take_is_refused(data: bytes, reason: str) -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        with pytest.raises(BadRequest, match=f"(?i){reason}"):
            await bot.send_photo(meadow.id, data)
        assert sim.messages(meadow) == []


async def test_more_than_fifty_megabytes_are_not_taken_at_all() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        with pytest.raises(NetworkError, match="Request Entity Too Large"):
            await bot.send_document(meadow.id, bytes(50 * MIB))


async def test_an_album_is_several_messages_without_buttons() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        media = [InputMediaPhoto(picture(colour=colour), caption=colour) for colour in ("red", "blue")]
        sent = await bot.send_media_group(meadow.id, media)
        assert len({one.media_group_id for one in sent}) == 1
        assert [one.text for one in sim.messages(meadow)] == ["red", "blue"]
        with pytest.raises(BadRequest, match=r"(?i)can't use the media of the specified type in the album"):
            await bot.edit_message_media(_document(), meadow.id, sent[0].message_id)
        await bot.edit_message_media(_photo(), meadow.id, sent[0].message_id)
        with pytest.raises(BadRequest, match=r"(?i)wrong number of items"):
            await bot.send_media_group(meadow.id, media[:1])
        assert len(sim.take_violations()) == 1


async def test_an_album_takes_no_buttons() -> None:
    async with client() as (sim, _), raw(sim) as call:
        _, meadow = somewhere(sim)
        said = await call("sendMediaGroup", chat_id=meadow.id, media=[], reply_markup={"inline_keyboard": []})
        assert (said.status, sim.take_violations()) == (400, [": unknown 'reply_markup'"])


async def test_a_reply_needs_its_message_unless_the_bot_can_do_without() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        hers = sim.says(ada, meadow, "/imagine a fox")
        sent = await bot.send_message(meadow.id, "Queued", reply_parameters=ReplyParameters(hers.id))
        assert sent.reply_to_message is not None
        assert (sent.reply_to_message.text, sim.messages(meadow)[1].reply_to) == (hers.text, hers)
        sim.deletes(ada, hers)
        assert shown(await bot.edit_message_text("Drawing", meadow.id, sent.message_id)).reply_to_message is None
        with pytest.raises(BadRequest, match="Message to be replied not found"):
            await bot.send_message(meadow.id, "Queued", reply_parameters=ReplyParameters(hers.id))
        kept = ReplyParameters(hers.id, allow_sending_without_reply=True)
        assert (await bot.send_message(meadow.id, "Queued", reply_parameters=kept)).reply_to_message is None


async def test_a_topic_is_kept_only_in_a_forum_and_must_exist() -> None:
    async with client() as (sim, bot):
        ada, forum = sim.person("ada"), sim.supergroup("Forum", forum=True)
        topic = sim.topic(forum, "Art")
        hers = sim.says(ada, forum, "/imagine a fox", topic=topic)
        (update,) = await bot.get_updates()
        assert update.message is not None
        assert (update.message.message_thread_id, update.message.is_topic_message) == (topic, True)
        assert update.message.reply_to_message is not None
        assert update.message.reply_to_message.forum_topic_created is not None
        await bot.send_message(forum.id, "Queued", message_thread_id=topic)
        await bot.send_message(forum.id, "Queued", reply_parameters=ReplyParameters(hers.id))
        assert [one.topic for one in sim.messages(forum)] == [topic] * 3
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(forum.id, "Queued", message_thread_id=topic + 100)
        _, meadow = somewhere(sim)
        assert (await bot.send_message(meadow.id, "Queued", message_thread_id=7)).message_thread_id is None


async def test_a_reply_in_a_group_without_topics_has_the_number_of_its_thread() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        first = sim.says(ada, meadow, "/imagine a fox")
        sent = await bot.send_message(meadow.id, "Queued", reply_parameters=ReplyParameters(first.id))
        assert (sent.message_thread_id, sent.is_topic_message) == (first.id, None)


async def test_a_message_can_be_deleted_for_two_days_or_with_the_right_to() -> None:
    clock = FakeClock()
    async with client(clock) as (sim, bot):
        ada, meadow = somewhere(sim)
        mine, hers = await bot.send_message(meadow.id, "a fox"), sim.says(ada, meadow, "hello")
        with pytest.raises(BadRequest, match="Message can't be deleted"):
            await bot.delete_message(meadow.id, hers.id)
        await clock.advance(2 * DAY_S)
        with pytest.raises(BadRequest, match="Message can't be deleted"):
            await bot.delete_message(meadow.id, mine.message_id)
        assert await bot.delete_messages(meadow.id, [mine.message_id, 99])
        assert len(sim.messages(meadow)) == 2
        sim.promotes(meadow, sim.bot, "can_delete_messages")
        assert await bot.delete_messages(meadow.id, [mine.message_id, hers.id])
        assert sim.messages(meadow) == []


async def test_a_copy_has_no_buttons_unless_they_are_sent() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sent = await bot.send_photo(meadow.id, picture(), "a fox", reply_markup=button("Again", "a"))
        await bot.copy_message(meadow.id, meadow.id, sent.message_id)
        await bot.copy_message(meadow.id, meadow.id, sent.message_id, caption="a hare")
        assert [(one.text, bool(one.photo), list(one.buttons)) for one in sim.messages(meadow)] == [
            ("a fox", True, ["a"]),
            ("a fox", True, []),
            ("a hare", True, []),
        ]


async def test_the_bot_writes_to_nobody_who_never_wrote_to_it_or_who_blocked_it() -> None:
    async with client() as (sim, bot):
        ada = sim.person("ada")
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(4711, "hello")
        with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
            await bot.send_message(ada.id, "hello")
        sim.starts(ada)
        sent = await bot.send_message(ada.id, "hello")
        sim.blocks(ada)
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(ada.id, "hello")
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.edit_message_text("hallo", ada.id, sent.message_id)
        sim.unblocks(ada)
        ada.deactivated = True
        with pytest.raises(Forbidden, match="user is deactivated"):
            await bot.send_message(ada.id, "hello")


async def test_what_the_bot_does_shows_only_where_it_belongs() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        await bot.send_chat_action(meadow.id, "upload_photo")
        sim.kicks_bot(ada, meadow)
        with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
            await bot.send_message(meadow.id, "hello")
        sim.adds_bot(ada, meadow)
        await bot.leave_chat(meadow.id)
        with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
            await bot.send_message(meadow.id, "hello")


def _photo() -> InputMediaPhoto:
    return InputMediaPhoto(picture(colour="green"))


def _document() -> InputMediaDocument:
    return InputMediaDocument(picture(), filename="fox.png")


async def test_a_text_becomes_a_video_with_all_that_was_said_of_it() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        sent = await bot.send_message(meadow.id, "Queued")
        poster = jpeg(320, 180)
        media = InputMediaVideo(
            MP4, caption="a fox", width=1280, height=720, duration=4, supports_streaming=True, thumbnail=poster
        )
        edited = shown(await bot.edit_message_media(media, meadow.id, sent.message_id))
        assert edited.video is not None
        assert (edited.video.width, edited.video.height, edited.video.mime_type) == (1280, 720, "video/mp4")
        assert edited.video.thumbnail is not None
        again = await bot.send_video(meadow.id, edited.video.file_id)
        assert again.video == edited.video
        (message, _) = sim.messages(meadow)
        assert message.video is not None
        assert message.video.film is not None
        assert (message.video.data, message.video.film.streams, message.text) == (MP4, True, "a fox")
        assert message.video.film.poster is not None
        assert message.video.film.poster.data == poster


@pytest.mark.parametrize("poster", [jpeg(321, 8), picture(), jpeg(320, 320) + bytes(200_000)])
async def test_a_thumbnail_that_telegram_would_not_take_is_a_breach(poster: bytes) -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        with pytest.raises(BadRequest, match="A thumbnail of"):
            await bot.send_video(meadow.id, MP4, thumbnail=poster)
        assert len(sim.take_violations()) == 1


async def test_what_is_no_video_becomes_a_document() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        assert (await bot.send_video(meadow.id, b"no video", filename="fox.mp4")).document is not None


async def test_photos_and_videos_stand_in_one_album() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        await bot.send_media_group(meadow.id, [InputMediaPhoto(picture()), InputMediaVideo(MP4)])
        assert [one.now.media.kind for one in sim.messages(meadow) if one.now.media] == ["photo", "video"]
