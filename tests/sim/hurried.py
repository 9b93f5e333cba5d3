"""The bot as `python -m bot run` starts it, but in a hurry: what Telegram takes in a second it sends in a hundredth."""

from __future__ import annotations

import sys

from adapters.chat.telegram import limiter
from bot.cli import main

if __name__ == "__main__":
    limiter.CHAT_WINDOW_S = limiter.ALL_WINDOW_S = 0.01
    sys.exit(main(["run"]))
