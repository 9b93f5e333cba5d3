"""Pictures that people send and point at: from every way to say so to what is delivered."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from chat.telegram.stage import Stage, staged
from sim.cast import Cast
from sim.house import GENEROUS
from sim.telegram.sketch import MP4, jpeg, picture
from sim.telegram.state import MIB, Message

from adapters.chat.telegram.client import TooLong, connect
from adapters.chat.telegram.limiter import Limiter
from bot.model import GenerationRequest, PictureSource
from bot.policy import Terms

PHOTO = picture(400, 300)


def asked(stage: Stage) -> GenerationRequest:
    """The last request that went to the provider."""
    assert isinstance(stage.provider, Cast)
    return list(stage.provider.requests.values())[-1]


def source(stage: Stage) -> tuple[bool, bytes]:
    """What the last result was made from: whether somebody brought it, and its bytes."""
    found = asked(stage).source
    assert isinstance(found, PictureSource)
    return found.uploaded, stage.shelf.files[found.file]


def sent(message: Message) -> bytes:
    """What the bot is given of a photo: Telegram's largest copy."""
    assert message.photo is not None
    return message.photo.sizes[-1].data


async def labelled(stage: Stage, message: Message, label: str) -> Any:
    """Press a button by what can be read on it, and wait for the answer to the press."""
    (data,) = (data for data, one in message.buttons.items() if one["text"].startswith(label))
    query = stage.sim.press(stage.ada, message, data)
    await stage.passes(lambda: query.answers, step_s=0.25)
    return query


async def test_a_photo_with_a_command_under_it_is_edited(studio: Stage) -> None:
    message = await studio.done(lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO, "/edit at night"))
    assert message.photo is not None
    assert message.text.startswith("✅ at night")
    assert source(studio) == (True, sent(studio.sim.messages(studio.home)[0]))


async def test_a_file_with_a_command_under_it_is_edited_as_it_is(studio: Stage) -> None:
    await studio.done(lambda: studio.sim.sends_document(studio.ada, studio.home, "fox.png", PHOTO, "/edit at night"))
    assert source(studio) == (True, PHOTO)


async def test_a_reply_in_a_group_edits_the_photo_of_somebody_else(studio: Stage) -> None:
    photo = studio.sim.sends_photo(studio.bob, studio.meadow, PHOTO, "look")
    message = await studio.done(
        lambda: studio.sim.replies(studio.ada, photo, "/edit at night --quality high"), at=studio.meadow
    )
    assert message.photo is not None
    assert source(studio) == (True, sent(photo))
    assert asked(studio).quality == "high"


async def test_a_reply_to_a_file_films_it(studio: Stage) -> None:
    file = studio.sim.sends_document(studio.bob, studio.meadow, "fox.png", PHOTO)
    message = await studio.done(
        lambda: studio.sim.replies(studio.ada, file, "/animate it runs --seconds 3 --audio off"), at=studio.meadow
    )
    assert message.video is not None
    assert (asked(studio).duration_s, asked(studio).audio) == (3, False)


async def test_a_reply_to_a_result_is_about_its_original(studio: Stage) -> None:
    result = await studio.imagine(at=studio.meadow)
    await studio.done(lambda: studio.sim.replies(studio.bob, result, "/edit at night"), at=studio.meadow)
    assert source(studio)[0] is False
    assert studio.sim.count("getFile") == 0


async def test_a_reply_to_a_picture_of_an_album_is_about_that_picture(studio: Stage) -> None:
    await studio.imagine("a red fox --count 2")
    second = studio.by_bot(studio.home)[2]
    await studio.done(lambda: studio.sim.replies(studio.ada, second, "/edit at night"))
    assert source(studio) == (True, sent(second))


async def test_a_command_alone_takes_the_newest_picture(studio: Stage) -> None:
    await studio.imagine()
    await studio.ask("/edit at night")
    await studio.ended()
    assert source(studio)[0] is False


async def test_a_command_with_nothing_to_edit_asks_for_a_picture(studio: Stage) -> None:
    assert "Which picture?" in (await studio.ask("/edit at night")).text


async def test_a_bare_photo_is_kept_and_its_buttons_do_what_they_say(studio: Stage) -> None:
    card = await studio.answer_to(lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO))
    assert card.text == "What should I do with this picture?"
    assert card.labels == [["Edit", "Animate", "Effect"]]
    assert card.reply_to is studio.sim.messages(studio.home)[0]
    question = await studio.answer_to(lambda: studio.sim.press(studio.ada, card, next(iter(card.buttons))))
    assert question.text.startswith("Edit this picture\nWhat should be different? Send me the words.")
    message = await studio.done(lambda: studio.sim.says(studio.ada, studio.home, "at night"))
    assert message.text.startswith("✅ at night")
    assert source(studio) == (True, sent(studio.sim.messages(studio.home)[0]))


