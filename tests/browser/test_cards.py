"""How cards look and behave in a browser; the commands behind them are scripted."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import pytest
from browser.stage import Stage, Tab
from chat.web.scripted import ANYBODY, House, card_of, job_of, until
from playwright.async_api import expect

from adapters.chat.web.sessions import Session
from bot.commands import JobView
from bot.errors import WrongState
from bot.model import Act, Bar, Button, Card, CardMedia, JobState, MessageRef, Tone

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HOSTILE = {
    "markup": "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> & &amp; </h2>",
    "markdown": "**bold** [link](javascript:alert(1)) `code` @everyone # heading",
    "right to left": "ثعلب أحمر في الثلج \u202eevil\u202c end",
    "zero width": "a\u200bb\u200dc\ufeffd \U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301",
    "long": "long words " + "w" * 6000,
    "lines": "one\ntwo\n\nthree",
}


def running(percent: int | None, number: int = 0, **changes: Any) -> Card:
    look = {"state": JobState.RUNNING, "title": "Drawing", "tone": Tone.ACTIVE, "lines": (), "bar": Bar(percent)}
    return card_of(number, **{**look, **changes})


def done(house: House, number: int = 0, pictures: int = 1, **changes: Any) -> Card:
    card = card_of(number)
    files = [f"{(card.job_id or '')[:-1]}{position}.png" for position in range(pictures)]
    for file in files:
        house.shelf.add(file)
        job = job_of(id=file[:-4], state=JobState.SUCCEEDED, file=file, media_type="image/png")
        house.commands.jobs[(ANYBODY, job.id)] = JobView(job, 100, None)
    acts = (
        Button(Act.AGAIN, (card.job_id or "",), "Again"),
        Button(Act.WORDS, (card.job_id or "",), "Change words"),
        Button(Act.ORIGINAL, tuple(file[:-4] for file in files), "Download"),
        Button(Act.DELETE, (card.job_id or "",), "Delete"),
    )
    media = tuple(CardMedia(file, "image/png", card.prompt or "") for file in files)
    look = {"state": JobState.SUCCEEDED, "title": card.prompt, "tone": Tone.GOOD, "media": media, "buttons": acts}
    return card_of(number, **{**look, "lines": (), "footer": "AI-generated · 1 credit", **changes})


async def show(house: House, tab: Tab, card: Card) -> None:
    cookies = await tab.page.context.cookies()
    account = Session(next(cookie["value"] for cookie in cookies if cookie["name"] == "session")).account
    await house.chat.surface.edit(MessageRef("web", f"{account}:{card.message_id}"), card)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_whatever_people_write_is_shown_as_text(house: House, stage: Stage, text: str) -> None:
    house.commands.shown = [
        card_of(prompt=text, title=text, chips=(text,), lines=(text,), footer=text, tag=text),
        card_of(1, prompt=text),
    ]
    tab = await stage.tab(house.base, viewport={"width": 360, "height": 740})
    card = tab.cards.first
    for part in ("h2", ".tag", ".lines p", ".chips li", ".foot"):
        assert text in (await card.locator(part).text_content() or ""), part
    assert await tab.cards.last.locator(".prompt").text_content() == text
    assert await tab.page.title() == "Limner"
    assert await tab.page.locator("article img, article script, article a").count() == 0
    assert not await tab.is_wide()


async def test_the_bar_moves_in_place_and_is_told_to_assistive_technology(house: House, stage: Stage) -> None:
    house.commands.shown = [card_of()]
    tab = await stage.tab(house.base)
    article = await tab.shows("queued")
    await article.evaluate("node => node.first = true")
    bar = tab.page.get_by_role("progressbar")
    for percent, approximate, text in ((3, False, "3 %"), (42, True, "about 42 %"), (99, False, "99 %")):
        await show(house, tab, running(None, bar=Bar(percent, approximate)))
        await expect(bar).to_have_attribute("aria-valuenow", str(percent))
        await expect(bar).to_have_attribute("aria-valuetext", text)
        await expect(tab.page.get_by_text(text, exact=True)).to_be_visible()
        laid = await bar.evaluate("node => [...node.children].map(cell => +cell.style.getPropertyValue('--laid'))")
        assert sum(laid) == pytest.approx(percent / 10)
    await show(house, tab, done(house))
    assert await (await tab.shows("succeeded")).evaluate("node => node.first")
    assert await tab.cards.count() == 1


async def test_a_bar_that_knows_nothing_claims_nothing(house: House, stage: Stage) -> None:
    house.commands.shown = [running(None)]
    tab = await stage.tab(house.base)
    bar = tab.page.get_by_role("progressbar")
    await expect(bar).to_be_visible()
    assert await bar.get_attribute("aria-valuenow") is None
    assert "%" not in (await tab.cards.text_content() or "")


async def test_the_time_left_ticks_by_itself(house: House, stage: Stage) -> None:
    page = await (await stage.context()).new_page()
    now = time.time()
    await page.clock.install(time=now)
    await page.clock.pause_at(now + 1)
    house.commands.shown = [running(90, bar=Bar(90, eta_at=now + 151)), running(40, 1, bar=Bar(40, eta_at=now + 10))]
    await page.goto(house.base)
    await page.locator("#log[aria-busy=false]").wait_for()
    await page.route("**/api/me", lambda route: route.abort())  # would tell it that the server's clock stood still
    left, late = page.locator("article time").nth(0), page.locator("article time").nth(1)
    await expect(left).to_have_text("ready in about 3 minutes")
    await page.clock.run_for(122_000)
    await expect(late).to_have_text("")  # 40 % is not "almost there"
    await expect(left).to_have_text("ready in 28 seconds")
    await page.clock.run_for(27_000)
    await expect(left).to_have_text("ready in 1 second")
    await page.clock.run_for(1_000)
    await expect(left).to_have_text("Almost there")
    stage.forgive("Failed to load resource")


async def test_a_device_whose_clock_is_wrong_counts_the_same_seconds(house: House, stage: Stage) -> None:
    page = await (await stage.context()).new_page()
    await page.clock.install(time=time.time() + 3600)
    house.commands.shown = [running(10, bar=Bar(10, eta_at=time.time() + 60))]
    await page.goto(house.base)
    await expect(page.locator("article time")).to_have_text(re.compile(r"ready in (5\d|60) seconds"))


async def test_a_percent_is_not_spoken_but_a_state_is(house: House, stage: Stage) -> None:
    house.commands.shown = [card_of()]
    tab = await stage.tab(house.base)
    await tab.page.evaluate(
        "heard = []; new MutationObserver(() => heard.push(spoken.textContent))"
        ".observe(spoken = document.getElementById('spoken'), { childList: true })"
    )
    for percent in (1, 20, 60, 99):
        await show(house, tab, running(percent))
        await expect(tab.page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", str(percent))
    await show(house, tab, done(house))
    await tab.shows("succeeded")
    assert await tab.page.evaluate("heard") == ["Drawing: a red fox in the snow", "Ready: a red fox in the snow"]


async def test_a_focused_button_keeps_the_focus_while_the_bar_moves(house: House, stage: Stage) -> None:
    house.commands.shown = [running(1)]
    tab = await stage.tab(house.base)
    await tab.button("Cancel").focus()
    await show(house, tab, running(50))
    await expect(tab.page.get_by_text("50 %", exact=True)).to_be_visible()
    await expect(tab.button("Cancel")).to_be_focused()
    await show(house, tab, done(house))
    await expect(tab.cards).to_be_focused()


async def test_several_pictures_stand_in_a_grid_with_a_download_each(house: House, stage: Stage) -> None:
    card = done(house, pictures=4)
    house.commands.shown = [card]
    tab = await stage.tab(house.base)
    assert await tab.page.get_by_role("img", name=card.prompt, exact=True).count() == 4
    boxes = [await picture.bounding_box() for picture in await tab.page.locator(".picture").all()]
    assert len({box["x"] for box in boxes if box}) == len({box["y"] for box in boxes if box}) == 2
    for number in range(1, 5):
        link = tab.page.get_by_role("link", name=f"Download picture {number}")
        assert await link.get_attribute("href") == f"/media/{card.media[number - 1].file}?download=1"
    await expect(tab.page.get_by_role("link", name="Download", exact=True)).to_have_count(0)


async def test_downloads_keep_their_numbers_when_an_earlier_picture_arrives_late(house: House, stage: Stage) -> None:
    whole = done(house, pictures=2)
    house.commands.shown = [replace(whole, media=whole.media[1:])]
    tab = await stage.tab(house.base)
    await show(house, tab, whole)
    for number, media in enumerate(whole.media, 1):
        link = tab.page.get_by_role("link", name=f"Download picture {number}")
        await expect(link).to_have_attribute("href", f"/media/{media.file}?download=1")


async def test_words_come_back_into_the_line_to_be_changed(house: House, stage: Stage) -> None:
    house.commands.shown = [done(house, command="/imagine a red fox in the snow --seed 42")]
    tab = await stage.tab(house.base)
    await tab.button("Change words").click()
    await expect(tab.message).to_have_value("/imagine a red fox in the snow --seed 42")
    await expect(tab.message).to_be_focused()


async def test_a_press_on_a_card_of_several_jobs_is_sent_for_each(house: House, stage: Stage) -> None:
    jobs = ("01JD00000000000000000JB000", "01JD00000000000000000JB001")
    house.commands.outcome = lambda _: WrongState("err.not_cancelable")
    house.commands.shown = [running(1, buttons=(Button(Act.CANCEL, jobs, "Cancel"),))]
    tab = await stage.tab(house.base)
    await tab.button("Cancel").click()
    await expect(tab.notice).to_have_text("sentence for err.not_cancelable")
    assert sorted((act, job) for act, _, job in house.commands.asked) == [("cancel", job) for job in jobs]
    stage.forgive("the server responded with a status of 409")


async def test_every_state_has_its_pictogram(house: House, stage: Stage) -> None:
    states = [state for state in JobState if state not in {JobState.SUBMITTING, JobState.DELIVERING}]
    house.commands.shown = [card_of(number, state=state) for number, state in enumerate(states)]
    tab = await stage.tab(house.base)
    await expect(tab.cards).to_have_count(7)
    used = await tab.page.evaluate("[...document.querySelectorAll('article use')].map(use => use.href.baseVal)")
    drawn = await tab.page.evaluate("[...document.querySelectorAll('symbol')].map(symbol => '#' + symbol.id)")
    assert len(used) == 7
    assert set(used) <= set(drawn)


async def test_cards_stand_in_the_order_of_their_age(house: House, stage: Stage) -> None:
    house.commands.shown = [card_of(2), card_of(4)]
    tab = await stage.tab(house.base)
    for number in (5, 3, 1):
        await show(house, tab, card_of(number))
    await expect(tab.cards).to_have_count(5)
    messages = await tab.cards.evaluate_all("nodes => nodes.map(node => node.dataset.message)")
    assert messages == [card_of(number).message_id for number in (1, 2, 3, 4, 5)]


async def test_a_reload_shows_the_last_fifty(house: House, stage: Stage) -> None:
    house.commands.shown = [card_of(number) for number in range(60)]
    tab = await stage.tab(house.base)
    await expect(tab.cards).to_have_count(50)
    await tab.page.reload()
    await expect(tab.cards).to_have_count(50)
    await expect(tab.cards.last).to_be_in_viewport()


TURN = """state => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


