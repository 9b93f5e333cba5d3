"""What the simulated Telegram asks of requests beyond their effect: the document, buttons, menus."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sim.telegram.raw import raw
from sim.telegram.simulation import simulated
from sim.telegram.sketch import client, picture, somewhere
from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeChat

from bot.testing.clock import FakeClock

FOX: dict[str, Any] = {"text": "a fox"}


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": list(rows)}}


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        ({"text": "a fox", "txt": 1}, ": unknown 'txt'"),
        ({}, ": 'text' is missing"),
        ({"text": ["a fox"]}, "/text: ['a fox'] is no String"),
        ({**FOX, "disable_notification": "maybe"}, "/disable_notification: 'maybe' is no Boolean"),
        ({**FOX, "message_thread_id": True}, "/message_thread_id: True is no Integer"),
        ({**FOX, "reply_parameters": {}}, "/reply_parameters: 'message_id' is missing"),
        ({**FOX, "reply_parameters": "none"}, "/reply_parameters: 'none' is no ReplyParameters"),
        ({**FOX, "entities": {}}, "/entities: {} is no array"),
        ({**FOX, **keyboard([{"text": "a", "data": "b"}])}, "/reply_markup/inline_keyboard/0/0: unknown 'data'"),
    ],
)
async def test_what_the_document_does_not_know_fails_the_test(args: dict[str, Any], problem: str) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        _, meadow = somewhere(sim)
        said = await call("sendMessage", chat_id=meadow.id, **args)
        assert (said.status, sim.take_violations()) == (400, [problem])
        assert sim.messages(meadow) == []


async def test_a_kind_of_media_that_there_is_not_fails_the_test() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        await call("editMessageMedia", chat_id=1, message_id=1, media={"type": "thought", "media": "x"})
        (problem,) = sim.take_violations()
        assert problem.startswith("/media/type: 'thought' is not")


async def test_a_violation_that_nobody_took_is_an_error_at_the_end() -> None:
    with pytest.raises(AssertionError, match="unknown 'txt'"):
        async with simulated(FakeClock()) as sim, raw(sim) as call:
            await call("sendMessage", chat_id=1, text="a fox", txt=1)


async def test_a_method_is_found_in_any_case_and_by_form_and_address_too() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        _, meadow = somewhere(sim)
        form = {"chat_id": str(meadow.id), "text": "[1]", "disable_notification": "true"}
        base = f"{sim.origin}/bot{sim.token}"
        form["reply_markup"] = '{"force_reply": true}'
        assert (await call.post(f"{base}/SENDMESSAGE", data=form)).status == 200
        assert (await call.post(f"{base}/sendmessage?chat_id={meadow.id}&text=2")).status == 200
        assert [one.text for one in sim.messages(meadow)] == ["[1]", "2"]


async def test_what_telegram_has_not_is_no_violation_but_what_is_not_simulated_is() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        said = await call("sendThoughts")
        assert (said.status, said.told) == (404, "Not Found: method not found")
        assert (await call("sendDice", chat_id=1)).status == 400
        assert sim.take_violations() == ["the simulator does not serve sendDice"]


async def test_a_body_that_cannot_be_read_fails_the_test() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        url = f"{sim.origin}/bot{sim.token}/getMe"
        json = {"Content-Type": "application/json"}
        for content in ({"data": b"{", "headers": json}, {"data": b"[]", "headers": json}, {"data": b"x"}):
            assert (await call.post(url, **content)).status == 400
        assert len(sim.take_violations()) == 3


async def test_a_file_must_be_named_and_a_name_must_have_its_file() -> None:
    async with client() as (sim, bot), raw(sim) as call:
        _, meadow = somewhere(sim)
        media = {"type": "photo", "media": "attach://fox"}
        said = await call("editMessageMedia", chat_id=meadow.id, message_id=1, media=media)
        assert said.told == "Bad Request: message to edit not found"
        sent = await bot.send_message(meadow.id, "Queued")
        await call("editMessageMedia", chat_id=meadow.id, message_id=sent.message_id, media=media)
        assert sim.take_violations() == ["attach://fox names no file of the request"]
        url = f"{sim.origin}/bot{sim.token}/sendMessage"
        await call.post(url, data={"chat_id": str(meadow.id), "text": "a fox", "fox": io.BytesIO(picture())})
        assert sim.take_violations() == ["fox: this file is named nowhere"]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([[{"text": "a", "callback_data": "x" * 65}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "a", "callback_data": "é" * 33}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "a", "callback_data": ""}]], "BUTTON_DATA_INVALID"),
        ([[{"text": " ", "callback_data": "x"}]], "inline keyboard button text must be non-empty"),
        ([[{"text": "a"}]], "a button has exactly one thing that it does"),
        ([[{"text": "a", "callback_data": "x", "url": "tg://x"}]], "a button has exactly one thing that it does"),
        ([[{"text": "a", "url": "example.com"}]], "BUTTON_URL_INVALID"),
        ([[{"text": "a", "copy_text": {"text": "x" * 257}}]], "BUTTON_COPY_TEXT_INVALID"),
        ([[{"text": "a", "callback_data": "x", "style": "blue"}]], "invalid button style specified"),
        ([[{"text": "a", "callback_data": "x"}] * 9], "more than 8 buttons in a row"),
        ([[{"text": "a", "callback_data": "x"}] * 8] * 13, "reply markup is too long"),
    ],
)
async def test_buttons_are_held_to_their_rules(rows: list[Any], problem: str) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        _, meadow = somewhere(sim)
        said = await call("sendMessage", chat_id=meadow.id, **FOX, **keyboard(*rows))
        assert (said.told, sim.take_violations()) == (f"Bad Request: {problem}", [problem])


async def test_a_button_may_have_64_bytes_and_a_colour() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        _, meadow = somewhere(sim)
        one = {"text": "a", "callback_data": "x" * 64, "style": "danger"}
        said = await call("sendMessage", chat_id=meadow.id, **FOX, **keyboard([one], []))
        assert (said.status, sim.messages(meadow)[0].labels) == (200, [["a"]])


async def test_a_toast_has_two_hundred_units() -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        said = await call("answerCallbackQuery", callback_query_id="1", text="x" * 201)
        assert (said.told, sim.take_violations()) == ("Bad Request: MESSAGE_TOO_LONG", ["MESSAGE_TOO_LONG"])


async def test_menus_are_kept_by_scope_and_language() -> None:
    async with client() as (sim, bot):
        _, meadow = somewhere(sim)
        groups, here = BotCommandScopeAllGroupChats(), BotCommandScopeChat(meadow.id)
        await bot.set_my_commands([BotCommand("imagine", "Draw")])
        await bot.set_my_commands([BotCommand("imagine", "Zeichne")], scope=groups, language_code="de")
        await bot.set_my_commands([BotCommand("server", "Rules")], scope=here)
        assert sim.application.menu("default") == {"imagine": "Draw"}
        assert sim.application.menu("all_group_chats", "de") == {"imagine": "Zeichne"}
        assert [one.command for one in await bot.get_my_commands(here)] == ["server"]
        await bot.delete_my_commands(scope=here)
        assert await bot.get_my_commands(here) == ()


@pytest.mark.parametrize(
    ("commands", "problem"),
    [
        ([{"command": "Imagine", "description": "Draw"}], "'Imagine' is no command"),
        ([{"command": "imagine", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "imagine", "description": "Draw"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_a_menu_that_telegram_would_not_take_fails_the_test(commands: list[Any], problem: str) -> None:
    async with simulated(FakeClock()) as sim, raw(sim) as call:
        assert (await call("setMyCommands", commands=commands)).status == 400
        assert sim.take_violations() == [problem]


async def test_the_bots_own_words_are_kept_by_language() -> None:
    async with client() as (sim, bot):
        await bot.set_my_description("I draw.")
        await bot.set_my_short_description("Draws", language_code="en")
        assert (await bot.get_my_description("de")).description == "I draw."
        assert (await bot.get_my_short_description()).short_description == ""
        assert (await bot.get_my_name()).name == "Limner"
        assert sim.application.described["ShortDescription", "en"] == "Draws"