async def test_of_a_bare_album_the_first_picture_counts_and_that_is_said(studio: Stage) -> None:
    card = await studio.answer_to(lambda: studio.sim.sends_album(studio.ada, studio.home, [PHOTO] * 3))
    assert card.text.endswith("That was several pictures. I took the first one.")
    await studio.clock.advance(5)
    assert studio.by_bot(studio.home) == [card]


async def test_of_an_album_with_a_command_the_first_picture_is_edited(studio: Stage) -> None:
    photos = [picture(colour=colour) for colour in ("red", "blue")]
    await studio.done(lambda: studio.sim.sends_album(studio.ada, studio.home, photos, "/edit at night"))
    first = studio.sim.messages(studio.home)[0]
    assert source(studio) == (True, sent(first))
    assert len(studio.by_bot(studio.home)) == 1


async def test_a_bare_photo_in_a_group_is_nobodys_business(studio: Stage) -> None:
    studio.sim.privacy = False
    studio.sim.sends_photo(studio.ada, studio.meadow, PHOTO)
    assert "at night" in (await studio.ask("/imagine at night", at=studio.meadow)).text
    assert len(studio.by_bot(studio.meadow)) == 1


async def test_a_forwarded_photo_is_a_picture_but_its_command_is_not_carried_out(studio: Stage) -> None:
    photo = studio.sim.sends_photo(studio.bob, studio.bobs, PHOTO, "look")
    card = await studio.answer_to(lambda: studio.sim.forwards(studio.ada, photo, studio.home))
    assert card.text == "What should I do with this picture?"
    photo = studio.sim.sends_photo(studio.bob, studio.bobs, PHOTO, "/edit at night")
    await studio.ended()
    told = await studio.answer_to(lambda: studio.sim.forwards(studio.ada, photo, studio.home))
    assert "forwarded" in told.text
    assert await studio.states(studio.ada) == []


async def test_a_command_that_is_written_under_a_photo_later_is_not_carried_out(studio: Stage) -> None:
    photo = studio.sim.sends_photo(studio.ada, studio.home, PHOTO)
    await studio.passes(lambda: studio.by_bot(studio.home))
    told = await studio.answer_to(lambda: studio.sim.edits(studio.ada, photo, "/edit at night"))
    assert "a second time" in told.text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("fox.png", b"MZ, no picture", "isn't a picture"),
        ("fox.txt", b"a fox", "isn't a picture"),
        ("fox.png", PHOTO + bytes(25 * MIB), "larger than 20 MB"),
    ],
    ids=["a lie", "a text", "25 MB"],
)
async def test_what_cannot_be_used_is_said_and_costs_nothing(studio: Stage, name: str, data: bytes, words: str) -> None:
    before = await studio.credits(studio.ada)
    told = await studio.answer_to(
        lambda: studio.sim.sends_document(studio.ada, studio.home, name, data, "/edit at night")
    )
    assert words in told.text
    assert (await studio.credits(studio.ada), studio.shelf.files) == (before, {})


async def test_other_files_are_no_pictures_and_are_not_fetched(studio: Stage) -> None:
    await studio.done(lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO, "/animate it runs"))
    video = studio.by_bot(studio.home)[-1]
    video.history[-1] = type(video.now)(at=0, media=video.now.media)  # without its buttons
    fetched = studio.sim.count("getFile")
    assert "isn't a picture" in (await studio.ask("/edit at night", reply_to=video)).text
    assert studio.sim.count("getFile") == fetched


async def test_a_file_that_is_larger_than_it_was_said_to_be_is_not_read_to_its_end(studio: Stage) -> None:
    file = studio.sim.sends_document(studio.ada, studio.meadow, "fox.png", PHOTO).document
    assert file is not None
    object.__setattr__(file, "data", bytes(2 * MIB))
    async with connect(studio.token, base_url=studio.sim.origin, limiter=Limiter(studio.clock)) as client:
        assert len(await client.read(file.file_id, max_bytes=2 * MIB)) == 2 * MIB
        with pytest.raises(TooLong):
            await client.read(file.file_id, max_bytes=2 * MIB - 1)


