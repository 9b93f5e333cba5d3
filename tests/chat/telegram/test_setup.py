"""Menus, `python -m bot invite`, and what `doctor` says of Telegram."""

from __future__ import annotations

import pytest
from chat.telegram.stage import Stage
from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from adapters.chat.telegram.menus import Menu, menus_of
from adapters.chat.telegram.setup import TelegramSetup
from bot import wiring
from bot.commands import MenuEntry
from bot.errors import StartError
from bot.messages import LOCALES
from bot.setup import Check, Status

MENU = tuple(MenuEntry(name=name, summary="") for name in ("imagine", "styles", "jobs"))


async def asked(stage: Stage) -> dict[str, Check]:
    """What doctor says of the stage's bot, by what it is about."""
    stage.token = stage.sim.token
    return {check.name: check for check in await TelegramSetup(stage.settings).checks(stage.menu)}


def test_private_chats_are_offered_everything_and_groups_what_they_use() -> None:
    imagine, jobs = BotCommand("imagine", "Draw a picture"), BotCommand("jobs", "What is running or waiting")
    styles = BotCommand("styles", "The styles to choose from")
    assert LOCALES == ("en",)
    assert menus_of(MENU, "en") == [
        Menu(BotCommandScopeAllPrivateChats(), None, (imagine, styles, jobs)),
        Menu(BotCommandScopeAllGroupChats(), None, (imagine, jobs)),
    ]


async def test_the_menus_are_set_at_the_start_and_only_where_they_differ(empty_stage: Stage) -> None:
    for calls in (2, 2):
        async with empty_stage.bot() as bot:
            await empty_stage.passes(bot.chat.ready)
        assert empty_stage.sim.count("setMyCommands") == calls


async def test_every_command_has_its_words(empty_stage: Stage) -> None:
    async with empty_stage.bot() as bot:
        wanted = menus_of(bot.commands.menu(), "en")
    assert {command.command for command in wanted[0].commands} == set(bot.commands.names)
    assert 0 < len(wanted[1].commands) < len(wanted[0].commands)


async def test_a_bot_that_has_what_it_needs_is_found_well(empty_stage: Stage) -> None:
    async with empty_stage.bot():
        found = await asked(empty_stage)
        assert empty_stage.sim.count("getUpdates", 409) == 0
    assert {name: check.status for name, check in found.items()} == dict.fromkeys(
        ("telegram", "telegram messages", "telegram commands"), Status.OK
    )
    assert empty_stage.sim.bot.username in found["telegram"].detail


async def test_what_is_amiss_is_named_with_what_to_do_about_it(empty_stage: Stage) -> None:
    empty_stage.sim.privacy = False
    empty_stage.sim.updates.webhook = "https://elsewhere.example/hook"
    found = await asked(empty_stage)
    amiss = {name: (check.detail, check.fix) for name, check in found.items() if check.status is Status.WARNING}
    assert amiss == {
        "telegram privacy": (
            "it gets everything that people write in groups, and needs none of it",
            "tell @BotFather /setprivacy",
        ),
        "telegram messages": ("messages go to another address", "start the bot, which mends it"),
        "telegram commands": ("Telegram offers others", "start the bot, which mends it"),
    }


async def test_a_webhook_that_cannot_be_reached_is_named(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.mode, stage.public_url = "webhook", "http://127.0.0.1:1"
    assert (await asked(stage))["telegram messages"].detail == "messages do not come in before the bot starts"
    async with stage.bot():
        assert (await asked(stage))["telegram messages"].status is Status.OK
        stage.sim.says(stage.ada, stage.home, "/help")
        await stage.passes(lambda: stage.sim.webhooks.deliveries)
        check = (await asked(stage))["telegram messages"]
    assert check.status is Status.WARNING
    assert check.detail == "1 wait, for Telegram says: Connection refused"
    assert check.fix == "let Telegram reach http://127.0.0.1:1/hooks/telegram"


async def test_the_links_lead_to_a_private_chat_and_into_groups(empty_stage: Stage) -> None:
    links = [link.url for link in await wiring.links(empty_stage.settings)]
    assert links == [f"https://t.me/{empty_stage.sim.bot.username}{end}" for end in ("", "?startgroup=hello")]


async def test_a_token_that_is_refused_is_a_sentence(empty_stage: Stage) -> None:
    empty_stage.token = "7000000001:of-another-life"
    with pytest.raises(StartError, match="does not take the token") as refused:
        await wiring.links(empty_stage.settings)
    assert refused.value.exit_code == 2
    assert refused.value.__cause__ is None
    [check] = await wiring.inspect_chats(empty_stage.settings)
    assert (check.name, check.status, check.detail) == ("telegram", Status.FAILED, str(refused.value))
    assert "@BotFather" in check.fix


async def test_a_telegram_that_is_down_is_a_sentence(empty_stage: Stage) -> None:
    empty_stage.sim.faults.outage()
    with pytest.raises(StartError, match="Telegram cannot be asked: Bad Gateway") as refused:
        await wiring.links(empty_stage.settings)
    assert refused.value.exit_code == 69
