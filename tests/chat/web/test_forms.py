"""Forms, presses on what is no job, and what a line may be completed to."""

from __future__ import annotations

import pytest
from chat.web.scripted import House, card_of, job_of

from bot.commands import Form, MenuOption, Suggestion
from bot.errors import NotFound
from bot.model import Act, Card, CardMedia

ID = "01JD00000000000000000CH000"
EFFECTS = Form(
    act=Act.EFFECT,
    title="Apply an effect",
    label="Which effect",
    options=(MenuOption("--seconds", "1 to 5"),),
    choices=(Suggestion("Oil painting", "oil"),),
)


async def test_a_form_says_what_is_to_be_asked(house: House) -> None:
    house.commands.forms[Act.EFFECT] = EFFECTS
    answer = await (await house.visitor()).get(f"/api/forms/effect/{ID}")
    assert answer.json == {
        "act": "effect",
        "title": "Apply an effect",
        "label": "Which effect",
        "words": "",
        "options": [{"flag": "--seconds", "hint": "1 to 5", "choices": []}],
        "choices": [{"label": "Oil painting", "value": "oil"}],
    }


async def test_a_form_that_makes_a_job_is_announced_and_its_options_come_by_their_flags(house: House) -> None:
    visitor = await house.visitor()
    data = {"words": "oil", "--seconds": "3", "key": "k"}
    answer = await visitor.post(f"/api/forms/effect/{ID}", data=data)
    assert (answer.status, answer.json["job"]) == (202, job_of().id)
    [(act, origin, words)] = house.commands.asked
    assert (act, words, origin.update_id) == ("fill effect", "oil", f"{origin.account}:k")
    assert house.commands.options == [{"seconds": "3"}]
    assert len(house.commands.kept) == 1


async def test_a_form_that_is_answered_at_once_comes_back_as_a_card(house: House) -> None:
    house.commands.outcome = lambda _: Card(state="answer", title="Bo")
    answer = await (await house.visitor()).post(f"/api/forms/rename/{ID}", data={"words": "Bo"})
    assert (answer.status, answer.json["card"]["title"]) == (200, "Bo")


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        (f"/api/forms/rename/{ID}", {"name": "Bo"}, 422),
        (f"/api/forms/cancel/{ID}", {"words": "Bo"}, 404),
        ("/api/forms/rename/", {"words": "Bo"}, 404),
    ],
)
async def test_what_is_no_form_of_ours_is_not_done(house: House, path: str, data: dict[str, str], status: int) -> None:
    assert (await (await house.visitor()).post(path, data=data)).status == status
    assert house.commands.asked == []


async def test_a_form_needs_the_page_s_token_and_a_bot_that_goes_on(house: House) -> None:
    visitor = await house.visitor()
    bare = await visitor.request("POST", f"/api/forms/rename/{ID}", data={"words": "Bo"})
    await house.chat.stop_intake()
    late = await visitor.post(f"/api/forms/rename/{ID}", data={"words": "Bo"})
    assert (bare.status, late.status) == (403, 503)
    assert house.commands.asked == []


async def test_what_somebody_may_not_press_has_no_form(house: House) -> None:
    assert (await (await house.visitor()).get(f"/api/forms/rename/{ID}")).status == 404


@pytest.mark.parametrize("act", ["use", "show", "browse", "remove"])
async def test_a_press_on_a_character_is_answered_with_a_card(house: House, act: str) -> None:
    house.commands.outcome = lambda _: Card(state="answer", title="Astrid")
    answer = await (await house.visitor()).post(f"/api/jobs/{ID}/{act}")
    assert (answer.status, answer.json["card"]["title"]) == (200, "Astrid")
    assert [(asked, id_) for asked, _, id_ in house.commands.asked] == [(act, ID)]
    house.commands.outcome = lambda _: NotFound("err.not_found")
    assert (await (await house.visitor()).post(f"/api/jobs/{ID}/{act}")).status == 404


async def test_a_picture_of_several_that_is_chosen_stands_alone(house: House) -> None:
    house.commands.outcome = lambda _: card_of(media=(CardMedia(f"{job_of().id}.png", "image/png", "a fox"),))
    answer = await (await house.visitor()).post(f"/api/jobs/{job_of().id}/pick")
    assert answer.json["card"]["message"] is None
    assert answer.json["card"]["job"] == card_of().job_id


@pytest.mark.parametrize(
    ("option", "suggestion", "value"),
    [
        ("style", Suggestion("Ink", "ink-1"), "ink-1"),
        ("result", Suggestion("#B000 · a fox · 2 minutes ago", job_of().id), "B000"),
        ("job", Suggestion("#B000 · a fox · queued", job_of().id), "B000"),
        ("character", Suggestion("Bo Lee · 20 · yours", ID), "Bo Lee"),
    ],
)
async def test_a_completion_is_what_people_would_type(
    house: House, option: str, suggestion: Suggestion, value: str
) -> None:
    house.commands.suggestions[option] = (suggestion,)
    answer = await (await house.visitor()).get(f"/api/suggest?command=edit&option={option}&typed=b")
    assert answer.json == {"suggestions": [{"label": suggestion.label, "value": value}]}
    assert house.commands.typed == [("edit", option, "b")]


async def test_a_completion_of_nothing_known_is_empty(house: House) -> None:
    assert (await (await house.visitor()).get("/api/suggest")).json == {"suggestions": []}