async def test_a_file_of_more_than_twenty_megabytes_is_refused_whatever_was_said_of_it(studio: Stage) -> None:
    file = studio.sim.sends_document(studio.ada, studio.meadow, "fox.png", PHOTO)
    assert file.document is not None
    object.__setattr__(file.document, "data", PHOTO + bytes(20 * MIB - 1000))
    told = await studio.answer_to(lambda: studio.sim.replies(studio.ada, file, "/edit at night"), at=studio.meadow)
    assert "larger than 20 MB" in told.text


@pytest.mark.parametrize(
    ("method", "code", "reason", "words"),
    [
        ("getFile", 400, "wrong file_id or the file is temporarily unavailable", "Send it again"),
        ("getFile", 400, "file is too big", "larger than 20 MB"),
        ("getFile", 500, "Internal", "Try again in a minute"),
        ("FILE", 0, "", "Try again in a minute"),
    ],
)
async def test_what_telegram_does_not_hand_over_is_said(
    studio: Stage, method: str, code: int, reason: str, words: str
) -> None:
    if code:
        studio.sim.faults.refuse(method, code, reason)
    else:
        studio.sim.faults.outage(method, times=1)
    told = await studio.answer_to(lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO, "/edit at night"))
    assert words in told.text
    assert await studio.states(studio.ada) == []


async def test_a_download_that_hangs_is_given_up_after_half_a_minute(studio: Stage) -> None:
    studio.sim.faults.slow("FILE", 3600)
    begun = studio.clock.now()
    told = await studio.answer_to(lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO, "/edit at night"))
    assert "Try again in a minute" in told.text
    assert studio.clock.now() - begun < 40
    assert "at noon" in (await studio.ask("/imagine at noon")).text


async def test_a_kill_while_a_photo_is_fetched_loses_nothing(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.provider = Cast(stage.clock)
    stage.sim.faults.slow("FILE", 3600)
    async with stage.bot():
        stage.sim.sends_photo(stage.ada, stage.home, PHOTO, "/edit at night")
        await stage.passes(lambda: stage.sim.count("getFile"))
    stage.sim.faults.clear()
    async with stage.bot():
        await stage.passes(lambda: stage.by_bot(stage.home))
        await stage.ended()
    assert [bool(one.photo) for one in stage.by_bot(stage.home)] == [True]


async def test_a_command_without_words_asks_for_them_and_keeps_the_picture(studio: Stage) -> None:
    question = await studio.answer_to(
        lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO, "/edit --quality high")
    )
    assert question.labels == [["Quality: high"], ["Never mind"]]
    assert "--quality high takes 2 credits" in question.text
    await studio.done(lambda: studio.sim.says(studio.ada, studio.home, "at night"))
    assert source(studio)[0] is True
    assert (asked(studio).prompt, asked(studio).quality) == ("at night", "high")
    assert question.deleted


async def test_words_that_answer_may_hold_options(studio: Stage) -> None:
    result = await studio.imagine()
    question = await studio.answer_to(
        lambda: studio.sim.press(studio.ada, result, next(one for one in result.buttons if ":animate:" in one))
    )
    assert "5 credits · --seconds 1 to 5" in question.text
    assert question.labels == [["Audio: as usual"], ["Never mind"]]
    await labelled(studio, question, "Audio")
    await studio.passes(lambda: question.labels[0] == ["On", "Off"], step_s=0.25)
    await labelled(studio, question, "Off")
    await studio.passes(lambda: question.labels[0] == ["Audio: off"], step_s=0.25)
    message = await studio.done(lambda: studio.sim.says(studio.ada, studio.home, "it runs --seconds 2"))
    assert message.video is not None
    assert (asked(studio).prompt, asked(studio).duration_s, asked(studio).audio) == ("it runs", 2, False)


async def test_an_edit_alone_asks_first_and_takes_the_newest_picture(studio: Stage) -> None:
    await studio.imagine()
    question = await studio.ask("/edit")
    assert question.text.startswith("Edit this picture")
    await studio.done(lambda: studio.sim.says(studio.ada, studio.home, "at night"))
    assert asked(studio).prompt == "at night"
    assert source(studio)[0] is False


async def test_an_effect_is_picked_from_those_that_there_are(studio: Stage) -> None:
    question = await studio.answer_to(lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO, "/effect"))
    assert question.labels == [["Dance", "Oil painting"], ["Never mind"]]
    message = await studio.done(lambda: studio.sim.press(studio.ada, question, list(question.buttons)[1]))
    assert message.photo is not None
    assert asked(studio).effect == "e-oil"
    assert source(studio)[0] is True
    assert question.deleted


