"""The whole bot with its demo provider, as a person meets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from browser.stage import WAIT_MS, Stage
from browser.whole import Bot
from chat.web.scripted import open_house
from playwright.async_api import expect

from adapters.chat.web.password import hash_password

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PROMPT = "a lighthouse in a storm"


@pytest_asyncio.fixture(loop_scope="session")
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with Bot(tmp_path).running() as started:
        yield started


async def test_a_command_becomes_a_queued_card_then_a_moving_bar_then_a_picture(bot: Bot, stage: Stage) -> None:
    tab = await stage.tab(bot.url)
    await expect(tab.page.locator("#credits")).to_have_text("20 credits left today")
    await tab.page.evaluate(
        "seen = []; new MutationObserver(() => { const card = document.querySelector('article');"
        " const bar = card?.querySelector('[role=progressbar]');"
        " const now = `${card?.dataset.state} ${bar?.ariaValueNow ?? ''}`; if (seen.at(-1) !== now) seen.push(now); })"
        ".observe(document.getElementById('log'), { subtree: true, childList: true, attributes: true })"
    )
    await tab.say(f"/imagine {PROMPT}")
    await expect(tab.card("queued")).to_be_visible()  # long enough to be seen
    picture = tab.page.get_by_role("img", name=PROMPT, exact=True)
    await picture.wait_for(timeout=WAIT_MS)
    assert await picture.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
    await expect(tab.page.locator("#credits")).to_have_text("19 credits left today")
    seen: list[str] = await tab.page.evaluate("seen")
    percents = [int(step.split()[1]) for step in seen if step.startswith("running ") and step != "running "]
    assert seen[0].startswith("queued")
    assert seen[-1].startswith("succeeded")
    assert len(set(percents)) >= 3
    assert percents == sorted(percents)


async def test_a_job_that_fails_says_so_and_gives_the_credit_back(bot: Bot, stage: Stage) -> None:
    tab = await stage.tab(bot.url)
    await tab.say("/imagine please fail")
    card = await tab.shows("failed")
    await expect(card).to_contain_text("That didn't work")
    await expect(card).to_contain_text("Your credit is back.")
    await expect(tab.page.locator("#credits")).to_have_text("20 credits left today")
    await tab.button("Try again").click()
    await expect(tab.cards).to_have_count(2)
    await expect(tab.card("failed")).to_have_count(2, timeout=WAIT_MS)


async def test_a_cancelled_job_costs_nothing(bot: Bot, stage: Stage) -> None:
    tab = await stage.tab(bot.url)
    await tab.say("/imagine a stuck drawer")
    await tab.button("Cancel").click()
    card = await tab.shows("canceled")
    await expect(card).to_contain_text("Cancelled")
    await expect(tab.page.locator("#credits")).to_have_text("20 credits left today")
    await expect(tab.button("Cancel")).to_have_count(0)


async def test_everything_can_be_done_with_the_keyboard_alone(bot: Bot, stage: Stage) -> None:
    tab = await stage.tab(bot.url)
    await expect(tab.message).to_be_focused()
    keyboard = tab.page.keyboard
    await keyboard.type("/im")
    await keyboard.press("Tab")
    await keyboard.type(PROMPT)
    await keyboard.press("Enter")
    await tab.shows("succeeded")
    await keyboard.press("Shift+Tab")
    await expect(tab.button("Delete")).to_be_focused()
    outline = await tab.button("Delete").evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"
    for _ in range(3):
        await keyboard.press("Shift+Tab")
    await expect(tab.button("Again")).to_be_focused()
    await keyboard.press("Space")
    await expect(tab.cards).to_have_count(2)
    await expect(tab.card("succeeded")).to_have_count(2, timeout=WAIT_MS)


async def test_two_tabs_show_the_same_and_delete_in_one_is_seen_in_both(bot: Bot, stage: Stage) -> None:
    context = await stage.context()
    one, two = await stage.tab(bot.url, context), await stage.tab(bot.url, context)
    await one.say(f"/imagine {PROMPT}")
    for tab in (one, two):
        await tab.shows("succeeded")
        await expect(tab.cards).to_have_count(1)
    await two.button("Delete").click()
    for tab in (one, two):
        await expect(tab.cards).to_have_count(0)
        await expect(tab.page.get_by_role("heading", name="What shall I draw?")).to_be_visible()


async def test_another_browser_sees_nothing_of_it(bot: Bot, stage: Stage) -> None:
    tab = await stage.tab(bot.url)
    await tab.say(f"/imagine {PROMPT}")
    await tab.shows("succeeded")
    picture = await tab.page.get_by_role("img", name=PROMPT).get_attribute("src")
    other = await stage.tab(bot.url)
    await expect(other.cards).to_have_count(0)
    answer = await other.page.request.get(f"{bot.url}{(picture or '').lstrip('/')}")
    assert answer.status == 404


async def test_a_reload_in_the_middle_goes_on_where_it_was(bot: Bot, stage: Stage) -> None:
    tab = await stage.tab(bot.url)
    await tab.say(f"/imagine {PROMPT}")
    await tab.shows("running")
    await tab.page.reload()
    await tab.shows("succeeded")
    await expect(tab.cards).to_have_count(1)


async def test_the_page_finds_its_way_back_after_a_restart_and_the_same_card_ends(tmp_path: Path, stage: Stage) -> None:
    bot = Bot(tmp_path, duration_s=3)
    async with bot.running():
        tab = await stage.tab(bot.url)
        await tab.say(f"/imagine {PROMPT}")
        await tab.shows("running")
    await expect(tab.page.get_by_text("Reconnecting…")).to_be_visible()
    await tab.say("/help")
    await expect(tab.notice).to_contain_text("Nothing is lost")
    async with bot.running():
        await expect(tab.page.get_by_text("Reconnecting…")).to_be_hidden(timeout=WAIT_MS)
        await tab.shows("succeeded")
        await expect(tab.cards).to_have_count(1)
        await expect(tab.message).to_have_value("/help")
        await tab.message.press("Enter")
        await tab.shows("answer")
        await expect(tab.notice).to_have_text("")
    for noise in ("Failed to load resource", "net::ERR_"):
        stage.forgive(noise)


async def test_a_phone_needs_no_sideways_scrolling(bot: Bot, stage: Stage) -> None:
    tab = await stage.tab(bot.url, viewport={"width": 360, "height": 740})
    assert not await tab.is_wide()
    await tab.message.press_sequentially("/")
    await expect(tab.page.get_by_role("option").first).to_be_visible()
    assert not await tab.is_wide()
    for line in (f"/imagine {PROMPT}", "/help", "/models", "/privacy", "/quota"):
        count = await tab.cards.count()
        await tab.say(line)
        await expect(tab.cards).to_have_count(count + 1)
    await tab.shows("succeeded")
    assert not await tab.is_wide()
    await expect(tab.page.get_by_role("button", name="Send")).to_be_in_viewport()


async def test_too_many_words_are_refused_with_the_figure_and_kept(bot: Bot, stage: Stage) -> None:
    tab = await stage.tab(bot.url)
    words = "/imagine " + "x" * 6000
    await tab.say(words)
    await expect(tab.notice).to_contain_text("2,000")
    await expect(tab.message).to_have_value(words)
    stage.forgive("Failed to load resource: the server responded with a status of 422")


async def test_a_link_from_another_site_opens_the_same_person_s_page(bot: Bot, stage: Stage) -> None:
    tab = await stage.tab(bot.url)
    await tab.say(f"/imagine {PROMPT}")
    await tab.shows("succeeded")
    await tab.page.goto(bot.url.replace("127.0.0.1", "localhost"))
    await tab.page.evaluate("url => location.assign(url)", bot.url)
    await tab.page.wait_for_url(bot.url)
    await tab.shows("succeeded")


async def test_a_password_stands_before_the_page(tmp_path: Path, stage: Stage) -> None:
    async with open_house(tmp_path, password_hash=hash_password("sesame")) as house:
        tab = await stage.tab(house.base)
        await expect(tab.page).to_have_title("Sign in · Limner")
        await tab.page.get_by_label("Password").fill("wrong")
        await tab.button("Sign in").click()
        await expect(tab.notice).to_have_text("That isn't the password.")
        await tab.page.get_by_label("Password").fill("sesame")
        await tab.page.keyboard.press("Enter")
        await expect(tab.message).to_be_focused()
        stage.forgive("the server responded with a status of 401")
