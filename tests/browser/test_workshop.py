"""Edits, videos, effects and characters in a browser, with the whole bot and its simulated vendors behind the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from browser.stage import WAIT_MS, Stage
from browser.test_sources import PHONE, chip, drop
from chat.web.workshop import Workshop, open_workshop, picture
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def workshop(tmp_path: Path) -> AsyncIterator[Workshop]:
    async with open_workshop(tmp_path) as opened:
        yield opened


async def test_a_dropped_picture_is_edited_and_what_comes_of_it_filmed(workshop: Workshop, stage: Stage) -> None:
    tab = await stage.tab(workshop.base, viewport=PHONE)
    await drop(tab, picture(), "fox.png")
    await tab.say("/edit at night")
    edited = tab.page.get_by_role("img", name="at night", exact=True)
    await edited.wait_for(timeout=WAIT_MS)
    assert await edited.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
    await tab.button("Animate").click()
    await expect(chip(tab)).to_contain_text("#")
    await tab.page.keyboard.type("it snows --seconds 2 --audio off")
    await tab.page.keyboard.press("Enter")
    await tab.page.locator("video").wait_for(timeout=WAIT_MS)
    await expect(tab.page.locator("#credits")).to_have_text("94 credits left today")
    assert not await tab.is_wide()


async def test_a_picture_alone_is_changed_by_an_effect(workshop: Workshop, stage: Stage) -> None:
    tab = await stage.tab(workshop.base, viewport=PHONE)
    await drop(tab, picture(), "fox.png")
    await tab.message.press("Enter")
    await tab.button("Effect").click()
    await tab.page.get_by_role("radio", name="Sketch").check()
    await tab.page.get_by_role("button", name="OK").click()
    await expect(tab.card("succeeded").locator("img")).to_have_count(1, timeout=WAIT_MS)


async def test_somebody_is_made_up_used_and_removed_with_the_keyboard_alone(workshop: Workshop, stage: Stage) -> None:
    tab = await stage.tab(workshop.base, viewport=PHONE)
    keyboard = tab.page.keyboard
    await keyboard.type("/character n")
    await keyboard.press("Tab")
    await keyboard.type("a brilliant student --name Bo")
    await keyboard.press("Enter")
    card = await tab.shows("succeeded")
    await expect(card.get_by_role("heading", name="Bo")).to_be_visible()
    await card.get_by_role("button", name="Use").focus()
    await keyboard.press("Enter")
    await expect(tab.cards.last).to_contain_text("/edit and /animate use this one now")
    await tab.say("/edit a sporty top --quality high")
    await expect(tab.card("succeeded")).to_have_count(2, timeout=WAIT_MS)
    await expect(tab.page.locator("#credits")).to_have_text("96 credits left today")
    await tab.message.focus()
    await keyboard.type("/character delete b")
    await expect(tab.page.get_by_role("option")).to_have_count(1)
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await expect(tab.cards.last).to_contain_text("Bo is gone from your list.")
    assert not await tab.is_wide()


async def test_undressing_words_with_a_picture_are_refused_before_any_vendor_is_asked(
    workshop: Workshop, stage: Stage
) -> None:
    tab = await stage.tab(workshop.base)
    await drop(tab, picture(), "somebody.png")
    await tab.say("/edit take off her clothes")
    await expect(tab.notice).not_to_have_text("")
    await expect(chip(tab)).to_be_visible()
    assert workshop.submissions == 0
    stage.forgive("the server responded with a status of 422")
