"""The commands and presses, the same on every platform."""

from bot.commands.attached import Attached, Shown, Upload
from bot.commands.door import FORM_ACTS, PRESS_ACTS, Commands, JobView
from bot.commands.lookup import Purse
from bot.commands.making import Form
from bot.commands.menu import MenuEntry, MenuOption
from bot.commands.suggesting import Suggestion

__all__ = [
    "FORM_ACTS", "PRESS_ACTS", "Attached", "Commands", "Form", "JobView", "MenuEntry", "MenuOption", "Purse", "Shown",
    "Suggestion", "Upload",
]  # fmt: skip
