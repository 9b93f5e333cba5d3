"""The commands that Telegram offers where people type: all in private chats, the usual ones in groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from bot.commands import MenuEntry
from bot.messages import LOCALES, say

IN_GROUPS = frozenset({"imagine", "edit", "animate", "effect", "again", "jobs", "cancel", "help"})


class Menu(NamedTuple):
    """What is offered in one sort of chat, in one language; None: in all that have no menu of their own."""

    scope: BotCommandScope
    language: str | None
    commands: tuple[BotCommand, ...]


def menus_of(entries: Sequence[MenuEntry], locale: str) -> list[Menu]:
    """Every menu that Telegram should know; `locale` is for people of all other languages."""
    languages = (None, *(language for language in LOCALES if language != locale))
    return [
        Menu(scope, language, _commands(entries, language or locale, short=short))
        for scope, short in ((BotCommandScopeAllPrivateChats(), False), (BotCommandScopeAllGroupChats(), True))
        for language in languages
    ]


async def stale(bot: Bot, wanted: Sequence[Menu]) -> list[Menu]:
    """Those that Telegram knows differently. Raises `TelegramError`."""
    return [menu for menu in wanted if await bot.get_my_commands(menu.scope, menu.language) != menu.commands]


async def sync(bot: Bot, wanted: Sequence[Menu]) -> None:
    """Tell Telegram what it does not know yet. Raises `TelegramError`."""
    for menu in await stale(bot, wanted):
        await bot.set_my_commands(menu.commands, menu.scope, menu.language)


def _commands(entries: Sequence[MenuEntry], locale: str, *, short: bool) -> tuple[BotCommand, ...]:
    names = dict.fromkeys(entry.name.partition(" ")[0] for entry in entries)  # a group of commands is one here
    return tuple(BotCommand(name, _summary(name, locale)) for name in names if not short or name in IN_GROUPS)


def _summary(name: str, locale: str) -> str:
    return say("telegram.character" if name == "character" else f"command.{name}", locale)
