"""The commands and presses, the same on every platform."""

from bot.commands.door import Commands, JobView
from bot.commands.lookup import Purse
from bot.commands.menu import MenuEntry, MenuOption
from bot.commands.suggesting import Suggestion

__all__ = ["Commands", "JobView", "MenuEntry", "MenuOption", "Purse", "Suggestion"]