async def test_a_hidden_tab_gives_its_connection_back_and_catches_up_when_it_is_seen(
    house: House, stage: Stage
) -> None:
    house.commands.shown = [card_of(1), card_of(2)]
    tab = await stage.tab(house.base)
    await until(lambda: bool(house.chat._hub._streams))
    await tab.page.evaluate(TURN, "hidden")
    await until(lambda: not house.chat._hub._streams)
    house.commands.shown = [done(house, 2), card_of(3)]
    await tab.page.evaluate(TURN, "visible")
    await tab.shows("succeeded")
    await expect(tab.cards).to_have_count(2)
    messages = await tab.cards.evaluate_all("nodes => nodes.map(node => node.dataset.message)")
    assert messages == [card_of(number).message_id for number in (2, 3)]
    await expect(tab.page.locator("#connection")).to_have_text("")


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color, under) => {
    canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const linear = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const under = (node) => {
    const chain = [];
    for (let at = node; at; at = at.parentElement) chain.unshift(getComputedStyle(at).backgroundColor);
    return chain.reduce((below, color) => `rgb(${rgb(color, below)})`, "white");
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility() || node.closest("noscript, .unseen")) continue;
    const below = under(node);
    const [a, b] = [light(rgb(getComputedStyle(node).color, below)), light(rgb(below, below))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) weak.push([node.className || node.tagName, walker.currentNode.data.trim(), ratio]);
  }
  return weak;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_is_easy_to_read(house: House, stage: Stage, scheme: str) -> None:
    tones = {
        JobState.FAILED: Tone.BAD,
        JobState.REFUSED: Tone.WARN,
        JobState.CANCELED: Tone.NEUTRAL,
        JobState.LOST: Tone.BAD,
    }
    ends = [card_of(number, state=state, tone=tone) for number, (state, tone) in enumerate(tones.items())]
    house.commands.shown = [*ends, done(house, 5), running(42, 6), card_of(7)]
    tab = await stage.tab(house.base, color_scheme=scheme)
    await tab.message.fill("/")
    await expect(tab.page.get_by_role("option")).to_have_count(2)
    assert await tab.page.evaluate(CONTRAST) == []
    empty = await stage.tab(house.base.replace("127.0.0.1", "localhost"), color_scheme=scheme)
    house.commands.shown = []
    await empty.page.reload()
    await expect(empty.page.get_by_role("heading", name="What shall I draw?")).to_be_visible()
    assert await empty.page.evaluate(CONTRAST) == []


async def test_nothing_moves_for_people_who_asked_for_that(house: House, stage: Stage) -> None:
    house.commands.shown = [running(None), done(house, 1)]
    still = await stage.tab(house.base)
    assert await still.page.evaluate("document.getAnimations().length") == 0
    moving = await stage.tab(house.base, reduced_motion="no-preference")
    assert await moving.page.evaluate("document.getAnimations().length") > 0