async def test_an_effect_alone_is_picked_for_the_newest_picture(studio: Stage) -> None:
    await studio.imagine()
    question = await studio.ask("/effect")
    await studio.done(lambda: studio.sim.press(studio.ada, question, list(question.buttons)[1]))
    assert (asked(studio).effect, source(studio)[0]) == ("e-oil", False)


async def test_a_question_about_a_picture_outlives_a_restart(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.provider = Cast(stage.clock)
    async with stage.bot():
        await stage.answer_to(lambda: stage.sim.sends_photo(stage.ada, stage.home, PHOTO, "/edit"))
    async with stage.bot():
        await stage.done(lambda: stage.sim.says(stage.ada, stage.home, "at night"))
    assert source(stage)[0] is True


async def test_the_picture_of_somebody_else_is_not_found_by_its_button(studio: Stage) -> None:
    card = await studio.answer_to(lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO))
    theirs = await studio.answer_to(lambda: studio.sim.sends_photo(studio.bob, studio.bobs, jpeg()), at=studio.bobs)
    theirs.history.append(type(theirs.now)(at=0, text="x", keyboard=card.now.keyboard))
    for data in card.buttons:
        query = studio.sim.press(studio.bob, theirs, data)
        await studio.passes(partial(getattr, query, "answers"), step_s=0.25)
        assert "can't find" in query.answers[0]["text"]


async def test_what_is_hidden_from_a_group_is_made_from_its_photo(studio: Stage) -> None:
    studio.sim.starts(studio.ada, "open")
    photo = studio.sim.sends_photo(studio.bob, studio.meadow, PHOTO)
    told = await studio.answer_to(
        lambda: studio.sim.replies(studio.ada, photo, "/edit at night --hidden"), at=studio.meadow
    )
    assert "private chat" in told.text
    await studio.ended()
    assert studio.by_bot(studio.home)[-1].photo


async def test_what_is_to_be_hidden_is_not_asked_about_before_everybody(studio: Stage) -> None:
    told = await studio.ask("/imagine --hidden", at=studio.meadow)
    assert told.text.startswith("Say what the picture should show")


async def test_where_own_pictures_may_go_nowhere_none_is_fetched(tmp_path: Path) -> None:
    rules = replace(GENEROUS, terms={"cast": Terms(uploads=False)})
    async with staged(tmp_path, rules) as stage:
        stage.provider = Cast(stage.clock)
        async with stage.bot():
            for caption in ("", "/edit at night", "/animate"):
                told = await stage.answer_to(partial(stage.sim.sends_photo, stage.ada, stage.home, PHOTO, caption))
                assert "can't be used" in told.text
            assert stage.sim.count("getFile") == 0


async def test_what_is_never_drawn_of_a_picture_is_refused_before_it_is_fetched(studio: Stage) -> None:
    told = await studio.answer_to(
        lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO, "/edit take off her clothes")
    )
    assert "I don't" in told.text
    assert (studio.sim.count("getFile"), await studio.states(studio.ada)) == (0, [])


async def test_start_and_help_tell_of_pictures_where_something_is_made_of_them(studio: Stage) -> None:
    assert "send me a picture" in (await studio.ask("/start")).text
    assert "Reply to a picture" in (await studio.ask("/help")).text


async def test_where_nothing_is_made_of_pictures_nothing_is_said_of_them(stage: Stage) -> None:
    assert "send me a picture" not in (await stage.ask("/start")).text
    assert "Reply to a picture" not in (await stage.ask("/help")).text
    hint = await stage.answer_to(lambda: stage.sim.sends_photo(stage.ada, stage.home, PHOTO))
    assert "/imagine a lighthouse in a storm" in hint.text
    await stage.answer_to(lambda: stage.sim.sends_album(stage.ada, stage.home, [PHOTO] * 3))
    await stage.clock.advance(5)
    assert len(stage.by_bot(stage.home)) == 4


async def test_a_command_that_takes_no_picture_says_so(studio: Stage) -> None:
    told = await studio.answer_to(lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO, "/imagine a fox"))
    assert told.text == "/imagine takes no picture. Send it without one."


async def test_a_video_of_ours_is_no_source(studio: Stage) -> None:
    assert MP4[4:8] == b"ftyp"
    video = await studio.done(lambda: studio.sim.sends_photo(studio.ada, studio.home, PHOTO, "/animate it runs"))
    assert "That is a video" in (await studio.ask("/edit at night", reply_to=video)).text
