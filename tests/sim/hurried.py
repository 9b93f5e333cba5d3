"""The bot as `python -m bot run` starts it, but in a hurry: what it may write to Telegram in a second has no limit."""

from __future__ import annotations

import sys

from adapters.chat.telegram import limiter
from bot.cli import main

if __name__ == "__main__":
    limiter.CHAT_WINDOW_S, limiter.ALL_BURST = 0.0, 10**6
    sys.exit(main(["run"]))
