"""Pictures that people bring and point at; the commands behind the page are scripted."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser.stage import Stage, Tab
from browser.test_cards import CONTRAST
from chat.web.scripted import ANYBODY, MENU, House, card_of, job_of
from chat.web.workshop import picture
from playwright.async_api import FilePayload, expect

from bot.commands import Form, JobView, MenuEntry, MenuOption, Suggestion
from bot.errors import InvalidRequest
from bot.media import Film
from bot.model import Act, Button, Card, CardMedia, JobState, SourceKind, Tone

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ASTRID = "01JD00000000000000000CH000"
PHONE = {"width": 360, "height": 740}
EDIT = MenuEntry(
    name="edit",
    summary="/edit <words> changes a picture",
    options=(MenuOption("--quality", "high: 2 credits", ("standard", "high")), MenuOption("--character", "whom")),
    cost="1 credit",
    sources=frozenset(SourceKind),
)
GROUP = (
    MenuEntry(name="character new", summary="/character new <words> makes somebody up"),
    MenuEntry(name="character show", summary="/character show <name> shows somebody"),
)
FILM = base64.b64decode(
    "GkXfo59ChoEBQveBAULygQRC84EIQoKEd2VibUKHgQJChYECGFOAZwEAAAAAAAIfEU2bdLpNu4tTq4QVSalmU6yBoU27i1OrhBZUrmtTrIHY"
    "TbuMU6uEElTDZ1OsggEeTbuMU6uEHFO7a1OsggIJ7AEAAAAAAABZAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAVSalmsirXsYMPQkBNgI1MYXZmNTkuMjcuMTAwV0GNTGF2"
    "ZjU5LjI3LjEwMESJiECPQAAAAAAAFlSua8GuAQAAAAAAADjXgQFzxYjpxovyvOZJd5yBACK1nIN1bmSIgQCGhVZfVlA4g4EBI+ODhB3NZQDg"
    "ibCBYLqBQJqBAhJUw2f9c3OgY8CAZ8iaRaOHRU5DT0RFUkSHjUxhdmY1OS4yNy4xMDBzc9djwItjxYjpxovyvOZJd2fIoUWjh0VOQ09ERVJE"
    "h5RMYXZjNTkuMzcuMTAwIGxpYnZweGfIokWjiERVUkFUSU9ORIeUMDA6MDA6MDEuMDAwMDAwMDAwAAAfQ7Z15OeBAKPHgQAAgDAEAJ0BKmAA"
    "QAAARwiFhYiFhIgCAgJ1qgP4A/oCBvJs0+ocOHDhw4cOGQD+++j//+n32YM45/9Pwf/rYDZAFN/1oACjloEB9ADRAQAOEdgAGAAYWC/0AAiF"
    "KAAcU7trkbuPs4EAt4r3gQHxggGg8IED"
)
"""A second of orange, WebM."""

DROP = """([data, type, names]) => {
  const files = new DataTransfer();
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  for (const name of names) files.items.add(new File([bytes], name, { type }));
  for (const kind of ["dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
}"""
PASTE = """([data, type, text]) => {
  const clipboardData = new DataTransfer();
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  clipboardData.items.add(new File([bytes], "image.png", { type }));
  if (text) clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  document.getElementById("message").dispatchEvent(event);
  return event.defaultPrevented;
}"""

PLAY = """film => new Promise((resolve, reject) => {
  film.muted = true;
  film.addEventListener("timeupdate", () => film.currentTime > 0 && resolve(film.readyState));
  film.play().catch(reject);
})"""


@pytest.fixture
def house(house: House) -> House:
    """A page whose commands take pictures."""
    house.commands.entries = (*MENU, EDIT, *GROUP)
    house.commands.outcome = lambda _: Card(state="answer", title="What should I do with this picture?")
    return house


def done(house: House, number: int = 0, pictures: int = 1, **changes: Any) -> Card:
    files = [f"{job_of(number + position).id}.png" for position in range(pictures)]
    for file in files:
        house.shelf.add(file)
        job = job_of(id=file[:-4], state=JobState.SUCCEEDED, file=file, media_type="image/png")
        house.commands.jobs[(ANYBODY, job.id)] = JobView(job, 100, None)
    card = card_of(number)
    acts = {Act.EDIT: "Edit", Act.ANIMATE: "Animate", Act.WORDS: "Change words"}
    look = {
        "state": JobState.SUCCEEDED,
        "title": card.prompt,
        "tone": Tone.GOOD,
        "lines": (),
        "media": tuple(CardMedia(file, "image/png", card.prompt or "") for file in files),
        "buttons": tuple(Button(act, (card.job_id or "",), label) for act, label in acts.items()),
    }
    return replace(card, **{**look, **changes})


def portrait(house: House, name: str = "Astrid", **changes: Any) -> Card:
    house.shelf.add(f"{ASTRID}.png")
    acts = {Act.USE: "Use", Act.EDIT: "Edit", Act.ANIMATE: "Animate", Act.RENAME: "Rename", Act.REMOVE: "Remove"}
    card = Card(
        state="answer",
        title=name,
        lines=("24 · female · yours", "builds bridges"),
        media=(CardMedia(f"{ASTRID}.png", "image/png", name),),
        buttons=tuple(Button(act, (ASTRID,), label) for act, label in acts.items()),
        portrait=True,
    )
    return replace(card, **changes)


def chip(tab: Tab) -> Any:
    return tab.page.locator("#source")


async def drop(tab: Tab, data: bytes, *names: str, media_type: str = "image/png") -> None:
    await tab.page.evaluate(DROP, [base64.b64encode(data).decode(), media_type, names])


async def test_a_picture_that_is_dropped_goes_with_the_next_line_and_is_gone_then(house: House, stage: Stage) -> None:
    tab = await stage.tab(house.base)
    await drop(tab, picture(), "fox.png")
    await expect(chip(tab)).to_contain_text("fox.png")
    await expect(tab.message).to_be_focused()
    await tab.say("/edit at night")
    await tab.shows("answer")
    await expect(chip(tab)).to_be_hidden()
    await tab.say("/help")
    await expect(tab.cards).to_have_count(2)
    assert house.commands.attached == [[picture()], []]


async def test_a_picture_that_is_pasted_is_taken_but_not_one_of_copied_words(house: House, stage: Stage) -> None:
    tab = await stage.tab(house.base)
    data = base64.b64encode(picture()).decode()
    assert not await tab.page.evaluate(PASTE, [data, "image/png", "words"])
    await expect(chip(tab)).to_be_hidden()
    assert await tab.page.evaluate(PASTE, [data, "image/png", ""])
    await expect(chip(tab)).to_contain_text("image.png")
    await tab.button("Remove image.png").click()
    await expect(chip(tab)).to_be_hidden()
    await expect(tab.message).to_be_focused()


async def test_a_picture_alone_is_answered_beside_it_and_its_buttons_point_at_it(house: House, stage: Stage) -> None:
    upload = "01JD00000000000000000P0000"
    house.commands.outcome = lambda _: Card(
        state="answer",
        title="What should I do with this picture?",
        buttons=(Button(Act.EDIT, (upload,), "Edit"),),
    )
    tab = await stage.tab(house.base)
    async with tab.page.expect_file_chooser() as chooser:
        await tab.button("Attach a picture").click()
    file: FilePayload = {"name": "fox.jpg", "mimeType": "image/jpeg", "buffer": picture(kind="JPEG")}
    await (await chooser.value).set_files(file)
    await expect(chip(tab).locator("canvas")).to_be_visible()
    await tab.message.press("Enter")
    card = await tab.shows("answer")
    small = card.get_by_role("img", name="fox.jpg")
    assert await small.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
    await tab.button("Edit").click()
    await expect(chip(tab)).to_contain_text("fox.jpg")
    await expect(tab.message).to_have_value("/edit ")
    await tab.page.keyboard.type("at night")
    await tab.page.keyboard.press("Enter")
    await expect(tab.cards).to_have_count(2)
    assert house.commands.attached == [[picture(kind="JPEG")], [upload]]


async def test_what_cannot_be_taken_is_said_before_anything_is_sent(house: House, stage: Stage, tmp_path: Path) -> None:
    tab = await stage.tab(house.base)
    await drop(tab, b"words", "notes.txt", media_type="text/plain")
    await expect(tab.notice).to_contain_text("isn't a picture")
    await drop(tab, picture(), "one.png", "two.png")
    await expect(tab.notice).to_have_text("I take one picture at a time.")
    large = tmp_path / "large.png"
    large.write_bytes(bytes(20_000_001))
    await tab.page.locator("#file").set_input_files(large)
    await expect(tab.notice).to_have_text("That picture has 20.1 MB. I take at most 20 MB.")
    await expect(chip(tab)).to_be_hidden()
    await drop(tab, picture(), "fox.png")
    await expect(tab.notice).to_have_text("")
    assert house.commands.asked == []


async def test_where_nothing_works_on_pictures_none_is_taken(house: House, stage: Stage) -> None:
    house.commands.entries = MENU
    tab = await stage.tab(house.base)
    await expect(tab.button("Attach a picture")).to_be_hidden()
    await drop(tab, picture(), "fox.png")
    await expect(tab.notice).to_contain_text("Nothing here works on pictures yet.")


async def test_a_refused_line_keeps_its_picture_and_its_key(house: House, stage: Stage) -> None:
    house.commands.outcome = lambda _: InvalidRequest("err.not_picture")
    tab = await stage.tab(house.base)
    await drop(tab, b"no picture", "lying.png")
    await expect(chip(tab).locator("svg").first).to_be_visible()  # the browser cannot read it either
    for _ in range(2):
        async with tab.page.expect_response("**/api/messages"):
            await tab.say("/edit at night")
        await expect(tab.notice).to_have_text("sentence for err.not_picture")
        await expect(tab.button("Send")).not_to_have_attribute("aria-disabled", "true")
    await expect(chip(tab)).to_contain_text("lying.png")
    assert len({origin.update_id for _, origin, _ in house.commands.asked}) == 1
    stage.forgive("the server responded with a status of 422")


async def test_a_result_is_pointed_at_and_words_that_were_typed_stay(house: House, stage: Stage) -> None:
    house.commands.shown = [done(house)]
    tab = await stage.tab(house.base, viewport=PHONE)
    await tab.message.fill("at night")
    await tab.button("Edit").click()
    await expect(tab.message).to_have_value("/edit at night")
    await expect(chip(tab)).to_contain_text("#B000")
    assert await chip(tab).locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 8
    assert not await tab.is_wide()
    await tab.button("Animate").click()
    await expect(tab.message).to_have_value("/animate ")
    await tab.say("/animate it snows")
    await tab.shows("answer")
    assert house.commands.attached == [[job_of().id]]


async def test_one_of_several_pictures_is_chosen_to_stand_alone(house: House, stage: Stage) -> None:
    house.commands.shown = [done(house, pictures=2, buttons=())]
    tab = await stage.tab(house.base)
    house.commands.outcome = lambda _: done(house, 1)
    await tab.button("Choose picture 2").click()
    await expect(tab.cards).to_have_count(2)
    assert [(act, job) for act, _, job in house.commands.asked] == [("pick", job_of(1).id)]
    await tab.cards.last.get_by_role("button", name="Edit").click()
    await expect(chip(tab)).to_be_visible()


async def test_a_character_has_a_small_portrait_and_answers_in_its_place(house: House, stage: Stage) -> None:
    for viewport in (PHONE, {"width": 1000, "height": 800}):
        house.commands.outcome = lambda _: portrait(house)
        tab = await stage.tab(house.base, viewport=viewport)
        await tab.say("/character show astrid")
        card = await tab.shows("answer")
        face = await card.get_by_role("img", name="Astrid").bounding_box()
        words = await card.get_by_text("builds bridges").bounding_box()
        assert face is not None
        assert words is not None
        assert face["width"] <= 120
        assert face["x"] >= words["x"] + words["width"]
        assert not await tab.is_wide()
        house.commands.outcome = lambda _: portrait(house, lines=("in use now",), buttons=())
        await tab.button("Use").click()
        await expect(card).to_contain_text("in use now")
        await expect(tab.cards).to_have_count(1)
        await expect(card).to_be_focused()


async def test_pages_of_a_list_are_turned_in_place_with_the_focus_on_the_same_button(
    house: House, stage: Stage
) -> None:
    turning = (Button(Act.BROWSE, (ASTRID,), "Back"), Button(Act.BROWSE, (ASTRID,), "More"))
    house.commands.outcome = lambda _: Card(state="answer", title="Ready-made", lines=("one",), buttons=turning[1:])
    tab = await stage.tab(house.base)
    await tab.say("/character browse")
    await tab.button("More").focus()
    house.commands.outcome = lambda _: Card(state="answer", title="Ready-made", lines=("two",), buttons=turning)
    await tab.page.keyboard.press("Enter")
    await expect(tab.cards).to_contain_text("two")
    await expect(tab.button("More")).to_be_focused()
    await expect(tab.cards).to_have_count(1)


async def test_a_form_asks_says_what_is_wrong_and_is_done_with_the_keyboard(house: House, stage: Stage) -> None:
    house.commands.forms[Act.RENAME] = Form(
        act=Act.RENAME, title="Rename this character", label="The new name", words="Astrid"
    )
    house.commands.outcome = lambda _: portrait(house)
    tab = await stage.tab(house.base, viewport=PHONE)
    await tab.say("/character show astrid")
    await tab.button("Rename").focus()
    await tab.page.keyboard.press("Enter")
    name = tab.page.get_by_role("textbox", name="The new name")
    await expect(name).to_be_focused()
    await expect(name).to_have_value("Astrid")
    house.commands.outcome = lambda _: InvalidRequest("err.option_too_long")
    await name.fill("x" * 200)
    await tab.page.keyboard.press("Enter")
    await expect(tab.page.get_by_role("dialog").get_by_role("alert")).to_have_text("sentence for err.option_too_long")
    house.commands.outcome = lambda _: portrait(house, "Bo")
    await name.fill("Bo")
    await tab.page.keyboard.press("Enter")
    await expect(tab.page.get_by_role("dialog")).to_be_hidden()
    await expect(tab.cards.get_by_role("heading", name="Bo")).to_be_visible()
    await expect(tab.cards).to_have_count(1)
    await tab.button("Rename").click()
    await expect(name).to_be_focused()
    await tab.page.keyboard.press("Escape")
    await expect(tab.button("Rename")).to_be_focused()
    stage.forgive("the server responded with a status of 422")


async def test_an_effect_is_one_of_those_that_there_are(house: House, stage: Stage) -> None:
    house.commands.forms[Act.EFFECT] = Form(
        act=Act.EFFECT,
        title="Apply an effect",
        label="Which effect",
        options=(MenuOption("--audio", "", ("on", "off")), MenuOption("--seconds", "1 to 5")),
        choices=(Suggestion("Oil painting", "oil"), Suggestion("Snow", "snow")),
    )
    house.commands.shown = [done(house, buttons=(Button(Act.EFFECT, (job_of().id,), "Effect"),))]
    tab = await stage.tab(house.base)
    await tab.button("Effect").click()
    dialog = tab.page.get_by_role("dialog", name="Apply an effect")
    await dialog.get_by_role("button", name="OK").click()
    await expect(dialog).to_be_visible()  # nothing was chosen
    await dialog.get_by_role("radio", name="Snow").check()
    await dialog.get_by_role("combobox", name="Audio").select_option("off")
    await dialog.get_by_role("button", name="OK").click()
    await expect(dialog).to_be_hidden()
    assert [(act, words) for act, _, words in house.commands.asked] == [("fill effect", "snow")]
    assert house.commands.options == [{"audio": "off"}]


async def test_words_of_an_edit_are_changed_in_a_form(house: House, stage: Stage) -> None:
    house.commands.forms[Act.WORDS] = Form(act=Act.WORDS, title="Change words", label="Your words", words="at night")
    house.commands.shown = [done(house, command="/edit at night")]
    tab = await stage.tab(house.base)
    await tab.button("Change words").click()
    await expect(tab.page.get_by_role("textbox", name="Your words")).to_have_value("at night")


async def test_commands_of_a_group_and_whom_they_name_are_completed(house: House, stage: Stage) -> None:
    house.commands.suggestions["character"] = (
        Suggestion("Astrid · 24 · yours", ASTRID),
        Suggestion("Bo Lee · 31 · yours", ASTRID),
    )
    tab = await stage.tab(house.base)
    options = tab.page.get_by_role("option")
    await tab.message.press_sequentially("/char")
    await expect(options).to_have_count(2)
    await tab.message.press("ArrowDown")
    await tab.message.press("Enter")
    await expect(tab.message).to_have_value("/character show ")
    await expect(options).to_have_text(["Astrid · 24 · yours", "Bo Lee · 31 · yours"])
    await tab.message.press("Tab")
    await expect(tab.message).to_have_value("/character show Astrid ")
    await tab.message.fill("")
    await tab.message.press_sequentially("/edit at night --ch")
    await tab.message.press("Tab")
    await options.filter(has_text="Bo Lee").click()
    await expect(tab.message).to_have_value('/edit at night --character "Bo Lee" ')
    assert house.commands.asked == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_chip_portrait_and_form_are_easy_to_read(house: House, stage: Stage, scheme: str) -> None:
    house.commands.forms[Act.RENAME] = Form(
        act=Act.RENAME, title="Rename", label="The new name", options=(MenuOption("--seconds", "1 to 5"),)
    )
    house.commands.outcome = lambda _: portrait(house)
    tab = await stage.tab(house.base, color_scheme=scheme, viewport=PHONE)
    await tab.say("/character show astrid")
    await tab.button("Edit").click()
    await tab.button("Rename").click()
    await expect(tab.page.get_by_role("dialog")).to_be_visible()
    assert await tab.page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("poster", [True, False])
async def test_a_video_plays_where_it_stands(house: House, stage: Stage, *, poster: bool) -> None:
    file = f"{job_of().id}.webm"
    (house.shelf.folder / file).write_bytes(FILM)
    (house.shelf.folder / "poster.jpg").write_bytes(picture(kind="JPEG"))
    still = house.shelf.folder / "poster.jpg" if poster else None
    house.shelf.told = Film(width_px=96, height_px=64, duration_s=1.0, poster=still)
    house.commands.shown = [done(house, media=(CardMedia(file, "video/webm", "she waves"),))]
    job = job_of(state=JobState.SUCCEEDED, file=file, media_type="video/webm")
    house.commands.jobs[(ANYBODY, job.id)] = JobView(job, 100, None)
    tab = await stage.tab(house.base, viewport=PHONE)
    video = tab.page.locator("video")
    await expect(video).to_have_attribute("aria-label", "she waves")
    assert await video.evaluate("film => [film.controls, film.playsInline, film.preload]") == [True, True, "metadata"]
    assert await video.evaluate("film => film.clientWidth / film.clientHeight") == pytest.approx(1.5, abs=0.02)
    assert await video.evaluate(PLAY) >= 2  # there is something to see of it now
    assert not await tab.is_wide()
