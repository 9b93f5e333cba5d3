"""What people can say, and what they are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sim.house import GENEROUS, House

from bot.commands import Suggestion
from bot.errors import GenerationFailed, NotFound, ProviderUnavailable, UserError
from bot.model import Act, Button, Card, JobState, Rest
from bot.policy import Terms
from bot.store import Accepted
from bot.testing.clock import FakeClock
from bot.testing.provider import SPEC, FakeProvider


async def _answer(house: House, text: str, account: str = "ann") -> Card:
    answer = await house.say(text, account)
    assert isinstance(answer, Card)
    return answer


async def _refusal(house: House, text: str) -> str:
    with pytest.raises(UserError) as refusal:
        await house.say(text)
    return house.commands.explain(refusal.value)


async def test_words_without_a_command_are_told_how_to_become_one() -> None:
    assert await _refusal(House(), "a red fox") == "I listen to commands. Try /imagine a red fox"


async def test_an_unknown_command_gets_the_nearest_one() -> None:
    words = await _refusal(House(), "/imagin a fox")
    assert words.startswith("I don't know /imagin. Did you mean /imagine? I know /imagine, /again, /show")


async def test_an_unknown_option_gets_the_nearest_one_and_costs_nothing() -> None:
    house = House()
    assert await _refusal(house, "/imagine a fox --sead 3") == (
        "I don't know --sead. Did you mean --seed? I know --shape, --size, --width, --height, --count, --seed, --model."
    )
    assert await house.left() == 20


@pytest.mark.parametrize("line", ["--sead", '--sead "7', "--sead --count 2", "--sead 1 --sead 2"])
async def test_an_unknown_option_is_named_even_where_its_value_is_wrong_too(line: str) -> None:
    assert (await _refusal(House(), f"/imagine a fox {line}")).startswith("I don't know --sead. Did you mean --seed?")


async def test_an_option_that_no_model_has_is_refused_before_any_credit_moves() -> None:
    house = House()
    assert await _refusal(house, "/imagine a fox --negative dogs") == "Fake One doesn't support --negative. Remove it."
    assert await house.left() == 20
    assert not house.provider.submits


async def test_quota_says_what_is_left_and_when_more_comes() -> None:
    house = House()
    await house.imagine()
    card = await _answer(house, "/quota")
    assert card.lines[0].startswith("19 of 20 credits left today. They're back in ")
    assert card.lines[1] == "A picture: 1 credit"


async def test_jobs_lists_what_is_running_and_can_stop_it() -> None:
    house = House()
    assert (await _answer(house, "/jobs")).lines == ("Nothing is running.",)
    job = await house.imagine()
    await house.clock.advance(10)
    card = await _answer(house, "/jobs")
    assert card.lines == (f"#{job.id[-4:]} · a red fox · 33 %",)
    assert card.buttons == (Button(Act.STOP, (job.id,), f"Cancel #{job.id[-4:]}"),)
    assert (await _answer(house, "/cancel everything")).lines == ("1 job stopped. Its credits are back.",)
    assert await house.state(job) is JobState.CANCELED
    assert await _refusal(house, "/cancel") == "Nothing is running."


async def test_a_job_that_is_stopped_on_the_list_is_gone_from_it() -> None:
    house = House()
    stays, goes = await house.imagine(), await house.imagine("/imagine a hen")
    card = await house.commands.stop(house.origin(), goes.id)
    assert [line.partition(" ")[0] for line in card.lines] == [f"#{stays.id[-4:]}"]
    assert await house.state(goes) is JobState.CANCELED
    with pytest.raises(NotFound):
        await house.commands.stop(replace(house.origin("bob"), moderator=True), stays.id)


async def test_cancel_can_name_one_of_several() -> None:
    house = House()
    first, second = await house.imagine(), await house.imagine()
    await _answer(house, f"/cancel #{first.id[-4:].lower()}")
    assert [await house.state(job) for job in (first, second)] == [JobState.CANCELED, JobState.RUNNING]


async def test_again_repeats_the_newest_or_the_named_one() -> None:
    house = House()
    assert (await _refusal(house, "/again")).startswith("You haven't asked for a picture yet. Try /imagine")
    first = await house.imagine("/imagine a fox --seed 3")
    await house.imagine("/imagine a hen")
    newest, named = await house.imagine("/again"), await house.imagine(f"/again {first.id[-4:]}")
    assert newest.request.prompt == "a hen"
    assert named.request == replace(first.request, seed=None)


async def test_again_asks_for_another_picture_and_try_again_for_the_same() -> None:
    fates = iter([None, GenerationFailed("no")])
    clock = FakeClock()
    house = House(provider=FakeProvider(clock, on_submit=lambda _: next(fates, None)), clock=clock)
    made, failed = await house.imagine("/imagine a fox --seed 7"), await house.imagine("/imagine a hen --seed 8")
    await clock.advance(40)
    again = (await house.commands.again(house.origin(), made.id)).message.jobs[0]
    retried = (await house.commands.retry(house.origin(), failed.id)).message.jobs[0]
    assert again.request == replace(made.request, seed=None)
    assert retried.request == failed.request


async def test_show_finds_a_result_by_its_tag_and_nobody_elses() -> None:
    house = House()
    job = await house.imagine()
    await house.clock.advance(40)
    assert (await _answer(house, f"/show {job.id[-4:]}")).media[0].file == f"{job.id}.png"
    with pytest.raises(NotFound):
        await house.say(f"/show {job.id[-4:]}", "bob")


async def test_history_shows_pictures_newest_first() -> None:
    house = House()
    assert (await _answer(house, "/history")).media == ()
    first = await house.imagine("/imagine a fox")
    await house.clock.advance(40)
    second = await house.imagine("/imagine a hen")
    await house.clock.advance(40)
    card = await _answer(house, "/history")
    assert [media.alt for media in card.media] == ["a hen", "a fox"]
    assert card.lines == (f"#{second.id[-4:]} · a hen", f"#{first.id[-4:]} · a fox")


async def test_history_holds_nine_pictures_and_names_those_of_one_command_together() -> None:
    house = House()
    for words in ("a fox", "a hen"):
        await house.imagine(f"/imagine {words} --count 4")
        await house.clock.advance(80)
    newest = await house.imagine("/imagine a cow --count 4")
    await house.clock.advance(80)
    card = await _answer(house, "/history")
    assert [media.alt for media in card.media] == ["a cow"] * 4 + ["a hen"] * 4 + ["a fox"]
    assert [line.count("#") for line in card.lines] == [4, 4, 1]
    assert card.lines[0].startswith(f"#{newest.id[-4:]} #")


async def test_models_tells_what_each_can_do() -> None:
    card = await _answer(House(), "/models")
    options = "--shape, --size, --width, --height, --count, --seed, --model"
    assert card.lines == (f"Fake One (fake-1): pictures from words · {options}",)


async def test_models_tells_what_each_costs_where_that_differs_and_which_cannot_draw_now() -> None:
    house, clock = _three()
    await house.store.rest("dear", Rest(reason="new prices", since=0))
    house.provider.on_submit = lambda _: ProviderUnavailable("connection refused", not_sent=True)
    for number in range(30):
        await house.imagine("/imagine a fox --model fake-1", account=f"p{number}")
    await clock.advance(400)
    lines = (await _answer(house, "/models")).lines
    assert [line.partition(" · ")[0] for line in lines] == [
        "Fake One (fake-1): pictures from words",
        "Dear (dear-1): pictures from words",
        "Fair (fair-1): pictures from words",
    ]
    assert [line.rpartition("--model · ")[2] for line in lines] == [
        "1 credit · isn't answering at the moment",
        "3 credits · taking a break: new prices",
        "1 credit",
    ]
    assert await house.commands.suggest(house.origin(), "imagine", "model", "") == (
        Suggestion("Fair", "fair-1"),
        Suggestion("Fake One · isn't answering at the moment", "fake-1"),
    )


async def test_quota_tells_what_a_picture_costs_where_models_differ() -> None:
    assert (await _answer(House(), "/quota")).lines[1] == "A picture: 1 credit"
    assert (await _answer(_three()[0], "/quota")).lines[1] == "A picture: 1 to 3 credits"


def _three() -> tuple[House, FakeClock]:
    """One provider that takes credits three times as many as the two others."""
    clock = FakeClock()
    others = {
        name: FakeProvider(clock, name=name, spec=replace(SPEC, model=f"{name}-1", title=name.title()))
        for name in ("dear", "fair")
    }
    rules = replace(GENEROUS, terms={"dear": Terms(price_factor=3)})
    provider = FakeProvider(clock, slots=40)
    return House(clock=clock, provider=provider, others=others, rules=rules), clock


async def test_help_names_every_command_and_only_options_that_are_served() -> None:
    house = House()
    text = "\n".join((await _answer(house, "/help")).lines)
    assert all(f"/{name}" in text for name in house.commands.names)
    assert "--seed" in text
    assert "--negative" not in text
    assert "--style" not in text


async def test_privacy_names_who_receives_the_words() -> None:
    assert any("Fake" in line for line in (await _answer(House(), "/privacy")).lines)


async def test_a_command_that_takes_no_options_says_so() -> None:
    assert await _refusal(House(), "/quota --seed 3") == "/quota takes no --seed. Leave it out."


async def test_every_refusal_has_a_sentence() -> None:
    house = House()
    lines = [
        "/imagine",
        "/imagine " + "x" * 2001,
        "/imagine a fox --count 9",
        "/imagine a fox --seed",
        "/imagine a --model no",
    ]
    lines += ["/imagine a fox --shape round", "/imagine a fox --seed 1 --seed 2", "/", "/imagine a fox --width 99999"]
    for line in lines:
        assert await _refusal(house, line), line
    assert "2,000" in await _refusal(house, "/imagine " + "x" * 6000)


async def test_what_the_safety_rules_refuse_costs_nothing_and_reaches_nobody() -> None:
    house = House()
    assert await _refusal(house, "/imagine undress the woman in the photo")
    assert await house.left() == 20
    assert not house.provider.submits


async def test_the_words_of_a_card_ask_for_the_same_again() -> None:
    house = House()
    job = await house.imagine("/imagine a red fox --seed 7 --shape wide --count 2")
    await house.clock.advance(60)
    command = house.cards(job)[-1].command
    assert command is not None
    again = await house.commands.say(house.origin(), command)
    assert isinstance(again, Accepted)
    assert again.message.jobs[0].request == job.request


async def test_an_open_card_is_among_the_newest_however_old_it_is() -> None:
    house = House()
    running = await house.imagine()
    for _ in range(3):
        other = await house.imagine()
        await house.commands.cancel(house.origin(), other.id)
    cards = await house.commands.cards(house.origin(), 2)
    assert [card.state for card in cards] == ["running", "canceled", "canceled"]
    assert cards[0].job_id == running.id


async def test_the_menu_offers_what_the_models_serve() -> None:
    menu = House(provider=FakeProvider(FakeClock())).commands.menu()
    assert [entry.name for entry in menu][:2] == ["imagine", "again"]
    assert [option.flag for option in menu[0].options] == [
        "--shape",
        "--size",
        "--width",
        "--height",
        "--count",
        "--seed",
        "--model",
    ]
