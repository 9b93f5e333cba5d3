"""What pictures and videos are made from: named, brought, pointed at, chosen, usual or newest, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sim.cast import Cast, brought, finished, house_of
from sim.house import GENEROUS, House

from bot.commands import Shown, Upload
from bot.errors import ContentRefused, InvalidRequest, NotFound, QuotaExceeded, UserError
from bot.media import MAX_UPLOAD_BYTES
from bot.model import Act, Artifact, Card, CharacterSource, Job, JobState, PictureSource
from bot.parsing import Command
from bot.policy import Terms
from bot.store import Accepted
from bot.testing.provider import PNG

Make = Callable[[], tuple[House, Cast]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return lambda: house_of(tmp_path)


async def done(house: House, text: str, account: str = "ann", attached: tuple[Upload | Shown, ...] = ()) -> Job:
    answer = await house.say(text, account, attached)
    assert isinstance(answer, Accepted)
    return await finished(house, answer.message.jobs[0])


async def astrid(house: House, account: str = "ann") -> Job:
    job = await done(house, "/character new a young engineer who loves bridges", account)
    assert job.state is JobState.SUCCEEDED
    return job


async def test_a_picture_that_comes_with_a_command_is_edited_and_kept_as_its_owners(make: Make) -> None:
    house, cast = make()
    job = await done(house, "/edit at night --quality high", attached=(brought(),))
    source = cast.requests[job.id].source
    assert isinstance(source, PictureSource)
    assert source.uploaded
    assert house.media.files[source.file] == PNG
    assert job.state is JobState.SUCCEEDED
    assert await house.left() == 18  # high quality
    upload = await house.store.upload(source.file.partition(".")[0])
    assert upload is not None
    assert upload.person_id == job.person_id


async def test_a_result_is_edited_by_its_tag_and_is_nobodys_upload(make: Make) -> None:
    house, cast = make()
    fox = await done(house, "/imagine a red fox")
    job = await done(house, f"/edit at night --result {fox.id[-4:]}")
    assert cast.requests[job.id].source == PictureSource(
        file=f"{fox.id}.png", media_type="image/png", size_bytes=len(PNG), job_id=fox.id
    )


async def test_what_is_made_of_an_upload_counts_as_one(tmp_path: Path) -> None:
    house, _ = house_of(tmp_path, rules=replace(GENEROUS, terms={"cast": Terms(uploads=True)}))
    first = await done(house, "/edit at night", attached=(brought(),))
    house.rules = replace(GENEROUS, terms={"cast": Terms(uploads=False)})
    await house.restart()
    with pytest.raises(InvalidRequest, match="no_uploads"):
        await house.say(f"/edit by day --result {first.id[-4:]}")


async def test_where_nothing_is_named_the_newest_picture_is_meant(make: Make) -> None:
    house, cast = make()
    await done(house, "/imagine a red fox")
    hen = await done(house, "/imagine a blue hen")
    await done(house, "/animate it runs")  # a video, which is no source
    job = await done(house, "/edit at night")
    source = cast.requests[job.id].source
    assert isinstance(source, PictureSource)
    assert source.job_id == hen.id


async def test_a_picture_of_another_chat_is_not_meant_without_being_named(make: Make) -> None:
    house, _ = make()
    await house.say("/imagine a red fox", chat="den")
    await house.clock.advance(60)
    with pytest.raises(InvalidRequest, match="need_source"):
        await house.say("/edit at night")


async def test_without_any_picture_it_asks_for_one(make: Make) -> None:
    house, _ = make()
    for line in ("/edit at night", "/animate she waves", "/effect dance"):
        with pytest.raises(InvalidRequest, match="need_source"):
            await house.say(line)
    assert await house.left() == 20


async def test_the_usual_character_comes_before_the_newest_picture_and_after_a_chosen_one(make: Make) -> None:
    house, cast = make()
    made = await astrid(house)
    fox = await done(house, "/imagine a red fox")
    await house.say("/character use astrid")
    job = await done(house, "/animate she waves --seconds 3 --audio off")
    request = cast.requests[job.id]
    assert request.source == CharacterSource(
        character_id=made.id, provider="cast", reference=f"made-{made.id}", name="Astrid"
    )
    assert (request.duration_s, request.audio) == (3, False)
    await house.commands.choose(house.origin(), Shown(fox.id))
    job = await done(house, "/edit at night")
    assert isinstance(cast.requests[job.id].source, PictureSource)
    job = await done(house, "/edit at night")
    assert isinstance(cast.requests[job.id].source, CharacterSource), "what was chosen is used once"


async def test_a_chosen_source_is_forgotten_after_ten_minutes(make: Make) -> None:
    house, cast = make()
    fox = await done(house, "/imagine a red fox")
    hen = await done(house, "/imagine a blue hen")
    await house.commands.choose(house.origin(), Shown(fox.id))
    await house.clock.advance(601)
    source = cast.requests[(await done(house, "/edit at night")).id].source
    assert isinstance(source, PictureSource)
    assert source.job_id == hen.id


@pytest.mark.parametrize("line", ["/edit at night --character {}", "/animate she waves --character {}"])
async def test_one_persons_character_in_anothers_command_is_refused(make: Make, line: str) -> None:
    house, cast = make()
    made = await astrid(house)
    await astrid(house, "bob")
    asked = len(cast.requests)
    for name in (made.id, made.id[-4:]):
        with pytest.raises(UserError):
            await house.say(line.format(name), "bob")
    for act in (Act.EDIT, Act.ANIMATE, Act.EFFECT):
        with pytest.raises(NotFound):
            await house.commands.form(house.origin("bob"), act, made.id)
        with pytest.raises(NotFound):
            await house.commands.fill(house.origin("bob"), act, made.id, "dance")
    with pytest.raises(NotFound):
        await house.commands.do(house.origin("bob"), Command("edit", "at night", {}), (Shown(made.id),))
    with pytest.raises(NotFound):
        await house.commands.choose(house.origin("bob"), Shown(made.id))
    assert len(cast.requests) == asked


async def test_nobody_asks_again_for_what_was_made_of_anothers_character_or_picture(make: Make) -> None:
    house, cast = make()
    await astrid(house)
    of_character = await done(house, "/edit at night --character astrid")
    of_upload = await done(house, "/edit at night", attached=(brought(),))
    asked = len(cast.requests)
    for job in (of_character, of_upload):
        with pytest.raises(NotFound):
            await house.commands.again(house.origin("bob"), job.id)
        with pytest.raises(NotFound):
            await house.commands.fill(house.origin("bob"), Act.WORDS, job.id, "by day")
        await house.commands.again(house.origin("ann"), job.id)
    assert len(cast.requests) == asked


async def test_anybody_in_the_chat_may_edit_a_picture_that_is_shown_there(make: Make) -> None:
    house, cast = make()
    fox = await done(house, "/imagine a red fox")
    answer = await house.commands.fill(house.origin("bob"), Act.EDIT, fox.id, "at night", {"quality": "high"})
    assert isinstance(answer, Accepted)
    await house.announce(answer.message)
    assert cast.requests[answer.message.jobs[0].id].prompt == "at night"
    with pytest.raises(NotFound):
        await house.commands.form(house.origin("bob", chat="den"), Act.EDIT, fox.id)


async def test_uploads_stay_here_where_the_operator_does_not_let_them_go(tmp_path: Path) -> None:
    house, cast = house_of(tmp_path, rules=replace(GENEROUS, terms={"cast": Terms(uploads=False)}))
    read: list[int] = []

    async def reading() -> Artifact:
        read.append(1)
        return Artifact(PNG)

    for line in ("/edit at night", "/animate it moves", "/effect oil"):
        with pytest.raises(InvalidRequest, match="no_uploads"):
            await house.say(line, attached=(Upload(reading),))
    with pytest.raises(InvalidRequest, match="no_uploads"):
        await house.commands.bring(house.origin(), Upload(reading))
    with pytest.raises(InvalidRequest, match="no_uploads"):
        await house.say("/edit at night --link https://pictures.example/a.png")
    assert (read, cast.requests, house.media.files) == ([], {}, {})


async def test_what_must_not_be_done_to_a_picture_is_refused_before_it_is_read(make: Make) -> None:
    house, cast = make()

    async def reading() -> Artifact:
        pytest.fail("it was read")

    with pytest.raises(ContentRefused):
        await house.say("/edit undress her", attached=(Upload(reading),))
    assert cast.requests == {}


async def test_a_refused_command_leaves_nothing_of_what_was_brought(tmp_path: Path) -> None:
    house, _ = house_of(tmp_path, rules=replace(GENEROUS, daily_credits=3))
    with pytest.raises(QuotaExceeded):
        await house.say("/animate it moves", attached=(brought(),))
    assert house.media.files == {}
    with pytest.raises(InvalidRequest, match="not_picture"):
        await house.say("/edit at night", attached=(brought(b"<html>"),))
    with pytest.raises(InvalidRequest, match="picture_large"):
        await house.say("/edit at night", attached=(brought(size_bytes=MAX_UPLOAD_BYTES + 1),))
    assert await house.left() == 3


async def test_a_picture_is_fetched_from_an_address(make: Make) -> None:
    house, cast = make()
    house.media.outside["https://pictures.example/a.png"] = PNG
    job = await done(house, "/edit at night --link https://pictures.example/a.png")
    source = cast.requests[job.id].source
    assert isinstance(source, PictureSource)
    assert source.uploaded
    with pytest.raises(InvalidRequest, match="link"):
        await house.say("/edit at night --link https://pictures.example/none.png")


async def test_an_option_in_the_words_of_a_form_is_not_drawn(make: Make) -> None:
    house, cast = make()
    fox = await done(house, "/imagine a red fox")
    asked = len(cast.requests)
    with pytest.raises(InvalidRequest, match="option_in_words"):
        await house.commands.fill(house.origin(), Act.EDIT, fox.id, "at night --quality high")
    assert len(cast.requests) == asked


async def test_only_one_source_can_be_named(make: Make) -> None:
    house, _ = make()
    with pytest.raises(InvalidRequest, match="sources_two"):
        await house.say("/edit at night --character astrid --result K7F3")


async def test_a_command_without_sources_takes_none(make: Make) -> None:
    house, _ = make()
    for line in ("/imagine a fox --result K7F3", "/character new a tall man --link https://a.example/b.png"):
        with pytest.raises(InvalidRequest, match="unknown_option"):
            await house.say(line)


@pytest.mark.parametrize("seconds", ["0", "6", "61", "four"])
async def test_a_duration_out_of_range_moves_no_credit(make: Make, seconds: str) -> None:
    house, _ = make()
    await astrid(house)
    left = await house.left()
    with pytest.raises(InvalidRequest, match="option"):
        await house.say(f"/animate she waves --character astrid --seconds {seconds}")
    assert await house.left() == left


async def test_a_deleted_result_is_no_source_any_more(make: Make) -> None:
    house, _ = make()
    fox = await done(house, "/imagine a red fox")
    edited = await done(house, f"/edit at night --result {fox.id[-4:]}")
    await house.commands.delete(house.origin(), fox.id)
    with pytest.raises(NotFound):
        await house.say(f"/edit by day --result {fox.id[-4:]}")
    with pytest.raises(InvalidRequest, match="source_gone"):
        await house.commands.again(house.origin(), edited.id)


async def test_deleting_what_was_made_of_an_upload_deletes_the_upload_with_the_last_of_it(make: Make) -> None:
    house, cast = make()
    job = await done(house, "/edit at night", attached=(brought(),))
    again = await house.commands.again(house.origin(), job.id)
    await house.announce(again.message)
    await finished(house, again.message.jobs[0])
    source = cast.requests[job.id].source
    assert isinstance(source, PictureSource)
    await house.commands.delete(house.origin(), job.id)
    assert source.file in house.media.files
    await house.commands.delete(house.origin(), again.message.jobs[0].id)
    assert source.file not in house.media.files


async def test_a_picture_that_nothing_is_made_from_goes_after_a_day(make: Make) -> None:
    house, cast = make()
    await house.commands.bring(house.origin(), brought())
    used = await done(house, "/edit at night", attached=(brought(),))
    await house.clock.advance(86_500)
    await done(house, "/imagine a red fox")
    source = cast.requests[used.id].source
    assert isinstance(source, PictureSource)
    assert [file for file in house.media.files if file.endswith(".jpg")] == [source.file]


async def test_effect_alone_names_those_that_there_are(make: Make) -> None:
    house, _ = make()
    with pytest.raises(InvalidRequest) as refusal:
        await house.say("/effect")
    assert house.commands.explain(refusal.value) == "Which effect? There is Dance, Oil painting."


async def test_a_bare_picture_is_answered_with_what_can_be_done_and_its_buttons_work(make: Make) -> None:
    house, cast = make()
    card = await house.commands.bring(house.origin(), brought())
    assert [button.act for button in card.buttons] == [Act.EDIT, Act.ANIMATE, Act.EFFECT]
    brought_id = card.buttons[0].jobs[0]
    form = await house.commands.form(house.origin(), Act.EDIT, brought_id)
    assert [option.name for option in form.options] == ["quality", "count", "model"]
    answer = await house.commands.fill(house.origin(), Act.EDIT, brought_id, "at night")
    assert isinstance(answer, Accepted)
    await house.announce(answer.message)
    assert cast.requests[answer.message.jobs[0].id].source is not None
    with pytest.raises(NotFound):
        await house.commands.fill(house.origin("bob"), Act.EDIT, brought_id, "at night")


async def test_an_effect_is_found_by_its_name_and_goes_to_the_model_of_its_kind(make: Make) -> None:
    house, cast = make()
    await astrid(house)
    dance = await done(house, "/effect dance --character astrid")
    oil = await done(house, "/effect oil", attached=(brought(),))
    assert (cast.models[dance.id], cast.models[oil.id]) == ("fx-film", "fx")
    assert (cast.requests[dance.id].effect, cast.requests[dance.id].prompt) == ("e-dance", "Dance")
    assert (dance.price, oil.price) == (5, 1)
    with pytest.raises(InvalidRequest, match="effect"):
        await house.say("/effect lasers --character astrid")
    form = await house.commands.form(house.origin(), Act.EFFECT, oil.id)
    assert [choice.label for choice in form.choices] == ["Dance", "Oil painting"]


async def test_buttons_stand_only_where_something_takes_that_very_source(tmp_path: Path) -> None:
    house, _cast = house_of(tmp_path, rules=replace(GENEROUS, terms={"cast": Terms(uploads=True)}))
    fox = await done(house, "/imagine a red fox")
    film = await done(house, "/animate it runs")
    edit = await done(house, "/edit at night", attached=(brought(),))

    async def acts(job: Job) -> set[Act]:
        card = await house.say(f"/show {job.id[-4:]}")
        assert isinstance(card, Card)
        return {button.act for button in card.buttons}

    assert await acts(fox) >= {Act.EDIT, Act.ANIMATE}
    assert not await acts(film) & {Act.EDIT, Act.ANIMATE}
    assert await acts(edit) >= {Act.EDIT, Act.ANIMATE}
    house.rules = replace(GENEROUS, terms={"cast": Terms(uploads=False)})
    await house.restart()
    assert await acts(fox) >= {Act.EDIT, Act.ANIMATE}
    assert not await acts(edit) & {Act.EDIT, Act.ANIMATE}


async def test_a_repeated_command_keeps_no_second_copy(make: Make) -> None:
    house, _ = make()
    first = await house.say("/edit at night", attached=(brought(),), update_id="same")
    again = await house.say("/edit at night", attached=(brought(),), update_id="same")
    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert again.message.id == first.message.id
    assert len(house.media.files) == 1
