"""The line that people type into: suggestions, history, refusals."""

from __future__ import annotations

import pytest
from browser.stage import Stage
from chat.web.scripted import House, card_of
from playwright.async_api import expect

from bot.errors import InvalidRequest
from bot.model import Card

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

REFUSED = "Failed to load resource: the server responded with a status of 422"


async def test_a_slash_offers_the_commands(house: House, stage: Stage) -> None:
    tab = await stage.tab(house.base)
    options = tab.page.get_by_role("option")
    await tab.message.press_sequentially("/")
    await expect(options).to_have_text(["/imagine<words> draws a picture · 1 credit", "/helpshows this"])
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await tab.message.press("ArrowDown")
    await expect(options.last).to_have_attribute("aria-selected", "true")
    await expect(tab.message).to_have_attribute("aria-activedescendant", await options.last.get_attribute("id") or "")
    await tab.message.press("ArrowDown")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await tab.message.press("Enter")
    await expect(tab.message).to_have_value("/imagine ")
    assert house.commands.asked == []


async def test_after_a_command_its_options_and_their_choices_are_offered(house: House, stage: Stage) -> None:
    tab = await stage.tab(house.base)
    options = tab.page.get_by_role("option")
    await tab.message.press_sequentially("/im")
    await tab.message.press("Tab")
    await expect(options).to_have_text(["--styleanime, ink"])
    await tab.message.press_sequentially("a red fox ")
    await expect(options).to_have_count(0)
    await tab.message.press_sequentially("—")
    await expect(options).to_have_text(["--styleanime, ink"])
    await tab.message.press("Tab")
    await expect(options).to_have_text(["anime", "ink"])
    await options.filter(has_text="ink").click()
    await expect(tab.message).to_have_value("/imagine a red fox --style ink ")
    await expect(tab.message).to_be_focused()


async def test_escape_closes_the_list_and_enter_then_sends_the_line(house: House, stage: Stage) -> None:
    house.commands.outcome = lambda _: Card(state="answer", title="What I can do")
    tab = await stage.tab(house.base)
    await tab.message.press_sequentially("/he")
    await tab.message.press("Escape")
    await expect(tab.page.get_by_role("listbox")).to_be_hidden()
    await tab.message.press("Enter")
    await tab.shows("answer")
    assert [text for _, _, text in house.commands.asked] == ["/he"]


@pytest.mark.parametrize("line", ["/help", "/imagine a fox --style ink", "/imagine a fox --style nothing", "/unknown"])
async def test_enter_sends_a_line_that_is_complete(house: House, stage: Stage, line: str) -> None:
    house.commands.outcome = lambda _: Card(state="answer", title="What I can do")
    tab = await stage.tab(house.base)
    await tab.message.press_sequentially(line)
    await tab.message.press("Enter")
    await tab.shows("answer")
    assert [text for _, _, text in house.commands.asked] == [line]
    await expect(tab.message).to_have_value("")


async def test_arrow_up_brings_back_what_was_sent_even_after_a_reload(house: House, stage: Stage) -> None:
    house.commands.outcome = lambda _: Card(state="answer", title="What I can do")
    tab = await stage.tab(house.base)
    for number, line in enumerate(("/help", "/quota", "/jobs", "/quota"), start=1):
        await tab.say(line)
        await expect(tab.cards).to_have_count(number)
    await tab.page.reload()
    await tab.message.fill("half a thought")
    for line in ("/quota", "/jobs", "/help", "/help"):
        await tab.message.press("ArrowUp")
        await expect(tab.message).to_have_value(line)
    for line in ("/jobs", "/quota", "half a thought", "half a thought"):
        await tab.message.press("ArrowDown")
        await expect(tab.message).to_have_value(line)


async def test_a_browser_that_keeps_nothing_can_still_send(house: House, stage: Stage) -> None:
    house.commands.outcome = lambda _: Card(state="answer", title="What I can do")
    context = await stage.context()
    await context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    tab = await stage.tab(house.base, context)
    await tab.say("/help")
    await tab.shows("answer")
    await expect(tab.notice).to_have_text("")


async def test_arrows_walk_through_a_text_of_several_lines(house: House, stage: Stage) -> None:
    house.commands.outcome = lambda _: Card(state="answer", title="What I can do")
    tab = await stage.tab(house.base)
    await tab.say("/help")
    await tab.shows("answer")
    await tab.message.press_sequentially("one")
    await tab.message.press("Shift+Enter")
    await tab.message.press_sequentially("two")
    await tab.message.press("ArrowUp")
    await expect(tab.message).to_have_value("one\ntwo")


async def test_a_refusal_is_said_under_the_line_and_the_words_stay(house: House, stage: Stage) -> None:
    house.commands.outcome = lambda _: InvalidRequest("err.option")
    tab = await stage.tab(house.base)
    await tab.say("/imagine a red fox --stile ink")
    await expect(tab.notice).to_have_text("sentence for err.option")
    await expect(tab.message).to_have_value("/imagine a red fox --stile ink")
    line, notice = await tab.message.bounding_box(), await tab.notice.bounding_box()
    assert line is not None
    assert notice is not None
    assert notice["y"] >= line["y"] + line["height"]
    house.commands.outcome = lambda _: Card(state="answer", title="What I can do")
    await tab.message.press("Enter")
    await expect(tab.notice).to_have_text("")
    stage.forgive(REFUSED)


async def test_a_line_that_could_not_be_sent_is_sent_again_with_the_same_key(house: House, stage: Stage) -> None:
    tab = await stage.tab(house.base)
    await tab.page.route("**/api/messages", lambda route: route.abort())
    await tab.say("/imagine a red fox")
    await expect(tab.notice).to_contain_text("Nothing is lost")
    await tab.page.unroute("**/api/messages")
    house.commands.outcome = lambda _: InvalidRequest("err.option")
    for _ in range(2):
        async with tab.page.expect_response("**/api/messages"):
            await tab.message.press("Enter")
        await expect(tab.button("Send")).not_to_have_attribute("aria-disabled", "true")
    assert len(house.commands.asked) == 2
    assert len({origin.update_id for _, origin, _ in house.commands.asked}) == 1
    stage.forgive("Failed to load resource")


async def test_an_example_fills_the_line(house: House, stage: Stage) -> None:
    tab = await stage.tab(house.base)
    await tab.button("a lighthouse in a storm").click()
    await expect(tab.message).to_have_value("/imagine a lighthouse in a storm")
    await expect(tab.message).to_be_focused()
    await expect(tab.page.locator("#credits")).to_have_text("19 credits left today")


async def test_a_half_written_line_survives_a_reload(house: House, stage: Stage) -> None:
    tab = await stage.tab(house.base)
    await tab.message.press_sequentially("/imagine a half")
    await tab.page.reload()
    await expect(tab.message).to_have_value("/imagine a half")


async def test_a_shown_job_comes_into_view(house: House, stage: Stage) -> None:
    house.commands.shown = [card_of(number) for number in range(20)]
    tab = await stage.tab(house.base)
    await expect(tab.cards.first).not_to_be_in_viewport()
    house.commands.outcome = lambda _: card_of(0)
    await tab.say("/show B000")
    await expect(tab.cards.first).to_be_in_viewport()
    await expect(tab.cards).to_have_count(20)
