"""The commands and presses, the same on every platform."""

from bot.commands.attached import Attached, Shown, Upload
from bot.commands.door import Commands, JobView
from bot.commands.lookup import Purse
from bot.commands.making import Form
from bot.commands.menu import MenuEntry, MenuOption
from bot.commands.suggesting import Suggestion

__all__ = [
    "Attached", "Commands", "Form", "JobView", "MenuEntry", "MenuOption", "Purse", "Shown", "Suggestion", "Upload",
]  # fmt: skip
