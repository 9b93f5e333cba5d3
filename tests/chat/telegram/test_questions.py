"""Questions that wait for words, and the pickers below them."""

from __future__ import annotations

from chat.telegram.stage import Stage
from sim.telegram.state import Message

from adapters.chat.telegram import pickers
from bot.commands import Suggestion

STYLES = tuple(Suggestion(f"Style {number}", f"style-{number}") for number in range(19))


async def answered(stage: Stage, words: str) -> Message:
    """Write something that is no command to the bot; its next message, whatever it takes away meanwhile."""
    before = stage.by_bot(stage.home)
    stage.sim.says(stage.ada, stage.home, words)
    [new] = await stage.passes(lambda: [one for one in stage.by_bot(stage.home) if one not in before], step_s=0.25)
    found: Message = new
    return found


async def press(stage: Stage, message: Message, label: str) -> None:
    """Press a button by what can be read on it, and wait until the keyboard has changed or is gone."""
    (data,) = (data for data, one in message.buttons.items() if one["text"].startswith(label))
    before = message.labels
    query = stage.sim.press(stage.ada, message, data)
    await stage.passes(lambda: query.answers and (message.deleted or message.labels != before), step_s=0.25)


async def test_imagine_alone_asks_and_takes_the_next_words(stage: Stage) -> None:
    question = await stage.ask("/imagine")
    assert question.text == "What should the picture show?\nSend me the words."
    assert question.labels == [["Shape: as usual"], ["Never mind"]]
    card = await answered(stage, "a red fox")
    assert "a red fox" in card.text
    await stage.ended()
    assert card.photo
    await stage.passes(lambda: question.deleted)
    assert "/imagine" in (await answered(stage, "and now?")).text


async def test_what_was_picked_counts_beside_the_words(stage: Stage) -> None:
    question = await stage.ask("/imagine --seed 7")
    await press(stage, question, "Shape")
    assert question.labels[:3] == [["Square 1:1", "Portrait 3:4"], ["Landscape 4:3", "Tall 9:16"], ["Wide 16:9"]]
    await press(stage, question, "Wide")
    assert question.labels[0] == ["Shape: wide"]
    card = await answered(stage, "a red fox")
    assert "1368×768" in card.text  # noqa: RUF001 - the sign that people write between pixels
    assert "seed 7" in card.text


async def test_what_was_picked_can_be_taken_back(stage: Stage) -> None:
    question = await stage.ask("/imagine --shape wide")
    assert question.labels[0] == ["Shape: wide"]
    await press(stage, question, "Shape")
    await press(stage, question, "As usual")
    assert question.labels[0] == ["Shape: as usual"]
    await press(stage, question, "Shape")
    await press(stage, question, "Back")
    await press(stage, question, "Never mind")
    assert question.deleted
    assert "/imagine a red fox" in (await answered(stage, "a red fox")).text


async def test_in_a_group_only_a_reply_by_the_one_who_was_asked_answers(stage: Stage) -> None:
    stage.sim.privacy = False
    question = await stage.ask("/imagine", at=stage.meadow)
    assert "Reply to this message" in question.text
    stage.sim.says(stage.ada, stage.meadow, "what a day")
    stage.sim.replies(stage.bob, question, "a blue hen")
    stage.sim.replies(stage.ada, question, "a red fox")
    await stage.passes(lambda: len(stage.by_bot(stage.meadow)) > 1 or question.deleted)
    await stage.ended()
    assert len(await stage.states(stage.ada)) == 1
    assert await stage.states(stage.bob) == []
    assert stage.by_bot(stage.meadow)[-1].text.startswith("✅ a red fox")


async def test_the_pickers_of_somebody_else_are_not_found(stage: Stage) -> None:
    question = await stage.ask("/imagine", at=stage.meadow)
    query = stage.sim.press(stage.bob, question, next(iter(question.buttons)))
    await stage.passes(lambda: query.answers)
    assert "somebody else's" in query.answers[0]["text"]


async def test_a_new_question_takes_the_place_of_the_one_before(stage: Stage) -> None:
    first = await stage.ask("/imagine --seed 7")
    second = await answered(stage, "/imagine --seed 8")
    await stage.passes(lambda: first.deleted)
    assert not second.deleted


async def test_the_buttons_of_an_older_question_pick_nothing_for_the_newer_one(stage: Stage) -> None:
    first = await stage.ask("/imagine")
    stage.sim.faults.refuse("deleteMessage", 400, "message can't be deleted")
    await answered(stage, "/imagine")
    query = stage.sim.press(stage.ada, first, next(iter(first.buttons)))
    await stage.passes(lambda: query.answers)
    assert "too old" in query.answers[0]["text"]


async def test_a_question_outlives_a_restart(empty_stage: Stage) -> None:
    stage = empty_stage
    async with stage.bot():
        question = await stage.ask("/imagine --seed 7")
    async with stage.bot():
        card = await answered(stage, "a red fox")
        assert "seed 7" in card.text
        await stage.passes(lambda: question.deleted)


async def test_an_answer_that_cannot_be_drawn_may_be_given_again(stage: Stage) -> None:
    await stage.ask("/imagine")
    assert "up to 2,000" in (await answered(stage, "a" * 2001)).text
    assert "a red fox" in (await answered(stage, "a red fox")).text


async def test_after_ten_minutes_a_question_waits_no_more(stage: Stage) -> None:
    await stage.ask("/imagine")
    await stage.clock.advance(600)
    assert "/imagine a red fox" in (await answered(stage, "a red fox")).text


async def test_change_words_asks_with_the_old_ones_to_copy(stage: Stage) -> None:
    message = await stage.imagine("a red fox --seed 7", at=stage.meadow)
    await stage.press(message, "words", by=stage.bob)
    await stage.passes(lambda: len(stage.by_bot(stage.meadow)) == 2)
    question = stage.by_bot(stage.meadow)[1]
    assert question.asks_reply["force_reply"]
    assert question.asks_reply["selective"]
    assert question.text.startswith("bob")
    assert "a red fox" in question.text
    stage.sim.replies(stage.bob, question, "a blue hen")
    await stage.passes(lambda: question.deleted)
    await stage.ended()
    card = stage.by_bot(stage.meadow)[-1]
    assert card.text.startswith("✅ a blue hen")
    assert "seed 7" in card.text
    assert len(await stage.states(stage.bob)) == 1


def test_many_styles_come_in_pages_that_go_round() -> None:
    pages = [pickers.page("style", STYLES, number, "en") for number in (0, 1, 2, 7)]
    rows = [[[one.text for one in row] for row in page.inline_keyboard] for page in pages if page]
    assert rows[0][:2] == [["Style 0", "Style 1"], ["Style 2", "Style 3"]]
    assert [page[-2] for page in rows] == [["◀", f"{number}/3", "▶"] for number in (1, 2, 3, 3)]
    turns = [[one.callback_data for one in page.inline_keyboard[-2]] for page in pages if page]
    assert turns[0] == ["q1:list:style:2", "q1:list:style:0", "q1:list:style:1"]
    assert all(
        len(str(one.callback_data)) <= 64 for page in pages if page for row in page.inline_keyboard for one in row
    )


def test_few_choices_need_no_pages() -> None:
    page = pickers.page("shape", STYLES[:3], 0, "en")
    assert page is not None
    assert [[one.text for one in row] for row in page.inline_keyboard] == [
        ["Style 0", "Style 1"],
        ["Style 2"],
        ["As usual", "Back"],
    ]
