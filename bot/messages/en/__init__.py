"""English. A pair is (one, many), chosen by the parameter `n`."""

from __future__ import annotations

from bot.messages.en import answers, cards, discord, refusals, telegram

WORDS = cards.WORDS | refusals.WORDS | answers.WORDS | discord.WORDS | telegram.WORDS
